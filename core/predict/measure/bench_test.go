package measure

import "testing"

func BenchmarkBootstrapDifference(b *testing.B) {
	next := numbers()
	var s, o []float64
	var bad []bool
	for range 30000 {
		is := next() < 0.1
		bad = append(bad, is)
		s, o = append(s, next()), append(o, next())
	}
	for b.Loop() {
		BootstrapDifference(s, o, bad, 100, 1)
	}
}
