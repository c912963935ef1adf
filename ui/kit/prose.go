package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Prose is text that wraps, coloured by a Tone.
type Prose struct {
	widget.RichText
	segment *widget.TextSegment
}

// NewProse returns wrapped text.
func NewProse(text string, tone Tone) *Prose {
	p := &Prose{segment: &widget.TextSegment{Text: text, Style: widget.RichTextStyleParagraph}}
	p.segment.Style.ColorName = tone.ColorName()
	p.Wrapping, p.Scroll = fyne.TextWrapWord, fyne.ScrollNone
	p.Scroll = fyne.ScrollNone // a RichText scrolls by itself otherwise
	p.Segments = []widget.RichTextSegment{p.segment}
	p.ExtendBaseWidget(p)
	return p
}

// Note is muted prose.
func Note(text string) *Prose { return NewProse(text, ToneMuted) }

// Paragraph is plain prose.
func Paragraph(text string) *Prose { return NewProse(text, ToneNormal) }

// Small sets the caption size.
func (p *Prose) Small() *Prose {
	p.segment.Style.SizeName = theme.SizeNameCaptionText
	return p
}

// Centered puts the text in the middle.
func (p *Prose) Centered() *Prose {
	p.segment.Style.Alignment = fyne.TextAlignCenter
	return p
}

// Set changes text and tone.
func (p *Prose) Set(text string, tone Tone) {
	if p.segment.Text == text && p.segment.Style.ColorName == tone.ColorName() {
		return
	}
	p.segment.Text, p.segment.Style.ColorName = text, tone.ColorName()
	p.Refresh()
}

// SetText changes the text.
func (p *Prose) SetText(text string) {
	p.segment.Text = text
	p.Refresh()
}

// Text is the text shown.
func (p *Prose) Text() string { return p.segment.Text }
