package core

import (
	"sync/atomic"
	"time"
)

// Progress counts the work done by one long operation. The worker adds, any
// number of watchers read; nobody waits for anybody. The zero value is ready, and
// one that nobody reads serves as the no-op.
type Progress struct {
	done, total, bytes, totalBytes atomic.Int64
	phase                          atomic.Value // string
	part, parts                    atomic.Int64
}

// Add counts n more rows done.
func (p *Progress) Add(n int64) { p.done.Add(n) }

// SetTotal says how many rows there are, 0 for unknown.
func (p *Progress) SetTotal(n int64) { p.total.Store(n) }

// StartCount begins to count anew, from 0 to total, 0 for unknown: a phase with rows of its own.
func (p *Progress) StartCount(total int64) {
	p.done.Store(0)
	p.total.Store(total)
}

// SetBytes says how much of the input was read, and how large it is (0 unknown).
func (p *Progress) SetBytes(read, size int64) {
	p.bytes.Store(read)
	p.totalBytes.Store(size)
}

// SetPhase names what is going on now, in words for people ("Reading", "Indexing").
func (p *Progress) SetPhase(s string) { p.phase.Store(s) }

// SetPart says that what is counted from now on is one of several parts of the work that take about
// as long, counted from 0; of no more than one, the count is of all of it.
func (p *Progress) SetPart(part, parts int) {
	p.part.Store(int64(part))
	p.parts.Store(int64(parts))
}

// ProgressState is one reading of a Progress.
type ProgressState struct {
	Phase             string
	Done, Total       int64 // rows
	Bytes, TotalBytes int64
	Part, Parts       int64 // as SetPart said
}

// State reads the counter.
func (p *Progress) State() ProgressState {
	phase, _ := p.phase.Load().(string)
	return ProgressState{phase, p.done.Load(), p.total.Load(), p.bytes.Load(), p.totalBytes.Load(), p.part.Load(), p.parts.Load()}
}

// Fraction is the share done, 0 to 1, or -1 when nothing tells.
func (s ProgressState) Fraction() float64 {
	f := -1.0
	switch {
	case s.Total > 0:
		f = min(1, float64(s.Done)/float64(s.Total))
	case s.TotalBytes > 0:
		f = min(1, float64(s.Bytes)/float64(s.TotalBytes))
	}
	if s.Parts > 1 && f >= 0 {
		f = (float64(s.Part) + f) / float64(s.Parts)
	}
	return f
}

// TimeLeft estimates what is left after an operation ran for since; ok is false when nothing
// tells, or too little was done to tell.
func (s ProgressState) TimeLeft(since time.Duration) (left time.Duration, ok bool) {
	f := s.Fraction()
	if f < 0.01 || since < time.Second {
		return 0, false
	}
	return time.Duration(float64(since) * (1 - f) / f), true
}
