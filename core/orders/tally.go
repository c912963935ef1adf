package orders

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"deskwatch/core"
)

const (
	maxSpellings    = 200       // distinct status spellings that are told apart
	maxFirstRejects = 100       // rejects kept for the window; all of them go to the rejects file
	maxStrangers    = 1_000_000 // distinct unrecognised customers that are counted, 8 bytes each and the map's share
	maxRawStatus    = 200       // bytes of a status spelling
)

// Outcome is what reading a file counted.
type Outcome struct {
	Rows     int64 // data rows read, rejected ones included, blank ones not
	Rejected int64
	// UnrecognisedCustomers counts distinct values exactly up to 1,000,000; with
	// UnrecognisedAtLeast there are that many or more.
	UnrecognisedCustomers int64
	UnrecognisedAtLeast   bool
	DroppedAmounts        int64 // rows kept without their unreadable amount
	DroppedEmails         int64 // rows kept without their invalid e-mail

	SeenStatuses     []core.StatusCount // every spelling, most frequent first, at most 200
	UnknownStatuses  []core.StatusCount // those of them no table knows
	UnlistedStatuses int64              // rows whose spelling came after the first 200 distinct ones
	RejectReasons    []core.ReasonCount // most frequent first
	FirstRejects     []core.Reject      // at most 100
}

// Report writes the counts into the result of an import.
func (o Outcome) Report(to *core.ImportResult) {
	to.Rows, to.Rejected, to.UnrecognisedCustomers = o.Rows, o.Rejected, o.UnrecognisedCustomers
	to.SeenStatuses, to.UnknownStatuses = o.SeenStatuses, o.UnknownStatuses
	to.RejectReasons, to.FirstRejects = o.RejectReasons, o.FirstRejects
}

// tally counts while rows are read.
type tally struct {
	rows, rejected, amounts, emails int64

	reasons   map[string]int64 // by kind of fault, a small fixed set
	first     []core.Reject
	strangers distinct
	statuses  spellings
}

func newTally() tally {
	return tally{reasons: map[string]int64{}, strangers: newDistinct(maxStrangers), statuses: spellings{seen: map[string]*spelling{}}}
}

func (t *tally) reject(r core.Reject, kind string) {
	t.rejected++
	t.reasons[kind]++
	if len(t.first) < maxFirstRejects {
		t.first = append(t.first, r)
	}
}

func (t *tally) outcome() Outcome {
	o := Outcome{
		Rows: t.rows, Rejected: t.rejected, DroppedAmounts: t.amounts, DroppedEmails: t.emails,
		UnrecognisedCustomers: int64(len(t.strangers.hashes)), UnrecognisedAtLeast: t.strangers.full,
		UnlistedStatuses: t.statuses.unlisted, FirstRejects: t.first,
	}
	for kind, n := range t.reasons {
		o.RejectReasons = append(o.RejectReasons, core.ReasonCount{Reason: kind, Count: n})
	}
	slices.SortFunc(o.RejectReasons, func(a, b core.ReasonCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	for _, s := range t.statuses.list() {
		o.SeenStatuses = append(o.SeenStatuses, s)
		if !s.Known {
			o.UnknownStatuses = append(o.UnknownStatuses, s)
		}
	}
	return o
}

// distinct counts different texts by their 64-bit hashes: a million of them share one with
// a probability of 3 in 100 million.
type distinct struct {
	limit  int
	seed   maphash.Seed
	hashes map[uint64]struct{}
	full   bool
}

func newDistinct(limit int) distinct {
	return distinct{limit: limit, seed: maphash.MakeSeed(), hashes: map[uint64]struct{}{}}
}

func (d *distinct) add(s string) {
	h := maphash.String(d.seed, s)
	if _, ok := d.hashes[h]; ok {
		return
	}
	if len(d.hashes) >= d.limit {
		d.full = true
		return
	}
	d.hashes[h] = struct{}{}
}

// spellings counts how often the status column has each spelling.
type spellings struct {
	seen     map[string]*spelling // by trimmed cell
	unlisted int64
}

type spelling struct {
	raw    string
	status core.Status
	known  bool
	count  int64
}

// read returns the status of a cell and the spelling to keep with the order; an empty cell
// has none.
func (s *spellings) read(cell string, words *Vocabulary) (core.Status, string) {
	if e, ok := s.seen[cell]; ok {
		e.count++
		return e.status, e.raw
	}
	raw := plain(cell, maxRawStatus)
	if raw == "" {
		status, _ := words.Status("")
		return status, ""
	}
	status, known := words.Status(cell)
	if len(s.seen) >= maxSpellings {
		s.unlisted++
		return status, raw
	}
	e := &spelling{raw: strings.Clone(raw), status: status, known: known, count: 1}
	s.seen[strings.Clone(cell)] = e
	return e.status, e.raw
}

func (s *spellings) list() []core.StatusCount {
	var l []core.StatusCount
	for _, e := range slices.Collect(maps.Values(s.seen)) {
		l = append(l, core.StatusCount{Raw: e.raw, Status: e.status, Known: e.known, Count: e.count})
	}
	slices.SortFunc(l, func(a, b core.StatusCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Raw, b.Raw))
	})
	return l
}
