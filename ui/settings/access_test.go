package settings

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func asRole(t *testing.T, role core.Role, group string) *Tab {
	t.Helper()
	d := &fakeDesk{set: core.DefaultSettings()}
	d.secretNames = []string{core.SecretOrderBook, core.SecretSMTP}
	d.set.OrderBook.Kind = core.BookMongoDB
	d.server.state = core.ServerState{Running: true, URL: "https://desk:8750", Fingerprint: "AB:CD"}
	d.server.uploads = []core.Upload{{ID: 7, Status: 400, Reason: "No JSON.", Kept: true}}
	d.set.Server.TLS = core.TLSGenerated
	tab, host := page(t, d, group)
	if role == "" {
		return tab
	}
	host.Role = role
	other := New(d, host)
	other.Content()
	other.Open(group)
	t.Cleanup(other.Close)
	return other
}

func TestALeadSeesTheServerAndChangesNothingOfIt(t *testing.T) {
	tab := asRole(t, core.RoleLead, groupServer)
	g := &tab.server
	if !g.reach.Disabled() || !g.protect.Disabled() || !g.renew.Disabled() || g.url.what != "https://desk:8750" || len(buttons(g.uploads.rows)) != 0 {
		t.Errorf("reach %v, protect %v, renew %v, url %q", g.reach.Disabled(), g.protect.Disabled(), g.renew.Disabled(), g.url.what)
	}
	if len(g.uploads.rows.Objects) != 0 {
		t.Error("what only an admin may see of the posts is asked for")
	}
	if !tab.signIn.mode.Disabled() || !tab.place.kind.Disabled() || !tab.secrets[core.SecretOrderBook].entry.Disabled() || !tab.secrets[core.SecretOrderBook].forget.Disabled() {
		t.Error("a lead can change the order book or signing in")
	}
	if tab.mail.mode.Disabled() || tab.secrets[core.SecretSMTP].entry.Disabled() || tab.secrets[core.SecretSMTP].forget.Disabled() || g.url.copy.Disabled() {
		t.Error("a lead cannot change the mail, or copy the address")
	}
	if len(buttons(asRole(t, core.RoleAdmin, groupServer).server.uploads.rows)) != 1 {
		t.Error("an admin cannot save what was refused")
	}
}

func TestAnEngineerSeesTheirOwnWindowOnly(t *testing.T) {
	tab := asRole(t, core.RoleEngineer, groupServer)
	if got := tab.Groups(); !slices.Equal(got, []string{groupGeneral}) {
		t.Errorf("groups %v", got)
	}
	if tab.body.Objects[0] != tab.groups[groupGeneral] {
		t.Error("a page that is not theirs is open")
	}
	locked := map[string]bool{}
	for _, b := range tab.bounds {
		locked[b.name] = len(disabled(b.field)) > 0
	}
	if locked["general.theme"] || locked["general.notifications"] || !locked["general.log_level"] || !locked["mail.host"] {
		t.Errorf("locked: %v", locked)
	}
}

func buttons(o fyne.CanvasObject) (list []*widget.Button) {
	for _, c := range inside(o) {
		if b, ok := c.(*widget.Button); ok {
			list = append(list, b)
		}
	}
	return list
}

func disabled(o fyne.CanvasObject) (list []fyne.CanvasObject) {
	for _, c := range inside(o) {
		if d, ok := c.(fyne.Disableable); ok && d.Disabled() {
			list = append(list, c)
		}
	}
	return list
}

func inside(o fyne.CanvasObject) []fyne.CanvasObject {
	list := []fyne.CanvasObject{o}
	switch o := o.(type) {
	case *kit.Field:
		return append(list, inside(o.Container)...)
	case *fyne.Container:
		for _, c := range o.Objects {
			list = append(list, inside(c)...)
		}
	}
	return list
}

// texts finds the prose inside o.
func texts(o fyne.CanvasObject) (list []string) {
	for _, c := range inside(o) {
		if p, ok := c.(*kit.Prose); ok {
			list = append(list, p.Text())
		}
	}
	return list
}
