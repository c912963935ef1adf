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
	for kind, atLeast := range map[string]int{"new": 8, "open": 5, "closed": 150, "unanswered": 10, "escalated": 5, "reopened": 10, "unowned": 5, "rated": 80} {
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
