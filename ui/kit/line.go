package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Line is one line of text that is never wrapped: coloured by a Tone, optionally small, bold
// or monospaced. Unlike canvas.Text it follows the theme; it ends in "…" when space is short
// and Shrink is set.
type Line struct {
	widget.BaseWidget
	Text     string
	Tone     Tone
	TextSize fyne.ThemeSizeName // zero: the text size
	Style    fyne.TextStyle
	Align    fyne.TextAlign
	Shrink   bool // may become narrower than its text
}

// NewLine returns a line in the text size.
func NewLine(text string, tone Tone) *Line {
	l := &Line{Text: text, Tone: tone, TextSize: theme.SizeNameText}
	l.ExtendBaseWidget(l)
	return l
}

// NewCaption returns a small muted line.
func NewCaption(text string) *Line {
	l := NewLine(text, ToneMuted)
	l.TextSize = theme.SizeNameCaptionText
	return l
}

// NewTitle returns a bold line in the sub-heading size.
func NewTitle(text string) *Line {
	l := NewLine(text, ToneNormal)
	l.TextSize, l.Style = theme.SizeNameSubHeadingText, fyne.TextStyle{Bold: true}
	return l
}

// Set changes text and tone.
func (l *Line) Set(text string, tone Tone) {
	if l.Text == text && l.Tone == tone {
		return
	}
	l.Text, l.Tone = text, tone
	l.Refresh()
}

// SetText changes the text.
func (l *Line) SetText(text string) { l.Set(text, l.Tone) }

// CreateRenderer links the line to its drawing.
func (l *Line) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	r := &lineRenderer{line: l, text: canvas.NewText("", nil)}
	r.clip = newClip(r.text)
	r.apply()
	return r
}

type lineRenderer struct {
	line *Line
	text *canvas.Text
	clip fyne.CanvasObject
}

func (r *lineRenderer) apply() {
	l := r.line
	if l.TextSize == "" {
		l.TextSize = theme.SizeNameText
	}
	r.text.Text, r.text.Color, r.text.TextSize = l.Text, l.Tone.color(), theme.Size(l.TextSize)
	r.text.TextStyle, r.text.Alignment = l.Style, l.Align
}

func (r *lineRenderer) Layout(s fyne.Size) {
	text := r.line.Text
	if r.line.Shrink && s.Width > 0 {
		text = fitting(text, s.Width, r.text.TextSize, r.text.TextStyle)
	}
	if text != r.text.Text {
		r.text.Text = text
		r.text.Refresh()
	}
	r.clip.Resize(s)
}

func (r *lineRenderer) MinSize() fyne.Size {
	if r.line.Shrink {
		return fyne.NewSize(24, r.text.MinSize().Height)
	}
	return r.text.MinSize()
}

func (r *lineRenderer) Refresh() {
	r.apply()
	r.Layout(r.line.BaseWidget.Size())
	r.text.Refresh()
	canvas.Refresh(r.line)
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.clip} }
func (r *lineRenderer) Destroy()                     {}
