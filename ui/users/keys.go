package users

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// keys are what Enter and Escape do in every input of a form.
type keys struct{ enter, leave func() }

// took reports whether the key was one of them, and does it.
func (k keys) took(e *fyne.KeyEvent) bool {
	switch {
	case e.Name == fyne.KeyEscape && k.leave != nil:
		k.leave()
	case (e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter) && k.enter != nil:
		k.enter()
	default:
		return false
	}
	return true
}

// choice is a Select that knows the keys of its form.
type choice struct {
	widget.Select
	keys keys
}

func newChoice(words []string, changed func(at int)) *choice {
	c := &choice{}
	c.Options = words
	c.OnChanged = func(string) { changed(c.SelectedIndex()) }
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey takes the keys of the form first.
func (c *choice) TypedKey(e *fyne.KeyEvent) {
	if !c.keys.took(e) {
		c.Select.TypedKey(e)
	}
}

// tick is a Check that knows the keys of its form.
type tick struct {
	widget.Check
	keys keys
}

func newTick(word string, changed func(on bool)) *tick {
	c := &tick{}
	c.Text, c.OnChanged = word, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey takes the keys of the form first.
func (c *tick) TypedKey(e *fyne.KeyEvent) {
	if !c.keys.took(e) {
		c.Check.TypedKey(e)
	}
}

// press is a Button that Enter presses, as Space does, and Escape leaves.
type press struct {
	widget.Button
	leave func()
}

func newPress(word string, icon fyne.Resource, tapped, leave func()) *press {
	b := &press{leave: leave}
	b.Text, b.Icon, b.OnTapped = word, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// Tapped presses it. A Button gives the keyboard away when it is pressed; this one keeps it, unless
// what it does put it somewhere.
func (b *press) Tapped(e *fyne.PointEvent) {
	b.Button.Tapped(e)
	c := fyne.CurrentApp().Driver().CanvasForObject(b)
	if c != nil && c.Focused() == nil && b.Visible() && !b.Disabled() {
		c.Focus(b)
	}
}

// TypedKey takes Escape and Enter.
func (b *press) TypedKey(e *fyne.KeyEvent) {
	k := keys{leave: b.leave, enter: func() {
		if !b.Disabled() {
			b.Tapped(nil)
		}
	}}
	if !k.took(e) {
		if e.Name == fyne.KeySpace {
			b.Tapped(nil)
		}
	}
}
