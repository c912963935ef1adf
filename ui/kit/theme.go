// Package kit is what every tab is built from: the theme, the data grid, chips, forms, toasts,
// empty and error states, and the words. Nothing here knows what is shown in it.
package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours of our own, on top of the theme's.
const (
	ColorRail        fyne.ThemeColorName = "deskwatch-rail"
	ColorMuted       fyne.ThemeColorName = "deskwatch-muted"
	ColorAccentSoft  fyne.ThemeColorName = "deskwatch-accent-soft"
	ColorGoodSoft    fyne.ThemeColorName = "deskwatch-good-soft"
	ColorWarnSoft    fyne.ThemeColorName = "deskwatch-warn-soft"
	ColorBadSoft     fyne.ThemeColorName = "deskwatch-bad-soft"
	ColorNeutralSoft fyne.ThemeColorName = "deskwatch-neutral-soft"
)

// Theme is quiet neutrals with one accent, on Fyne's default theme for everything else.
type Theme struct {
	fyne.Theme
	// Choice is the setting general.theme: "light", "dark", or anything else for the system's.
	Choice string
}

// NewTheme returns the theme for the setting general.theme.
func NewTheme(choice string) *Theme { return &Theme{Theme: theme.DefaultTheme(), Choice: choice} }

// Color looks n up in our palette first.
func (t *Theme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch t.Choice {
	case "light":
		v = theme.VariantLight
	case "dark":
		v = theme.VariantDark
	}
	i := 0
	if v == theme.VariantDark {
		i = 1
	}
	if c, ok := paletteColor(n, i); ok {
		return c
	}
	return t.Theme.Color(n, v)
}

// Size keeps the default's measures but for calmer text and rounder corners.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return 11.5
	case theme.SizeNameSubHeadingText:
		return 16
	case theme.SizeNameHeadingText:
		return 21
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius, theme.SizeNameButtonRadius:
		return 6
	case theme.SizeNameInlineIcon:
		return 18
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	}
	return t.Theme.Size(n)
}

// paletteColor gives the light (0) or dark (1) colour of n. Text colours keep a contrast of at
// least 4.5 to 1 on their background (WCAG 2.2, 1.4.3).
func paletteColor(n fyne.ThemeColorName, variant int) (color.Color, bool) {
	var p [2]uint32 // RRGGBBAA
	switch n {
	case theme.ColorNameBackground, theme.ColorNameHeaderBackground:
		p = [2]uint32{0xffffffff, 0x17181bff}
	case ColorRail:
		p = [2]uint32{0xf6f6f8ff, 0x101114ff}
	case theme.ColorNameForeground:
		p = [2]uint32{0x1f2328ff, 0xe6e7eaff}
	case ColorMuted:
		p = [2]uint32{0x646a75ff, 0x989da8ff}
	case theme.ColorNamePlaceHolder:
		p = [2]uint32{0x6f7580ff, 0x8b909bff}
	case theme.ColorNameDisabled:
		p = [2]uint32{0xa6abb4ff, 0x5c616bff}
	case theme.ColorNameSeparator:
		p = [2]uint32{0xececefff, 0x26282eff}
	case theme.ColorNameInputBackground:
		p = [2]uint32{0xf7f7f9ff, 0x1e2024ff}
	case theme.ColorNameInputBorder:
		p = [2]uint32{0xb9bdc6ff, 0x4c505aff}
	case theme.ColorNameButton:
		p = [2]uint32{0xf1f1f4ff, 0x282a30ff}
	case theme.ColorNameDisabledButton:
		p = [2]uint32{0xf6f6f8ff, 0x1f2125ff}
	case theme.ColorNameHover:
		p = [2]uint32{0x0000000a, 0xffffff0d}
	case theme.ColorNamePressed:
		p = [2]uint32{0x00000014, 0xffffff1a}
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		p = [2]uint32{0x4854c6ff, 0x8f9bf7ff}
	case theme.ColorNameForegroundOnPrimary:
		p = [2]uint32{0xffffffff, 0x0e1020ff}
	case theme.ColorNameFocus:
		p = [2]uint32{0x4854c62e, 0x8f9bf738}
	case theme.ColorNameSelection, ColorAccentSoft:
		p = [2]uint32{0x4854c61c, 0x8f9bf72b}
	case theme.ColorNameError:
		p = [2]uint32{0xb92b2bff, 0xf28b85ff}
	case theme.ColorNameSuccess:
		p = [2]uint32{0x1b7a43ff, 0x5cc78fff}
	case theme.ColorNameWarning:
		p = [2]uint32{0x96570aff, 0xe3ad52ff}
	case theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnSuccess, theme.ColorNameForegroundOnWarning:
		p = [2]uint32{0xffffffff, 0x141518ff}
	case ColorGoodSoft:
		p = [2]uint32{0x1b7a431a, 0x5cc78f26}
	case ColorWarnSoft:
		p = [2]uint32{0xb06a0f1f, 0xe3ad5226}
	case ColorBadSoft:
		p = [2]uint32{0xb92b2b17, 0xf28b8526}
	case ColorNeutralSoft:
		p = [2]uint32{0x1f23280d, 0xffffff12}
	case theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground:
		p = [2]uint32{0xffffffff, 0x202226ff}
	case theme.ColorNameShadow:
		p = [2]uint32{0x00000024, 0x00000066}
	case theme.ColorNameScrollBar:
		p = [2]uint32{0x00000038, 0xffffff40}
	case theme.ColorNameScrollBarBackground:
		p = [2]uint32{0x00000000, 0x00000000}
	default:
		return nil, false
	}
	c := p[variant]
	return color.NRGBA{R: uint8(c >> 24), G: uint8(c >> 16), B: uint8(c >> 8), A: uint8(c)}, true
}
