package overview

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// The filters the figures lead to.
const (
	filterRed     = "is:open clock:red"
	filterAmber   = "is:open clock:amber"
	filterUnowned = "is:open is:unowned"
	filterTough   = "is:open tough:yes"
	filterOpen    = "is:open"
)

// figure is a number with what it counts, to be pressed.
type figure struct {
	*press
	number *kit.Line
	tone   kit.Tone // when it is not 0
}

func newFigure(word string, tone kit.Tone, do func()) *figure {
	f := &figure{number: kit.NewLine("–", kit.ToneMuted), tone: tone}
	f.number.TextSize, f.number.Style.Bold = theme.SizeNameHeadingText, true
	under := kit.NewCaption(word)
	under.Shrink = true
	f.press = newPress(kit.ColorNeutralSoft, kit.Padded(10, container.NewVBox(f.number, under)), do)
	return f
}

func (f *figure) set(n int64) {
	tone := f.tone
	if n == 0 {
		tone = kit.ToneMuted
	}
	f.number.Set(kit.Number(n), tone)
	f.rest = kit.ColorNeutralSoft
	if n > 0 && f.tone != kit.ToneNormal {
		f.rest = f.tone.SoftName()
	}
	f.paint()
}

// figures is the row of them.
type figures struct {
	row                                     *fyne.Container
	red, amber, unowned, tough, open, month *figure
}

func newFigures(host kit.Host, turned func()) *figures {
	filter := func(text string) func() {
		return func() { host.Go(kit.TabTickets, kit.PlaceFilter+text) }
	}
	f := &figures{
		red:     newFigure(kit.T("replies overdue"), kit.ToneBad, filter(filterRed)),
		amber:   newFigure(kit.T("replies due soon"), kit.ToneWarn, filter(filterAmber)),
		unowned: newFigure(kit.T("open, nobody's"), kit.ToneWarn, filter(filterUnowned)),
		tough:   newFigure(kit.T("of tough customers"), kit.ToneWarn, filter(filterTough)),
		open:    newFigure(kit.T("open tickets"), kit.ToneNormal, filter(filterOpen)),
		month:   newFigure(kit.T("breaches this month"), kit.ToneBad, func() { host.Go(kit.TabOrders) }),
	}
	f.row = container.New(&tiles{width: tilesFrom, turned: turned}, f.red, f.amber, f.unowned, f.tough, f.open, f.month)
	return f
}

func (f *figures) show(o core.Overview) {
	f.red.set(int64(o.Red))
	f.amber.set(int64(o.Amber))
	f.unowned.set(int64(o.Unowned))
	f.tough.set(int64(o.Tough))
	f.open.set(int64(o.Open))
	f.month.set(int64(len(o.Breaches)))
}

// openTicket leads to one ticket.
func openTicket(host kit.Host, no uint32) func() {
	return func() { host.Go(kit.TabTickets, kit.PlaceTicket+strconv.FormatUint(uint64(no), 10)) }
}
