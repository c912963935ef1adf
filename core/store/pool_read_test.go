package store

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

func matches(t *testing.T, p *Pool, match string, after uint32) []uint32 {
	t.Helper()
	var found []uint32
	if err := p.Match(t.Context(), match, after, func(no uint32) { found = append(found, no) }); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWordsAreFoundInNumberSubjectAndDescription(t *testing.T) {
	p := newPool(t)
	one, two, three := poolTicket(1), poolTicket(2), poolTicket(3)
	one.Subject, two.Description, three.Subject, three.Description = "Der Jöb ist weg", "spark lost the job", "", ""
	take(t, p, poolStart(), one, two, three)
	for match, want := range map[string][]uint32{
		`"job"`: {1, 2}, `"JÖB"`: {1, 2}, `"ts0003"`: {3}, `"lost the job"`: {2}, `"the lost job"`: nil,
		`"spark" NOT "job"`: nil, `"jo"*`: {1, 2}, `description : "job"`: {2}, `"job" OR "TS0003"`: {1, 2, 3}, `"nowhere"`: nil,
	} {
		if found := matches(t, p, match, 0); !slices.Equal(found, want) {
			t.Errorf("%s found %v, want %v", match, found, want)
		}
	}
	if found := matches(t, p, `"job" OR "TS0003"`, 1); !slices.Equal(found, []uint32{2, 3}) {
		t.Errorf("above 1: %v", found)
	}
	err := p.Match(t.Context(), `"open`, 0, func(uint32) {})
	if core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("a search that cannot be read: %v", err)
	}
}

func TestWordsFollowTheTexts(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1))
	changed := poolTicket(1)
	changed.Subject, changed.Number = "Kafka job slow", "NEW-7"
	take(t, p, poolStart(), changed)
	for match, want := range map[string][]uint32{`"spark"`: nil, `"kafka"`: {1}, `"TS0001"`: nil, `"new-7"`: {1}, `"come back"`: {1}} {
		if found := matches(t, p, match, 0); !slices.Equal(found, want) {
			t.Errorf("%s found %v, want %v", match, found, want)
		}
	}
	take(t, p, poolStart(), poolTicket(1)) // back to what it was
	if found := matches(t, p, `"spark"`, 0); !slices.Equal(found, []uint32{1}) || matches(t, p, `"kafka"`, 0) != nil {
		t.Error("the old texts are not found again")
	}
}

func TestATicketIsFoundByKeyIDAndNumber(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1), poolTicket(2))
	same := poolTicket(1)
	same.Number = "500002"
	odd := core.Ticket{ID: "a:b"}
	take(t, p, tickets.TakeStart{Source: "x:y", At: poolNoon}, same, odd)
	for text, want := range map[string][]uint32{
		"sf:500001": {1}, " 500002 ": {2, 3}, "500001": {1, 3}, "ts0002": {2}, "x:y:a:b": {4}, "a:b": {4}, "x:y:500001": {3},
		"": nil, "TS9999": nil, "other:500001": nil,
	} {
		if found := sure[[]uint32](t)(p.Find(t.Context(), text)); !slices.Equal(found, want) {
			t.Errorf("%q is %v, want %v", text, found, want)
		}
	}
	keys := []core.TicketKey{{Source: "x:y", ID: "a:b"}, {Source: "sf", ID: "500002"}, {Source: "sf", ID: "a:b"}, {Source: "none", ID: "500002"}}
	if nos := sure[map[core.TicketKey]uint32](t)(p.Nos(t.Context(), keys)); !maps.Equal(nos, map[core.TicketKey]uint32{keys[0]: 4, keys[1]: 2}) {
		t.Errorf("numbers %v", nos)
	}
}

func TestDescriptionsAreReadWhereThereAreAny(t *testing.T) {
	p := newPool(t)
	without := poolTicket(2)
	without.Description = ""
	take(t, p, poolStart(), poolTicket(1), without, poolTicket(3))
	texts := sure[map[uint32]string](t)(p.Descriptions(t.Context(), []uint32{3, 2, 1, 99}))
	if want := poolTicket(1).Description; !maps.Equal(texts, map[uint32]string{1: want, 3: want}) {
		t.Errorf("descriptions %v", texts)
	}
	if _, err := p.Descriptions(t.Context(), make([]uint32, 1001)); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("1,001 at a time: %v", err)
	}
}

func TestAtMostTwentyTicketsAreFound(t *testing.T) {
	p := newPool(t)
	var list []core.Ticket
	for i := range 30 {
		next := poolTicket(i)
		next.Number = "same"
		list = append(list, next)
	}
	take(t, p, poolStart(), list...)
	if found := sure[[]uint32](t)(p.Find(t.Context(), "SAME")); len(found) != 20 || found[0] != 1 {
		t.Errorf("found %v", found)
	}
}

func TestEventsAreSelected(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1), poolTicket(2)) // 1, 2 silent
	one, two := poolTicket(1), poolTicket(2)
	one.Owner, two.Owner, two.Rating = "ben", "eva", 1
	later := poolStart()
	later.At = poolNoon.Add(time.Hour)
	take(t, p, later, one, two) // 3, 4, 5
	all := allEvents(t, p, core.TicketEventQuery{})
	if eventKinds(all) != "1 created, 2 created, 1 owner, 2 owner, 2 rated" || all[2].From != "ana" || all[2].To != "ben" || all[4].To != "1" {
		t.Fatalf("%+v", all)
	}
	for name, c := range map[string]struct {
		q    core.TicketEventQuery
		want []core.TicketEvent
	}{
		"of a ticket":      {core.TicketEventQuery{No: 1}, []core.TicketEvent{all[0], all[2]}},
		"of a kind":        {core.TicketEventQuery{Kind: core.TicketOwner}, all[2:4]},
		"after":            {core.TicketEventQuery{After: 3}, all[3:]},
		"audible":          {core.TicketEventQuery{Audible: true}, all[2:]},
		"newest":           {core.TicketEventQuery{Newest: true, Limit: 2}, []core.TicketEvent{all[4], all[3]}},
		"newest below":     {core.TicketEventQuery{Newest: true, Before: 4, After: 1}, []core.TicketEvent{all[2], all[1]}},
		"a negative limit": {core.TicketEventQuery{Limit: -5}, all[:1]},
	} {
		if got := allEvents(t, p, c.q); !slices.Equal(got, c.want) {
			t.Errorf("%s: %s", name, eventKinds(got))
		}
	}
	if n := sure[map[core.TicketEventKind]int](t)(p.CountEvents(t.Context(), 3)); !maps.Equal(n, map[core.TicketEventKind]int{core.TicketOwner: 1, core.TicketRated: 1}) {
		t.Errorf("counts %v", n)
	}
	if n := sure[map[core.TicketEventKind]int](t)(p.CountEvents(t.Context(), 0)); n[core.TicketCreated] != 0 || n[core.TicketOwner] != 2 {
		t.Errorf("silent ones are counted: %v", n)
	}
	if last := sure[int64](t)(p.LastEvent(t.Context())); last != 5 {
		t.Errorf("last %d", last)
	}
	for at, want := range map[time.Time]int64{poolNoon: 0, later.At: 0, later.At.Add(time.Millisecond): 5} {
		if seq := sure[int64](t)(p.EventAt(t.Context(), at)); seq != want {
			t.Errorf("at %v: %d, want %d", at, seq, want)
		}
	}
	// An old log that is replayed now does not hide what was told before.
	take(t, p, tickets.TakeStart{Source: "log", At: later.At.Add(time.Hour), Replay: true}, poolTicket(3))
	if seq := sure[int64](t)(p.EventAt(t.Context(), later.At)); seq != 0 {
		t.Errorf("after a replay: %d", seq)
	}
}

func TestAnEmptyPoolAnswersEverything(t *testing.T) {
	p := newPool(t)
	for name, n := range map[string]int64{
		"revision": sure[int64](t)(p.Revision(t.Context())), "last event": sure[int64](t)(p.LastEvent(t.Context())),
		"event at": sure[int64](t)(p.EventAt(t.Context(), poolNoon)), "facts": int64(len(facts(t, p, 0))),
		"events": int64(len(allEvents(t, p, core.TicketEventQuery{}))), "matches": int64(len(matches(t, p, `"x"`, 0))),
		"customers": int64(len(sure[[]tickets.CustomerFact](t)(p.Customers(t.Context(), 0)))),
		"names":     int64(len(sure[[]tickets.Name](t)(p.Names(t.Context(), 0)))),
		"sources":   int64(len(sure[map[string]int64](t)(p.CountBySource(t.Context())))),
		"tickets":   int64(len(sure[[]core.Ticket](t)(p.Tickets(t.Context(), nil)))),
	} {
		if n != 0 {
			t.Errorf("%s: %d", name, n)
		}
	}
	if taken := take(t, p, poolStart()); taken.Tickets != 0 || !taken.Baseline {
		t.Errorf("an empty snapshot: %+v", taken)
	}
}

func TestTheDeskGivesATicketAndTheSourceAnswers(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1), poolTicket(2))
	rev := sure[int64](t)(p.Revision(t.Context()))
	at := poolNoon.Add(5 * time.Minute)
	list := sure[[]core.TicketEvent](t)(p.Assign(t.Context(), []uint32{1, 77}, "ben", at))
	if eventKinds(list) != "1 owner" || list[0].From != "ana" || list[0].To != "ben" || !list[0].At.Equal(at) || list[0].Silent || list[0].Number != "TS0001" {
		t.Fatalf("%+v", list)
	}
	assigned := func() string {
		names := map[uint32]string{}
		for _, n := range sure[[]tickets.Name](t)(p.Names(t.Context(), 0)) {
			names[n.No] = n.Text
		}
		return names[facts(t, p, 0)[1].Assigned]
	}
	if f := facts(t, p, rev); len(f) != 1 || assigned() != "ben" {
		t.Fatalf("facts %+v", f)
	}
	if kept := allEvents(t, p, core.TicketEventQuery{No: 1, Kind: core.TicketOwner}); !slices.Equal(kept, list) {
		t.Fatalf("kept %+v", kept)
	}
	if list := sure[[]core.TicketEvent](t)(p.Assign(t.Context(), []uint32{1}, "ben", at)); len(list) != 0 {
		t.Fatalf("the same again: %+v", list)
	}
	touched := poolTicket(1)
	touched.Subject, touched.UpdatedAt = "Spark jobs lost", poolNoon.Add(time.Minute)
	if taken := take(t, p, poolStart(), touched); len(taken.Events) != 0 || assigned() != "ben" {
		t.Fatalf("the source names the same owner as before: %+v, assigned %q", taken, assigned())
	}
	touched.Owner = "eva"
	if taken := take(t, p, poolStart(), touched); eventKinds(taken.Events) != "1 owner" || taken.Events[0].From != "ben" || assigned() != "" {
		t.Fatalf("the source names another: %+v, assigned %q", taken, assigned())
	}
	sure[[]core.TicketEvent](t)(p.Assign(t.Context(), []uint32{1}, "ben", at))
	list = sure[[]core.TicketEvent](t)(p.Assign(t.Context(), []uint32{1}, "", at))
	if eventKinds(list) != "1 owner" || list[0].From != "ben" || list[0].To != "eva" || assigned() != "" {
		t.Fatalf("taken back: %+v", list)
	}
	if list := sure[[]core.TicketEvent](t)(p.Assign(t.Context(), []uint32{1}, "eva", at)); len(list) != 0 || assigned() != "" {
		t.Fatalf("given to who has it: %+v, assigned %q", list, assigned())
	}
}

func TestAPoolIsThereWhenItIsOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), PoolFile)
	d := sure[*DB](t)(Open(t.Context(), path, KindPool))
	take(t, NewPool(d), poolStart(), poolTicket(1))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	p := NewPool(openAt(t, path, KindPool))
	if got, _, err := p.Ticket(t.Context(), 1); err != nil || got.Number != "TS0001" || len(matches(t, p, `"spark"`, 0)) != 1 {
		t.Fatalf("%v: %+v", err, got)
	}
}
