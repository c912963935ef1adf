package orders

import (
	"maps"
	"slices"

	"deskwatch/core"
)

// Vocabulary knows which status a spelling means. It is immutable and may be used by
// several goroutines.
type Vocabulary struct {
	words map[string]core.Status // by folded spelling
}

// NewVocabulary returns the table of known spellings with the assigned ones on top, later
// maps over earlier ones (the settings' first, then the request's). Case, accents, blanks
// and punctuation of a spelling never matter. An assignment of "" is for empty cells.
func NewVocabulary(assigned ...map[string]core.Status) *Vocabulary {
	v := &Vocabulary{words: map[string]core.Status{"": core.StatusPlaced}}
	for status, spellings := range knownSpellings() {
		for _, s := range spellings {
			v.words[fold(s)] = status
		}
	}
	for _, m := range assigned {
		// Sorted, so that two spellings of one word with different statuses end the same way each time.
		for _, raw := range slices.Sorted(maps.Keys(m)) {
			v.words[fold(raw)] = m[raw]
		}
	}
	return v
}

// Status returns the status a cell means: placed for an empty one, and other with known
// false for a spelling no table has.
func (v *Vocabulary) Status(raw string) (status core.Status, known bool) {
	status, known = v.words[fold(raw)]
	if !known {
		return core.StatusOther, false
	}
	return status, true
}

// Knows reports whether a cell holds a known status spelling; an empty cell holds none.
func (v *Vocabulary) Knows(cell string) bool {
	_, known := v.Status(cell)
	return known && trim(cell) != ""
}
