package kit

import "fyne.io/fyne/v2"

// Show hides or shows o and reports whether that changed anything.
func Show(o fyne.CanvasObject, shown bool) (changed bool) {
	if o.Visible() == shown {
		return false
	}
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}

// Enable turns a widget on or off.
func Enable(w fyne.Disableable, on bool) {
	if on == !w.Disabled() {
		return
	}
	if on {
		w.Enable()
	} else {
		w.Disable()
	}
}
