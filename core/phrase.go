package core

import "fmt"

// Phrase is a sentence for people and what was put into it, so that it can be said in another
// language: Format is the English sentence as fmt wants it, and never changes but on purpose.
type Phrase struct {
	Format string
	Args   []any
}

// String is the phrase in English.
func (p Phrase) String() string { return fmt.Sprintf(p.Format, p.Args...) }
