package tickets

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskwatch/core"
)

// sortedBy is the order of a sort told from the facts alone: a key, and whether there is one.
func sortedBy(w *world, field string) func(f *Fact) (key any, ok bool) {
	name := func(no uint32) (any, bool) { return strings.ToLower(worldNames[no]), no != 0 }
	return func(f *Fact) (any, bool) {
		switch field {
		case "number":
			return uint64(f.No), true
		case "subject":
			return f.SubjectKey, f.SubjectKey != 0
		case "status":
			return uint64(f.Status), true
		case "priority":
			return uint64(f.Priority), f.Priority != 0
		case "product":
			return name(f.Product)
		case "owner":
			return name(cmp.Or(f.Assigned, f.Owner))
		case "customer":
			c := w.customer(f)
			name := strings.ToLower(cmp.Or(c.Name, c.Email))
			return fmt.Sprintf("%020d %s", SubjectKey(name), name), f.Customer != 0
		case "created":
			return uint64(f.Created), true
		case "updated":
			return uint64(f.Updated), true
		case "closed":
			return uint64(f.Closed), f.Closed != 0
		case "rating":
			return uint64(f.Rating), f.Rating != 0
		case "orders":
			return uint64(f.Customer % 7), f.Customer != 0
		case "due":
			v := w.index.View(core.Ticket{No: f.No})
			return uint64(v.Due.Unix()), v.Clock == core.ClockRunning || v.Clock == core.ClockAmber || v.Clock == core.ClockRed || v.Clock == core.ClockStopped
		case "risk":
			return uint64(w.index.View(core.Ticket{No: f.No}).Risk), !w.done(f)
		case "satisfaction":
			return uint64(100 - w.index.View(core.Ticket{No: f.No}).Risk), !w.done(f)
		case "tough":
			return uint64(w.index.View(core.Ticket{No: f.No}).Tough), f.Customer != 0
		}
		panic(field)
	}
}

func compareAny(a, b any) int {
	if s, ok := a.(string); ok {
		return strings.Compare(s, b.(string))
	}
	return cmp.Compare(a.(uint64), b.(uint64))
}

// naive sorts tickets by comparing them: those without a key come last either way.
func (w *world) naive(field string, down bool) []uint32 {
	key := sortedBy(w, field)
	list := make([]uint32, 0, len(w.pool.facts))
	for _, f := range w.pool.facts {
		list = append(list, f.No)
	}
	slices.SortFunc(list, func(a, b uint32) int {
		ka, okA := key(&w.pool.facts[a-1])
		kb, okB := key(&w.pool.facts[b-1])
		if okA != okB {
			return map[bool]int{true: -1, false: 1}[okA]
		}
		order := cmp.Compare(a, b)
		if okA {
			order = cmp.Or(compareAny(ka, kb), order)
		}
		if down {
			order = -order
		}
		return order
	})
	return list
}

func TestEverySortPutsTicketsInOrderAndThoseWithoutAValueLast(t *testing.T) {
	w := newWorld(t, 6, 800, 50)
	w.marked()
	for _, field := range core.TicketSorts() {
		for _, down := range []bool{false, true} {
			by := sortBy{field, down}.String()
			if !slices.Equal(w.order(t, "", by), w.naive(field, down)) {
				t.Errorf("the order of %s is another one", by)
			}
		}
	}
}

func TestPagesGiveTheWholeOrder(t *testing.T) {
	w := newWorld(t, 7, 700, 20)
	w.marked()
	for _, field := range core.TicketSorts() {
		for _, by := range []string{field, "-" + field} {
			var all []uint32
			q := core.TicketQuery{Text: "-status:held", Sort: by, Limit: 90}
			for pages := 0; ; pages++ {
				nos, total, next, err := w.index.Page(t.Context(), q)
				if err != nil || pages > 10 {
					t.Fatalf("%s: page %d: %v", by, pages, err)
				}
				if all = append(all, nos...); next == "" {
					if int(total) != len(all) {
						t.Errorf("%s: %d of %d tickets are on the pages", by, len(all), total)
					}
					break
				}
				q.After = next
			}
			if !slices.Equal(all, w.order(t, q.Text, by)) {
				t.Errorf("the pages of %s are in another order", by)
			}
		}
	}
}

func TestATicketThatChangesBetweenPagesMovesNoOther(t *testing.T) {
	w := newWorld(t, 8, 300, 20)
	q := core.TicketQuery{Sort: "owner", Limit: 100}
	first, _, next, err := w.index.Page(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	// A new owner comes before all, and one of the first page gets it.
	w.pool.rev = 2
	w.pool.names = append(w.pool.names, Name{14, "Aaron"})
	f := w.pool.facts[first[3]-1]
	f.Rev, f.Owner, f.Assigned = 2, 14, 0
	w.pool.facts[first[3]-1] = f
	w.sync(t)
	seen := slices.Clone(first)
	for q.After = next; q.After != ""; {
		var nos []uint32
		if nos, _, q.After, err = w.index.Page(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, nos...)
	}
	slices.Sort(seen)
	if len(seen) != 300 || len(slices.Compact(seen)) != 300 {
		t.Errorf("%d tickets on the pages instead of 300", len(seen))
	}
}

func TestACursorOfAnotherListIsRefused(t *testing.T) {
	w := newWorld(t, 8, 300, 20)
	_, _, next, _ := w.index.Page(t.Context(), core.TicketQuery{Sort: "created", Limit: 5})
	if strings.Trim(next, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("the cursor %q is not one word", next)
	}
	list := []string{next, "x", "-updated 5 k 7", strings.Repeat(" ", 9)}
	for _, inside := range []string{"", "-updated 5 k", "-updated a k 5", "-updated 5 n name", "-updated 5 x 7", "-updated 5 k ?", "-updated 99999999999 k 7"} {
		list = append(list, base64.RawURLEncoding.EncodeToString([]byte(inside)))
	}
	for _, after := range list {
		_, _, _, err := w.index.Page(t.Context(), core.TicketQuery{After: after})
		if after != "" && core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("the cursor %q gives %v", after, err)
		}
	}
	if _, err := w.index.Order(t.Context(), core.TicketQuery{Sort: "colour"}); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("sorting by colour gives %v", err)
	}
}

// Orders that are kept and put right must be what sorting anew gives.
func TestAKeptOrderStaysRightWhenTicketsChange(t *testing.T) {
	w := newWorld(t, 9, 4000, 50)
	w.index.kept.from = 1000
	r := rand.New(rand.NewPCG(9, 9))
	for round := range 6 {
		w.pool.rev++
		for range []int{1, 40, 3000, 0, mostChanges + 1, 7}[round] {
			no := uint32(r.IntN(len(w.pool.facts) + 2)) // some are new
			if no == 0 || int(no) > len(w.pool.facts) {
				no = uint32(len(w.pool.facts) + 1)
				w.pool.facts = append(w.pool.facts, Fact{})
			}
			f := w.fact(r, no, 50)
			f.Rev = w.pool.rev
			w.pool.facts[no-1] = f
		}
		w.sync(t)
		for _, field := range []string{"updated", []string{"closed", "subject", "number"}[round%3]} {
			for _, down := range []bool{false, true} {
				by := sortBy{field, down}.String()
				want := w.naive(field, down)
				if !slices.Equal(w.order(t, "", by), want) {
					t.Fatalf("round %d: the order of %s is another one", round, by)
				}
				nos, _, next, err := w.index.Page(t.Context(), core.TicketQuery{Sort: by, Limit: 700})
				if err != nil {
					t.Fatal(err)
				}
				second, _, _, err := w.index.Page(t.Context(), core.TicketQuery{Sort: by, Limit: 700, After: next})
				if err != nil || !slices.Equal(append(nos, second...), want[:1400]) {
					t.Fatalf("round %d: the first pages of %s are others: %v", round, by, err)
				}
			}
		}
	}
}

func TestReadingGoesOnWhileTheIndexSyncs(t *testing.T) {
	w := newWorld(t, 10, 5000, 40)
	r := rand.New(rand.NewPCG(1, 2))
	var changes sync.WaitGroup
	changes.Go(func() {
		for range 15 {
			w.pool.rev++
			for range 30 {
				no := uint32(1 + r.IntN(4999))
				f := w.fact(r, no, 40)
				f.Rev = w.pool.rev
				f.Status, f.Gone = core.TicketOpen, false
				w.pool.facts[no-1] = f
			}
			if _, err := w.index.Sync(t.Context()); err != nil {
				t.Error(err)
			}
			w.index.Recompute()
			w.index.SetFlags(map[uint32]core.ToughFlag{3: {Tough: r.IntN(2) == 0}})
			w.index.SetOrders(map[uint32]OrderFacts{uint32(1 + r.IntN(9)): {BadOrders: 4, Breaches: []core.Month{core.NewMonth(2024, 4)}}})
			w.index.SetAttention(map[uint32][]core.Attention{uint32(r.IntN(4999)): {{Kind: core.Snooze}}})
		}
	})
	done := make(chan struct{})
	var readers sync.WaitGroup
	for _, q := range []core.TicketQuery{{Text: "is:open risk:>5 tough:no", Sort: "owner"}, {Text: "customer:acme -snoozed:yes", Sort: "-customer"}, {Sort: "due", Text: "orders:<9"}} {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				o, err := w.index.Order(t.Context(), q)
				slices.Sort(o.Nos)
				if err != nil || len(slices.Compact(o.Nos)) != len(o.Nos) {
					t.Errorf("%s: %v, or a ticket comes twice", q.Text, err)
					return
				}
				if _, _, _, err := w.index.Page(t.Context(), q); err != nil {
					t.Error(err)
				}
				w.index.View(core.Ticket{No: 7})
				w.index.Risk(9)
				w.index.Account(3, 4)
				w.index.TicketsOf(5, 3)
				w.index.Standing(5, 5, 30)
				w.index.DueSoon(9)
				w.index.AtRisk(10, 9)
				w.index.Owners(5)
				w.index.Complete("product:s", 9)
				w.index.CheckQuery("status:new")
			}
		})
	}
	changes.Wait()
	close(done)
	readers.Wait()
}

func TestNothingIsFoundBeforeTheFirstSync(t *testing.T) {
	w := newWorld(t, 1, 5, 2)
	x := NewIndex(w.pool, optionsAt(noon))
	o, err := x.Order(t.Context(), core.TicketQuery{Text: "spark status:new number:T-1 snoozed:no"})
	if err != nil || len(o.Nos) != 0 || x.Ready() {
		t.Errorf("an empty index finds %v, %v", o.Nos, err)
	}
	if changed, err := w.index.Sync(t.Context()); changed || err != nil || !w.index.Ready() {
		t.Errorf("a second sync without a change: %v, %v", changed, err)
	}
}

func TestAWordIsLookedUpOnceUntilATextChanges(t *testing.T) {
	w := newWorld(t, 11, 500, 5)
	count := func() int { return len(w.order(t, "spark", "")) }
	before := count()
	count()
	if w.pool.matches != 1 {
		t.Errorf("the pool was asked %d times", w.pool.matches)
	}
	change := func(no uint32, textRev int64, words ...string) {
		w.pool.rev++
		for int(no) > len(w.pool.facts) {
			w.pool.facts = append(w.pool.facts, Fact{No: no, Created: noon.Unix()})
		}
		w.words[no] = words
		w.pool.facts[no-1].Rev, w.pool.facts[no-1].TextRev = w.pool.rev, textRev
		w.sync(t)
	}
	changed := w.order(t, "-spark", "")[0]
	change(changed, 1)
	if count(); w.pool.matches != 1 {
		t.Errorf("after a change of status the pool was asked again")
	}
	change(changed, w.pool.rev+1, "spark")
	if n := count(); n != before+1 {
		t.Errorf("%d tickets have the word after one got it, %d before", n, before)
	}
	for i, no := range []uint32{501, 2 * chunkSize} {
		change(no, w.pool.rev+1, "spark")
		if n := count(); n != before+2+i {
			t.Errorf("%d tickets have the word after the new ticket %d has it, %d before", n, no, before)
		}
	}
}

func TestTheHistoryCountsForAClockThatStood(t *testing.T) {
	var asked []core.ClockQuestion
	clock := &asking{func(q core.ClockQuestion) core.ClockAnswer {
		asked = append(asked, q)
		return core.ClockAnswer{State: core.ClockStopped, Due: q.Now.Add(time.Hour)}
	}}
	pool := &poolOf{rev: 1, facts: []Fact{{No: 1, Rev: 1, Created: noon.Unix() - 9000, Status: core.TicketPending, History: []core.StatusStep{
		{At: noon.Add(-2 * time.Hour), Status: core.TicketOpen}, {At: noon.Add(-time.Hour), Status: core.TicketPending},
	}}}}
	now := noon
	opt := optionsAt(noon)
	opt.Clock, opt.Now = func() Clock { return clock }, func() time.Time { return now }
	x := NewIndex(pool, opt)
	if _, err := x.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	now = noon.Add(time.Minute)
	x.Recompute()
	if len(asked) != 2 || len(asked[1].History) != 2 || !asked[1].History[1].At.Equal(noon.Add(-time.Hour)) || asked[1].History[1].Status != core.TicketPending {
		t.Fatalf("the clock was asked %+v", asked)
	}
	if v := x.View(core.Ticket{No: 1}); !v.Due.Equal(now.Add(time.Hour)) || v.Clock != core.ClockStopped {
		t.Errorf("the deadline of a clock that stands is %v at %v", v.Due, now)
	}
}

type asking struct {
	reply func(core.ClockQuestion) core.ClockAnswer
}

func (a *asking) Reply(q core.ClockQuestion) core.ClockAnswer { return a.reply(q) }

func TestAWordIsFoundInEveryPartOfManyTickets(t *testing.T) {
	const last = 900_000
	var cancelled atomic.Int32
	pool := &matchingPool{match: func(ctx context.Context, after uint32, each func(uint32)) error {
		for no := after + 1; no <= last+50; no++ {
			if no%7 == 0 {
				each(no)
			}
			if ctx.Err() != nil {
				cancelled.Add(1)
				return core.NewError(core.CodeCanceled, "test", "It was stopped.", ctx.Err())
			}
		}
		return nil
	}}
	for _, after := range []uint32{0, 1, chunkSize - 1, chunkSize, 99_991} {
		m := &textMatches{pool: pool}
		bits := make(bitset, (last>>chunkBits+1)*maskWords)
		if err := m.read(t.Context(), `"x"`, after, last, bits); err != nil {
			t.Fatal(err)
		}
		for no := uint32(1); no <= last; no++ {
			if want := no > after && no%7 == 0; bits[no>>6]>>(no&63)&1 == 1 != want {
				t.Fatalf("after %d: ticket %d is found: %v", after, no, !want)
			}
		}
	}
	if cancelled.Load() == 0 {
		t.Error("no part was stopped at its end")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&textMatches{pool: pool}).of(ctx, `"x"`, last); core.ErrorCode(err) != core.CodeCanceled {
		t.Errorf("a stopped search gives %v", err)
	}
}

// matchingPool is a Pool that only finds words.
type matchingPool struct {
	Pool
	match func(ctx context.Context, after uint32, each func(uint32)) error
}

func (p *matchingPool) Match(ctx context.Context, _ string, after uint32, each func(uint32)) error {
	return p.match(ctx, after, each)
}
