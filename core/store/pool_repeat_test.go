package store

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// states are what a source says of ticket 1 in one minute, by owner.
func states(owners ...string) []core.Ticket {
	var list []core.Ticket
	for _, owner := range owners {
		t := poolTicket(1)
		t.Owner = owner
		list = append(list, t)
	}
	return list
}

func TestTwoStatesOfTheSameMinuteChangeNothingWhenTheyAreRepeated(t *testing.T) {
	p := newPool(t)
	full := poolStart()
	full.Full = true
	owners := []string{"ana", "ben", "ana", "eva"}
	take(t, p, full, states(owners...)...)
	before := poolState(t, p)
	taken := take(t, p, full, states(owners...)...)
	if taken.Changed != 0 || taken.SnapshotCounts.Events != 0 || taken.Stale != 3 || taken.Unchanged != 1 || taken.Tickets != 4 || taken.Gone != 0 {
		t.Fatalf("%+v", taken)
	}
	if poolState(t, p) != before {
		t.Fatal("the repeated snapshot changed the pool")
	}
	// What follows the state that is kept is news, in the order it came.
	taken = take(t, p, full, append(states(append(owners, "ina", "ben")...), poolTicket(2))...)
	if eventKinds(taken.Events) != "1 owner, 1 owner, 2 created" && eventKinds(taken.Events) != "2 created, 1 owner, 1 owner" || taken.Changed != 2 || taken.Stale != 3 {
		t.Fatalf("%+v", taken)
	}
	if got, _, err := p.Ticket(t.Context(), 1); err != nil || got.Owner != "ben" {
		t.Fatalf("%v: %+v", err, got)
	}
}

func TestAStateOfTheSameMinuteIsNewsWhenTheSnapshotDoesNotTakeItBack(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1), poolTicket(2))
	later := poolTicket(1)
	later.Owner, later.Subject, later.UpdatedAt = "ina", "Nothing runs", poolNoon.Add(time.Hour)
	two := poolTicket(2)
	two.Owner = "eva"
	taken := take(t, p, poolStart(), append(states("ben", "ana", "eva"), later, two)...)
	if eventKinds(taken.Events) != "1 owner, 1 owner, 2 owner" || taken.Events[0].To != "eva" || taken.Events[1].To != "ina" || taken.Stale != 1 || taken.Unchanged != 1 {
		t.Fatalf("%+v", taken)
	}
}

func TestAGoneTicketReturnsWithAStateOfTheSameMinute(t *testing.T) {
	p := newPool(t)
	full := poolStart()
	full.Full = true
	take(t, p, full, states("ana", "ben")...)
	take(t, p, full)
	taken := take(t, p, full, states("ana", "ben")...)
	if eventKinds(taken.Events) != "1 returned" || taken.Stale != 1 || taken.Changed != 1 {
		t.Fatalf("%+v", taken)
	}
}

func TestASourceWithoutTimesIsBelieved(t *testing.T) {
	p := newPool(t)
	timeless := func(owner string) core.Ticket {
		x := states(owner)[0]
		x.CreatedAt, x.UpdatedAt = time.Time{}, time.Time{}
		return x
	}
	for _, owner := range []string{"ana", "ben", "ana"} {
		take(t, p, poolStart(), timeless(owner))
		if got, _, err := p.Ticket(t.Context(), 1); err != nil || got.Owner != owner {
			t.Fatalf("%v: %q, want %q", err, got.Owner, owner)
		}
	}
}

func TestMoreDoubtsThanAreHeldBackAreNews(t *testing.T) {
	p := newPool(t)
	list := make([]core.Ticket, maxDoubts+100)
	for i := range list {
		list[i] = poolTicket(i)
	}
	takeMany(t, p, poolStart(), list)
	for i := range list {
		list[i].Owner = "ben"
	}
	taken := takeMany(t, p, poolStart(), list)
	if taken.Changed != int64(len(list)) || taken.SnapshotCounts.Events != int64(len(list)) {
		t.Fatalf("%+v", taken)
	}
	for i, e := range taken.Events {
		if e.No != uint32(i+1) {
			t.Fatalf("event %d is of ticket %d", i, e.No)
		}
	}
}

// incidentLog is what the incident log says, in time order, of the tickets whose last minute has
// several rows.
func incidentLog(t *testing.T) []core.Ticket {
	t.Helper()
	if testing.Short() {
		t.Skip("the real log is read in the long run")
	}
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "tickets", "incidents_first60pct.csv.gz"))
	if err != nil {
		t.Skip("no incident log here: ", err)
	}
	defer f.Close()
	z := sure[*gzip.Reader](t)(gzip.NewReader(f))
	rows := sure[[][]string](t)(csv.NewReader(z).ReadAll())
	col := func(name string) int { return slices.Index(rows[0], name) }
	number, status, owner, product, updated, customer := col("number"), col("incident_state"), col("assigned_to"), col("category"), col("sys_updated_at"), col("caller_id")
	times := map[string][]time.Time{}
	for _, r := range rows[1:] {
		times[r[number]] = append(times[r[number]], sure[time.Time](t)(time.Parse("2/1/2006 15:04", r[updated])))
	}
	var list []core.Ticket
	for _, r := range rows[1:] {
		of := times[r[number]]
		if last := slices.MaxFunc(of, time.Time.Compare); len(of)-len(slices.DeleteFunc(slices.Clone(of), last.Equal)) < 2 {
			continue
		}
		at := sure[time.Time](t)(time.Parse("2/1/2006 15:04", r[updated]))
		list = append(list, core.Ticket{ID: r[number], Number: r[number], RawStatus: r[status], Owner: r[owner], Product: r[product], CustomerID: r[customer],
			Status: core.TicketOpen, UpdatedAt: at})
	}
	slices.SortStableFunc(list, func(a, b core.Ticket) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	return list
}

func TestAnIncidentLogReplayedAgainChangesNothing(t *testing.T) {
	log := incidentLog(t)
	p := newPool(t)
	start := tickets.TakeStart{Source: "log", At: poolNoon, Replay: true}
	first := take(t, p, start, log...)
	if first.Changed < 100 {
		t.Fatalf("%+v", first)
	}
	before := fmt.Sprint(sure[int64](t)(p.Revision(t.Context())), sure[int64](t)(p.LastEvent(t.Context())), facts(t, p, 0))
	again := take(t, p, start, log...)
	if again.New != 0 || again.Changed != 0 || again.SnapshotCounts.Events != 0 || again.Tickets != int64(len(log)) || again.Stale+again.Unchanged != again.Tickets {
		t.Fatalf("first %+v, again %+v", first, again)
	}
	if after := fmt.Sprint(sure[int64](t)(p.Revision(t.Context())), sure[int64](t)(p.LastEvent(t.Context())), facts(t, p, 0)); after != before {
		t.Fatal("the pool changed")
	}
}
