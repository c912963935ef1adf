package store

import (
	"fmt"
	"testing"

	"deskwatch/core"
	"deskwatch/core/alert"
)

// BenchmarkARunOverAHundredThousandBreaches is the heaviest thing the desk is asked for: the
// first run of a rule over years of orders.
func BenchmarkARunOverAHundredThousandBreaches(b *testing.B) {
	db, err := Open(b.Context(), b.TempDir()+"/"+DeskFile, KindDesk)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	l := NewLedger(db)
	run := alert.RunRecord{RuleID: 1, At: noon}
	for i := range 100_000 {
		c := fmt.Sprintf("customer-name_%d", i)
		run.Decisions = append(run.Decisions, core.Decision{At: noon, RuleName: "Cancelled or returned", Customer: c, Period: june, Count: 3, Action: core.ActionHold, Reason: core.ReasonBaseline})
		run.Alerted = append(run.Alerted, core.Alerted{Customer: c, Period: june, Count: 3, At: noon})
	}
	b.Run("record", func(b *testing.B) {
		for b.Loop() {
			if err := l.Record(b.Context(), run); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("alerted", func(b *testing.B) {
		for b.Loop() {
			if m, err := l.Alerted(b.Context(), 1); err != nil || len(m) != 100_000 {
				b.Fatal(len(m), err)
			}
		}
	})
	b.Run("latest", func(b *testing.B) {
		for b.Loop() {
			if m, err := l.LatestDecisions(b.Context(), 1); err != nil || len(m) != 100_000 {
				b.Fatal(len(m), err)
			}
		}
	})
}

// BenchmarkUsersRevision is what every process asks twice a second.
func BenchmarkUsersRevision(b *testing.B) {
	db, err := Open(b.Context(), b.TempDir()+"/"+DeskFile, KindDesk)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	users := NewUsers(db)
	for b.Loop() {
		if _, err := users.Revision(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
