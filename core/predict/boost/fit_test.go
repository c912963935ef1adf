package boost

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// draw makes columns of numbers between 0 and 1 and outcomes of a log-odds.
func draw(rows, features int, seed uint64, logOdds func(row []float32) float64) (Columns, []bool) {
	r := rand.New(rand.NewPCG(seed, 1))
	cols := make(Columns, features)
	for f := range cols {
		cols[f] = make([]float32, rows)
	}
	bad := make([]bool, rows)
	row := make([]float32, features)
	for i := range rows {
		for f := range row {
			row[f] = r.Float32()
			cols[f][i] = row[f]
		}
		bad[i] = r.Float64() < Probability(logOdds(row))
	}
	return cols, bad
}

func rowOf(cols Columns, i int, row []float32) []float32 {
	row = row[:0]
	for _, c := range cols {
		row = append(row, c[i])
	}
	return row
}

func mustFit(t testing.TB, cols Columns, bad []bool, opt Options) *Ensemble {
	t.Helper()
	e, err := Fit(context.Background(), cols, bad, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func xor(row []float32) float64 {
	if (row[0] < 0.5) != (row[1] < 0.5) {
		return 2
	}
	return -2
}

func TestAPairThatOnlyTogetherSaysSomethingIsLearned(t *testing.T) {
	cols, bad := draw(10000, 3, 1, xor)
	e := mustFit(t, cols, bad, Options{Rate: 0.2, Bins: 64})
	for _, c := range []struct{ a, b float32 }{{.2, .2}, {.2, .8}, {.8, .2}, {.8, .8}} {
		row := []float32{c.a, c.b, .5}
		if got, want := e.Margin(row), xor(row); math.Abs(got-want) > 0.5 {
			t.Errorf("margin at %v, %v is %.2f, the truth is %.1f", c.a, c.b, got, want)
		}
	}
	flat := mustFit(t, cols, bad, Options{Rate: 0.2, Bins: 64, Depth: 1})
	if m := flat.Margin([]float32{.2, .8, .5}); math.Abs(m) > 0.3 {
		t.Errorf("features by themselves say %.2f where only both together say something", m)
	}
	if len(flat.pairs) != 0 || len(e.pairs) == 0 {
		t.Errorf("pairs: %d with depth 1, %d with depth 2", len(flat.pairs), len(e.pairs))
	}
}

func TestFeaturesByThemselvesAreLearnedWithDepthOne(t *testing.T) {
	truth := func(row []float32) float64 { return 3*float64(row[0]) - 2 + 2*math.Abs(float64(row[1])-0.5) }
	cols, bad := draw(40000, 4, 2, truth)
	e := mustFit(t, cols, bad, Options{Depth: 1, L2: 1})
	worst := 0.0
	for a := float32(0.1); a < 1; a += 0.1 {
		for b := float32(0.1); b < 1; b += 0.1 {
			row := []float32{a, b, .5, .5}
			worst = max(worst, math.Abs(e.Margin(row)-truth(row)))
		}
	}
	if worst > 0.4 {
		t.Errorf("the worst margin is %.2f off", worst)
	}
	if i := e.Importance(); i[0] < 5*i[2] || i[1] < 2*i[2] {
		t.Errorf("importance %.3f does not tell what counts from noise", i)
	}
}

func TestTheSameWhateverTheNumberOfCores(t *testing.T) {
	cols, bad := draw(9000, 11, 3, xor)
	for i := range cols[2] {
		if i%3 == 0 {
			cols[2][i] = float32(math.NaN())
		}
	}
	opt := Options{Trees: 40, RowShare: 0.7, Seed: 5}
	var margins []float64
	for _, cores := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(cores)
		e := mustFit(t, cols, bad, opt)
		runtime.GOMAXPROCS(before)
		margins = append(margins, e.Margin(rowOf(cols, 17, nil)))
	}
	if margins[0] != margins[1] || margins[0] != margins[2] {
		t.Errorf("margins on 1, 2 and 7 cores: %v", margins)
	}
}

func TestContributionsAreCentredAndAddUpToTheMargin(t *testing.T) {
	cols, bad := draw(8000, 6, 4, func(row []float32) float64 { return 2*xor(row)*float64(row[2]) + float64(row[3]) - 1 })
	copy(cols[4], cols[0]) // a feature that says the same as another
	e := mustFit(t, cols, bad, Options{Trees: 150, MinLeaf: 5})
	out := make([]float64, 6)
	var row []float32
	sums, margins := make([]float64, 6), 0.0
	for i := range bad {
		row = rowOf(cols, i, row)
		e.Contributions(row, out)
		sum := e.Intercept()
		for f, v := range out {
			sum += v
			sums[f] += v
		}
		m := e.Margin(row)
		if math.Abs(sum-m) > 1e-9 {
			t.Fatalf("contributions add up to %v, the margin is %v", sum, m)
		}
		margins += m
	}
	for f, s := range sums {
		if math.Abs(s/float64(len(bad))) > 1e-9 {
			t.Errorf("feature %d contributes %g to the average row", f, s/float64(len(bad)))
		}
	}
	if mean := margins / float64(len(bad)); math.Abs(mean-e.Intercept()) > 1e-9 {
		t.Errorf("the mean margin is %v, the intercept %v", mean, e.Intercept())
	}
}

// value is what the tree says of a row, by its bins.
func (t *tree) value(bin func(feature int) uint8) float64 {
	leaf := 0
	if !t.root.left(bin(t.root.feature)) {
		leaf = 2
	}
	if child := t.children[leaf/2]; child.feature >= 0 && !child.left(bin(child.feature)) {
		leaf++
	}
	return t.leaves[leaf]
}

func TestTheTablesSayWhatTheTreesSaid(t *testing.T) {
	cols, bad := draw(5000, 5, 5, func(row []float32) float64 { return xor(row) + 2*float64(row[2]) - 1 })
	for f := range cols {
		for i := range cols[f] {
			switch (i*7 + f) % 13 {
			case 0:
				cols[f][i] = float32(math.NaN())
			case 1:
				cols[f][i] = float32(math.Inf(1))
			}
		}
	}
	for i := range cols[3] { // a feature of which only being there counts
		cols[3][i] = 1
		if bad[i] {
			cols[3][i] = float32(math.NaN())
		}
		if i%4 == 0 {
			cols[3][i] = 1
		}
	}
	opt := Options{Trees: 60, MinLeaf: 20, Bins: 32}.withDefaults(len(bad))
	edges := findEdges(context.Background(), opt.Cores, cols, opt.Bins)
	data := bin(context.Background(), opt.Cores, cols, edges, len(bad))
	g := newGrower(data, edges, opt)
	m := newMargins(data, bad, -0.5)
	var trees []tree
	for n := range opt.Trees {
		m.pick(g, n, opt)
		tr, ok := g.grow()
		if !ok {
			break
		}
		trees = append(trees, tr)
		m.add(&tr)
	}
	e, err := fold(context.Background(), data, edges, trees, -0.5)
	if err != nil {
		t.Fatal(err)
	}
	var row []float32
	for i := range bad {
		row = rowOf(cols, i, row)
		sum := -0.5
		for k := range trees {
			sum += trees[k].value(func(f int) uint8 { return data.bins[f][i] })
		}
		if math.Abs(sum-m.margin[i]) > 1e-9 || math.Abs(sum-e.Margin(row)) > 1e-9 {
			t.Fatalf("row %d: the trees say %v, fitting had %v, the tables say %v", i, sum, m.margin[i], e.Margin(row))
		}
	}
}

func TestAMissingValueTakesTheSideItsTicketsTook(t *testing.T) {
	none := float32(math.NaN())
	cols, bad := draw(4000, 2, 6, func([]float32) float64 { return -1 })
	for i := range bad {
		if i%4 == 0 {
			cols[0][i], bad[i] = none, i%8 == 0 || i%12 == 0
		}
	}
	e := mustFit(t, cols, bad, Options{Trees: 80})
	if with, without := e.Margin([]float32{none, .5}), e.Margin([]float32{.5, .5}); with < without+0.8 {
		t.Errorf("margin without the value %.2f, with it %.2f", with, without)
	}
	if m := e.Margin([]float32{.5, none}); math.IsNaN(m) {
		t.Error("a value that never was missing before makes the margin no number")
	}
}

func TestMissingValuesMayGoWithTheLowOnes(t *testing.T) {
	col, bad := make([]float32, 900), make([]bool, 900)
	for i := range col {
		col[i] = float32(i % 3)
		bad[i] = i%3 != 2
		if i%3 == 0 {
			col[i] = float32(math.NaN())
		}
	}
	e := mustFit(t, Columns{col}, bad, Options{Trees: 1, Depth: 1})
	none, low, high := e.Margin([]float32{float32(math.NaN())}), e.Margin([]float32{1}), e.Margin([]float32{2})
	if none != low || low < high+0.05 {
		t.Errorf("margins: %.3f without a value, %.3f low, %.3f high", none, low, high)
	}
}

func TestNoLeafHasFewerRowsThanItMust(t *testing.T) {
	for _, outer := range []func(i int) bool{func(i int) bool { return i < 5 }, func(i int) bool { return i >= 95 }} {
		col, bad := make([]float32, 100), make([]bool, 100)
		for i := range col {
			col[i], bad[i] = float32(i), outer(i)
		}
		e := mustFit(t, Columns{col}, bad, Options{Trees: 1, MinLeaf: 20, Depth: 1})
		if cut := e.axes[0].cuts[0]; cut < 19 || cut > 80 {
			t.Errorf("cut at %v", cut)
		}
	}
}

func TestAShareOfTheRowsIsEnoughForEachTree(t *testing.T) {
	cols, bad := draw(30000, 6, 13, func(row []float32) float64 { return 4*float64(row[0]) + 2*float64(row[5]) - 4 })
	e := mustFit(t, cols, bad, Options{RowShare: 0.1, Seed: 3, Bins: 64})
	for _, v := range []float32{.1, .5, .9} {
		row := []float32{v, .5, .5, .5, .5, v}
		if got, want := e.Margin(row), 6*float64(v)-4; math.Abs(got-want) > 0.4 {
			t.Errorf("margin %.2f, the truth is %.2f", got, want)
		}
	}
	opt := Options{RowShare: 0.1, Trees: 5}
	one := mustFit(t, cols, bad, opt)
	opt.Seed = 1
	if one.Margin(make([]float32, 6)) == mustFit(t, cols, bad, opt).Margin(make([]float32, 6)) {
		t.Error("another seed picks the same rows")
	}
}

func TestEqualValuesShareABinAndAllBinsHaveRows(t *testing.T) {
	col := make([]float32, 10000)
	for i := range col {
		col[i] = float32(i * i)
		if i%2 == 0 {
			col[i] = 7 // half of all
		}
	}
	edges := edgesOf(col, 32)
	if len(edges) < 14 || len(edges) > 31 {
		t.Fatalf("%d edges", len(edges))
	}
	rows := make([]int, len(edges)+1)
	b := bin(context.Background(), NewCores(), Columns{col}, [][]float32{edges}, len(col))
	for i := range col {
		rows[b.bins[0][i]]++
		if got := b.bins[0][i]; col[i] == 7 && got != b.bins[0][0] {
			t.Fatalf("7 is in bins %d and %d", b.bins[0][0], got)
		}
	}
	for i, n := range rows {
		if n == 0 {
			t.Errorf("bin %d is empty", i)
		}
	}
	if few := edgesOf([]float32{3, 1, 2, 2, float32(math.NaN())}, 32); len(few) != 2 || few[0] != 1.5 || few[1] != 2.5 {
		t.Errorf("edges of 1, 2 and 3: %v", few)
	}
}

func TestNothingToLearnFromSaysTheBaseRate(t *testing.T) {
	cols := Columns{{1, 1, 1, 1}, {float32(math.NaN()), 2, 2, 2}}
	for _, bad := range [][]bool{{true, false, false, false}, {false, false, false, false}, {true, true, true, true}} {
		e := mustFit(t, cols, bad, Options{})
		if m := e.Margin([]float32{1, 2}); math.IsNaN(m) || math.IsInf(m, 0) || e.trees != 0 {
			t.Errorf("margin %v of %d trees", m, e.trees)
		}
	}
}

func TestWhatDoesNotFitTogetherIsRefused(t *testing.T) {
	cols, bad := Columns{{1, 2}, {3, 4}}, []bool{true, false}
	nan := math.NaN()
	for name, c := range map[string]struct {
		cols Columns
		bad  []bool
		opt  Options
	}{
		"nothing":        {nil, nil, Options{}},
		"short column":   {Columns{{1, 2}, {3}}, bad, Options{}},
		"depth":          {cols, bad, Options{Depth: 3}},
		"rate":           {cols, bad, Options{Rate: nan}},
		"bins":           {cols, bad, Options{Bins: 256}},
		"row share":      {cols, bad, Options{RowShare: 2}},
		"negative trees": {cols, bad, Options{Trees: -1}},
	} {
		if _, err := Fit(context.Background(), c.cols, c.bad, c.opt, nil); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestCancellingEndsTheFitting(t *testing.T) {
	cols, bad := draw(5000, 5, 12, xor)
	ctx, cancel := context.WithCancel(context.Background())
	last := 0
	_, err := Fit(ctx, cols, bad, Options{Trees: 1000}, func(done, total int) {
		if last = done; done == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || last != 3 {
		t.Errorf("after %d trees: %v", last, err)
	}
}
