package settings

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// targetTable is the table of the reply targets, a line each, in the order in which they are
// tried.
type targetTable struct {
	root    *fyne.Container
	lines   []*targetLine
	values  []string // of the priorities, beside their words
	words   []string
	changed func()
}

type targetLine struct {
	product  *widget.Entry
	priority *widget.Select
	minutes  *widget.Entry
}

// Widths of the columns beside the product.
const (
	targetPriorityWidth float32 = 140
	targetMinutesWidth  float32 = 90
)

func newTargetTable(changed func()) *targetTable {
	t := &targetTable{root: container.NewVBox(), changed: changed, values: []string{core.PriorityAny}, words: []string{kit.T("any")}}
	for _, p := range slices.Backward(core.Priorities()) {
		t.values, t.words = append(t.values, p.String()), append(t.words, kit.TicketPriority(p))
	}
	return t
}

// read returns the targets; problem is said of the first line whose minutes are no number.
func (t *targetTable) read() (list []core.ReplyTarget, problem string) {
	for _, l := range t.lines {
		n, err := strconv.Atoi(strings.TrimSpace(l.minutes.Text))
		if err != nil {
			return nil, kit.T("Write the minutes of every line as a whole number.")
		}
		list = append(list, core.ReplyTarget{Product: strings.TrimSpace(l.product.Text), Priority: t.values[max(l.priority.SelectedIndex(), 0)], Minutes: n})
	}
	return list, ""
}

// show makes a line for every target, unless they are shown already.
func (t *targetTable) show(list []core.ReplyTarget) {
	if now, problem := t.read(); problem == "" && slices.Equal(now, list) && t.root.Objects != nil {
		return
	}
	t.lines = nil
	for _, target := range list {
		l := &targetLine{product: widget.NewEntry(), priority: widget.NewSelect(t.words, nil), minutes: widget.NewEntry()}
		l.product.SetPlaceHolder(kit.T("every product"))
		l.product.SetText(target.Product)
		l.priority.SetSelectedIndex(max(slices.Index(t.values, target.Priority), 0))
		l.minutes.SetText(strconv.Itoa(target.Minutes))
		l.product.OnChanged = func(string) { t.changed() }
		l.priority.OnChanged = func(string) { t.changed() }
		l.minutes.OnChanged = func(string) { t.changed() }
		t.lines = append(t.lines, l)
	}
	t.arrange()
}

// arrange puts the lines into the table as they are ordered now.
func (t *targetTable) arrange() {
	head := targetRow(kit.NewCaption(kit.T("Product")), kit.NewCaption(kit.T("Priority")), kit.NewCaption(kit.T("Minutes")), t.buttons(-1))
	rows := []fyne.CanvasObject{head}
	for i, l := range t.lines {
		rows = append(rows, targetRow(l.product, l.priority, l.minutes, t.buttons(i)))
	}
	t.root.Objects = rows
	t.root.Refresh()
}

func targetRow(product, priority, minutes, buttons fyne.CanvasObject) fyne.CanvasObject {
	height := max(priority.MinSize().Height, buttons.MinSize().Height)
	fixed := container.NewHBox(container.NewGridWrap(fyne.NewSize(targetPriorityWidth, height), priority),
		container.NewGridWrap(fyne.NewSize(targetMinutesWidth, height), minutes), buttons)
	return container.NewBorder(nil, nil, nil, fixed, product)
}

// buttons move and remove line i; those of line -1 only keep their room.
func (t *targetTable) buttons(i int) fyne.CanvasObject {
	button := func(icon fyne.Resource, can bool, do func()) *widget.Button {
		b := widget.NewButtonWithIcon("", icon, do)
		b.Importance = widget.LowImportance
		kit.Enable(b, can)
		return b
	}
	up := button(theme.MoveUpIcon(), i > 0, func() { t.swap(i, i-1) })
	down := button(theme.MoveDownIcon(), i >= 0 && i < len(t.lines)-1, func() { t.swap(i, i+1) })
	row := container.New(layout.NewCustomPaddedHBoxLayout(0), up, down, button(theme.DeleteIcon(), i >= 0, func() { t.remove(i) }))
	if i < 0 {
		return container.NewGridWrap(row.MinSize())
	}
	return row
}

func (t *targetTable) add() {
	list, problem := t.read()
	if problem != "" {
		t.changed() // the form says what is wrong
		return
	}
	t.show(append(list, core.ReplyTarget{Priority: core.PriorityAny, Minutes: 480}))
	t.changed()
}

func (t *targetTable) swap(i, j int) {
	t.lines[i], t.lines[j] = t.lines[j], t.lines[i]
	t.arrange()
	t.changed()
}

func (t *targetTable) remove(i int) {
	t.lines = slices.Delete(t.lines, i, i+1)
	t.arrange()
	t.changed()
}

func (t *Tab) buildTargets() fyne.CanvasObject {
	c := &t.clock
	const name = "clock.targets"
	c.targets = newTargetTable(func() {
		if t.filling {
			return
		}
		t.p.edit(name, func(s *core.Settings) string {
			list, problem := c.targets.read()
			if problem == "" {
				s.Clock.Targets = list
			}
			return problem
		})
		t.body.Refresh()
	})
	add := widget.NewButtonWithIcon(kit.T("Add a target"), theme.ContentAddIcon(), c.targets.add)
	add.Importance = widget.LowImportance
	f := kit.NewField("", container.NewHBox(add), "")
	t.bind(name, f, func(s core.Settings) { c.targets.show(s.Clock.Targets) })
	// The table is as wide as the form: with a label beside it, no product would fit.
	return container.NewVBox(container.New(layout.NewCustomPaddedLayout(0, 0, 8, 0), c.targets.root), f)
}
