package predict

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"
)

// BenchmarkTrain trains on made tickets of a desk, each at all of its moments.
func BenchmarkTrain(b *testing.B) {
	for _, n := range []int{12_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("takes a minute")
			}
			lives := madeLives(n, 1)
			b.ReportAllocs()
			before, _ := used(b)
			for b.Loop() {
				out, err := Train(context.Background(), madeSchema, lives, madeOptions, nil)
				if err != nil || out.Refused != "" {
					b.Fatal(err, out.Text)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "tickets/s")
			processors, peak := used(b)
			b.ReportMetric((processors-before)/float64(b.N), "cpu-s/op")
			b.ReportMetric(peak, "peak-MB")
		})
	}
}

// used is what this process has used of the processors, in seconds, and of the memory at most.
func used(b *testing.B) (seconds, peak float64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds(), float64(u.Maxrss) / 1024
}

// BenchmarkScore scores made tickets after their first reply.
func BenchmarkScore(b *testing.B) {
	s, lives := madeScorer(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		l := &lives[i%len(lives)]
		s.Risk(l, l.Created+7200)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkExplain says why, and what would help with five other owners.
func BenchmarkExplain(b *testing.B) {
	s, lives := madeScorer(b)
	owners := []string{"Owner 1", "Owner 2", "Owner 3", "Owner 4", "Owner 5"}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		l := &lives[i%len(lives)]
		s.Explain(l, l.Created+7200, owners)
		i++
	}
}

// BenchmarkDigest digests a text of a hundred words.
func BenchmarkDigest(b *testing.B) {
	text := ""
	for i := range 100 {
		text += fmt.Sprintf("word%d ", i*7%40)
	}
	b.ReportAllocs()
	for b.Loop() {
		Digest("The lamp does not work again", text)
	}
}
