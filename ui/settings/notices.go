package settings

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// noticeGroup is what is told of tickets, and who sits at this desk.
type noticeGroup struct {
	me    *widget.Select
	field *kit.Field // around me
	names []string   // behind the words of me; "" is nobody
}

func (t *Tab) buildNotices() fyne.CanvasObject {
	toggle := func(name, label, word, hint string, at func(n *core.NotifySettings) *bool) *kit.Field {
		return t.toggle("notify."+name, label, word, hint, func(s *core.Settings) *bool { return at(&s.Notify) })
	}
	number := func(name, label, hint string, at func(n *core.NotifySettings) *int) *kit.Field {
		return t.number("notify."+name, label, hint, func(s *core.Settings) *int { return at(&s.Notify) })
	}
	users := widget.NewButtonWithIcon(kit.T("Open the users"), theme.AccountIcon(), func() { t.host.Go(kit.TabUsers) })
	return container.NewVBox(
		kit.Section(kit.T("At this desk"), "", t.buildMe()),
		kit.Section(kit.T("What is told"), kit.T("Who is told of tickets, of which products and how, is said of each user in the tab Users."), kit.Padded(6, container.NewHBox(users)),
			toggle("new_tickets", kit.T("New tickets"), kit.T("Tell the engineers of the product or the ticket"), "", func(n *core.NotifySettings) *bool { return &n.NewTickets }),
			toggle("only_theirs", "", kit.T("Of their own products only"), kit.T("Otherwise engineers also hear of new tickets that nobody owns."), func(n *core.NotifySettings) *bool { return &n.ProductOnly }),
			toggle("reply_due", kit.T("Reply due soon"), kit.T("Tell the owner, then the lead"), "", func(n *core.NotifySettings) *bool { return &n.ReplyDue }),
			number("lead_after", kit.T("Lead hears after"), kit.T("Minutes after the owner, from 0 to 240."), func(n *core.NotifySettings) *int { return &n.LeadMinutes }),
			toggle("tough", kit.T("Tough customers"), kit.T("Tell the engineer"), "", func(n *core.NotifySettings) *bool { return &n.Tough }),
			number("tough_from", kit.T("Tough from a score of"), kit.T("From 1 to 100; bad ratings, escalations, reopened tickets and orders add to it."), func(n *core.NotifySettings) *int { return &n.ToughFrom }),
			toggle("escalation", kit.T("Likely escalations"), kit.T("Tell the lead and the owner"), "", func(n *core.NotifySettings) *bool { return &n.Escalation }),
			number("risk_from", kit.T("Likely from a risk of"), kit.T("From 1 to 100, while stated rules predict; a model knows what is usual for this desk."), func(n *core.NotifySettings) *int { return &n.RiskFrom }),
			number("burst", kit.T("Collect news for"), kit.T("Seconds, from 0 to 300. What comes together is told together."), func(n *core.NotifySettings) *int { return &n.BurstSecs })),
	)
}

func (t *Tab) buildMe() *kit.Field {
	g := &t.notices
	g.me = widget.NewSelect(nil, nil)
	g.me.OnChanged = t.typed(func(string) {
		if i := g.me.SelectedIndex(); i >= 0 {
			t.p.edit("notify.me", func(s *core.Settings) string { s.Notify.Me = g.names[i]; return "" })
		}
	})
	f := kit.NewField(kit.T("Who sits here"), g.me, meHint(core.Seat{}))
	g.field = f
	t.bind("notify.me", f, func(s core.Settings) { t.offerNames(s.Notify.Me, nil) })
	return f
}

// meHint is what stands below the choice: whoever signed in needs none.
func meHint(seat core.Seat) string {
	if seat.Required {
		return kit.T("Whoever is signed in: desktop notifications are theirs, and owner:me in a filter means them. What is chosen here holds while nobody has to sign in.")
	}
	return kit.T("Desktop notifications are theirs, and owner:me in a filter means them.")
}

// showMe lets who sits here be chosen where signing in does not say it.
func (t *Tab) showMe(seat core.Seat) {
	t.notices.field.SetHint(meHint(seat))
	if seat.Required || !t.host.May(permissionFor("notify.me")) {
		t.notices.me.Disable()
	} else {
		t.notices.me.Enable()
	}
}

// offerNames offers the names and the one chosen now, who need not be among them any more. A nil
// list offers those offered before.
func (t *Tab) offerNames(chosen string, list []string) {
	g := &t.notices
	if list == nil && len(g.names) > 0 {
		list = g.names[1:]
	}
	names := append([]string{""}, list...)
	at := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, chosen) })
	if at < 0 {
		names, at = append(names, chosen), len(names)
	}
	g.names = names
	words := append([]string{kit.T("Nobody in particular: everything concerns this desk")}, names[1:]...)
	before := t.filling
	t.filling = true
	g.me.SetOptions(words)
	g.me.SetSelectedIndex(at)
	t.filling = before
}

func (t *Tab) showNames(names []string) { t.offerNames(t.p.draft.Notify.Me, names) }

// loadNames offers the names of those who may sit here; it is called whenever the page of the
// notices comes into sight.
func (p *presenter) loadNames() {
	p.names.Load(func(ctx context.Context) ([]string, error) {
		list, err := p.desk.Users(ctx)
		names := []string{}
		for _, u := range list {
			if u.Active && u.Role != core.RoleCollector {
				names = append(names, u.Name)
			}
		}
		return names, err
	}, func(names []string, err error) {
		if err != nil {
			p.host.Fail(err)
			return
		}
		p.view.showNames(names)
	})
}
