package tickets

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// timelineMost is how much of a customer's timeline is shown at first.
const timelineMost = 40

// customer is the leaf of the customer's card.
func (t *ticketView) customer(d *core.TicketDetail) []fyne.CanvasObject {
	c := d.Card
	if c == nil {
		return []fyne.CanvasObject{kit.Note(kit.T("The source does not say which customer this ticket is from."))}
	}
	out := []fyne.CanvasObject{kit.Section(nameOfCustomer(*c), "", t.aboutCustomer(c)...)}
	out = append(out, t.health(c))
	title := kit.T("Fine: %d of 100", c.Tough)
	if c.IsTough {
		title = kit.T("Tough: %d of 100", c.Tough)
	}
	out = append(out, kit.Section(title, "", append(reasons(c.Reasons), t.flag(c)...)...))
	out = append(out, kit.Section(kit.T("Orders"), "", t.orders(c)...))
	return append(out, kit.Section(kit.T("Timeline"), "", t.timeline(c)...))
}

// health is how well a customer is looked after, and why.
func (t *ticketView) health(c *core.CustomerCard) fyne.CanvasObject {
	h := c.Health
	tone := kit.HealthTone(h.Score)
	items := []fyne.CanvasObject{t.standing(h.Score, tone)}
	for _, r := range h.Reasons {
		items = append(items, signedLine(r.Points, kit.HealthReason(r)))
	}
	about := ""
	switch {
	case c.Open == 0:
		about = kit.T("No ticket is open.")
	case h.AtRisk == 0:
		about = kit.T("None of its open tickets is at risk.")
	default:
		about = kit.N("%s of its open tickets is at risk.", "%s of its open tickets are at risk.", int64(h.AtRisk))
	}
	return kit.Section(kit.T("Customer health %d of 100", h.Score), about, items...)
}

func (t *ticketView) aboutCustomer(c *core.CustomerCard) (out []fyne.CanvasObject) {
	add := func(name, value string) {
		if value != "" {
			out = append(out, fact(name, shrinking(kit.NewLine(value, kit.ToneNormal))))
		}
	}
	if c.Email != nameOfCustomer(*c) {
		add(kit.T("E-mail"), c.Email)
	}
	add(kit.T("Tickets"), kit.T("%s, %s open", kit.Number(int64(c.Tickets)), kit.Number(int64(c.Open))))
	add(kit.T("Ratings"), ratingsText(c.Ratings))
	var trouble []string
	if c.Escalations > 0 {
		trouble = append(trouble, kit.N("%s escalation", "%s escalations", int64(c.Escalations)))
	}
	if c.Reopenings > 0 {
		trouble = append(trouble, kit.N("%s reopening", "%s reopenings", int64(c.Reopenings)))
	}
	add(kit.T("Trouble"), strings.Join(trouble, ", "))
	if !c.FirstSeen.IsZero() {
		add(kit.T("Known since"), kit.ShortDay(c.FirstSeen, t.v.desk.Now()))
	}
	all := minor(widget.NewButtonWithIcon(kit.T("Show the customer's tickets"), theme.SearchIcon(), func() {
		t.v.setFilter(core.SavedFilter{Text: customerFilter(*c), Sort: "-created"})
	}))
	return append(out, container.NewHBox(all))
}

// customerFilter finds the tickets of a customer.
func customerFilter(c core.CustomerCard) string {
	text := c.Key.ID
	if c.Email != "" {
		text = c.Email
	}
	return `customer:"` + strings.ReplaceAll(text, `"`, " ") + `"`
}

// ratingsText counts ratings, the bad ones first: "2× 1/5, 1× 4/5".
func ratingsText(r [6]int) string {
	var parts []string
	for i := 1; i < len(r); i++ {
		if r[i] > 0 {
			parts = append(parts, kit.Number(int64(r[i]))+"× "+strconv.Itoa(i)+"/5")
		}
	}
	if len(parts) == 0 {
		return kit.T("none")
	}
	return strings.Join(parts, ", ")
}

// flag is a person's word on the customer, and the buttons that change it.
func (t *ticketView) flag(c *core.CustomerCard) (out []fyne.CanvasObject) {
	v, now := t.v, t.v.desk.Now()
	if f := c.Flag; f != nil && f.Holds(now) {
		tone := kit.ToneGood
		if f.Tough {
			tone = kit.ToneWarn
		}
		return append(out, kit.NewProse(flagText(*f, now), tone), container.NewHBox(
			widget.NewButton(kit.T("Take the flag back"), func() { v.marks.DropFlag(*f) })))
	}
	return append(out, container.NewHBox(
		widget.NewButtonWithIcon(kit.T("Flag as tough…"), theme.WarningIcon(), func() { v.askFlag(*c, true) }),
		widget.NewButtonWithIcon(kit.T("Flag as fine…"), theme.ConfirmIcon(), func() { v.askFlag(*c, false) })))
}

// orders is what the order book says of the customer, and how the two were joined.
func (t *ticketView) orders(c *core.CustomerCard) (out []fyne.CanvasObject) {
	v, now := t.v, t.v.desk.Now()
	if c.OrdersError != "" {
		out = append(out, kit.NewProse(c.OrdersError, kit.ToneBad))
	} else if len(c.OrderIDs) > 0 {
		bad := kit.ToneNormal
		if c.BadOrders > 0 {
			bad = kit.ToneWarn
		}
		out = append(out, kit.NewProse(kit.T("%s in all, %s cancelled or returned this month.",
			kit.N("%s order", "%s orders", c.Orders), kit.Number(int64(c.BadOrders))), bad))
		for _, b := range c.Breaches {
			out = append(out, moment(kit.BreachPeriod(b, now), kit.NewProse(kit.N("%s order at fault", "%s orders at fault", int64(b.Count)), kit.ToneWarn)))
		}
	}
	for _, l := range c.Links {
		out = append(out, t.link(c, l))
	}
	if len(c.Links) == 0 {
		out = append(out, kit.Note(kit.T("No customer of the orders was found to be this one.")))
	}
	return append(out, container.NewHBox(widget.NewButtonWithIcon(kit.T("Join by hand…"), theme.ContentAddIcon(), func() { v.askLink(*c) })))
}

func (t *ticketView) link(c *core.CustomerCard, l core.CustomerLink) fyne.CanvasObject {
	m := t.v.marks
	tone, icon := kit.ToneGood, theme.ConfirmIcon()
	buttons := container.NewHBox()
	switch {
	case l.Counts():
		buttons.Add(minor(widget.NewButton(kit.T("Part"), func() { m.Unlink(c.Key, l) })))
	case l.State == core.LinkProposed:
		tone, icon = kit.ToneWarn, theme.QuestionIcon()
		buttons.Add(widget.NewButton(kit.T("The same"), func() { m.Link(c.Key, l.Order) }))
		buttons.Add(minor(widget.NewButton(kit.T("Not the same"), func() { m.Unlink(c.Key, l) })))
	default:
		tone, icon = kit.ToneMuted, theme.CancelIcon()
		buttons.Add(minor(widget.NewButton(kit.T("The same after all"), func() { m.Link(c.Key, l.Order) })))
	}
	mark := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(16), widget.NewIcon(theme.NewColoredResource(icon, tone.ColorName()))))
	name := shrinking(kit.NewLine(l.Order, kit.ToneNormal))
	return container.NewVBox(
		indent(container.NewBorder(nil, nil, mark, buttons, name)),
		kit.NewProse(linkText(l), kit.ToneMuted).Small())
}

// timeline is what happened with the customer, tickets and orders alike, newest first.
func (t *ticketView) timeline(c *core.CustomerCard) (out []fyne.CanvasObject) {
	now := t.v.desk.Now()
	for i, e := range c.Timeline {
		if !t.whole && i == timelineMost {
			return append(out, t.more())
		}
		tone := kit.ToneNormal
		if e.Bad {
			tone = kit.ToneBad
		}
		text := kit.NewProse(lineText(e), tone)
		var what fyne.CanvasObject = text
		if e.Ticket != 0 && e.Ticket != t.no {
			what = container.NewBorder(nil, nil, nil, minor(widget.NewButtonWithIcon("", theme.NavigateNextIcon(), func() { t.v.openTicket(e.Ticket) })), text)
		}
		out = append(out, moment(kit.ShortDay(e.At, now), what))
	}
	if len(out) == 0 {
		out = append(out, kit.Note(kit.T("Nothing happened with this customer yet.")))
	}
	return out
}
