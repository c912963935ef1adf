package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// Confirm puts q over the window; yes runs when it is confirmed.
func Confirm(w fyne.Window, q Question, yes func()) {
	var d *dialog.CustomDialog
	ok := widget.NewButton(q.Yes, func() { d.Hide(); yes() })
	ok.Importance = widget.HighImportance
	if q.Danger {
		ok.Importance = widget.DangerImportance
	}
	text := Paragraph(q.Text)
	d = dialog.NewCustomWithoutButtons(q.Title, container.NewStack(minWidth(420), text), w)
	d.SetButtons([]fyne.CanvasObject{widget.NewButton(T("Cancel"), func() { d.Hide() }), ok})
	d.Show()
}

// Fail shows err's sentence for people over the window; a cancelled operation shows nothing.
func Fail(w fyne.Window, err error) {
	if err == nil || async.Canceled(err) || core.ErrorCode(err) == core.CodeCanceled {
		return
	}
	text := Paragraph(core.ErrorMessage(err))
	dialog.ShowCustom(T("That did not work"), T("Close"), container.NewStack(minWidth(420), text), w)
}
