package tickets

import (
	"math"
	"slices"
)

// Predicted is the risk a model predicts of an open ticket.
type Predicted struct {
	No   uint32
	Risk float64 // 0..1
	None bool    // nothing is predicted any more: the rules say
}

// SetPredicted puts what a model predicts in the place of what the rules say. With whole, no other
// ticket has a prediction any more.
func (x *Index) SetPredicted(list []Predicted, whole bool) {
	x.writing.Lock()
	defer x.writing.Unlock()
	var nos []uint32
	x.mu.Lock()
	if whole {
		for n, c := range x.cols.chunks {
			if c == nil || c.predicted == [chunkSize]uint8{} {
				continue
			}
			c.open.each(func(i int) { nos = append(nos, uint32(n<<chunkBits|i)) })
			c.predicted = [chunkSize]uint8{}
		}
	}
	for _, p := range list {
		c, i, ok := x.cols.at(p.No)
		if !ok || c.done(i) {
			continue
		}
		c.predicted[i] = 0
		if !p.None {
			c.predicted[i] = 1 + uint8(math.Round(100*min(max(p.Risk, 0), 1)))
		}
		nos = append(nos, p.No)
	}
	x.mu.Unlock()
	x.rescoreTickets(nos)
}

// OpenNos lists the tickets somebody has to do something about, by number.
func (x *Index) OpenNos() (nos []uint32) {
	x.eachOpen(func(no uint32, _ *chunk, _ int) { nos = append(nos, no) })
	return nos
}

// IsOpen reports whether somebody has to do something about a ticket.
func (x *Index) IsOpen(no uint32) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	c, i, ok := x.cols.at(no)
	return ok && !c.done(i)
}

// Ends counts how tickets ended.
type Ends struct {
	Done       int // nobody has to do anything about them any more
	DoneRated  int // of which somebody was asked, and answered
	Rated      int // the open ones as well
	RatedBadly int // 1 or 2, or escalated
	Escalated  int // and never rated
}

// Rate is the share of ended tickets that were rated, 0..1.
func (e Ends) Rate() float64 {
	if e.Done == 0 {
		return 0
	}
	return float64(e.DoneRated) / float64(e.Done)
}

// Ends counts how the tickets of the pool ended, without sample tickets that were taken out of sight.
func (x *Index) Ends() (e Ends) {
	x.mu.RLock()
	sample := uint32(max(slices.Index(x.cols.names, SampleSource), 0))
	x.mu.RUnlock()
	x.eachChunk(func(_ int, c *chunk) {
		c.there.each(func(i int) {
			if c.bits[i]&bitGone != 0 && sample != 0 && x.cols.classes[c.class.at(i)].source == sample {
				return
			}
			rating, escalated := c.rating(i), c.bits[i]&bitEscalated != 0
			done := c.done(i)
			if done {
				e.Done++
			}
			switch {
			case rating > 0:
				e.Rated++
				if done {
					e.DoneRated++
				}
				if rating <= 2 || escalated {
					e.RatedBadly++
				}
			case escalated:
				e.Escalated++
			}
		})
	})
	return e
}

// OpenRisks are the risks of the open tickets of customers, in percent.
func (x *Index) OpenRisks(customers ...uint32) (risks []int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	x.each(customers, func(_ uint32, c *chunk, i int) {
		if !c.done(i) {
			risks = append(risks, int(c.risk[i]))
		}
	})
	return risks
}
