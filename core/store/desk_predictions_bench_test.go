package store

import (
	"path/filepath"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

func predictionsOf(b *testing.B) *Predictions {
	b.Helper()
	db, err := Open(b.Context(), filepath.Join(b.TempDir(), DeskFile), KindDesk)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return NewPredictions(db)
}

// BenchmarkSavePredictions keeps the scores of 10,000 tickets with a row of the ledger for each, in
// transactions of 500 as the process that scores does.
func BenchmarkSavePredictions(b *testing.B) {
	p := predictionsOf(b)
	var scores []predict.Score
	var made []predict.Made
	for n := range 10_000 {
		s := scoreOf(n, 0.4)
		s.Reasons = []core.NamedReason{{Reason: "reply_wait", Text: "first reply took 3× this customer's usual wait", Points: -18, Ratio: 3}, {Reason: "owner", Subject: "Ana", Points: -4}, {Reason: "silence", Points: 3}}
		s.Help = []core.Help{{Action: core.HelpReply, Text: "reply now: 42 → 58", From: 42, To: 58}}
		scores, made = append(scores, s), append(made, madeOf(n, noon, core.MomentTime, 0.4))
	}
	for b.Loop() {
		for from := 0; from < len(scores); from += 500 {
			for i := from; i < from+500; i++ {
				made[i].At = made[i].At.Add(time.Hour)
			}
			if err := p.Save(b.Context(), scores[from:from+500], made[from:from+500]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(scores))/b.Elapsed().Seconds(), "tickets/s")
}

// BenchmarkScores reads the scores of 100,000 tickets, as a process does that begins.
func BenchmarkScores(b *testing.B) {
	p := predictionsOf(b)
	var scores []predict.Score
	for n := range 100_000 {
		scores = append(scores, scoreOf(n, 0.4))
	}
	if err := p.Save(b.Context(), scores, nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		if _, err := p.Scores(b.Context(), 0, func(batch []predict.Score, _ bool) error { n += len(batch); return nil }); err != nil || n != len(scores) {
			b.Fatal(n, err)
		}
	}
}
