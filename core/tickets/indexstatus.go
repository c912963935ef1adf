package tickets

import (
	"strings"
	"unicode/utf8"

	"deskwatch/core"
)

// statusProbe takes the seven words first, and then the sources' own spellings.
func (x *Index) statusProbe(c *clause) (probe, *core.QueryProblem) {
	var statuses [256]bool
	spellings := map[uint32]bool{}
	for i := range c.values {
		v := &c.values[i]
		if s, err := core.ParseTicketStatus(v.text); err == nil {
			statuses[s] = true
			continue
		}
		found := false
		for _, k := range x.cols.classes[1:] {
			if k.rawStatus != 0 && fold(x.cols.name(k.rawStatus)) == fold(v.text) {
				spellings[k.rawStatus], found = true, true
			}
		}
		if !found {
			return nil, x.unknownStatus(v)
		}
	}
	return x.byClass(func(k *class) bool { return statuses[k.status] || spellings[k.rawStatus] }), nil
}

func (x *Index) unknownStatus(v *queryValue) *core.QueryProblem {
	var words []string
	for _, s := range core.TicketStatuses() {
		words = append(words, s.String())
	}
	const most = 12
	for _, o := range x.spellings() {
		if len(words) < most {
			words = append(words, quotedIfNeeded(o.text))
		}
	}
	return problem(v.start, v.end, "No ticket has the status “%s”. Use one of: %s.", v.text, strings.Join(words, ", "))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
