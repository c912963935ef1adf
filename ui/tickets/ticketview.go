package tickets

import (
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// The leaves of the pane.
const (
	leafTicket   = "ticket"
	leafCustomer = "customer"
	leafHistory  = "history"
)

// ticketView is the pane of one ticket: what it is about, its customer, its history.
type ticketView struct {
	v    *view
	root *kit.KeyPane

	number  *kit.Line
	source  *widget.Button
	subject *kit.Prose
	chips   *fyne.Container
	notes   *fyne.Container // acknowledged, snoozed, hidden by the filter
	nav     *kit.Nav
	leaf    string
	box     *fyne.Container // of the leaf shown
	scroll  *container.Scroll
	body    *kit.Switcher

	edition int
	built   string // the leaf that box shows
	no      uint32
	hidden  bool
	whole   bool              // the description, or the timeline, is shown to its end
	clock   *kit.Prose        // how the reply clock stands; nil until the leaf of the ticket was built
	how     *widget.Accordion // how that came about
}

func newTicketView(v *view) *ticketView {
	t := &ticketView{v: v, leaf: leafTicket, chips: container.NewHBox(), notes: container.NewVBox(), box: container.NewVBox(), edition: -1}
	t.number = kit.NewTitle("")
	t.number.Shrink = true
	t.subject = kit.Paragraph("")
	t.source = widget.NewButtonWithIcon("", theme.ComputerIcon(), t.openSource)
	t.source.Hide()
	copies := minor(widget.NewButtonWithIcon("", theme.ContentCopyIcon(), v.copyNumber))
	closes := minor(widget.NewButtonWithIcon("", theme.CancelIcon(), func() { v.setOpen(false) }))
	t.nav = kit.NewNavAcross([]kit.NavItem{
		{ID: leafTicket, Word: kit.T("Ticket")}, {ID: leafCustomer, Word: kit.T("Customer")}, {ID: leafHistory, Word: kit.T("History")},
	}, t.open)
	t.nav.SetCurrent(t.leaf)
	head := container.NewBorder(nil, nil, nil, container.NewHBox(t.source, copies, closes), indent(t.number))
	top := container.NewVBox(head, t.subject, indent(container.NewHScroll(t.chips)), t.notes, t.nav)
	t.scroll = container.NewVScroll(container.New(kit.ScrollRoom{}, t.box))
	t.body = kit.NewSwitcher(t.scroll)
	t.root = kit.NewKeyPane(kit.Wide(300, container.NewBorder(top, nil, nil, nil, t.body.Container)))
	t.root.OnKey, t.root.OnRune, t.root.OnShortcut = t.key, v.letter, v.shortcut
	return t
}

// key does what a key stands for while the pane has the keyboard.
func (t *ticketView) key(e *fyne.KeyEvent) {
	page := t.scroll.Size().Height * 0.9
	switch e.Name {
	case fyne.KeyEscape:
		t.v.setOpen(false)
	case fyne.KeyDown:
		t.v.grid.Step(1)
	case fyne.KeyUp:
		t.v.grid.Step(-1)
	case fyne.KeyPageDown, fyne.KeySpace:
		t.scrollTo(t.scroll.Offset.Y + page)
	case fyne.KeyPageUp:
		t.scrollTo(t.scroll.Offset.Y - page)
	case fyne.KeyHome:
		t.scroll.ScrollToTop()
	case fyne.KeyEnd:
		t.scroll.ScrollToBottom()
	case fyne.KeyLeft, fyne.KeyRight:
		leaves, by := []string{leafTicket, leafCustomer, leafHistory}, 1
		if e.Name == fyne.KeyLeft {
			by = len(leaves) - 1
		}
		t.open(leaves[(slices.Index(leaves, t.leaf)+by)%len(leaves)])
	}
}

func (t *ticketView) scrollTo(y float32) {
	most := max(0, t.scroll.Content.MinSize().Height-t.scroll.Size().Height)
	t.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(y, most))))
}

// open shows a leaf.
func (t *ticketView) open(leaf string) {
	t.leaf = leaf
	t.nav.SetCurrent(leaf)
	t.scroll.ScrollToTop()
	t.refresh()
}

func (t *ticketView) refresh() {
	s := t.v.detail.State()
	if !t.v.open || s.No == 0 {
		return
	}
	hidden := t.v.list.State().Edition > 0 && t.v.grid.Count() == 0
	if t.edition == s.Edition && t.built == t.leaf && t.hidden == hidden {
		return
	}
	fresh := t.edition != s.Edition || t.hidden != hidden
	if t.no != s.No {
		t.no, t.whole, t.how = s.No, false, nil
		t.scroll.ScrollToTop()
	}
	t.edition, t.built, t.hidden = s.Edition, t.leaf, hidden
	switch {
	case s.Err != nil && s.Detail == nil:
		t.number.SetText("")
		t.subject.SetText("")
		t.chips.RemoveAll()
		t.notes.RemoveAll()
		kit.Show(t.source, false)
		t.body.Stale()
		t.body.ShowError(s.Err, t.v.detail.read)
		return
	case s.Detail == nil:
		t.preview(s.No)
		return
	}
	d := s.Detail
	if fresh {
		t.showHead(d)
		t.showNotes(d, hidden)
	}
	t.body.ShowContent()
	switch t.leaf {
	case leafCustomer:
		t.box.Objects = t.customer(d)
	case leafHistory:
		t.box.Objects = t.history(d)
	default:
		t.box.Objects = t.ticket(d)
	}
	t.box.Refresh()
	t.scroll.Refresh()
	t.root.Refresh()
}

// tick tells the reply clock anew.
func (t *ticketView) tick() {
	if d := t.v.detail.State().Detail; d != nil && t.clock != nil {
		t.clock.Set(clockSentence(&d.TicketView, t.v.desk.Now()), clockTone(d.Clock))
	}
}

// preview shows what the grid knows of a ticket until it was read.
func (t *ticketView) preview(no uint32) {
	t.number.SetText(kit.T("Loading…"))
	t.subject.SetText("")
	if r, ok := t.v.list.pages.Row(no); ok {
		t.number.SetText(r.Number)
		t.subject.SetText(r.Subject)
	}
	t.chips.RemoveAll()
	t.notes.RemoveAll()
	t.box.RemoveAll()
	kit.Show(t.source, false)
	t.body.ShowContent()
	t.root.Refresh()
}

func (t *ticketView) showHead(d *core.TicketDetail) {
	t.number.SetText(d.Number)
	subject := d.Subject
	if subject == "" {
		subject = kit.T("(no subject)")
	}
	t.subject.SetText(subject)
	t.chips.RemoveAll()
	chip := func(text string, tone kit.Tone) {
		if text != "" {
			t.chips.Add(kit.NewChip(text, tone))
		}
	}
	chip(kit.TicketStatus(d.Status), statusTone(d.Status))
	chip(kit.TicketPriority(d.Priority), priorityTone(d.Priority))
	if d.Escalated {
		chip(kit.T("escalated"), kit.ToneBad)
	}
	if d.IsTough {
		chip(kit.T("tough customer"), kit.ToneWarn)
	}
	if d.Gone {
		chip(kit.T("gone from its source"), kit.ToneMuted)
	}
	kit.Show(t.source, isWeb(d.SourceURL))
	t.source.SetText(kit.T("Open in %s…", d.Source))
}

func (t *ticketView) showNotes(d *core.TicketDetail, hidden bool) {
	t.notes.RemoveAll()
	v, now := t.v, t.v.desk.Now()
	note := func(text, word string, tone kit.Tone, do func()) {
		b := minor(widget.NewButton(word, do))
		g := kit.NewGround(tone.SoftName())
		g.Radius = 6
		t.notes.Add(container.NewStack(g, container.NewBorder(nil, nil, nil, container.NewCenter(b), kit.Paragraph(text))))
	}
	if hidden {
		note(kit.T("The filter does not find this ticket."), kit.T("Show open tickets"), kit.ToneMuted, func() { v.setFilter(firstFilter()) })
	}
	for _, a := range d.Attention {
		word := kit.T("Take back")
		if a.Kind == core.Snooze {
			word = kit.T("End the snooze")
		}
		note(attentionText(a, now), word, kit.ToneAccent, func() { v.marks.Unmark(a.Kind, []uint32{d.No}) })
	}
	if d.Assigned != "" && d.Assigned != d.Owner {
		note(kit.T("Given to %s on this desk; the source does not say so yet.", d.Assigned), kit.T("Take back"), kit.ToneAccent,
			func() { v.marks.Assign([]uint32{d.No}, "") })
	}
}

// openSource opens the ticket where it comes from.
func (t *ticketView) openSource() {
	d := t.v.detail.State().Detail
	if d == nil || !isWeb(d.SourceURL) {
		return
	}
	u, err := url.Parse(d.SourceURL)
	if err == nil {
		err = fyne.CurrentApp().OpenURL(u)
	}
	if err != nil {
		t.v.host.Fail(core.NewError(core.CodeUnavailable, "tickets.source", kit.T("The browser cannot be opened. The address is %s.", d.SourceURL), err))
	}
}

// longText is how much of a description is shown at first: a text of many pages takes long to
// lay out.
const longText = 3000

// ticket is the leaf of the ticket itself.
func (t *ticketView) ticket(d *core.TicketDetail) []fyne.CanvasObject {
	now := t.v.desk.Now()
	t.clock = kit.NewProse(clockSentence(&d.TicketView, now), clockTone(d.Clock))
	out := []fyne.CanvasObject{kit.Section(kit.T("First reply"), "", t.clock)}
	if len(d.ClockSteps) > 0 {
		steps := container.NewVBox()
		for _, s := range d.ClockSteps {
			steps.Add(moment(kit.ShortTime(s.At, now), kit.NewProse(s.Text, kit.ToneNormal)))
		}
		item := widget.NewAccordionItem(kit.T("How it came about"), steps)
		item.Open = t.how != nil && t.how.Items[0].Open // as somebody left it
		t.how = widget.NewAccordion(item)
		out = append(out, t.how)
	}
	if s := t.satisfaction(d); s != nil {
		out = append(out, s)
	}
	if d.Description != "" {
		text, cut := d.Description, false
		if !t.whole && len(text) > longText {
			text, cut = strings.ToValidUTF8(text[:longText], "")+"…", true
		}
		words := widget.NewLabel(text)
		words.Wrapping, words.Selectable = fyne.TextWrapWord, true
		out = append(out, kit.Section(kit.T("Description"), "", words))
		if cut {
			out = append(out, t.more())
		}
	}
	return append(out, kit.Section(kit.T("Facts"), "", t.facts(d)...))
}

// more shows what was left out.
func (t *ticketView) more() fyne.CanvasObject {
	return container.NewHBox(minor(widget.NewButton(kit.T("Show all of it"), func() {
		t.whole, t.built = true, ""
		t.refresh()
	})))
}

func (t *ticketView) facts(d *core.TicketDetail) (out []fyne.CanvasObject) {
	now := t.v.desk.Now()
	add := func(name, value string) {
		if value != "" {
			out = append(out, fact(name, shrinking(kit.NewLine(value, kit.ToneNormal))))
		}
	}
	both := func(name, raw string) string {
		if raw == "" || letters(raw) == letters(name) {
			return name
		}
		if name == "" {
			return raw
		}
		return name + " (" + raw + ")"
	}
	add(kit.T("Customer"), customerName(&d.TicketView))
	add(kit.T("Product"), d.Product)
	owner := d.Owner
	if owner == "" {
		owner = kit.T("nobody")
	}
	add(kit.T("Owner"), owner)
	add(kit.T("Status"), both(kit.TicketStatus(d.Status), d.RawStatus))
	add(kit.T("Priority"), both(kit.TicketPriority(d.Priority), d.RawPriority))
	add(kit.T("Channel"), d.Channel)
	add(kit.T("Created"), kit.ShortTime(d.CreatedAt, now))
	add(kit.T("First reply"), kit.ShortTime(d.FirstReplyAt, now))
	add(kit.T("Updated"), kit.ShortTime(d.UpdatedAt, now))
	add(kit.T("Closed"), kit.ShortTime(d.ClosedAt, now))
	if d.Reopened > 0 {
		add(kit.T("Reopened"), kit.N("%s time", "%s times", int64(d.Reopened)))
	}
	add(kit.T("Rating"), ratingText(d.Rating))
	add(kit.T("Source"), d.Source)
	add(kit.T("Ticket id"), d.ID)
	return out
}

// reasons lists the parts of a score that is bad when it is high, with what each adds.
func reasons(list []core.NamedReason) (out []fyne.CanvasObject) {
	for _, r := range list {
		tone := kit.ToneBad
		if r.Points < 0 {
			tone = kit.ToneGood
		}
		out = append(out, pointsLine(r.Points, tone, kit.ReasonText(r)))
	}
	return out
}

// pointsLine is a reason behind what it adds.
func pointsLine(n int, tone kit.Tone, text string) fyne.CanvasObject {
	l := kit.NewLine(kit.Signed(n), tone)
	l.Align = fyne.TextAlignTrailing
	return container.NewBorder(nil, nil, kit.Wide(40, l), nil, kit.Paragraph(text))
}

// moment is a time and what happened then.
func moment(when string, what fyne.CanvasObject) fyne.CanvasObject {
	t := kit.NewCaption(when)
	return container.NewBorder(nil, nil, indent(kit.Wide(92, t)), nil, what)
}

// historyMost is how many events are shown at first.
const historyMost = 60

// history is the leaf of what happened to the ticket, newest first.
func (t *ticketView) history(d *core.TicketDetail) (out []fyne.CanvasObject) {
	now := t.v.desk.Now()
	if len(d.Events) == 0 {
		for i := len(d.History) - 1; i >= 0; i-- {
			s := d.History[i]
			text := kit.T("Status") + ": " + kit.TicketStatus(s.Status)
			if s.RawStatus != "" && letters(s.RawStatus) != letters(kit.TicketStatus(s.Status)) {
				text += " (" + s.RawStatus + ")"
			}
			out = append(out, moment(kit.ShortTime(s.At, now), kit.Paragraph(text)))
		}
	}
	for i := len(d.Events) - 1; i >= 0; i-- {
		if !t.whole && len(out) == historyMost {
			return append(out, t.more())
		}
		e := d.Events[i]
		out = append(out, moment(kit.ShortTime(e.At, now), kit.NewProse(eventText(e), eventTone(e.Kind))))
	}
	if len(out) == 0 {
		out = append(out, kit.Note(kit.T("Nothing is known of what happened to this ticket before.")))
	}
	return out
}
