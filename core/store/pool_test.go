package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

var poolNoon = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

func newPool(t *testing.T) *Pool {
	return NewPool(openAt(t, filepath.Join(t.TempDir(), PoolFile), KindPool))
}

// poolTicket is ticket i of a source, as it was at poolNoon.
func poolTicket(i int) core.Ticket {
	return core.Ticket{
		ID: fmt.Sprintf("500%03d", i), Number: fmt.Sprintf("TS%04d", i), Subject: "Spark job lost", Description: "It does not come back.",
		Status: core.TicketNew, RawStatus: "Neu", Priority: core.PriorityHigh, RawPriority: "P2", Product: "Spark EE",
		CustomerID: "acme", Customer: "Acme", Email: "it@acme.example", Owner: "ana", Channel: "Web",
		CreatedAt: poolNoon.Add(-time.Hour), UpdatedAt: poolNoon,
	}
}

func poolStart() tickets.TakeStart {
	return tickets.TakeStart{Source: "sf", At: poolNoon.Add(time.Minute)}
}

// take takes a snapshot whole, and looks through the file afterwards.
func take(t *testing.T, p *Pool, start tickets.TakeStart, list ...core.Ticket) tickets.Taken {
	t.Helper()
	taken := takeMany(t, p, start, list)
	agree(t, p)
	return taken
}

// takeMany takes a snapshot that is too large to look through.
func takeMany(t *testing.T, p *Pool, start tickets.TakeStart, list []core.Ticket) tickets.Taken {
	t.Helper()
	k, err := p.Begin(t.Context(), start)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	if err := k.Put(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	taken, err := k.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// agree fails when the words of the file are not those of its texts, or the file is damaged.
func agree(t *testing.T, p *Pool) {
	t.Helper()
	if _, err := p.db.wsql.ExecContext(t.Context(), "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)"); err != nil {
		t.Fatal("words and texts disagree: ", err)
	}
	if err := p.db.IntegrityCheck(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func sure[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func facts(t *testing.T, p *Pool, after int64) map[uint32]tickets.Fact {
	t.Helper()
	found := map[uint32]tickets.Fact{}
	err := p.Facts(t.Context(), after, func(batch []tickets.Fact) error {
		for _, f := range batch {
			found[f.No] = f
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func allEvents(t *testing.T, p *Pool, q core.TicketEventQuery) []core.TicketEvent {
	t.Helper()
	return sure[[]core.TicketEvent](t)(p.Events(t.Context(), q))
}

func eventKinds(list []core.TicketEvent) string {
	var kinds []string
	for _, e := range list {
		kinds = append(kinds, fmt.Sprintf("%d %s", e.No, e.Kind))
	}
	return strings.Join(kinds, ", ")
}

func TestATicketIsReadAsItWasTaken(t *testing.T) {
	p := newPool(t)
	full := poolTicket(1)
	full.Status, full.RawStatus, full.ClosedAt = core.TicketClosed, "Zu", poolNoon
	full.FirstReplyAt, full.Escalated, full.Reopened, full.Rating = poolNoon.Add(-30*time.Minute), true, 3, 5
	bare := core.Ticket{ID: "x"}
	take(t, p, poolStart(), full, bare)

	full.No, full.Source = 1, "sf"
	got, history, err := p.Ticket(t.Context(), 1)
	if err != nil || got != full {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, full)
	}
	if !slices.Equal(history, []core.StatusStep{{At: poolNoon, Status: core.TicketClosed, RawStatus: "Zu"}}) {
		t.Errorf("history %+v", history)
	}
	bare.No, bare.Source, bare.Number = 2, "sf", "x"
	if got, _, err := p.Ticket(t.Context(), 2); err != nil || got != bare {
		t.Errorf("%v: got %+v, want %+v", err, got, bare)
	}
	full.Description = ""
	if got := sure[[]core.Ticket](t)(p.Tickets(t.Context(), []uint32{2, 99, 1})); !slices.Equal(got, []core.Ticket{bare, full}) {
		t.Errorf("tickets %+v", got)
	}
	if _, _, err := p.Ticket(t.Context(), 3); core.ErrorCode(err) != core.CodeNotFound {
		t.Error("an unknown number: ", err)
	}
	if _, err := p.Tickets(t.Context(), make([]uint32, 1001)); core.ErrorCode(err) != core.CodeInvalid {
		t.Error("too many numbers: ", err)
	}
}

func TestFactsCustomersAndNamesAreThoseOfTheTicket(t *testing.T) {
	p := newPool(t)
	one := poolTicket(1)
	one.FirstReplyAt, one.Escalated, one.Reopened, one.Rating = poolNoon.Add(-30*time.Minute), true, 3, 5
	take(t, p, poolStart(), one, core.Ticket{ID: "x"})
	names := map[uint32]string{0: ""}
	for _, n := range sure[[]tickets.Name](t)(p.Names(t.Context(), 0)) {
		names[n.No] = n.Text
	}
	f := facts(t, p, 0)
	got := f[1]
	if names[got.Source] != "sf" || names[got.Product] != one.Product || names[got.Owner] != one.Owner || names[got.RawStatus] != one.RawStatus ||
		names[got.Channel] != one.Channel || got.Assigned != 0 {
		t.Errorf("names %v of %+v", names, got)
	}
	if got.Status != one.Status || got.Priority != one.Priority || !got.Escalated || got.Gone || got.Reopened != 3 || got.Rating != 5 ||
		got.Created != one.CreatedAt.Unix() || got.Updated != one.UpdatedAt.Unix() || got.FirstReply != one.FirstReplyAt.Unix() || got.Closed != 0 {
		t.Errorf("fact %+v of %+v", got, one)
	}
	if got.SubjectKey != tickets.SubjectKey(one.Subject) || got.SubjectKey == 0 || got.NumberKey != tickets.NumberKey(one.Number) || got.NumberKey == 0 {
		t.Errorf("keys %d and %d", got.SubjectKey, got.NumberKey)
	}
	want := []tickets.CustomerFact{{TicketCustomer: core.TicketCustomer{No: 1, Key: core.CustomerKey{Source: "sf", ID: "acme"}, Name: "Acme", Email: "it@acme.example"}, Rev: got.Rev}}
	if list := sure[[]tickets.CustomerFact](t)(p.Customers(t.Context(), 0)); !slices.Equal(list, want) || got.Customer != 1 {
		t.Errorf("customers %+v", list)
	}
	if bare := f[2]; bare.Product != 0 || bare.Owner != 0 || bare.Customer != 0 || bare.Created != 0 || names[bare.Source] != "sf" {
		t.Errorf("fact of a ticket that says nothing: %+v", bare)
	}
}

func TestOnlyWhatChangedHasAHigherRevision(t *testing.T) {
	p := newPool(t)
	other := NewPool(openAt(t, p.db.Path(), KindPool)) // another process shares the file only
	take(t, p, poolStart(), poolTicket(1), poolTicket(2), poolTicket(3))
	first := sure[int64](t)(other.Revision(t.Context()))
	if taken := take(t, p, poolStart(), poolTicket(1), poolTicket(2), poolTicket(3)); taken.Unchanged != 3 || taken.SnapshotCounts.Events != 0 {
		t.Fatalf("the same again: %+v", taken)
	}
	if rev := sure[int64](t)(other.Revision(t.Context())); rev != first {
		t.Fatalf("nothing changed, and revision %d became %d", first, rev)
	}
	two := poolTicket(2)
	two.Owner = "ben"
	take(t, other, poolStart(), two)
	second := sure[int64](t)(p.Revision(t.Context()))
	f := facts(t, p, first)
	if second <= first || len(f) != 1 || f[2].Rev != second {
		t.Fatalf("revision %d, facts %+v", second, f)
	}
	if names := sure[[]tickets.Name](t)(p.Names(t.Context(), first)); len(names) != 1 || names[0].Text != "ben" || names[0].No != f[2].Owner {
		t.Fatalf("names %+v", names)
	}
	if list := sure[[]tickets.CustomerFact](t)(p.Customers(t.Context(), first)); len(list) != 0 {
		t.Fatalf("customers %+v", list)
	}
	two.Email = "help@acme.example"
	take(t, p, poolStart(), two)
	third := sure[int64](t)(p.Revision(t.Context()))
	list := sure[[]tickets.CustomerFact](t)(p.Customers(t.Context(), second))
	if third <= second || len(list) != 1 || list[0].Email != two.Email || list[0].Rev != third || len(facts(t, p, second)) != 0 {
		t.Fatalf("revision %d, customers %+v", third, list)
	}
}

func TestATextHasTheRevisionItChangedAt(t *testing.T) {
	p := newPool(t)
	one := poolTicket(1)
	one.Subject = "zz top" // a key above the highest number with a sign
	take(t, p, poolStart(), one, poolTicket(2))
	first := facts(t, p, 0)[1]
	if first.TextRev != first.Rev || first.Rev == 0 || first.SubjectKey <= 1<<63 {
		t.Fatalf("new: %+v", first)
	}
	one.Owner = "ben"
	take(t, p, poolStart(), one)
	second := facts(t, p, 0)[1]
	if second.TextRev != first.Rev || second.Rev <= first.Rev || second.SubjectKey != first.SubjectKey {
		t.Fatalf("another owner: %+v", second)
	}
	sure[[]core.TicketEvent](t)(p.Assign(t.Context(), []uint32{1}, "eva", poolNoon))
	if f := facts(t, p, 0)[1]; f.TextRev != first.Rev || f.Rev <= second.Rev || f.NumberKey != first.NumberKey {
		t.Fatalf("assigned: %+v", f)
	}
	one.Subject, one.Number = "Aaa", "TS7"
	take(t, p, poolStart(), one)
	if f := facts(t, p, 0)[1]; f.TextRev != f.Rev || f.SubjectKey != tickets.SubjectKey("Aaa") || f.NumberKey != tickets.NumberKey("TS7") {
		t.Fatalf("another subject: %+v", f)
	}
}

func TestCustomersWhoseTicketsDisagreeChangeOnce(t *testing.T) {
	p := newPool(t)
	one, two := poolTicket(1), poolTicket(2)
	two.Email = "eva@acme.example"
	take(t, p, poolStart(), one, two)
	rev := sure[int64](t)(p.Revision(t.Context()))
	if taken := take(t, p, poolStart(), one, two); taken.Unchanged != 2 {
		t.Fatalf("%+v", taken)
	}
	if now := sure[int64](t)(p.Revision(t.Context())); now != rev {
		t.Fatal("the same snapshot again changed the customer")
	}
}

func TestASilentBaselineTellsNobody(t *testing.T) {
	p := newPool(t)
	taken := take(t, p, poolStart(), poolTicket(1), poolTicket(2))
	if !taken.Baseline || len(taken.Events) != 0 || taken.New != 2 || taken.SnapshotCounts.Events != 2 {
		t.Fatalf("first load: %+v", taken)
	}
	list := allEvents(t, p, core.TicketEventQuery{})
	if eventKinds(list) != "1 created, 2 created" || !list[0].Silent || list[0].To != "Neu" || !list[0].At.Equal(poolNoon.Add(-time.Hour)) || !list[0].SeenAt.Equal(poolNoon.Add(time.Minute)) {
		t.Fatalf("events %+v", list)
	}
	taken = take(t, p, poolStart(), poolTicket(3))
	if taken.Baseline || eventKinds(taken.Events) != "3 created" || taken.Events[0].Seq != 3 || taken.Events[0].Source != "sf" ||
		taken.Events[0].TicketID != "500003" || taken.Events[0].Number != "TS0003" {
		t.Fatalf("second load: %+v", taken)
	}
	if list := allEvents(t, p, core.TicketEventQuery{Audible: true}); !slices.Equal(list, taken.Events) {
		t.Fatalf("kept %+v, told %+v", list, taken.Events)
	}
	loud := tickets.TakeStart{Source: "new desk", At: poolNoon, Loud: true}
	if taken := take(t, p, loud, poolTicket(1)); taken.Baseline || eventKinds(taken.Events) != "4 created" {
		t.Fatalf("a loud first load: %+v", taken)
	}
	if n := sure[map[string]int64](t)(p.CountBySource(t.Context())); n["sf"] != 3 || n["new desk"] != 1 || len(n) != 2 {
		t.Fatalf("counts %v", n)
	}
}

func TestALargeSnapshotHandsBackItsFirstThousandEvents(t *testing.T) {
	p := newPool(t)
	var list []core.Ticket
	for i := range 1100 {
		list = append(list, poolTicket(i))
	}
	start := poolStart()
	start.Loud = true
	taken := take(t, p, start, list...)
	if len(taken.Events) != 1000 || taken.SnapshotCounts.Events != 1100 || taken.Events[999].No != 1000 {
		t.Fatalf("%d events handed back of %d", len(taken.Events), taken.SnapshotCounts.Events)
	}
}

func TestAReplayKeepsTheHistoryOfTheFile(t *testing.T) {
	p := newPool(t)
	start := tickets.TakeStart{Source: "log", At: poolNoon.Add(1000 * time.Hour), Replay: true}
	var rows []core.Ticket
	var want []core.StatusStep
	for i, raw := range []string{"New", "Active", "Active", "Awaiting User Info", "Active", "Resolved", "Closed"} {
		r := poolTicket(1)
		r.RawStatus = raw
		r.Status = map[string]core.TicketStatus{"New": core.TicketNew, "Active": core.TicketOpen, "Awaiting User Info": core.TicketPending,
			"Resolved": core.TicketResolved, "Closed": core.TicketClosed}[raw]
		r.UpdatedAt = poolNoon.Add(time.Duration(i) * time.Hour)
		rows = append(rows, r)
		if i == 0 || raw != rows[i-1].RawStatus {
			want = append(want, core.StatusStep{At: r.UpdatedAt, Status: r.Status, RawStatus: raw})
		}
	}
	taken := take(t, p, start, rows...)
	if taken.Baseline || taken.New != 1 || taken.Changed != 6 || len(taken.Events) != 0 {
		t.Fatalf("%+v", taken)
	}
	_, history, err := p.Ticket(t.Context(), 1)
	if err != nil || !slices.Equal(history, want) {
		t.Fatalf("%v: %+v", err, history)
	}
	if f := facts(t, p, 0)[1]; !slices.Equal(f.History, want) {
		t.Fatalf("fact's history %+v", f.History)
	}
	list := allEvents(t, p, core.TicketEventQuery{})
	if eventKinds(list) != "1 created, 1 status, 1 status, 1 status, 1 status, 1 status, 1 closed" {
		t.Fatal(eventKinds(list))
	}
	for _, e := range list {
		if !e.Silent || !e.SeenAt.Equal(e.At) {
			t.Errorf("%+v", e)
		}
	}
	if taken := take(t, p, start, rows...); taken.Stale != 6 || taken.Unchanged != 1 || taken.SnapshotCounts.Events != 0 {
		t.Fatalf("the same log again: %+v", taken)
	}
}

func TestTheHistoryIsAFactUntilTheFirstReply(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1))
	if f := facts(t, p, 0)[1]; f.History != nil {
		t.Fatalf("one status: %+v", f.History)
	}
	next := poolTicket(1)
	next.Status, next.RawStatus, next.UpdatedAt = core.TicketPending, "Wartet", poolNoon.Add(time.Hour)
	take(t, p, poolStart(), next)
	if f := facts(t, p, 0)[1]; len(f.History) != 2 || f.History[0].RawStatus != "Neu" || !f.History[1].At.Equal(next.UpdatedAt) {
		t.Fatalf("two: %+v", f.History)
	}
	next.FirstReplyAt = next.UpdatedAt
	take(t, p, poolStart(), next)
	if f := facts(t, p, 0)[1]; f.History != nil {
		t.Fatalf("answered: %+v", f.History)
	}
	if _, history, err := p.Ticket(t.Context(), 1); err != nil || len(history) != 2 {
		t.Fatalf("%v: %+v", err, history)
	}
}

func TestTheHistoryOfAnAnsweredTicketIsAFactWhereItsClockMayHaveStood(t *testing.T) {
	p := newPool(t)
	row := poolTicket(1)
	waits := row
	waits.Status, waits.RawStatus, waits.UpdatedAt = core.TicketPending, "Wartet", poolNoon.Add(time.Hour)
	answered := waits
	answered.UpdatedAt, answered.FirstReplyAt = poolNoon.Add(4*time.Hour), poolNoon.Add(4*time.Hour)
	take(t, p, poolStart(), row, waits, answered)
	if f := facts(t, p, 0)[1]; len(f.History) != 2 || f.FirstReply != answered.FirstReplyAt.Unix() {
		t.Fatalf("answered after it waited: %+v", f)
	}
}

func TestAHistoryIsBounded(t *testing.T) {
	p := newPool(t)
	var rows []core.Ticket
	for i := range maxHistory + 50 {
		r := poolTicket(1)
		r.RawStatus, r.UpdatedAt = fmt.Sprint("step ", i%7), poolNoon.Add(time.Duration(i)*time.Second)
		rows = append(rows, r)
	}
	take(t, p, poolStart(), rows...)
	_, history, err := p.Ticket(t.Context(), 1)
	if err != nil || len(history) != maxHistory || history[0].RawStatus != "step 0" || !history[0].At.Equal(poolNoon) || !history[maxHistory-1].At.Equal(rows[len(rows)-1].UpdatedAt) {
		t.Fatalf("%v: %d steps", err, len(history))
	}
}

func TestATicketMissingFromAFullSnapshotIsGoneAndMayReturn(t *testing.T) {
	p := newPool(t)
	full := poolStart()
	full.Full = true
	take(t, p, full, poolTicket(1), poolTicket(2), poolTicket(3))
	take(t, p, tickets.TakeStart{Source: "other", At: poolNoon}, poolTicket(9))
	rev := sure[int64](t)(p.Revision(t.Context()))

	if taken := take(t, p, poolStart(), poolTicket(1)); taken.Gone != 0 {
		t.Fatalf("a snapshot that is not full: %+v", taken)
	}
	late := full
	late.At = full.At.Add(-time.Hour)
	if taken := take(t, p, late, poolTicket(1)); taken.Gone != 0 {
		t.Fatalf("a full snapshot older than the newest: %+v", taken)
	}
	taken := take(t, p, full, poolTicket(1), poolTicket(3))
	if taken.Gone != 1 || eventKinds(taken.Events) != "2 gone" || !taken.Events[0].At.Equal(full.At) || taken.Events[0].Number != "TS0002" || taken.Events[0].TicketID != "500002" {
		t.Fatalf("%+v", taken)
	}
	f := facts(t, p, rev)
	if len(f) != 1 || !f[2].Gone {
		t.Fatalf("facts %+v", f)
	}
	if got, _, err := p.Ticket(t.Context(), 2); err != nil || !got.Gone {
		t.Fatalf("%v: %+v", err, got)
	}
	if taken := take(t, p, full, poolTicket(1), poolTicket(3)); taken.Gone != 0 {
		t.Fatalf("it went a second time: %+v", taken)
	}
	if taken := take(t, p, full, poolTicket(1), poolTicket(2), poolTicket(3)); eventKinds(taken.Events) != "2 returned" {
		t.Fatalf("%+v", taken)
	}
	if facts(t, p, 0)[2].Gone {
		t.Fatal("it returned and is gone still")
	}
}

func TestATicketMayComeAgainInTheSameSnapshot(t *testing.T) {
	p := newPool(t)
	next := poolTicket(1)
	next.Owner = "ben"
	start := poolStart()
	start.Loud, start.Full = true, true
	taken := take(t, p, start, poolTicket(1), next)
	if taken.New != 1 || taken.Changed != 1 || taken.Tickets != 2 || taken.Gone != 0 || eventKinds(taken.Events) != "1 created, 1 owner" {
		t.Fatalf("%+v", taken)
	}
}

func TestAStaleTicketChangesNothing(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1))
	rev := sure[int64](t)(p.Revision(t.Context()))
	old := poolTicket(1)
	old.UpdatedAt, old.Subject, old.CustomerID, old.Owner = poolNoon.Add(-time.Second), "Nothing lost", "other", "eva"
	if taken := take(t, p, poolStart(), old); taken.Stale != 1 || taken.Changed != 0 || taken.SnapshotCounts.Events != 0 {
		t.Fatalf("%+v", taken)
	}
	if now := sure[int64](t)(p.Revision(t.Context())); now != rev {
		t.Fatal("a stale ticket made a revision")
	}
}

func TestTextsAreCutAtALetter(t *testing.T) {
	p := newPool(t)
	long := poolTicket(1)
	long.Subject, long.Description, long.Product = strings.Repeat("ä", 1000), "x"+strings.Repeat("ö", 20<<10), strings.Repeat("p", 300)
	take(t, p, poolStart(), long)
	got, _, err := p.Ticket(t.Context(), 1)
	if err != nil || got.Subject != strings.Repeat("ä", 500) || got.Description != long.Description[:32<<10-1] || len(got.Product) != 250 {
		t.Fatalf("%v: subject %d, description %d, product %d bytes", err, len(got.Subject), len(got.Description), len(got.Product))
	}
	if taken := take(t, p, poolStart(), long); taken.Unchanged != 1 {
		t.Fatalf("the same again: %+v", taken)
	}
}

func TestATicketWithoutIDIsRefused(t *testing.T) {
	p := newPool(t)
	k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart()))
	defer k.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	err := k.Put(t.Context(), []core.Ticket{poolTicket(1), {Number: "TS0007"}})
	if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), "TS0007") {
		t.Fatal(err)
	}
	if _, err := k.Commit(t.Context()); core.ErrorCode(err) != core.CodeInvalid {
		t.Fatal("committed after a failure: ", err)
	}
	if _, err := p.Begin(t.Context(), tickets.TakeStart{}); core.ErrorCode(err) != core.CodeInvalid {
		t.Fatal("a source without a name: ", err)
	}
}
