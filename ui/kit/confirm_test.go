package kit

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
)

func TestEscapeLeavesAQuestionUnconfirmed(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, NewCaption("below"))
	yes := 0
	Confirm(w, Question{Title: "Sure?", Text: "It goes.", Yes: "Do it", Danger: true}, func() { yes++ })
	out, ok := w.Canvas().Focused().(*answerButton)
	if !ok {
		t.Fatalf("the keyboard is on %T, want the button that changes nothing", w.Canvas().Focused())
	}
	out.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if yes != 0 || w.Canvas().Overlays().Top() != nil {
		t.Error("Escape confirmed, or the question is still there")
	}
}

func TestEnterPressesTheButtonOfADialogThatHasTheKeyboard(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, NewCaption("below"))
	yes := 0
	Confirm(w, Question{Title: "Sure?", Text: "It goes.", Yes: "Do it"}, func() { yes++ })
	w.Canvas().FocusNext()
	ok := w.Canvas().Focused().(*answerButton)
	if ok.Text != "Do it" {
		t.Fatalf("Tab goes to %q", ok.Text)
	}
	ok.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if yes != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("confirmed %d times", yes)
	}
}

func TestACancelledOperationShowsNoError(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, NewCaption("below"))
	Fail(w, nil)
	Fail(w, context.Canceled)
	Fail(w, core.NewError(core.CodeCanceled, "x", "Stopped.", nil))
	if w.Canvas().Overlays().Top() != nil {
		t.Fatal("a cancelled operation showed a dialog")
	}
	Fail(w, core.NewError(core.CodeInvalid, "x", "No.", nil))
	if w.Canvas().Overlays().Top() == nil {
		t.Error("an error showed nothing")
	}
}

func TestEscapeLeavesAnAnswerAndEnterGivesIt(t *testing.T) {
	test.NewTempApp(t)
	a := NewAnswer("why")
	test.NewTempWindow(t, a)
	left, given := 0, ""
	a.Leave, a.OnSubmitted = func() { left++ }, func(s string) { given = s }
	a.SetText("key account")
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if left != 1 || given != "key account" {
		t.Errorf("left %d times, answered %q", left, given)
	}
}

func TestEveryLineOfADialogGivesItsAnswerAndLeavesIt(t *testing.T) {
	test.NewTempApp(t)
	one, two := NewAnswer(""), NewAnswer("")
	w := test.NewTempWindow(t, NewCaption("below"))
	given := 0
	asked := Ask(w, "Add", "Save", container.NewVBox(one, two), one, func() bool { given++; return false })
	asked.Answers(one, two)
	two.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if given != 1 || w.Canvas().Overlays().Top() == nil {
		t.Fatalf("Enter gave the answer %d times, or closed what is not answered", given)
	}
	one.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape did not leave")
	}
}

func TestEscapeLeavesADialogInWhichNothingHasTheKeyboard(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, NewCaption("below"))
	c := w.Canvas()
	Tell(w, "Outer", NewCaption("one"))
	outer := c.Overlays().Top()
	Tell(w, "Inner", NewCaption("two"))
	for _, want := range []fyne.CanvasObject{outer, nil} {
		c.Unfocus()
		c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if c.Overlays().Top() != want {
			t.Fatalf("on top is %v, want %v", c.Overlays().Top(), want)
		}
	}
	if c.OnTypedKey() != nil {
		t.Error("the window still listens for a dialog that has gone")
	}
}
