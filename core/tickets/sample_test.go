package tickets

import (
	"slices"
	"testing"
	"time"

	"deskwatch/core"
)

func sampleClients() []core.Client {
	var list []core.Client
	for i := range 60 {
		id := "shop_" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		list = append(list, core.Client{Customer: id, Name: id + " Ltd", Email: id + "@example.com"})
	}
	return list
}

func TestTheSampleIsTheSameForTheSameMinute(t *testing.T) {
	now := time.Date(2024, 5, 15, 10, 30, 12, 0, time.UTC)
	if !slices.Equal(Sample(sampleClients(), now), Sample(sampleClients(), now.Add(40*time.Second))) {
		t.Error("two samples of one minute differ")
	}
}

// A sample that is loaded again must not be older than the one that was there, or it would be taken
// for stale.
func TestALaterSampleHasTheSameTicketsLater(t *testing.T) {
	now := time.Date(2024, 5, 15, 10, 30, 0, 0, time.UTC)
	first := map[string]core.Ticket{}
	for _, s := range Sample(sampleClients(), now) {
		first[s.ID] = s
	}
	for days := 1; days <= 8; days++ {
		last := map[string]core.Ticket{}
		for _, s := range Sample(sampleClients(), now.AddDate(0, 0, days)) {
			last[s.ID] = s
		}
		older := 0
		for id, s := range last {
			if s.UpdatedAt.Before(first[id].UpdatedAt) {
				older++
			}
		}
		if older > 0 || len(last) != len(first) {
			t.Errorf("%d days later %d of %d tickets are older than before", days, older, len(last))
		}
	}
}

func TestTheSampleShowsEveryKindOfTicket(t *testing.T) {
	now := time.Date(2024, 5, 15, 10, 30, 0, 0, time.UTC)
	clients := sampleClients()
	states := Sample(clients, now)
	last := map[string]core.Ticket{}
	var before time.Time
	for _, s := range states {
		if s.UpdatedAt.Before(before) || s.UpdatedAt.After(now) || s.CreatedAt.After(s.UpdatedAt) {
			t.Fatalf("%s is told at %v, after %v, now %v", s.ID, s.UpdatedAt, before, now)
		}
		before = s.UpdatedAt
		last[s.ID] = s
	}
	if len(last) != sampleTickets || last[SampleFirst().ID].ID == "" {
		t.Errorf("%d tickets, and the first is %+v", len(last), last[SampleFirst().ID])
	}
	counts := map[string]int{}
	bad := map[string]int{}
	for _, s := range last {
		counts[s.Status.String()]++
		if s.FirstReplyAt.IsZero() {
			counts["unanswered"]++
		}
		if s.Escalated {
			counts["escalated"]++
			bad[s.CustomerID]++
		}
		if s.Reopened > 0 {
			counts["reopened"]++
		}
		if s.Owner == "" {
			counts["unowned"]++
		}
		if s.Rating > 0 {
			counts["rated"]++
		}
		if s.Rating == 1 || s.Rating == 2 {
			bad[s.CustomerID]++
		}
		if now.Sub(s.CreatedAt) > sampleDays*24*time.Hour+72*time.Hour {
			t.Errorf("%s is from %v", s.ID, s.CreatedAt)
		}
		d := dictionary(t, core.TicketMapping{})
		if status, known := d.Status(s.RawStatus); !known || status != s.Status {
			t.Errorf("%s is read as %v, not %v", s.RawStatus, status, s.Status)
		}
		if priority, known := d.Priority(s.RawPriority); !known || priority != s.Priority {
			t.Errorf("%s is read as %v, not %v", s.RawPriority, priority, s.Priority)
		}
	}
	for kind, atLeast := range map[string]int{"new": 8, "open": 8, "closed": 600, "unanswered": 10, "escalated": 40, "reopened": 60, "unowned": 5, "rated": 300} {
		if counts[kind] < atLeast {
			t.Errorf("only %d tickets are %s: %v", counts[kind], kind, counts)
		}
	}
	for id, n := range bad {
		if id != clients[0].Customer && n >= bad[clients[0].Customer] {
			t.Errorf("%s has %d bad marks, the tough customer %d", id, n, bad[clients[0].Customer])
		}
	}
}

func TestHowASampleTicketEndsCanBeSeenBefore(t *testing.T) {
	last := map[string]core.Ticket{}
	for _, s := range Sample(sampleClients(), time.Date(2024, 5, 15, 10, 30, 0, 0, time.UTC)) {
		last[s.ID] = s
	}
	// share is how many of the tickets of a kind ended badly, of those whose end is known.
	share := func(of func(core.Ticket) bool) float64 {
		bad, known := 0, 0
		for _, s := range last {
			if !of(s) || s.Rating == 0 && !s.Escalated {
				continue
			}
			known++
			if s.Escalated || s.Rating < 3 {
				bad++
			}
		}
		if known < 30 {
			t.Fatalf("only %d tickets of a kind", known)
		}
		return float64(bad) / float64(known)
	}
	for name, of := range map[string]func(core.Ticket) bool{
		"answered late":   func(s core.Ticket) bool { return s.FirstReplyAt.Sub(s.CreatedAt) > 10*time.Hour },
		"reopened":        func(s core.Ticket) bool { return s.Reopened > 0 },
		"Dario's":         func(s core.Ticket) bool { return s.Owner == "Dario Vidal" },
		"written angrily": func(s core.Ticket) bool { return slices.Contains(sampleAngry, s.Description) },
		"about Billing":   func(s core.Ticket) bool { return s.Product == "Billing" },
	} {
		with, without := share(of), share(func(s core.Ticket) bool { return !of(s) })
		if with < without+0.1 || with > 0.9 {
			t.Errorf("%.0f %% of the tickets %s end badly and %.0f %% of the others", 100*with, name, 100*without)
		}
	}
}
