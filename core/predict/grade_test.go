package predict

import (
	"fmt"
	"slices"
	"testing"

	"deskwatch/core"
)

// gradedFrame is a frame of tickets with these levels, the bad ones from 3 on.
func gradedFrame(t *testing.T, levels ...float32) *frame {
	t.Helper()
	var lives []Life
	for i, level := range levels {
		l := Life{Key: fmt.Sprint(i), Created: int64(i + 1), Ended: 100, Outcome: OutcomeGood, Level: level}
		if level >= 3 {
			l.Outcome = OutcomeBad
		}
		lives = append(lives, l)
	}
	f, err := newFrame(t.Context(), Schema{}, lives, &Options{Moments: []core.Moment{core.MomentArrival}}, &core.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEndsAreGradedByTheirPlaceWhereTheSourceTellsMore(t *testing.T) {
	if got, want := gradedFrame(t, 4, 1, 1, 2, 3).grade, []float32{0.95, 0.1, 0.1, 0.25, 0.85}; !slices.Equal(got, want) {
		t.Errorf("grades %v, want %v", got, want)
	}
	if got, want := gradedFrame(t, 4, 1, 1, 4).grade, []float32{1, 0, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("grades %v of good and bad ends, want %v", got, want)
	}
}

func TestLevelsThatDisagreeWithTheEndsGradeNothing(t *testing.T) {
	f := gradedFrame(t, 4, 1, 2, 3)
	f.bad[0] = false
	f.gradeEnds()
	if want := []float32{0, 0, 0, 1}; !slices.Equal(f.grade, want) {
		t.Errorf("grades %v, want %v", f.grade, want)
	}
}
