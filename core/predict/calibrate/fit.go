package calibrate

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/stat"

	"deskwatch/core"
)

const (
	flatEnough = 1e-10 // a slope of the mean loss at which the minimum is reached
	nearEnough = 1e-6  // and at which no digit tells any more which way is down
	mostSteps  = 100
)

// Platt fits a logistic function of the margin (Platt, Advances in Large Margin Classifiers, 1999,
// with his targets that are not quite 0 and 1), by Newton's method. Margins that say nothing, or the
// contrary, give the same risk everywhere. It needs one outcome per margin, at least one, and finite
// margins; it fails with core.CodeInvalid otherwise, and where no minimum is found.
func Platt(margins []float64, bad []bool) (*Curve, error) {
	if err := check(margins, bad); err != nil {
		return nil, err
	}
	targets := targetsOf(bad)
	flat := logOdds(floats.Sum(targets) / float64(len(bad)))
	mean, spread := stat.MeanStdDev(margins, nil)
	if !(spread > 0) {
		return &Curve{intercept: flat}, nil
	}
	f := fitting{make([]float64, len(margins)), targets} // of one scale, whatever the model's is
	for i, m := range margins {
		f.margins[i] = stat.StdScore(m, mean, spread)
	}
	found, err := optimize.Minimize(optimize.Problem{Func: f.loss, Grad: f.gradient, Hess: f.hessian},
		[]float64{0, flat},
		&optimize.Settings{GradientThreshold: flatEnough, MajorIterations: mostSteps, Converger: optimize.NeverTerminate{}},
		&optimize.Newton{})
	if found == nil || err != nil || found.Status != optimize.GradientThreshold {
		// A step so short that it lowers nothing ends the search, too.
		if found == nil || !(f.steepness(found.X) <= nearEnough) {
			return nil, core.NewError(core.CodeInvalid, "calibrate.fit", "The risks the model gives could not be brought in line with how tickets ended.", err)
		}
	}
	if !(found.X[0] > 0) {
		return &Curve{intercept: flat}, nil
	}
	slope := found.X[0] / spread
	return &Curve{slope: slope, intercept: found.X[1] - slope*mean}, nil
}

// targetsOf are the shares of bad ends to come near: not quite 0 and 1, less so of few tickets.
func targetsOf(bad []bool) []float64 {
	bads := 0
	for _, b := range bad {
		if b {
			bads++
		}
	}
	high, low := float64(bads+1)/float64(bads+2), 1/float64(len(bad)-bads+2)
	targets := make([]float64, len(bad))
	for i, b := range bad {
		targets[i] = low
		if b {
			targets[i] = high
		}
	}
	return targets
}

// fitting is the mean logistic loss of a slope and an intercept, x, against targets.
type fitting struct{ margins, targets []float64 }

func (f fitting) loss(x []float64) float64 {
	sum := 0.0
	for i, m := range f.margins {
		at := x[0]*m + x[1]
		sum += max(at, 0) - f.targets[i]*at + math.Log1p(math.Exp(-math.Abs(at)))
	}
	return sum / float64(len(f.margins))
}

func (f fitting) gradient(out, x []float64) {
	clear(out)
	for i, m := range f.margins {
		d := logistic(x[0]*m+x[1]) - f.targets[i]
		out[0] += d * m
		out[1] += d
	}
	floats.Scale(1/float64(len(f.margins)), out)
}

func (f fitting) hessian(out *mat.SymDense, x []float64) {
	var ss, si, ii float64
	for _, m := range f.margins {
		p := logistic(x[0]*m + x[1])
		h := p * (1 - p)
		ss += h * m * m
		si += h * m
		ii += h
	}
	n := float64(len(f.margins))
	out.SetSym(0, 0, ss/n)
	out.SetSym(0, 1, si/n)
	out.SetSym(1, 1, ii/n)
}

// steepness is the largest slope of the loss at x.
func (f fitting) steepness(x []float64) float64 {
	var g [2]float64
	f.gradient(g[:], x)
	return floats.Norm(g[:], math.Inf(1))
}

func check(margins []float64, bad []bool) error {
	if len(margins) == 0 || len(margins) != len(bad) {
		return core.NewError(core.CodeInvalid, "calibrate.fit", "There are no tickets to calibrate the model by.", nil)
	}
	for _, m := range margins {
		if math.IsNaN(m) || math.IsInf(m, 0) {
			return core.NewError(core.CodeInvalid, "calibrate.fit", "The model gave a ticket no usable risk.", nil)
		}
	}
	return nil
}
