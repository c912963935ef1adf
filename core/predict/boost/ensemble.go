package boost

import (
	"context"
	"math"
)

// Columns are the features of all rows, one column per feature: Columns[feature][row]. NaN is a
// missing value.
type Columns [][]float32

// Options are how an ensemble is fitted. What is 0 has a default.
type Options struct {
	Trees       int     // at most so many; 300
	Depth       int     // 1: purely additive; 2: pairs of features too; 2
	Rate        float64 // how much each tree counts; 0.05
	MinLeaf     int     // rows in a leaf at least; 60
	L2          float64 // 10; to have none give something tiny
	Bins        int     // of one feature, 2..255 without the one for missing values; 255
	RowShare    float64 // of the rows each tree looks at, 0..1; 1, less where there are very many
	ColumnShare float64 // of the features each tree may split by, 0..1; 1
	Seed        uint64
	// Monotone says per feature that the risk must never fall (1) or never rise (-1) with it; 0 any.
	// nil: any for all.
	Monotone []int8
	Weights  []float32 // per row; nil: 1 each
	Offset   []float64 // the margin every row starts with, instead of the base rate's; nil: none
	Stop     *Validation
}

// Validation are rows on which fitting watches when to stop: the trees after the best are dropped.
type Validation struct {
	Columns  Columns
	Bad      []bool
	Offset   []float64 // as in Options
	Patience int       // trees without getting better after which it stops; 30
}

// Ensemble is a fitted sum of shallow trees, folded into one table of values per feature and per
// pair of features. It does not change and may be used by several goroutines.
type Ensemble struct{}

// Fit fits an ensemble to which rows ended badly. The same input gives the same ensemble, whatever
// the number of cores. It fails when ctx ends or the input does not fit together. progress, if not
// nil, hears of trees done.
func Fit(ctx context.Context, cols Columns, bad []bool, opt Options, progress func(done, total int)) (*Ensemble, error) {
	panic("being written")
}

// Features is how many features a row must have.
func (e *Ensemble) Features() int { panic("being written") }

// Trees is how many trees were summed.
func (e *Ensemble) Trees() int { panic("being written") }

// Intercept is the margin of the average row: the sum of all contributions is relative to it.
func (e *Ensemble) Intercept() float64 { panic("being written") }

// Margin is the log-odds of a bad end for a row of Features values. It allocates nothing.
func (e *Ensemble) Margin(row []float32) float64 { panic("being written") }

// Contributions writes into out what each feature adds to Intercept; out has Features values, and
// Intercept plus their sum is Margin. What a pair of features adds is halved between the two. It
// allocates nothing.
func (e *Ensemble) Contributions(row []float32, out []float64) { panic("being written") }

// Importance is the mean of the absolute contribution of each feature over the rows fitted on.
func (e *Ensemble) Importance() []float64 { panic("being written") }

// MarshalBinary writes the ensemble, the same bytes for the same ensemble.
func (e *Ensemble) MarshalBinary() ([]byte, error) { panic("being written") }

// UnmarshalBinary reads what MarshalBinary wrote and refuses anything else.
func (e *Ensemble) UnmarshalBinary(data []byte) error { panic("being written") }

// Probability is the share of bad ends at a margin (log-odds).
func Probability(margin float64) float64 { return 1 / (1 + math.Exp(-margin)) }
