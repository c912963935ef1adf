package users

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// tellOnce shows a password or a token over the window. The keyboard is on Copy, so that a key too
// many does not take away what cannot be shown again.
func tellOnce(host kit.Host, title, sentence, text string) {
	w := host.Window()
	if w == nil {
		return
	}
	word := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
	word.Wrapping, word.Selectable = fyne.TextWrapBreak, true
	said := kit.NewLine("", kit.ToneGood)
	copyIt := newPress(kit.T("Copy"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(text)
		said.SetText(kit.T("Copied."))
	}, nil)
	copyIt.Importance = widget.HighImportance
	kit.Tell(w, title, kit.Wide(460, container.NewVBox(kit.Paragraph(sentence), word, kit.Padded(4, container.NewHBox(copyIt, said)))))
	w.Canvas().Focus(copyIt)
}
