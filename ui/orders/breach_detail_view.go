package orders

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// breachDetailView is the pane right of the breaches: one breach, or the months when none is
// selected.
type breachDetailView struct {
	p    *breaches
	root *fyne.Container

	months *fyne.Container
	one    fyne.CanvasObject

	title, identity, email *kit.Line
	summary, muted         *kit.Prose
	mute, unmute           *widget.Button
	orders                 *kit.Grid[core.Order]
	ordersNote             *kit.Line
	history                *fyne.Container

	shown []core.Order
}

func newBreachDetailView(p *breaches, showMail func(customer string)) *breachDetailView {
	v := &breachDetailView{p: p, title: kit.NewTitle(""), identity: kit.NewCaption(""), email: kit.NewLine("", kit.ToneNormal),
		summary: kit.Paragraph(""), muted: kit.Note(""), ordersNote: kit.NewCaption(""), history: container.NewVBox()}
	for _, l := range []*kit.Line{v.title, v.identity, v.email} {
		l.Shrink = true
	}
	v.mute = widget.NewButtonWithIcon(kit.T("Mute…"), theme.VolumeMuteIcon(), v.askMute)
	v.unmute = widget.NewButtonWithIcon(kit.T("Unmute"), theme.VolumeUpIcon(), p.Unmute)
	mails := widget.NewButtonWithIcon(kit.T("Show mail"), theme.MailComposeIcon(), func() {
		if s := p.State().Selected; s != nil {
			showMail(s.Customer)
		}
	})
	v.orders = kit.NewGrid(func(o core.Order) string { return o.OrderID },
		kit.Column[core.Order]{ID: "id", Title: kit.T("Order"), Width: 94, Weight: 0.3, Text: func(o core.Order) string { return o.OrderID }},
		kit.Column[core.Order]{ID: "date", Title: kit.T("Date"), Width: 72, Text: func(o core.Order) string { return o.Day.String() }},
		kit.Column[core.Order]{ID: "status", Title: kit.T("Status"), Width: 70, Weight: 1.4, Text: orderStatus},
	).Height(28)

	head := container.NewVBox(kit.Padded(6, container.NewVBox(v.title, v.identity, v.email)), v.summary, v.muted,
		container.NewHBox(append(kit.Allowed(p.host, core.EditAlerts, v.mute, v.unmute), kit.Allowed(p.host, core.WorkMail, mails)...)...))
	past := container.NewBorder(kit.Padded(6, kit.NewCaption(kit.T("Decisions"))), nil, nil, nil, container.NewVScroll(v.history))
	v.one = container.NewBorder(head, nil, nil, nil,
		container.NewVSplit(container.NewBorder(nil, kit.Padded(4, v.ordersNote), nil, nil, v.orders.Container), past))
	v.months = container.NewStack()
	v.root = container.NewStack(v.months, v.one)
	return v
}

// orderStatus is what became of an order, in the window's language: of every line of it, when
// they differ.
func orderStatus(o core.Order) string {
	if o.Lines < 2 {
		return kit.OrderStatus(o.Status)
	}
	return strings.Join(statusNames(o.Statuses), ", ")
}

func (v *breachDetailView) refresh() {
	s := v.p.State()
	kit.Show(v.one, s.Selected != nil)
	kit.Show(v.months, s.Selected == nil)
	if s.Selected == nil {
		v.showMonths(s.Months)
		return
	}
	b, d, now := *s.Selected, s.Detail, v.p.desk.Now()
	name := breachTitle(b)
	v.title.SetText(name)
	v.identity.SetText(b.Customer)
	kit.Show(v.identity, name != b.Customer)
	if b.Email == "" {
		v.email.Set(kit.T("no e-mail known"), kit.ToneMuted)
	} else {
		v.email.Set(b.Email, kit.ToneNormal)
	}
	v.summary.SetText(breachText(b, v.p.rules[b.RuleID].Days, now))
	v.showMute(d.Mute, now)
	if !sameOrders(v.shown, d.Orders) {
		v.shown = d.Orders
		v.orders.SetRows(append([]core.Order(nil), d.Orders...))
	}
	switch {
	case d.Err != nil:
		v.ordersNote.Set(kit.ErrorText(d.Err), kit.ToneBad)
	case d.Total > int64(len(d.Orders)):
		v.ordersNote.Set(kit.T("The newest %s of %s are shown.", kit.Number(int64(len(d.Orders))), kit.Number(d.Total)), kit.ToneMuted)
	case d.Loading && len(d.Orders) == 0:
		v.ordersNote.Set(kit.T("Loading…"), kit.ToneMuted)
	default:
		v.ordersNote.Set(kit.N("%s order", "%s orders", d.Total), kit.ToneMuted)
	}
	v.showHistory(d, now)
}

// breachText sums a breach of a rule over so many days up: "3 orders in 2023-05 · muted".
func breachText(b core.BreachView, days int, now time.Time) string {
	count := kit.N("%s order", "%s orders", int64(b.Count))
	if b.InWindow() {
		return kit.T("%s within %d days: %s · %s", count, days, kit.BreachPeriod(b.Breach, now), stateText(b, now))
	}
	return kit.T("%s in %s · %s", count, b.Period, stateText(b, now))
}

func sameOrders(a, b []core.Order) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (v *breachDetailView) showMute(m *core.Mute, now time.Time) {
	kit.Show(v.mute, m == nil)
	kit.Show(v.unmute, m != nil)
	kit.Show(v.muted, m != nil)
	if m == nil {
		return
	}
	text := kit.T("Muted until you lift it.")
	if !m.Until.IsZero() {
		text = kit.T("Muted until %s.", kit.ShortDay(m.Until, now))
	}
	if m.Note != "" {
		text += " " + m.Note
	}
	v.muted.SetText(text)
}

func (v *breachDetailView) showHistory(d breachDetail, now time.Time) {
	v.history.RemoveAll()
	for _, x := range d.Decisions {
		line := kit.Paragraph(decisionText(x, now))
		v.history.Add(container.New(layout.NewCustomPaddedVBoxLayout(-12), kit.Padded(6, kit.NewCaption(longTime(x.At))), line))
	}
	if len(d.Decisions) == 0 && !d.Loading {
		v.history.Add(kit.Note(kit.T("No check has decided about this breach yet.")))
	}
	v.history.Refresh()
}

// askMute asks for the note and how long.
func (v *breachDetailView) askMute() {
	s := v.p.State().Selected
	if s == nil {
		return
	}
	now := v.p.desk.Now()
	names := []string{kit.T("Until I lift it"), kit.T("For a week"), kit.T("For a month"), kit.T("For three months")}
	ends := []time.Time{{}, now.AddDate(0, 0, 7), now.AddDate(0, 1, 0), now.AddDate(0, 3, 0)}
	note := kit.NewAnswer(kit.T("Why (only you see it)"))
	how := widget.NewSelect(names, nil)
	how.SetSelectedIndex(0)
	form := dialog.NewForm(kit.T("Mute %s", s.Customer), kit.T("Mute"), kit.T("Cancel"), []*widget.FormItem{
		widget.NewFormItem(kit.T("Note"), note),
		widget.NewFormItem(kit.T("How long"), how),
	}, func(ok bool) {
		if ok {
			v.p.Mute(note.Text, ends[max(0, how.SelectedIndex())])
		}
	}, v.p.host.Window())
	note.OnSubmitted = func(string) { form.Submit() }
	note.Leave = form.Dismiss
	form.Resize(fyne.NewSize(440, 0))
	form.Show()
	v.p.host.Window().Canvas().Focus(note)
}

// showMonths draws one bar a month.
func (v *breachDetailView) showMonths(months []monthCount) {
	v.months.RemoveAll()
	most := 0
	for _, m := range months {
		most = max(most, m.Count)
	}
	rows := container.NewVBox()
	for i := len(months) - 1; i >= 0; i-- {
		m := months[i]
		bar := canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))
		bar.CornerRadius = 3
		count := kit.NewLine(kit.Number(int64(m.Count)), kit.ToneMuted)
		count.Align = fyne.TextAlignTrailing
		rows.Add(container.NewBorder(nil, nil, kit.Wide(64, kit.NewLine(m.Month.String(), kit.ToneNormal)), kit.Wide(48, count),
			container.New(shareLayout(float32(m.Count)/float32(max(1, most))), bar)))
	}
	v.months.Add(kit.Padded(8, container.NewVBox(kit.NewTitle(kit.T("Breaches per month")), rows,
		kit.Note(kit.T("Choose a breach to see its orders and what was decided about it.")))))
	v.months.Refresh()
}

// shareLayout gives its one object a share of the width, 14 high, in the middle.
type shareLayout float32

func (s shareLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const height = 14
	w := size.Width * float32(s)
	if s > 0 {
		w = max(w, 3)
	}
	o[0].Resize(fyne.NewSize(w, height))
	o[0].Move(fyne.NewPos(0, (size.Height-height)/2))
}

func (shareLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 20) }
