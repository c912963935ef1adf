package predict

import (
	"cmp"
	"math"
	"slices"
)

// gradeEnds says how bad the end of each example's ticket was: 1 bad, 0 good. Where the source tells
// more than that, such as five stars from three, half of it is the end's place among all ends. What
// is usual of an owner with few tickets shows in such places sooner than in how many crossed a line.
func (f *frame) gradeEnds() {
	f.grade = make([]float32, len(f.life))
	for e, bad := range f.bad {
		f.grade[e] = one(bad)
	}
	levels, told := f.levels()
	if !told {
		return
	}
	for e, l := range f.life {
		level := f.lives[l].Level
		below, _ := slices.BinarySearch(levels, level)
		upTo, _ := slices.BinarySearchFunc(levels, level, func(x, y float32) int { return cmp.Or(cmp.Compare(x, y), -1) })
		f.grade[e] = (f.grade[e] + float32(below+upTo)/float32(2*len(levels))) / 2
	}
}

// levels are those of the tickets, ascending; told is false where they do not agree with good and bad
// or say no more than that.
func (f *frame) levels() (levels []float32, told bool) {
	good, bad := float32(math.Inf(-1)), float32(math.Inf(1))
	for e, l := range f.life {
		if !f.first[e] {
			continue
		}
		level := f.lives[l].Level
		levels = append(levels, level)
		if f.bad[e] {
			bad = min(bad, level)
		} else {
			good = max(good, level)
		}
	}
	slices.Sort(levels)
	return levels, good < bad && len(slices.Compact(slices.Clone(levels))) > 2
}
