package kit

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func TestATrendHoldsEachValueUntilTheNextOne(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme("light"))
	start := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	trend := NewTrend([]TrendPoint{{start, 80}, {start.Add(time.Hour), 40}, {start.Add(3 * time.Hour), 60}}, start.Add(4*time.Hour))
	var told []int
	trend.OnHover = func(i int) { told = append(told, i) }
	trend.Resize(fyne.NewSize(300, 84))
	r := test.TempWidgetRenderer(t, trend).(*trendRenderer)
	r.Layout(trend.Size())
	first, second, last := r.steps[0][1], r.steps[1][1], r.steps[2][1]
	if !near(first.Position().X+first.Size().Width, second.Position().X) || !near(2*first.Size().Width, second.Size().Width) {
		t.Errorf("an hour is %v wide, two are %v, from %v", first.Size().Width, second.Size().Width, second.Position().X)
	}
	if !(first.Position().Y < last.Position().Y && last.Position().Y < second.Position().Y) {
		t.Errorf("80, 40 and 60 lie at %v, %v and %v", first.Position().Y, second.Position().Y, last.Position().Y)
	}
	if up := r.steps[2][0]; !near(up.Position().Y, last.Position().Y) || !near(up.Position().Y+up.Size().Height, second.Position().Y+trendThick) {
		t.Errorf("the step from 40 to 60 reaches from %v, %v high", up.Position().Y, up.Size().Height)
	}
	if end := r.mark.Position().X + trendDot; end > trend.Size().Width+1 || !near(middle(r.mark).Y, trend.y(60)) {
		t.Errorf("how it stands is marked at %v", middle(r.mark))
	}
	over := func(x float32) {
		trend.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 30)}})
	}
	over(second.Position().X + 5)
	over(second.Position().X + 6)
	over(last.Position().X + 2)
	trend.MouseOut()
	if len(told) != 3 || told[0] != 1 || told[1] != 2 || told[2] != -1 {
		t.Errorf("the pointer is told on %v, want 1, 2 and -1", told)
	}
}

func TestATrendOfOneMomentDrawsWhatThereIs(t *testing.T) {
	test.NewTempApp(t)
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	for _, points := range [][]TrendPoint{nil, {{at, 50}}, {{at, 0}, {at, 100}}} {
		trend := NewTrend(points, at)
		trend.Resize(fyne.NewSize(200, 80))
		r := test.TempWidgetRenderer(t, trend).(*trendRenderer)
		r.Layout(trend.Size())
		for _, s := range r.steps {
			if p := s[1].Position(); p.X != trendLeft || s[1].Size().Width < trendThick {
				t.Errorf("%d points: a step lies at %v, %v wide", len(points), p, s[1].Size().Width)
			}
		}
		if r.mark.Hidden != (len(points) == 0) {
			t.Errorf("%d points: the mark is hidden: %v", len(points), r.mark.Hidden)
		}
	}
}
