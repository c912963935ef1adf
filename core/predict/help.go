package predict

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"deskwatch/core"
)

const (
	helpLeast  = 1 // points of satisfaction from which something is worth doing
	helpOther  = 3 // and from which giving a ticket from one owner to another is
	helpMost   = 3
	helpOwners = 50 // looked at
)

// help says what the satisfaction would be had the desk done something at this moment. It is what
// tickets looked like for which that was done, not a promise.
func (s *Scorer) help(l *Life, at int64, owners []string, now float64) []core.Help {
	v := &s.view
	from := int(math.Round(now))
	help := []core.Help{}
	offer := func(h core.Help, what string, to float64, least int) {
		h.From, h.To = from, int(math.Round(to))
		if h.To-h.From >= least {
			h.Text = fmt.Sprintf("%s: %d → %d", what, h.From, h.To)
			help = append(help, h)
		}
	}
	v.see(l, at)
	if !v.replied {
		v.replied, v.reply, v.lastStep = true, float64(max(at-l.Created, 0)), at
		v.steps++
		offer(core.Help{Action: core.HelpReply}, "reply now", satisfaction(s.risk()), helpLeast)
	} else if v.lastStep < at {
		v.lastStep = at
		offer(core.Help{Action: core.HelpUpdate}, "tell the customer how it stands", satisfaction(s.risk()), helpLeast)
	}
	s.helpAssign(l, at, owners, offer)
	slices.SortStableFunc(help, func(a, b core.Help) int { return cmp.Compare(b.To, a.To) })
	return help[:min(len(help), helpMost)]
}

// helpAssign tries the owners and offers the best.
func (s *Scorer) helpAssign(l *Life, at int64, owners []string, offer func(h core.Help, what string, to float64, least int)) {
	v := &s.view
	best, to := "", 0.0
	v.see(l, at)
	old, moved := v.word(FieldOwner), v.owners
	for _, owner := range owners[:min(len(owners), helpOwners)] {
		if _, known := s.m.codes[FieldOwner-FieldCustomer][owner]; !known || owner == "" || owner == old {
			continue // of an owner the model never saw it can say nothing
		}
		v.words[FieldOwner-FieldCustomer] = owner
		if old != "" {
			v.owners = moved + 1
		}
		if x := satisfaction(s.risk()); best == "" || x > to {
			best, to = owner, x
		}
	}
	if best == "" {
		return
	}
	least := helpOther
	if old == "" {
		least = helpLeast
	}
	offer(core.Help{Action: core.HelpAssign, Subject: best}, "give it to "+best, to, least)
}
