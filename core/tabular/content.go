package tabular

import (
	"strings"

	"deskwatch/core"
)

// maxWordKinds is how many different values a column of words may have.
const maxWordKinds = 40

// content is the cells of one column of a sample that hold something.
type content struct {
	cells []string
	rows  int
}

func newContent(sample []core.Record, column int) *content {
	c := &content{rows: len(sample)}
	for _, rec := range sample {
		if column < len(rec.Cells) {
			if cell := strings.TrimSpace(rec.Cells[column]); cell != "" {
				c.cells = append(c.cells, cell)
			}
		}
	}
	return c
}

// known reports whether there is anything to judge by.
func (c *content) known() bool { return len(c.cells) > 0 }

// fit is the share of cells that look like the field, and the word for them; the word is ""
// for fields that may hold anything.
func (c *content) fit(spec core.FieldSpec) (share float64, noun string) {
	var accept func(string) bool
	switch spec.Content {
	case core.ContentDate:
		accept, noun = func(s string) bool { return looksLikeDate(s, true) }, "dates"
	case core.ContentNumber:
		accept, noun = func(s string) bool { _, ok := ParseAmount(s); return ok }, "numbers"
	case core.ContentEmail:
		accept, noun = isEmail, "e-mail addresses"
	case core.ContentID:
		accept, noun = isIDLike, "usable as ids"
	case core.ContentWords:
		accept, noun = spec.Accepts, "known words"
	case core.ContentMatch:
		accept, noun = spec.Accepts, "identities"
		if spec.Field != core.FieldCustomer {
			noun = "of its kind"
		}
	}
	if spec.Field == core.FieldStatus && noun == "known words" {
		noun = "known statuses"
	}
	if accept == nil {
		return 0, ""
	}
	moments := spec.Content == core.ContentDate && !spec.Required
	n, all := 0, 0
	for _, cell := range c.cells {
		if moments && isPlaceholder(cell) {
			continue
		}
		all++
		if accept(cell) {
			n++
		} else if _, ok := epoch(cell); ok && moments {
			n++
		}
	}
	if all == 0 {
		return 0, noun
	}
	return float64(n) / float64(all), noun
}

// isPlaceholder reports whether a cell says that there is nothing. A column of the times at which
// things happened that mostly did not is one of times still.
func isPlaceholder(cell string) bool {
	switch strings.ToLower(cell) {
	case "?", "-", "null", "none", "n/a", "nan":
		return true
	}
	return false
}

// clear reports whether content alone may decide: most rows hold something, and what they hold
// cannot well be something else. Ids and numbers always can.
func (c *content) clear(spec core.FieldSpec) bool {
	if len(c.cells) < 2 || len(c.cells)*2 < c.rows {
		return false
	}
	switch spec.Content {
	case core.ContentDate:
		// Serials and 20230630 could be any number.
		n := 0
		for _, cell := range c.cells {
			if looksLikeDate(cell, false) {
				n++
			}
		}
		return float64(n) >= shareClear*float64(len(c.cells))
	case core.ContentEmail, core.ContentMatch:
		return true
	case core.ContentWords:
		kinds := map[string]bool{}
		for _, cell := range c.cells {
			kinds[cell] = true
		}
		return len(kinds) <= maxWordKinds
	}
	return false
}

// varied reports whether the cells differ as much as the ids of orders of twenty lines do.
func (c *content) varied() bool {
	different := map[string]bool{}
	for _, cell := range c.cells {
		different[cell] = true
	}
	return len(different)*20 >= len(c.cells)
}

// isIDLike reports whether a cell could be an id: short, without blanks, with a letter or digit,
// and neither a date nor an amount of money.
func isIDLike(s string) bool {
	if len(s) > 64 || strings.ContainsAny(s, " \t\r\n") || looksLikeDate(s, false) {
		return false
	}
	if strings.ContainsAny(s, ".,$€") {
		if _, ok := ParseAmount(s); ok {
			return false
		}
	}
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) || isLetter(s[i]) || s[i] >= 0x80 {
			return true
		}
	}
	return false
}
