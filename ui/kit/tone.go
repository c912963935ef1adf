package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Tone is what a colour means. It never stands alone: a word or an icon says the same.
type Tone int

// The tones.
const (
	ToneNormal Tone = iota
	ToneMuted
	ToneAccent
	ToneGood
	ToneWarn
	ToneBad
)

// ColorName is the tone's text colour.
func (t Tone) ColorName() fyne.ThemeColorName {
	switch t {
	case ToneMuted:
		return ColorMuted
	case ToneAccent:
		return theme.ColorNamePrimary
	case ToneGood:
		return theme.ColorNameSuccess
	case ToneWarn:
		return theme.ColorNameWarning
	case ToneBad:
		return theme.ColorNameError
	}
	return theme.ColorNameForeground
}

// SoftName is the tone's background colour.
func (t Tone) SoftName() fyne.ThemeColorName {
	switch t {
	case ToneAccent:
		return ColorAccentSoft
	case ToneGood:
		return ColorGoodSoft
	case ToneWarn:
		return ColorWarnSoft
	case ToneBad:
		return ColorBadSoft
	}
	return ColorNeutralSoft
}

func (t Tone) color() color.Color { return theme.Color(t.ColorName()) }
func (t Tone) soft() color.Color  { return theme.Color(t.SoftName()) }
