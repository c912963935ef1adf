package boost

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestKeysAreSortedAsTheirValuesAre(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	values := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(-1)), float32(math.Inf(1)), -math.MaxFloat32, math.SmallestNonzeroFloat32}
	for range 5000 {
		values = append(values, float32(r.NormFloat64()), float32(r.NormFloat64()*1e30), float32(r.IntN(5)))
	}
	keys := make([]int32, len(values))
	for i, v := range values {
		keys[i] = ordered(v)
	}
	slices.Sort(values)
	for i, k := range sortKeys(keys) {
		if unordered(k) != values[i] {
			t.Fatalf("%v comes as number %d, where %v is", unordered(k), i, values[i])
		}
	}
}

func BenchmarkEdges(b *testing.B) {
	cols, _ := wide(12_000)
	for b.Loop() {
		edgesOf(cols[0], 64)
	}
}
