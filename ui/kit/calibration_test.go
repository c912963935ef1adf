package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
)

// plotted draws a plot in a size.
func plotted(t *testing.T, size fyne.Size, bins ...core.CalibrationBin) (*Calibration, *plotRenderer) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(NewTheme("light"))
	c := NewCalibration()
	c.Resize(size)
	c.Set(bins)
	return c, test.TempWidgetRenderer(t, c).(*plotRenderer)
}

func middle(o fyne.CanvasObject) fyne.Position {
	return o.Position().Add(fyne.NewPos(o.Size().Width/2, o.Size().Height/2))
}

func near(a, b float32) bool { return a-b < 1 && b-a < 1 }

func TestARightPredictionLiesOnTheLineAndABadSurpriseAboveIt(t *testing.T) {
	_, r := plotted(t, fyne.NewSize(440, 250),
		core.CalibrationBin{Predicted: 0.2, Observed: 0.2, Low: 0.1, High: 0.3, Count: 100},
		core.CalibrationBin{Predicted: 0.3, Observed: 0.4, Low: 0.2, High: 0.7, Count: 25})
	from, to := r.ideal.Position1, r.ideal.Position2
	on := func(x float32) float32 { return from.Y + (to.Y-from.Y)*(x-from.X)/(to.X-from.X) }
	right, above := middle(r.dots[0].circle), middle(r.dots[1].circle)
	if !near(right.Y, on(right.X)) {
		t.Errorf("a group predicted rightly lies at %v, the line at %v", right.Y, on(right.X))
	}
	if above.Y >= on(above.X)-1 || above.X <= right.X {
		t.Errorf("more bad ends than predicted lie at %v, the line there at %v", above, on(above.X))
	}
	if a, b := r.dots[0].circle.Size().Width, r.dots[1].circle.Size().Width; a != dotMost || !near(b, a/2) {
		t.Errorf("100 tickets are drawn %v wide and 25 %v", a, b)
	}
}

func TestAWhiskerReachesFromLowToHighAndHasNoEndBeyondTheAxis(t *testing.T) {
	c, r := plotted(t, fyne.NewSize(440, 250),
		core.CalibrationBin{Predicted: 0.2, Observed: 0.2, Low: 0.1, High: 0.3, Count: 100},
		core.CalibrationBin{Predicted: 0.3, Observed: 0.4, Low: 0.2, High: 0.7, Count: 25})
	p := plotArea(c.Size(), 0.4)
	first, second := r.dots[0], r.dots[1]
	if top, foot := first.stem.Position().Y, first.stem.Position().Y+first.stem.Size().Height; !near(top, p.y(0.3)) || !near(foot, p.y(0.1)) {
		t.Errorf("the whisker reaches from %v to %v, want %v to %v", top, foot, p.y(0.3), p.y(0.1))
	}
	if first.upper.Hidden || !second.upper.Hidden || second.stem.Position().Y != plotTop {
		t.Error("the end of a whisker is drawn where it is not, or is not where it is")
	}
}

func TestTheAxesEndWhereEveryDotIsInSight(t *testing.T) {
	for most, want := range map[float64]float64{0: 0.1, 0.1: 0.1, 0.11: 0.2, 0.35: 0.4, 0.5: 0.6, 0.75: 0.8, 0.81: 1, 1: 1} {
		if got := plotScale([]core.CalibrationBin{{Predicted: most / 2, Observed: most}}); got != want {
			t.Errorf("up to %v the axes end at %v, want %v", most, got, want)
		}
	}
}

func TestTheTextsOfAPlotNeverMeetAndAreNotCut(t *testing.T) {
	var bins []core.CalibrationBin
	for i := range 12 { // crowded at the left, as risks are
		risk := 0.01 * float64(1+i*i/4)
		bins = append(bins, core.CalibrationBin{Predicted: risk, Observed: risk, Low: 0, High: risk * 2, Count: 1000 + i})
	}
	for _, size := range []fyne.Size{{Width: 200, Height: 140}, {Width: 300, Height: 160}, {Width: 440, Height: 250}, {Width: 800, Height: 300}} {
		_, r := plotted(t, size, bins...)
		var texts []*canvas.Text
		counts := 0
		for _, o := range r.Objects() {
			if text, ok := o.(*canvas.Text); ok && text.Visible() {
				texts = append(texts, text)
			}
		}
		for _, d := range r.dots {
			if d.count.Visible() {
				counts++
			}
		}
		if counts == 0 {
			t.Errorf("%v: no count is in sight", size)
		}
		for i, a := range texts {
			at, s := a.Position(), a.MinSize()
			x := at.X
			if a.Alignment == fyne.TextAlignTrailing {
				x += a.Size().Width - s.Width
			}
			if x < 0 || at.Y < 0 || x+s.Width > size.Width || at.Y+s.Height > size.Height {
				t.Errorf("%v: %q is cut", size, a.Text)
			}
			for _, b := range texts[:i] {
				bx := b.Position().X
				if b.Alignment == fyne.TextAlignTrailing {
					bx += b.Size().Width - b.MinSize().Width
				}
				if x < bx+b.MinSize().Width && bx < x+s.Width && at.Y < b.Position().Y+b.MinSize().Height && b.Position().Y < at.Y+s.Height {
					t.Errorf("%v: %q meets %q", size, a.Text, b.Text)
				}
			}
		}
	}
}

func TestThePointerIsToldTheGroupNearestToIt(t *testing.T) {
	c, r := plotted(t, fyne.NewSize(440, 250),
		core.CalibrationBin{Predicted: 0.1, Observed: 0.1, Count: 10}, core.CalibrationBin{Predicted: 0.3, Observed: 0.3, Count: 10})
	var told []int
	c.OnHover = func(i int) { told = append(told, i) }
	for _, d := range r.dots {
		c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: middle(d.circle).AddXY(9, 40)}})
	}
	c.MouseOut()
	if len(told) != 3 || told[0] != 0 || told[1] != 1 || told[2] != -1 {
		t.Errorf("told %v", told)
	}
}

func TestAPlotOfNothingIsOnlyItsAxes(t *testing.T) {
	c, r := plotted(t, fyne.NewSize(440, 250), core.CalibrationBin{Predicted: 0.1, Observed: 0.1, Count: 10})
	c.Set(nil)
	c.MouseMoved(&desktop.MouseEvent{})
	if len(r.dots) != 0 || c.hover != -1 {
		t.Errorf("%d dots, %d under the pointer", len(r.dots), c.hover)
	}
}
