package measure

import (
	"cmp"
	"math"
	"slices"
)

// tied are the tickets that share one score.
type tied struct {
	score float64
	n     int // tickets
	bad   int // of those, that ended badly
}

// ranked groups tickets by score, the highest first, and counts the bad and the good. It fails
// where no figure exists: see the package.
func ranked(scores []float64, bad []bool) (groups []tied, bads, goods int, ok bool) {
	if len(scores) == 0 || len(scores) != len(bad) {
		return nil, 0, 0, false
	}
	order := make([]int32, len(scores))
	for i, s := range scores {
		if math.IsNaN(s) {
			return nil, 0, 0, false
		}
		order[i] = int32(i)
		if bad[i] {
			bads++
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(scores[b], scores[a]) })
	for _, i := range order {
		if len(groups) == 0 || groups[len(groups)-1].score != scores[i] {
			groups = append(groups, tied{score: scores[i]})
		}
		g := &groups[len(groups)-1]
		g.n++
		if bad[i] {
			g.bad++
		}
	}
	return groups, bads, len(scores) - bads, true
}
