package predict

import (
	"math"
	"slices"
)

const (
	gramBits   = 17
	gramRounds = 3
	gramRate   = 0.3
	gramDecay  = 1e-4
	gramLeast  = 3       // texts a word must be in
	gramTexts  = 120_000 // texts words are learned from, at most
)

// gramTable is a logistic regression on hashed words: the log-odds each adds.
type gramTable []float32

func gramSlot(g uint32) uint32 { return (g * 0x9e3779b1) >> (32 - gramBits) }

// score is what a text's words add to the log-odds; NaN of a text without words.
func (t gramTable) score(grams []uint32) float32 {
	if len(t) == 0 || len(grams) == 0 {
		return missing
	}
	var sum float32
	for _, g := range grams {
		sum += t[gramSlot(g)]
	}
	return sum / float32(math.Sqrt(float64(len(grams))))
}

// learnGrams fits the words of the tickets of the rows: by row, from the other folds' tickets, and
// a table from all. It returns nil where there are hardly any texts.
func (l *learner) learnGrams() (out []float32, table gramTable) {
	f := l.frame
	texts := make([]int32, 0, len(l.rows)) // examples, one of each ticket
	last := make([]bool, len(f.lives))
	tickets := 0
	for _, e := range l.rows {
		if last[f.life[e]] {
			continue
		}
		last[f.life[e]] = true
		tickets++
		if len(f.lives[f.life[e]].Facts.Text.Grams) > 0 {
			texts = append(texts, e)
		}
	}
	if len(texts) < 100 || len(texts)*folds < tickets {
		return nil, nil
	}
	// A fixed order that has nothing to do with time, so that no week is learned last.
	order := make([]uint64, len(texts))
	for i, e := range texts {
		order[i] = mix(keyOf(ofAll, f.lives[f.life[e]].Key))&^0xffffffff | uint64(uint32(e))
	}
	slices.Sort(order)
	texts = texts[:min(len(texts), gramTexts)]
	for i := range texts {
		texts[i] = int32(uint32(order[i]))
	}
	counts := make([]uint32, 1<<gramBits)
	var has [folds]bool
	for _, e := range texts {
		has[f.fold[e]] = true
		for _, g := range f.lives[f.life[e]].Facts.Text.Grams {
			counts[gramSlot(g)]++
		}
	}
	byFold := make([]gramTable, folds)
	for k := range byFold {
		if has[k] { // of fits that predict a fold crosswise, not that one
			byFold[k] = l.fitGrams(texts, counts, k)
		}
	}
	out = make([]float32, len(l.rows))
	for i, e := range l.rows {
		out[i] = byFold[f.fold[e]].score(f.lives[f.life[e]].Facts.Text.Grams)
	}
	return out, l.fitGrams(texts, counts, -1)
}

// fitGrams is stochastic gradient descent with a rate of its own per word (AdaGrad, by Duchi, Hazan
// and Singer, 2011), without the texts of one fold.
func (l *learner) fitGrams(texts []int32, counts []uint32, without int) gramTable {
	f := l.frame
	w, sq := make(gramTable, 1<<gramBits), make([]float32, 1<<gramBits)
	start := logit(l.base)
	for range gramRounds {
		for _, e := range texts {
			if int(f.fold[e]) == without {
				continue
			}
			grams := f.lives[f.life[e]].Facts.Text.Grams
			x := float32(1 / math.Sqrt(float64(len(grams))))
			off := float32(sigmoid(start+float64(w.score(grams)))) - f.grade[e]
			for _, g := range grams {
				at := gramSlot(g)
				if counts[at] < gramLeast {
					continue
				}
				step := off*x + gramDecay*w[at]
				sq[at] += step * step
				w[at] -= gramRate * step / float32(math.Sqrt(float64(sq[at])+1e-2))
			}
		}
	}
	return w
}
