package boost

import (
	"fmt"
	"math"
	"testing"
)

func wide(rows int) (Columns, []bool) {
	return draw(rows, 80, 20, func(row []float32) float64 {
		sum := -2.0
		for f := range 40 {
			sum += math.Sin(float64(f)*float64(row[f])) / 8
		}
		return sum + xor(row)/4
	})
}

func BenchmarkFit(b *testing.B) {
	for _, rows := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			cols, bad := wide(rows)
			for b.Loop() {
				mustFit(b, cols, bad, Options{})
			}
		})
	}
}

func BenchmarkMargin(b *testing.B) {
	cols, bad := wide(10_000)
	e := mustFit(b, cols, bad, Options{})
	rows := make([][]float32, 1000)
	for i := range rows {
		rows[i] = rowOf(cols, i, nil)
	}
	out := make([]float64, 80)
	b.Run("Margin", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			e.Margin(rows[i%1000])
			i++
		}
	})
	b.Run("Contributions", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			e.Contributions(rows[i%1000], out)
			i++
		}
	})
}
