package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestALineThatIsTooLongSaysThatItGoesOn(t *testing.T) {
	test.NewTempApp(t)
	l := NewLine("the first reply took 8.7× this customer's usual wait", ToneNormal)
	l.Shrink = true
	whole := fyne.MeasureText(l.Text, 14, fyne.TextStyle{}).Width
	drawn := func() string {
		r, ok := test.WidgetRenderer(l).(*lineRenderer)
		if !ok {
			t.Fatal("a line has another renderer")
		}
		if r.text.Text != l.Text && fyne.MeasureText(r.text.Text, r.text.TextSize, r.text.TextStyle).Width > l.Size().Width {
			t.Errorf("%q is wider than its line", r.text.Text)
		}
		return r.text.Text
	}
	l.Resize(fyne.NewSize(whole/2, 20))
	if got := drawn(); !strings.HasPrefix(got, "the first reply") || !strings.HasSuffix(got, "…") || strings.HasSuffix(got, " …") {
		t.Errorf("in half the room: %q", got)
	}
	l.SetText("urgent")
	if got := drawn(); got != "urgent" {
		t.Errorf("a short text: %q", got)
	}
	l.SetText("the first reply took 8.7× this customer's usual wait")
	l.Resize(fyne.NewSize(whole*2, 20))
	if got := drawn(); got != l.Text {
		t.Errorf("in all the room: %q", got)
	}
}
