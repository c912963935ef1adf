package measure

import "math"

// AveragePrecision is the precision at each score that is reached, weighted by how much recall
// grows there: Σ (Rₙ − Rₙ₋₁) Pₙ, as scikit-learn's average_precision_score. Tickets of one score
// are reached together. It is NaN without bad ends.
func AveragePrecision(scores []float64, bad []bool) float64 {
	groups, bads, _, ok := ranked(scores, bad)
	if !ok || bads == 0 {
		return math.NaN()
	}
	sum, found, seen := 0.0, 0, 0
	for _, g := range groups {
		found += g.bad
		seen += g.n
		sum += float64(g.bad) / float64(bads) * float64(found) / float64(seen)
	}
	return sum
}

// TopPrecision is the share of bad ends among the given share (0..1) of tickets with the highest
// scores. Of tickets of one score of which only some belong to those, their mean counts.
func TopPrecision(scores []float64, bad []bool, share float64) float64 {
	groups, _, _, ok := ranked(scores, bad)
	looked := share * float64(len(scores))
	if !ok || !(share > 0 && share <= 1) {
		return math.NaN()
	}
	return foundIn(groups, looked) / looked
}

// RecallAtReduction is the share of bad ends found when the given share (0..1) of tickets, those
// with the lowest scores, is not looked at. Ties as in TopPrecision. It is NaN without bad ends.
func RecallAtReduction(scores []float64, bad []bool, reduction float64) float64 {
	groups, bads, _, ok := ranked(scores, bad)
	if !ok || bads == 0 || !(reduction >= 0 && reduction <= 1) {
		return math.NaN()
	}
	return foundIn(groups, (1-reduction)*float64(len(scores))) / float64(bads)
}

// foundIn is how many bad ends are among the first tickets; of a group reached in part, the
// expected number.
func foundIn(groups []tied, looked float64) float64 {
	found := 0.0
	for _, g := range groups {
		if looked <= float64(g.n) {
			return found + float64(g.bad)*looked/float64(g.n)
		}
		looked -= float64(g.n)
		found += float64(g.bad)
	}
	return found
}

// WorkloadReduction is the share of tickets that need not be looked at, riskiest first, until at
// least the given share (0..1) of the bad ends is found. Within tickets of one score the bad ones
// are taken as evenly spread. It is NaN without bad ends.
func WorkloadReduction(scores []float64, bad []bool, recall float64) float64 {
	groups, bads, _, ok := ranked(scores, bad)
	if !ok || bads == 0 || !(recall >= 0 && recall <= 1) {
		return math.NaN()
	}
	// Without the little that is taken off, 0.8 × 5 may ask for five.
	wanted := math.Ceil(recall*float64(bads) - 1e-9)
	looked := 0.0
	for _, g := range groups {
		if wanted <= float64(g.bad) {
			if wanted > 0 {
				looked += wanted / float64(g.bad) * float64(g.n)
			}
			break
		}
		wanted -= float64(g.bad)
		looked += float64(g.n)
	}
	return 1 - looked/float64(len(scores))
}
