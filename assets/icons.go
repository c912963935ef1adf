// Package assets carries what the programs show but do not compute: the icons, the
// translations and the mail templates. It imports no toolkit, so that the headless program
// can use it too.
package assets

import _ "embed" // for the icons

// The icons, as SVG.
var (
	//go:embed icon/icon.svg
	Icon []byte
	// TrayBadge says that something wants to be looked at.
	//go:embed icon/tray-badge.svg
	TrayBadge []byte
	//go:embed icon/tray-paused.svg
	TrayPaused []byte
)
