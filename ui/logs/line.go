package logs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// lineView shows one line of the log whole, under the grid that clips it. Its text can be
// selected with the mouse.
type lineView struct {
	*fyne.Container
	chip        *kit.Chip
	time, where *kit.Line
	text        *widget.Label
	line        core.LogLine
	within      *fyne.Container // laid out anew when the view comes or goes
}

// lineHeight is room for about five wrapped lines; a longer one scrolls.
const lineHeight float32 = 104

func newLineView(copyLine func(core.LogLine), leave func()) *lineView {
	v := &lineView{chip: kit.NewChip("", kit.ToneMuted), time: kit.NewLine("", kit.ToneNormal), where: kit.NewLine("", kit.ToneMuted)}
	v.time.Style.Monospace, v.where.Style.Monospace = true, true
	v.where.Shrink = true
	v.text = widget.NewLabel("")
	v.text.Wrapping, v.text.Selectable, v.text.TextStyle.Monospace = fyne.TextWrapBreak, true, true
	take := widget.NewButtonWithIcon(kit.T("Copy"), theme.ContentCopyIcon(), func() { copyLine(v.line) })
	shut := widget.NewButtonWithIcon("", theme.CancelIcon(), leave)
	shut.Importance = widget.LowImportance
	head := container.NewBorder(nil, nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, theme.InnerPadding(), theme.InnerPadding()), container.NewHBox(v.time, container.NewCenter(v.chip))),
		container.NewHBox(take, shut), v.where)
	v.Container = container.NewVBox(widget.NewSeparator(), head, kit.Tall(lineHeight, container.NewVScroll(v.text)))
	v.Hide()
	return v
}

func (v *lineView) show(l core.LogLine) {
	v.line = l
	v.time.SetText(fullTime(l))
	v.where.SetText(l.Where)
	v.chip.Set(levelWord(l), levelStyle(l).Tone)
	v.text.SetText(l.Text)
	v.turn(true)
}

func (v *lineView) hide() { v.turn(false) }

func (v *lineView) turn(on bool) {
	if v.Visible() == on {
		return
	}
	if on {
		v.Show()
	} else {
		v.Hide()
	}
	v.within.Refresh()
}
