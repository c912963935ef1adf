package settings

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// permissionFor is what changing the setting of a dotted name needs.
func permissionFor(name string) core.Permission {
	group, _, _ := strings.Cut(name, ".")
	switch {
	case name == "general.theme", name == "general.notifications":
		return core.SetOwnWindow
	case group == "server", group == "sign_in", group == "order_book":
		return core.EditServer
	}
	return core.EditSettings
}

// permissionForSecret is what storing a password of the form needs.
func permissionForSecret(name string) core.Permission {
	if name == core.SecretOrderBook {
		return core.EditServer
	}
	return core.EditSettings
}

// items are the groups that whoever sits here may look at, in the order shown.
func (t *Tab) items() []kit.NavItem {
	all := []kit.NavItem{
		{ID: groupGeneral, Word: kit.T("General")},
		{ID: groupMail, Word: kit.T("Mail")},
		{ID: groupOrders, Word: kit.T("Order book")},
		{ID: groupAlerts, Word: kit.T("Schedule")},
		{ID: groupSources, Word: kit.T("Sources")},
		{ID: groupClock, Word: kit.T("Reply clock")},
		{ID: groupNotices, Word: kit.T("Notices")},
		{ID: groupPredict, Word: kit.T("Prediction")},
		{ID: groupServer, Word: kit.T("REST server")},
		{ID: groupSignIn, Word: kit.T("Signing in")},
		{ID: groupData, Word: kit.T("Data folder")},
	}
	if t.host.May(core.ReadSettings) {
		return all
	}
	return all[:1]
}

// Groups lists the groups as Open takes them.
func (t *Tab) Groups() []string {
	var ids []string
	for _, it := range t.items() {
		ids = append(ids, it.ID)
	}
	return ids
}

// offers reports whether whoever sits here may look at a group.
func (t *Tab) offers(group string) bool { return slices.Contains(t.Groups(), group) }

// adminNote says of a page that somebody else changes it; it is hidden from those who may.
func (t *Tab) adminNote() *kit.Prose {
	n := kit.NewProse(kit.T("Only an admin changes this. You see how it stands."), kit.ToneAccent)
	n.Hidden = t.host.May(core.EditServer)
	return n
}

// restrict locks what whoever sits here may not change.
func (t *Tab) restrict() {
	for _, b := range t.bounds {
		if !t.host.May(permissionFor(b.name)) {
			lock(b.field)
		}
	}
	for name, f := range t.secrets {
		if !t.host.May(permissionForSecret(name)) {
			lock(f.row)
		}
	}
	if !t.host.May(core.EditServer) {
		for _, o := range t.adminOnly {
			lock(o)
		}
	}
}

// lock lets nothing inside o be used.
func lock(o fyne.CanvasObject) {
	switch o := o.(type) {
	case fyne.Disableable:
		o.Disable()
	case *kit.Field:
		lock(o.Container)
	case *fyne.Container:
		for _, c := range o.Objects {
			lock(c)
		}
	}
}
