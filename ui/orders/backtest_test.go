package orders

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// yearOf is a back-test of the twelve months to June 2023.
func yearOf(counts ...int) core.BackTest {
	r := core.BackTest{Customers: 29, Months: make([]core.MonthCount, core.BackTestMonths)}
	for i := range r.Months {
		r.Months[i].Month = core.NewMonth(2022, 7) + core.Month(i)
		if i < len(counts) {
			r.Months[i].Count = counts[i]
			r.Breaches += counts[i]
		}
	}
	return r
}

func TestTheBackTestSaysHowManyWhoseAndWhenMost(t *testing.T) {
	one := yearOf(0, 1)
	one.Customers = 1
	for want, r := range map[string]core.BackTest{
		"With these settings: 41 breaches of 29 customers in the 12 months up to Jun 2023, most in May 2023 (9).": yearOf(4, 3, 2, 3, 4, 2, 3, 1, 2, 3, 9, 5),
		"With these settings: 1 breach of 1 customer in the 12 months up to Jun 2023.":                            one,
		"With these settings: no breach in the 12 months up to Jun 2023.":                                         yearOf(),
	} {
		if got := backTestText(r); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestTheBackTestFollowsTheDraftAndAsksOnlyForWhatIsNew(t *testing.T) {
	var asked []core.Rule
	f := &fakeDesk{backTest: func(_ context.Context, r core.Rule) (core.BackTest, error) {
		asked = append(asked, r)
		return yearOf(r.Threshold), nil
	}}
	p, _ := loadedRules(t, f)
	p.Type(ruleThreshold, "4")
	p.Change(func(r *core.Rule) { r.Name = "Other words" })
	p.Type(ruleCap, "9")
	p.CountInDays(true)
	if len(asked) != 3 || asked[0].Threshold != 3 || asked[1].Threshold != 4 || asked[2].Days != usualDays {
		t.Fatalf("asked %+v", asked)
	}
	if s := p.test.state; !s.Shown || s.Loading || s.Result.Breaches != 4 {
		t.Errorf("%+v", s)
	}
}

func TestTheBackTestSaysNothingWhileTheDraftHasProblems(t *testing.T) {
	asked := 0
	f := &fakeDesk{backTest: func(context.Context, core.Rule) (core.BackTest, error) { asked++; return yearOf(1), nil }}
	p, _ := loadedRules(t, f)
	p.Type(ruleThreshold, "")
	if s := p.test.state; s.Shown || asked != 1 {
		t.Errorf("shown %v, asked %d times", s.Shown, asked)
	}
	p.Type(ruleThreshold, "3")
	if s := p.test.state; !s.Shown || s.Loading || s.Result.Breaches != 1 || asked != 1 {
		t.Errorf("after typing the same again: %+v, asked %d times", s, asked)
	}
}

// lined is a UI goroutine: work runs on goroutines of its own, and its answers come in a line.
type lined struct{ calls chan func() }

func (l lined) Do(f func()) { l.calls <- f }

// settle runs what is in the line once nothing else moves.
func (l lined) settle() {
	for {
		synctest.Wait()
		select {
		case f := <-l.calls:
			f()
		default:
			return
		}
	}
}

func TestTheBackTestWaitsForTheTypingToRestAndTheLastDraftWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []int
		slow := make(chan struct{})
		f := &fakeDesk{now: noon(), backTest: func(_ context.Context, r core.Rule) (core.BackTest, error) {
			asked = append(asked, r.Threshold)
			if r.Threshold == 5 {
				<-slow // and it does not even hear that nobody waits for it
			}
			return yearOf(r.Threshold), nil
		}}
		ui := lined{make(chan func(), 10)}
		p := newBackTest(&bench{desk: f, ui: ui}, func() {})
		typed := func(n int) {
			r := core.DefaultRule()
			r.Threshold = n
			p.follow(r, true, p.pause)
			time.Sleep(100 * time.Millisecond)
			ui.settle()
		}
		typed(3)
		typed(4)
		typed(5)
		if len(asked) != 0 || !p.state.Loading {
			t.Fatalf("asked for %v while typing; loading %v", asked, p.state.Loading)
		}
		time.Sleep(typingPause)
		typed(6)
		time.Sleep(typingPause)
		ui.settle()
		close(slow)
		ui.settle()
		if s := p.state; len(asked) != 2 || asked[0] != 5 || asked[1] != 6 || s.Loading || s.Result.Breaches != 6 {
			t.Errorf("asked for %v, shows %+v", asked, s)
		}
		typed(7)
		p.follow(core.Rule{}, false, p.pause)
		time.Sleep(typingPause)
		if ui.settle(); len(asked) != 2 || p.state.Shown {
			t.Errorf("asked for %v of a draft that has problems", asked)
		}
		typed(7)
		time.Sleep(typingPause)
		if ui.settle(); !p.state.Shown || p.state.Result.Breaches != 7 {
			t.Errorf("once the problem is gone: %+v", p.state)
		}
	})
}

func TestABackTestOfABookThatIsAwayIsAnErrorWithARetry(t *testing.T) {
	err := error(errAway)
	f := &fakeDesk{backTest: func(context.Context, core.Rule) (core.BackTest, error) { return yearOf(2, 3), err }}
	tab, _ := newTab(t, f)
	tab.open(pageRules)
	v := tab.pages[pageRules].(*rulesView)
	retry := visibleButton(v.root, "Try again")
	if retry == nil || !v.test.retry.Visible() || !saidIn(v, errAway.Message) || saidIn(v, "With these settings") {
		t.Fatal("the error and its retry are not in sight")
	}
	err = nil
	test.Tap(retry)
	if saidIn(v, errAway.Message) || !saidIn(v, "5 breaches") || v.test.retry.Visible() || !v.test.bars.Visible() {
		t.Error("the retry did not bring the answer")
	}
	err = errAway
	v.p.test.Again()
	err = nil
	if tab.hear(core.StatusChanged{}); !saidIn(v, "5 breaches") {
		t.Error("it is not asked again when the book is back")
	}
}

func TestTheBackTestFollowsTheOrders(t *testing.T) {
	answer := core.BackTest{}
	f := &fakeDesk{backTest: func(context.Context, core.Rule) (core.BackTest, error) { return answer, nil }}
	tab, _ := newTab(t, f)
	tab.open(pageRules)
	v := tab.pages[pageRules].(*rulesView)
	if !saidIn(v, "There are no orders yet.") {
		t.Fatal("an empty book is not said")
	}
	answer = yearOf(1, 2)
	if tab.hear(core.OrdersChanged{}); !saidIn(v, "3 breaches") || saidIn(v, "no orders") {
		t.Error("new orders are not counted")
	}
}

func TestAStaleBackTestDoesNotStandUnderComputing(t *testing.T) {
	f := &fakeDesk{backTest: func(context.Context, core.Rule) (core.BackTest, error) { return yearOf(1, 2), nil }}
	tab, _ := newTab(t, f)
	tab.open(pageRules)
	v := tab.pages[pageRules].(*rulesView)
	v.p.test.state.Loading = true
	if v.refresh(); !saidIn(v, "Computing…") || saidIn(v, "With these settings") || v.test.bars.Visible() {
		t.Error("the answer to the settings before is in sight")
	}
}

func TestTheTextsOfTheBarsNeverMeet(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme("light"))
	for name, months := range map[string][]core.MonthCount{
		"top beside the first": yearOf(3, 9, 1).Months, "top beside the last": yearOf(3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 5).Months,
		"top is the last": yearOf(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9).Months,
		"large":           yearOf(120201, 130455, 98032, 120201, 130455, 98032, 1).Months,
	} {
		b, all := newMonthBars(months)
		size := b.MinSize(all)
		b.Layout(all, size)
		top := highest(months)
		if !b.names[top].Visible() || !b.counts[top].Visible() {
			t.Errorf("%s: the highest month has no name or no count", name)
		}
		var texts []fyne.CanvasObject
		for _, o := range all {
			if _, ok := o.(*kit.Line); ok && o.Visible() {
				texts = append(texts, o)
			}
		}
		for i, o := range texts {
			at, s := o.Position(), o.Size()
			if at.X < 0 || at.Y < 0 || at.X+s.Width > size.Width || at.Y+s.Height > size.Height || s.Width < o.MinSize().Width {
				t.Errorf("%s: %q is cut: %v %v", name, o.(*kit.Line).Text, at, s)
			}
			for _, other := range texts[:i] {
				if p, z := other.Position(), other.Size(); at.Y == p.Y && at.X < p.X+z.Width && p.X < at.X+s.Width {
					t.Errorf("%s: %q meets %q", name, o.(*kit.Line).Text, other.(*kit.Line).Text)
				}
			}
		}
	}
}
