package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestTheWheelMovesAFormOverItsInputs(t *testing.T) {
	test.NewTempApp(t)
	lines := container.NewVBox()
	for range 20 {
		lines.Add(widget.NewEntry())
	}
	scroll := container.NewVScroll(lines)
	w := test.NewTempWindow(t, Form(scroll))
	w.Resize(fyne.NewSize(300, 200))
	test.Scroll(w.Canvas(), fyne.NewPos(100, 15), 0, -60)
	if scroll.Offset.Y != 60 {
		t.Errorf("over an input the wheel moved the form by %v", scroll.Offset.Y)
	}
	var over any = &wheel{}
	if _, pressed := over.(fyne.Tappable); pressed {
		t.Error("what lies over a form takes its clicks")
	}
	if _, entered := over.(desktop.Hoverable); entered {
		t.Error("what lies over a form takes its pointer")
	}
}
