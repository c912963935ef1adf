package app

import (
	"cmp"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tickets"
)

// notedTickets passes a stream on and counts the spellings no table knows.
type notedTickets struct {
	source.Stream
	words                *tickets.Dictionary
	statuses, priorities map[string]int64
}

// maxNoted is how many different spellings are told apart.
const maxNoted = 200

func noteTickets(s source.Stream, words *tickets.Dictionary) *notedTickets {
	return &notedTickets{s, words, map[string]int64{}, map[string]int64{}}
}

func (n *notedTickets) Next() (core.Ticket, error) {
	t, err := n.Stream.Next()
	if err != nil {
		return t, err
	}
	if t.Status == core.TicketOther {
		if _, known := n.words.Status(t.RawStatus); !known {
			note(n.statuses, t.RawStatus)
		}
	}
	if t.Priority == core.PriorityNone {
		if _, known := n.words.Priority(t.RawPriority); !known {
			note(n.priorities, t.RawPriority)
		}
	}
	return t, nil
}

func note(counts map[string]int64, raw string) {
	if _, seen := counts[raw]; seen || len(counts) < maxNoted {
		counts[strings.Clone(raw)]++
	}
}

// mostWords lists spellings, the most frequent first, at most 50.
func mostWords(counts map[string]int64) []core.WordCount {
	var list []core.WordCount
	for raw, n := range counts {
		list = append(list, core.WordCount{Raw: raw, Count: n})
	}
	slices.SortFunc(list, func(a, b core.WordCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Raw, b.Raw))
	})
	return list[:min(len(list), 50)]
}
