package users

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit/kittest"
)

func tokensOf(t *testing.T, d *fakeDesk) (*Tab, *tokens, func() []shown) {
	t.Helper()
	tab, _, once := newTestTab(t, d, 1100)
	tab.Open(pageTokens)
	return tab, tab.tokens, func() []shown { return *once }
}

func TestATokenSaysWhyItCannotBeUsed(t *testing.T) {
	d := newDesk()
	_, p, _ := tokensOf(t, d)
	for want, token := range map[tokenState]core.Token{
		tokenGood:    {UserID: 1, Expires: noon.Add(time.Second)},
		tokenExpired: {UserID: 1, Expires: noon},
		tokenRevoked: {UserID: 3, Expires: noon, Revoked: noon},
		tokenBarred:  {UserID: 3},
	} {
		if got := p.stateOf(token); got != want {
			t.Errorf("%+v is %d, want %d", token, got, want)
		}
	}
}

func TestOnlyScopesThatHaveSomethingToDoAreOffered(t *testing.T) {
	for role, want := range map[core.Role]string{
		core.RoleAdmin: "upload read work all", core.RoleLead: "upload read work all", core.RoleEngineer: "read work all", core.RoleCollector: "upload all"} {
		var got []string
		for _, s := range scopesFor(role) {
			got = append(got, string(s))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is offered %v, want %s", role, got, want)
		}
	}
}

func TestATokenIsOfferedForACollectorFirst(t *testing.T) {
	_, p, _ := tokensOf(t, newDesk())
	if d := newNewToken(p, p.Owners(), ""); p.Owners()[d.user.SelectedIndex()].Role != core.RoleCollector {
		t.Errorf("offered for %q", d.user.Selected)
	}
	if d := newNewToken(p, p.Owners(), "ana"); p.Owners()[d.user.SelectedIndex()].Name != "ana" {
		t.Errorf("offered for %q, not for the chosen user", d.user.Selected)
	}
}

func TestATokenOfACollectorPostsForEverUnlessToldOtherwise(t *testing.T) {
	d := newDesk()
	tab, p, once := tokensOf(t, d)
	openNewToken(p, "madrid")
	dialog := newNewToken(p, p.Owners(), "madrid")
	if dialog.scope.Selected != scopeName(core.ScopeUpload) || dialog.expiry.Selected != expiryName(0) {
		t.Errorf("offered %q, %q", dialog.scope.Selected, dialog.expiry.Selected)
	}
	dialog.user.SetSelectedIndex(0)
	if dialog.scope.Selected != scopeName(core.ScopeRead) || dialog.expiry.Selected != expiryName(90) {
		t.Errorf("ana is offered %q, %q", dialog.scope.Selected, dialog.expiry.Selected)
	}
	p.Create(core.NewToken{User: "madrid", Name: "collector", Scopes: []core.Scope{core.ScopeUpload}, Expires: p.expires(30)}, func(problem string) {
		if problem != "" {
			t.Error(problem)
		}
	})
	if list := once(); len(list) != 1 || list[0].text != "dw_abcdefgh" || len(d.made) != 1 || !d.made[0].Expires.Equal(noon.AddDate(0, 0, 30)) {
		t.Fatalf("shown %+v, made %+v", list, d.made)
	}
	if rows := tab.keys.grid.Rows(); len(rows) != 1 || rows[0].Name != "collector" {
		t.Errorf("listed %+v", rows)
	}
}

func TestATokenThatCannotBeMadeIsSaidInTheDialog(t *testing.T) {
	d := newDesk()
	d.saveErr = core.NewError(core.CodeInvalid, "", "There are too many tokens.", nil)
	_, p, once := tokensOf(t, d)
	problem := ""
	p.Create(core.NewToken{User: "ana", Name: "x"}, func(text string) { problem = text })
	if problem != "There are too many tokens." || len(once()) != 0 {
		t.Errorf("said %q, shown %v", problem, once())
	}
}

func TestATokenIsRevokedAfterAYesAndOnlyOnce(t *testing.T) {
	d := newDesk()
	d.tokens = []core.Token{{ID: 7, Name: "a", UserID: 1, UserName: "ana"}, {ID: 8, Name: "b", UserID: 1, Revoked: noon}}
	tab, p, _ := tokensOf(t, d)
	tab.keys.grid.SelectKey("7")
	test.Tap(tab.keys.revoke)
	tab.keys.grid.SelectKey("8")
	if p.Revoke(d.tokens[1]); len(d.revoked) != 1 || d.revoked[0] != 7 || !tab.keys.revoke.Disabled() {
		t.Errorf("revoked %v", d.revoked)
	}
}

func TestItIsSaidThatTheServerIsOff(t *testing.T) {
	d := newDesk()
	tab, p, _ := tokensOf(t, d)
	if !tab.keys.off.Visible() {
		t.Error("nothing says that the server is off")
	}
	test.Tap(&tab.keys.server.Button)
	if h := tab.b.host.(*kittest.Host); !slices.Contains(h.Tabs, "settings/server") {
		t.Errorf("the button opens %v", h.Tabs)
	}
	d.set.Server.Enabled = true
	if p.Load(); tab.keys.off.Visible() {
		t.Error("a server that is on is called off")
	}
}
