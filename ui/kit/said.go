package kit

import "deskwatch/core"

// Said is a phrase of the core in the window's language.
func Said(p core.Phrase) string { return T(p.Format, p.Args...) }
