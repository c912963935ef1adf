package boost

import "deskwatch/core"

// Columns are the features of all rows, one column per feature: Columns[feature][row]. NaN is a
// missing value.
type Columns [][]float32

// Options are how an ensemble is fitted. What is 0 has a default.
type Options struct {
	Trees    int     // at most so many; 300
	Depth    int     // 1: features by themselves; 2: pairs of them too; 2
	Rate     float64 // how much each tree counts; 0.05
	MinLeaf  int     // rows in a leaf at least, of those the tree looks at; 60
	L2       float64 // 10; for none give something tiny
	Bins     int     // of one feature, 2..255, without the one of missing values; 255
	RowShare float64 // of the rows that each tree looks at, 0..1; so many that it looks at 200,000
	Seed     uint64  // of picking them
	Cores    *Cores  // shared with other fits, one of them taken for this one; nil: all the program may use
}

const (
	maxBins     = 255     // of values; one more is of the missing ones
	maxRows     = 1 << 24 // a cell of a histogram counts no further
	maxFeatures = 4096
	sampledRows = 200_000 // what each tree looks at, and what averages are taken from
	edgeRows    = 50_000  // what bins are taken from
)

func (o Options) withDefaults(rows int) Options {
	if o.Trees == 0 {
		o.Trees = 300
	}
	if o.Depth == 0 {
		o.Depth = 2
	}
	if o.Rate == 0 {
		o.Rate = 0.05
	}
	if o.MinLeaf == 0 {
		o.MinLeaf = 60
	}
	if o.L2 == 0 {
		o.L2 = 10
	}
	if o.Bins == 0 {
		o.Bins = maxBins
	}
	if o.RowShare == 0 {
		o.RowShare = min(1, sampledRows/float64(rows))
	}
	if o.Cores == nil {
		o.Cores = NewCores()
		<-o.Cores.free // its own
	}
	return o
}

// check says why cols, bad and o, which has its defaults, do not fit together.
func (o Options) check(cols Columns, bad []bool) error {
	switch {
	case len(bad) == 0 || len(cols) == 0:
		return invalid("Nothing was given to learn from.")
	case len(bad) > maxRows || len(cols) > maxFeatures:
		return invalid("There are more tickets or features than a model can learn from.")
	case !sameLength(cols, len(bad)):
		return invalid("The features to learn from differ in length.")
	case o.Trees < 1, o.Depth < 1, o.Depth > 2, !(o.Rate > 0 && o.Rate <= 1), o.MinLeaf < 1,
		!(o.L2 > 0), o.Bins < 2, o.Bins > maxBins, !share(o.RowShare):
		return invalid("The options of the learning are out of their range.")
	}
	return nil
}

func invalid(message string) error {
	return core.NewError(core.CodeInvalid, "boost.fit", message, nil)
}

func share(x float64) bool { return x > 0 && x <= 1 }

func sameLength(cols Columns, n int) bool {
	for _, c := range cols {
		if len(c) != n {
			return false
		}
	}
	return true
}
