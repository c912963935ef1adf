package predict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
)

var madeSchema = Schema{Words: []string{"location"}, Numbers: []string{"price"}}

const madeStart = int64(1_700_000_000)

// madeLives are n tickets of a desk, one every ten minutes, of which about a fifth end badly: more of
// those of the owner "Bad Owner", of those with an angry text, and of those whose first reply is
// late. Nothing else matters.
func madeLives(n int, seed uint64) []Life {
	r := rand.New(rand.NewPCG(seed, 7))
	texts := make([]Text, 40)
	angry := make([]bool, len(texts))
	for i := range texts {
		angry[i] = i%5 == 0
		if angry[i] {
			texts[i] = Digest("Terrible service "+strconv.Itoa(i), "I am furious, this is the worst, it broke again. Number "+strconv.Itoa(i))
		} else {
			texts[i] = Digest("Question "+strconv.Itoa(i), "How do I change the setting of the lamp? Number "+strconv.Itoa(i))
		}
	}
	lives := make([]Life, n)
	for i := range lives {
		l := &lives[i]
		l.Key = fmt.Sprintf("made:%d", i)
		l.Created = madeStart + int64(i)*600 + int64(r.IntN(500)) + 1
		text, owner := r.IntN(len(texts)), r.IntN(10)
		l.Facts = Facts{
			Customer: fmt.Sprintf("customer %d", r.IntN(max(n/20, 10))), Owner: fmt.Sprintf("Owner %d", owner), Team: fmt.Sprintf("team %d", owner%3),
			Product: fmt.Sprintf("product %d", r.IntN(5)), Category: fmt.Sprintf("category %d", r.IntN(6)), Channel: []string{"mail", "phone"}[r.IntN(2)],
			Priority: []string{"low", "normal", "high"}[r.IntN(3)], Status: "new", Text: texts[text],
			Words: []string{fmt.Sprintf("place %d", r.IntN(30))}, Numbers: []float64{float64(r.IntN(1000))},
		}
		if owner == 0 {
			l.Facts.Owner = "Bad Owner"
		}
		wait := math.Exp(8 + r.NormFloat64()) // about 50 minutes
		l.Steps = []Step{{At: l.Created + int64(wait), Kind: StepReplied}, {At: l.Created + int64(wait) + 7200, Kind: StepClosed}}
		x := -2.4 + 1.6*float64(one(owner == 0)) + 1.6*float64(one(angry[text])) + 0.9*(math.Log(wait)-8)
		l.Outcome = OutcomeGood
		if r.Float64() < sigmoid(x) {
			l.Outcome = OutcomeBad
		}
		l.Ended = l.Created + int64(wait) + 10_000
	}
	return lives
}

// shuffled deals the outcomes of lives anew.
func shuffled(lives []Life, seed uint64) []Life {
	out := append([]Life(nil), lives...)
	r := rand.New(rand.NewPCG(seed, 9))
	r.Shuffle(len(out), func(i, j int) { out[i].Outcome, out[j].Outcome = out[j].Outcome, out[i].Outcome })
	return out
}
