package settings

import (
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type orderGroup struct {
	patterns *widget.Entry
	value    *widget.Entry
	verdict  *kit.Prose
	statuses *fyne.Container
	shown    map[string]core.Status
	book     *kit.Prose
	load     *kit.Busy
	remove   *kit.Busy
}

func (t *Tab) buildOrders() fyne.CanvasObject {
	o := &t.order
	o.patterns = widget.NewMultiLineEntry()
	o.patterns.SetMinRowsVisible(4)
	o.patterns.TextStyle.Monospace = true
	o.patterns.Wrapping = fyne.TextWrapOff
	o.patterns.OnChanged = t.typed(func(v string) {
		t.p.edit("orders.customer_patterns", func(s *core.Settings) string {
			s.Orders.CustomerPatterns = patternLines(v)
			return ""
		})
	})
	patterns := kit.NewField(kit.T("Customer patterns"), o.patterns,
		kit.T("One regular expression a line. A customer value counts when one of them matches the whole of it; a group called name gives the client's name."))
	t.bind("orders.customer_patterns", patterns, func(s core.Settings) {
		if !slices.Equal(patternLines(o.patterns.Text), s.Orders.CustomerPatterns) {
			o.patterns.SetText(strings.Join(s.Orders.CustomerPatterns, "\n"))
		}
	})
	o.value = widget.NewEntry()
	o.value.SetPlaceHolder("my-shop_123")
	o.value.OnChanged = func(string) { t.tryValue() }
	o.verdict = kit.NewProse("", kit.ToneMuted).Small()
	o.verdict.Hide()
	defaults := widget.NewButton(kit.T("Use the default patterns"), func() {
		o.patterns.SetText(strings.Join(core.DefaultCustomerPatterns(), "\n"))
	})
	defaults.Importance = widget.LowImportance
	try := container.New(layout.NewCustomPaddedVBoxLayout(-4), o.value, o.verdict)

	o.statuses = container.NewVBox()
	statuses := kit.NewField(kit.T("Assigned statuses"), o.statuses, kit.T("Spellings you assigned in an import, on top of those Deskwatch knows."))
	t.bind("orders.statuses", statuses, func(core.Settings) {})

	o.book = kit.Note("")
	o.load = kit.NewBusy(kit.T("Load sample data"), kit.T("Loading…"), theme.ContentAddIcon(), t.p.loadSample)
	o.remove = kit.NewBusy(kit.T("Remove sample data…"), "", theme.DeleteIcon(), t.p.removeSample)
	return container.NewVBox(
		t.buildPlace(),
		t.buildTools(),
		kit.Section(kit.T("Customers and statuses"), "", patterns, kit.NewField("", container.NewHBox(defaults), ""),
			kit.NewField(kit.T("Try a value"), try, ""), statuses),
		kit.Section(kit.T("Sample data"), "", o.book, kit.NewField("", container.NewHBox(o.load, o.remove), "")),
	)
}

func (t *Tab) tryValue() {
	o := &t.order
	sentence, tone := tryPatterns(t.p.draft.Orders.CustomerPatterns, o.value.Text)
	o.verdict.Set(sentence, tone)
	o.verdict.Hidden = sentence == ""
	o.verdict.Refresh()
}

// showStatuses lists the assigned spellings, each with a way to take it back.
func (t *Tab) showStatuses(assigned map[string]core.Status) {
	o := &t.order
	if o.shown != nil && maps.Equal(o.shown, assigned) {
		return
	}
	o.shown = maps.Clone(assigned)
	if o.shown == nil {
		o.shown = map[string]core.Status{}
	}
	o.statuses.Objects = nil
	for _, raw := range slices.Sorted(maps.Keys(assigned)) {
		name := widget.NewLabel(raw + "  →")
		drop := widget.NewButtonWithIcon("", theme.DeleteIcon(), func() {
			t.p.edit("orders.statuses", func(s *core.Settings) string { delete(s.Orders.Statuses, raw); return "" })
		})
		drop.Importance = widget.LowImportance
		chip := container.NewCenter(kit.NewChip(kit.OrderStatus(assigned[raw]), statusTone(assigned[raw])))
		o.statuses.Add(container.NewHBox(name, chip, layout.NewSpacer(), drop))
	}
	if len(assigned) == 0 {
		o.statuses.Add(widget.NewLabel(kit.T("None yet")))
	}
	o.statuses.Refresh()
	t.body.Refresh()
}

// statusTone colours the statuses a rule usually looks for.
func statusTone(s core.Status) kit.Tone {
	switch s {
	case core.StatusCancelled, core.StatusReturned:
		return kit.ToneWarn
	case core.StatusDelivered:
		return kit.ToneGood
	}
	return kit.ToneMuted
}

func (t *Tab) showSample(st core.DeskStatus) {
	o := &t.order
	kit.Enable(&o.load.Button, !st.Sample && st.Book.Orders == 0 && st.Counted())
	kit.Enable(&o.remove.Button, st.Sample)
	switch {
	case st.Sample:
		o.book.SetText(kit.T("The sample data is loaded. Removing it leaves everything else as it is."))
	case st.Book.Orders > 0:
		o.book.SetText(kit.T("The order book holds %s of yours. Sample data can only be loaded into an empty one.", kit.N("%s order", "%s orders", st.Book.Orders)))
	case !st.Counted():
		o.book.SetText(kit.T("Sample data can only be loaded into an empty order book. What is in it is not known yet."))
	default:
		o.book.SetText(kit.T("Generated orders and clients with example addresses, to look around with. They can be removed again."))
	}
}
