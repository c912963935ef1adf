package kit

import (
	"fyne.io/fyne/v2"

	"deskwatch/core"
)

// Allowed is the list where who sits at the window may do p, and nothing where they may not: what
// would be refused is not offered.
func Allowed(h Host, p core.Permission, list ...fyne.CanvasObject) []fyne.CanvasObject {
	if !h.May(p) {
		return nil
	}
	return list
}
