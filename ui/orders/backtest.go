package orders

import (
	"context"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// typingPause is how long typing rests before the order book is asked.
const typingPause = 300 * time.Millisecond

// backTestState is all the view shows.
type backTestState struct {
	Shown   bool // the draft has no problems
	Loading bool
	Err     error
	Result  core.BackTest
	Edition int // grows when Result changes
}

// backTest says what the rule in the form would have found.
type backTest struct {
	*bench
	changed func()
	pause   time.Duration
	state   backTestState
	asked   core.Rule // what the state is about; the zero rule: nothing yet
	load    *async.Loader[core.BackTest]
}

func newBackTest(b *bench, changed func()) *backTest {
	return &backTest{bench: b, changed: changed, pause: typingPause, load: async.NewLoader[core.BackTest](b.ui)}
}

// follow shows the back-test of the draft. The order book is asked after the pause, and only
// when the draft looks for something else than before.
func (p *backTest) follow(draft core.Rule, sound bool, pause time.Duration) {
	p.state.Shown = sound
	switch {
	case !sound && p.state.Loading:
		p.forget()
	case sound && !findsTheSame(draft, p.asked):
		p.asked, p.state.Loading = draft, true
		p.ask(pause)
	}
}

// findsTheSame reports whether both rules put the same question to an order book.
func findsTheSame(a, b core.Rule) bool {
	return a.Statuses == b.Statuses && a.Threshold == b.Threshold && a.Days == b.Days
}

// forget gives up what is loading; the next sound draft is asked anew.
func (p *backTest) forget() {
	p.load.Cancel()
	p.asked, p.state.Loading = core.Rule{}, false
}

// Again asks the same anew: the orders changed, or the order book may be back. An answer in
// sight stays until the new one is there.
func (p *backTest) Again() {
	switch {
	case !p.state.Shown:
		p.forget()
	default:
		p.state.Loading = p.state.Loading || p.state.Err != nil
		p.ask(0)
		p.changed()
	}
}

func (p *backTest) ask(pause time.Duration) {
	rule := p.asked
	p.load.Load(func(ctx context.Context) (core.BackTest, error) {
		if pause > 0 {
			select {
			case <-time.After(pause):
			case <-ctx.Done(): // more was typed
				return core.BackTest{}, ctx.Err()
			}
		}
		return p.desk.BackTest(ctx, rule)
	}, func(r core.BackTest, err error) {
		p.state.Loading, p.state.Err, p.state.Result = false, err, r
		p.state.Edition++
		p.changed()
	})
}

// backTestText is the answer in words; it needs an order book with orders.
func backTestText(r core.BackTest) string {
	until := monthYear(r.Months[len(r.Months)-1].Month)
	top := r.Months[highest(r.Months)]
	if r.Breaches == 0 {
		return kit.T("With these settings: no breach in the %d months up to %s.", len(r.Months), until)
	}
	breaches := kit.N("%s breach", "%s breaches", int64(r.Breaches))
	customers := kit.N("of %s customer", "of %s customers", int64(r.Customers))
	if top.Count == 1 {
		return kit.T("With these settings: %s %s in the %d months up to %s.", breaches, customers, len(r.Months), until)
	}
	return kit.T("With these settings: %s %s in the %d months up to %s, most in %s (%s).",
		breaches, customers, len(r.Months), until, monthYear(top.Month), kit.Number(int64(top.Count)))
}

// highest is the month with the most, the last of equals.
func highest(months []core.MonthCount) (top int) {
	for i, m := range months {
		if m.Count >= months[top].Count {
			top = i
		}
	}
	return top
}

func monthYear(m core.Month) string {
	y, month := m.YearMonth()
	return kit.MonthName(time.Month(month)) + " " + strconv.Itoa(y)
}

// backTestView is the sentence with the bars beside it.
type backTestView struct {
	p       *backTest
	root    *fyne.Container
	text    *kit.Prose
	bars    *fyne.Container
	retry   fyne.CanvasObject
	edition int
}

func newBackTestView(p *backTest) *backTestView {
	v := &backTestView{p: p, text: kit.Paragraph(""), bars: container.NewWithoutLayout()}
	v.retry = container.NewCenter(widget.NewButtonWithIcon(kit.T("Try again"), theme.ViewRefreshIcon(), p.Again))
	// The height is kept while there is nothing to say, so that the form does not jump.
	v.root = kit.Tall(barsHeight, container.NewBorder(nil, nil, nil, container.NewStack(v.bars, v.retry), v.text))
	return v
}

func (v *backTestView) refresh() {
	s := v.p.state
	text, tone := "", kit.ToneMuted
	counted := s.Shown && !s.Loading && s.Err == nil && len(s.Result.Months) > 0
	switch {
	case !s.Shown:
	case s.Loading:
		text = kit.T("Computing…")
	case s.Err != nil:
		text, tone = kit.ErrorText(s.Err), kit.ToneBad
	case !counted:
		text = kit.T("There are no orders yet.")
	default:
		text, tone = backTestText(s.Result), kit.ToneNormal
		if v.edition != s.Edition {
			v.edition = s.Edition
			v.bars.Layout, v.bars.Objects = newMonthBars(s.Result.Months)
		}
	}
	v.text.Set(text, tone)
	kit.Show(v.bars, counted && s.Result.Breaches > 0)
	kit.Show(v.retry, s.Shown && !s.Loading && s.Err != nil)
	v.root.Refresh()
}

// monthBars lays out one bar a month on a line, its count above it, and below the line the names
// of the first, the last and the highest month.
type monthBars struct {
	months       []core.MonthCount
	line         fyne.CanvasObject
	bars, counts []fyne.CanvasObject
	names        map[int]fyne.CanvasObject // by month
}

const (
	barsWidth, barsHeight float32 = 330, 88 // as high as the sentence in the smallest window
	barGap                float32 = 6
)

func newMonthBars(months []core.MonthCount) (*monthBars, []fyne.CanvasObject) {
	b := &monthBars{months: months, line: kit.NewGround(theme.ColorNameInputBorder), names: map[int]fyne.CanvasObject{}}
	for _, m := range months {
		bar := kit.NewGround(theme.ColorNamePrimary)
		bar.Radius = 2
		b.bars, b.counts = append(b.bars, bar), append(b.counts, kit.NewCaption(kit.Number(int64(m.Count))))
	}
	all := slices.Concat([]fyne.CanvasObject{b.line}, b.bars, b.counts)
	for _, i := range b.order() {
		if b.names[i] == nil {
			b.names[i] = kit.NewCaption(monthYear(months[i].Month))
			all = append(all, b.names[i])
		}
	}
	return b, all
}

// order lists the months that matter, the one that matters most first.
func (b *monthBars) order() []int { return []int{highest(b.months), len(b.months) - 1, 0} }

// MinSize is the size the bars are made for.
func (b *monthBars) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(barsWidth, barsHeight)
}

// Layout gives way where texts would meet: the highest month keeps its own, then the last.
func (b *monthBars) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	wide, text := size.Width/float32(len(b.months)), b.counts[0].MinSize().Height
	ground := size.Height - text - 2
	b.line.Move(fyne.NewPos(0, ground))
	b.line.Resize(fyne.NewSize(size.Width, 1))
	most := max(1, b.months[highest(b.months)].Count)
	top := func(i int) float32 {
		if b.months[i].Count == 0 {
			return ground
		}
		return ground - max(2, (ground-text)*float32(b.months[i].Count)/float32(most))
	}
	middle := func(i int) float32 { return (float32(i) + 0.5) * wide }
	counts, names := row{width: size.Width}, row{width: size.Width}
	for _, i := range b.order() {
		if b.months[i].Count > 0 {
			counts.place(b.counts[i], middle(i), top(i)-text)
		}
		names.place(b.names[i], middle(i), ground+2)
	}
	for i, bar := range b.bars {
		bar.Move(fyne.NewPos(float32(i)*wide+barGap/2, top(i)))
		bar.Resize(fyne.NewSize(wide-barGap, ground-top(i)))
		if b.months[i].Count > 0 {
			counts.place(b.counts[i], middle(i), top(i)-text)
		}
	}
	for _, c := range b.counts {
		kit.Show(c, counts.has(c))
	}
	for _, n := range b.names {
		kit.Show(n, names.has(n))
	}
}

// row holds texts side by side.
type row struct {
	width  float32
	placed []fyne.CanvasObject
}

func (r *row) has(o fyne.CanvasObject) bool { return slices.Contains(r.placed, o) }

// place puts o around the middle x, within the row, unless it would meet one that is there.
func (r *row) place(o fyne.CanvasObject, x, y float32) {
	const apart = 3
	size := o.MinSize()
	x = max(0, min(x-size.Width/2, r.width-size.Width))
	for _, other := range r.placed {
		if left := other.Position().X; x < left+other.Size().Width+apart && left < x+size.Width+apart {
			return
		}
	}
	o.Move(fyne.NewPos(x, y))
	o.Resize(size)
	r.placed = append(r.placed, o)
}
