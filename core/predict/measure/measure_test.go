package measure

import (
	"math"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s is %.15g, not %.15g", what, got, want)
	}
}

func isNaN(t *testing.T, what string, got float64) {
	t.Helper()
	if !math.IsNaN(got) {
		t.Errorf("%s is %v, not NaN", what, got)
	}
}

// tickets are n tickets of which every tenth ended badly, with scores of their number and outcome.
func tickets(n int, score func(i int, bad bool) float64) (scores []float64, bad []bool) {
	for i := range n {
		b := i%10 == 3
		bad = append(bad, b)
		scores = append(scores, score(i, b))
	}
	return scores, bad
}

func TestPerfectScores(t *testing.T) {
	s, bad := tickets(100, func(i int, bad bool) float64 {
		if bad {
			return 1
		}
		return 0
	})
	near(t, "AUC", AUC(s, bad), 1)
	near(t, "average precision", AveragePrecision(s, bad), 1)
	near(t, "Brier", Brier(s, bad), 0)
	near(t, "ECE", ECE(s, bad, 10), 0)
	near(t, "top tenth", TopPrecision(s, bad, 0.1), 1)
	near(t, "top fifth", TopPrecision(s, bad, 0.2), 0.5)
	near(t, "workload reduction", WorkloadReduction(s, bad, 0.8), 0.92)
	near(t, "recall", RecallAtReduction(s, bad, 0.8), 1)
	near(t, "recall of half of the bad", RecallAtReduction(s, bad, 0.95), 0.5)
	if auc, ci := DeLong(s, bad); auc != 1 || ci != (Interval{1, 1}) {
		t.Errorf("DeLong says %v %v", auc, ci)
	}
}

func TestInvertedScores(t *testing.T) {
	s, bad := tickets(100, func(i int, bad bool) float64 {
		if bad {
			return 0
		}
		return 1 + float64(i)
	})
	near(t, "AUC", AUC(s, bad), 0)
	near(t, "average precision", AveragePrecision(s, bad), 0.1)
	near(t, "top tenth", TopPrecision(s, bad, 0.1), 0)
	near(t, "workload reduction", WorkloadReduction(s, bad, 0.8), 1-0.98)
	near(t, "recall", RecallAtReduction(s, bad, 0.8), 0)
}

func TestTiedScoresAreAsGoodAsChanceInAnyOrder(t *testing.T) {
	s, bad := tickets(100, func(int, bool) float64 { return 0.1 })
	first := slices.Clone(bad)
	slices.SortFunc(first, func(a, b bool) int {
		if a == b {
			return 0
		} else if a {
			return -1
		}
		return 1
	})
	for _, bad := range [][]bool{bad, first} {
		near(t, "AUC", AUC(s, bad), 0.5)
		near(t, "average precision", AveragePrecision(s, bad), 0.1)
		near(t, "Brier", Brier(s, bad), 0.09)
		near(t, "ECE", ECE(s, bad, 10), 0)
		near(t, "top tenth", TopPrecision(s, bad, 0.1), 0.1)
		near(t, "workload reduction", WorkloadReduction(s, bad, 0.8), 0.2)
		near(t, "recall", RecallAtReduction(s, bad, 0.8), 0.2)
		if bins := Calibration(s, bad, 10); len(bins) != 1 || bins[0].Count != 100 || bins[0].Observed != 0.1 {
			t.Errorf("bins %+v", bins)
		}
	}
}

func TestRandomScoresAreAboutChance(t *testing.T) {
	next := numbers()
	s, bad := tickets(50000, func(int, bool) float64 { return next() })
	auc, ci := DeLong(s, bad)
	if ci.Low > 0.5 || ci.High < 0.5 || ci.High-ci.Low > 0.02 || math.Abs(auc-0.5) > 0.01 {
		t.Errorf("AUC %.3f of %.3f..%.3f", auc, ci.Low, ci.High)
	}
	if w := WorkloadReduction(s, bad, 0.8); math.Abs(w-0.2) > 0.02 {
		t.Errorf("workload reduction %.3f", w)
	}
	if r := RecallAtReduction(s, bad, 0.8); math.Abs(r-0.2) > 0.02 {
		t.Errorf("recall %.3f", r)
	}
	if p := TopPrecision(s, bad, 0.1); math.Abs(p-0.1) > 0.02 {
		t.Errorf("top tenth %.3f", p)
	}
}

func TestSmallCasesComputedByHand(t *testing.T) {
	s := []float64{0.9, 0.8, 0.8, 0.5, 0.2}
	bad := []bool{true, true, false, false, true}
	// Of the 6 pairs of bad and good: 0.9 wins 2, 0.8 wins 1 and ties 1, 0.2 wins none.
	near(t, "AUC", AUC(s, bad), 3.5/6)
	// 1/3 at precision 1, 1/3 at 2/3 (both of 0.8 together), 1/3 at 3/5.
	near(t, "average precision", AveragePrecision(s, bad), (1+2./3+3./5)/3)
	near(t, "Brier", Brier(s, bad), (0.01+0.04+0.64+0.25+0.64)/5)
	// 0.9 | 0.8 0.8 | 0.5 | 0.2: off by 0.1, 0.6 in all, 0.5 and 0.8.
	near(t, "ECE", ECE(s, bad, 10), (0.1+0.6+0.5+0.8)/5)
	// Two fifths are 0.9 and one of the two of 0.8, which is bad half of the time.
	near(t, "top two fifths", TopPrecision(s, bad, 0.4), 1.5/2)
	near(t, "recall in two fifths", RecallAtReduction(s, bad, 0.6), 1.5/3)
	// Two of three bad ends: 0.9 and both of 0.8, as it may be the second of them.
	near(t, "workload reduction", WorkloadReduction(s, bad, 0.6), 1-3./5)
	near(t, "workload reduction for one", WorkloadReduction(s, bad, 0.3), 1-1./5)
	near(t, "workload reduction for none", WorkloadReduction(s, bad, 0), 1)
	near(t, "workload reduction for all", WorkloadReduction(s, bad, 1), 0)
}

func TestFourOfFiveIsFourNotFive(t *testing.T) {
	s := []float64{10, 9, 8, 7, 1, 6, 5, 4, 3, 2}
	bad := []bool{true, true, true, true, true, false, false, false, false, false}
	near(t, "workload reduction", WorkloadReduction(s, bad, 0.8), 0.6)
	var many []float64
	for i := range 100 {
		many = append(many, float64(i))
	}
	// 0.55 × 100 is a little more than 55 to a computer.
	near(t, "workload reduction", WorkloadReduction(many, slices.Repeat([]bool{true}, 100), 0.55), 0.45)
}

// numbers are between 0 and 1, the same each time and in any language.
func numbers() func() float64 {
	x := uint64(12345)
	return func() float64 {
		x = (x*1103515245 + 12345) % (1 << 31)
		return float64(x) / (1 << 31)
	}
}

// compared are 500 tickets with two lists of scores, the first with many ties.
func compared() (a, b []float64, bad []bool) {
	next := numbers()
	for range 500 {
		x, y, z := next(), next(), next()
		is, off := x < 0.25, 0.0
		if is {
			off = 1
		}
		bad = append(bad, is)
		a = append(a, math.Floor((float64(0.3*y)+float64(0.4*off*z)+0.1)*50)/50)
		b = append(b, float64(0.7*next())+0.2*off)
	}
	return a, b, bad
}

// The figures were computed with scikit-learn 1.2.1 (roc_auc_score, average_precision_score,
// brier_score_loss) and, DeLong's, with numpy from all pairs of bad and good as in the article of 1988.
func TestFiguresAgreeWithOtherPrograms(t *testing.T) {
	a, b, bad := compared()
	near(t, "AUC with ties", AUC(a, bad), 0.9137713073974391)
	near(t, "AUC", AUC(b, bad), 0.7673313759073485)
	near(t, "average precision with ties", AveragePrecision(a, bad), 0.8713248336347755)
	near(t, "average precision", AveragePrecision(b, bad), 0.6454178276262301)
	near(t, "Brier", Brier(a, bad), 0.128196)
	near(t, "ECE", ECE(a, bad, 10), 0.20915999999999998)
	auc, ci := DeLong(a, bad)
	near(t, "DeLong's AUC", auc, 0.9137713073974391)
	near(t, "its lower end", ci.Low, 0.8804447825101225)
	near(t, "its upper end", ci.High, 0.9470978322847556)
}

func TestWilsonIsThatOfTheFormula(t *testing.T) {
	for _, c := range []struct {
		bad, n    int
		low, high float64
	}{{0, 10, 0, 0.2775327998628892}, {3, 10, 0.10779126740630099, 0.6032218525386546},
		{10, 10, 0.7224672001371107, 1}, {50, 1000, 0.03813026239274882, 0.06531382024425081}, {0, 0, 0, 1}} {
		ci := Wilson(c.bad, c.n)
		near(t, "the lower end", ci.Low, c.low)
		near(t, "the upper end", ci.High, c.high)
	}
}

func TestCalibrationBinsHoldAboutAsManyTickets(t *testing.T) {
	a, b, bad := compared()
	for _, s := range [][]float64{a, b} {
		bins := Calibration(s, bad, 10)
		total, bads, predicted := 0, 0.0, -1.0
		for _, c := range bins {
			total += c.Count
			bads += c.Observed * float64(c.Count)
			if c.Predicted <= predicted || c.Low > c.Observed || c.High < c.Observed || c.Count < 20 || c.Count > 90 {
				t.Errorf("bin %+v", c)
			}
			predicted = c.Predicted
		}
		if total != 500 || math.Abs(bads-134) > 1e-9 || len(bins) > 10 || len(bins) < 7 {
			t.Errorf("%d bins of %d tickets, %.1f bad", len(bins), total, bads)
		}
	}
	if bins := Calibration(b, bad, 10); len(bins) != 10 || bins[0].Count != 50 {
		t.Errorf("without ties %+v", bins)
	}
}

func TestTiedTicketsAreInTheBinOfTheirMiddle(t *testing.T) {
	s := slices.Concat(slices.Repeat([]float64{0.1}, 30), slices.Repeat([]float64{0.2}, 40), slices.Repeat([]float64{0.3}, 30))
	if bins := Calibration(s, make([]bool, 100), 2); len(bins) != 2 || bins[0].Count != 30 || bins[1].Count != 70 {
		t.Errorf("bins %+v", bins)
	}
}

func TestWhatDoesNotExistIsNaN(t *testing.T) {
	yes, no := []bool{true, true}, []bool{false, false}
	s := []float64{0.2, 0.7}
	nan := []float64{0.2, math.NaN()}
	both := []bool{true, false}
	for _, c := range []struct {
		what   string
		scores []float64
		bad    []bool
	}{{"nothing", nil, nil}, {"other lengths", s, yes[:1]}, {"NaN", nan, both}} {
		for name, f := range map[string]func([]float64, []bool) float64{
			"AUC": AUC, "average precision": AveragePrecision, "Brier": Brier,
			"ECE":       func(s []float64, b []bool) float64 { return ECE(s, b, 10) },
			"top":       func(s []float64, b []bool) float64 { return TopPrecision(s, b, 0.1) },
			"reduction": func(s []float64, b []bool) float64 { return WorkloadReduction(s, b, 0.8) },
			"recall":    func(s []float64, b []bool) float64 { return RecallAtReduction(s, b, 0.8) },
			"DeLong":    func(s []float64, b []bool) float64 { _, ci := DeLong(s, b); return ci.Low },
		} {
			isNaN(t, name+" of "+c.what, f(c.scores, c.bad))
		}
		if bins := Calibration(c.scores, c.bad, 10); bins != nil {
			t.Errorf("bins %v of %s", bins, c.what)
		}
	}
	for _, bad := range [][]bool{yes, no} {
		isNaN(t, "AUC of one kind", AUC(s, bad))
	}
	isNaN(t, "average precision without bad ends", AveragePrecision(s, no))
	isNaN(t, "workload reduction without bad ends", WorkloadReduction(s, no, 0.8))
	isNaN(t, "recall without bad ends", RecallAtReduction(s, no, 0.8))
	near(t, "average precision of bad ends only", AveragePrecision(s, yes), 1)
	near(t, "top half without bad ends", TopPrecision(s, no, 0.5), 0)
	isNaN(t, "ECE without bins", ECE(s, both, 0))
	isNaN(t, "a tenth more than all", TopPrecision(s, both, 1.1))
	// One bad and one good end have an AUC, but nothing to tell how sure it is.
	auc, ci := DeLong(s, both)
	near(t, "AUC of two", auc, 0)
	isNaN(t, "its lower end", ci.Low)
}
