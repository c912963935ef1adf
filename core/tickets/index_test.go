package tickets

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// poolOf is a Pool of facts in memory; what a test does not set answers nothing.
type poolOf struct {
	Pool
	rev       int64
	names     []Name
	customers []CustomerFact
	facts     []Fact
	find      func(text string) []uint32
	match     func(match string, after uint32, each func(no uint32))
	matches   int // how often it was asked
}

func (p *poolOf) Revision(context.Context) (int64, error)      { return p.rev, nil }
func (p *poolOf) Names(context.Context, int64) ([]Name, error) { return p.names, nil }

func (p *poolOf) Customers(_ context.Context, after int64) (list []CustomerFact, err error) {
	for _, c := range p.customers {
		if c.Rev > after {
			list = append(list, c)
		}
	}
	return list, nil
}

func (p *poolOf) Facts(_ context.Context, after int64, each func([]Fact) error) error {
	var batch []Fact
	for _, f := range p.facts {
		if f.Rev > after {
			batch = append(batch, f)
		}
	}
	for part := range slices.Chunk(batch, 4096) {
		if err := each(part); err != nil {
			return err
		}
	}
	return nil
}

func (p *poolOf) Match(_ context.Context, match string, after uint32, each func(no uint32)) error {
	p.matches++
	p.match(match, after, each)
	return nil
}

func (p *poolOf) Find(_ context.Context, text string) ([]uint32, error) { return p.find(text), nil }

// eightHours is a clock without a calendar: an answer is due eight hours after the beginning.
type eightHours struct{ target time.Duration }

func (e *eightHours) Reply(q core.ClockQuestion) core.ClockAnswer {
	if q.Created.IsZero() || q.Priority == core.PriorityLow {
		return core.ClockAnswer{State: core.ClockNone}
	}
	a := core.ClockAnswer{Due: q.Created.Add(e.target), AmberFrom: q.Created.Add(e.target * 3 / 4)}
	end := q.FirstReply
	if end.IsZero() {
		end = q.Closed
	}
	switch {
	case !end.IsZero() && end.After(a.Due):
		a.State = core.ClockMissed
	case !end.IsZero():
		a.State = core.ClockMet
	case q.Status.Done() || q.Gone:
		return core.ClockAnswer{State: core.ClockNone}
	case q.Status == core.TicketPending:
		a.State = core.ClockStopped
		a.Due = q.Now.Add(e.target)
	default:
		a.State = core.ClockRunning
	}
	return a
}

// noon is a Wednesday.
var noon = time.Date(2024, 5, 15, 12, 0, 0, 0, time.UTC)

func optionsAt(now time.Time) IndexOptions {
	clock := &eightHours{8 * time.Hour}
	return IndexOptions{
		Now: func() time.Time { return now }, Location: func() *time.Location { return time.UTC }, Clock: func() Clock { return clock },
		Me: func() []string { return []string{"ANN smith"} }, Tough: func() int { return 60 },
	}
}

var worldNames = []string{"", "salesforce", "files", "Spark EE", "Spark CE", "Kafka", "Ann Smith", "Joanna", "bob", "Awaiting Info", "Working", "New", "E-Mail", "phone"}

var worldWords = []string{"spark", "job", "lost", "printer", "fire", "invoice"}

// world is a pool of random tickets, with their words.
type world struct {
	pool  *poolOf
	words map[uint32][]string
	index *Index
}

func newWorld(t testing.TB, seed uint64, tickets, customers int) *world {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	w := &world{pool: &poolOf{rev: 1}, words: map[uint32][]string{}}
	for no, text := range worldNames[1:] {
		w.pool.names = append(w.pool.names, Name{uint32(no + 1), text})
	}
	for no := 1; no <= customers; no++ {
		w.pool.customers = append(w.pool.customers, CustomerFact{Rev: 1, TicketCustomer: core.TicketCustomer{
			No: uint32(no), Key: core.CustomerKey{Source: "files", ID: fmt.Sprint("C-", no)}, Name: []string{"Acme", "Globex", "Müller", ""}[no%4] + strings.Repeat(" Inc", no%2),
			Email: fmt.Sprintf("it%d@example.com", no),
		}})
	}
	for no := 1; no <= tickets; no++ {
		w.pool.facts = append(w.pool.facts, w.fact(r, uint32(no), customers))
	}
	w.pool.match = w.match
	w.pool.find = func(text string) []uint32 {
		var no uint32
		if n, _ := fmt.Sscanf(text, "T-%d", &no); n == 1 && int(no) <= len(w.pool.facts) {
			return []uint32{no}
		}
		return nil
	}
	w.index = NewIndex(w.pool, optionsAt(noon))
	w.sync(t)
	return w
}

func (w *world) sync(t testing.TB) {
	t.Helper()
	if _, err := w.index.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) fact(r *rand.Rand, no uint32, customers int) Fact {
	pick := func(list ...uint32) uint32 { return list[r.IntN(len(list))] }
	ago := func(d time.Duration) int64 { return noon.Unix() - r.Int64N(int64(d/time.Second)) }
	f := Fact{
		No: no, Rev: 1, TextRev: 1, Source: pick(1, 2), Product: pick(0, 3, 4, 5), Owner: pick(0, 6, 7, 8), RawStatus: pick(9, 10, 11), Channel: pick(0, 12, 13),
		Customer: uint32(r.IntN(customers + 1)), Status: core.TicketStatuses()[r.IntN(7)], Priority: core.Priorities()[r.IntN(5)],
		Escalated: r.IntN(5) == 0, Gone: r.IntN(9) == 0, Reopened: uint8(max(r.IntN(6)-3, 0)), Rating: uint8(r.IntN(6)),
		Created: ago(400 * 24 * time.Hour), Updated: ago(60 * 24 * time.Hour), NumberKey: NumberKey(fmt.Sprint("T-", no)),
	}
	if r.IntN(3) == 0 {
		f.Created = ago(12 * time.Hour)
	}
	if r.IntN(4) == 0 {
		f.Assigned = pick(6, 8)
	}
	if r.IntN(3) == 0 {
		f.FirstReply = f.Created + r.Int64N(20*3600)
	}
	if f.Status.Done() && r.IntN(4) > 0 {
		f.Closed = f.Created + r.Int64N(9*24*3600)
	}
	w.words[no] = nil
	for _, word := range worldWords {
		if r.IntN(3) == 0 {
			w.words[no] = append(w.words[no], word)
		}
	}
	f.SubjectKey = SubjectKey(strings.Join(w.words[no], " "))
	return f
}

// match understands one string of FTS5, whole or as a beginning.
func (w *world) match(match string, after uint32, each func(no uint32)) {
	word, prefix := strings.CutSuffix(match, " *")
	word = strings.ReplaceAll(strings.Trim(word, `"`), `""`, `"`)
	for _, f := range w.pool.facts {
		text := " " + strings.Join(w.words[f.No], " ") + " "
		if f.No > after && (prefix && strings.Contains(text, " "+word) || strings.Contains(text, " "+word+" ")) {
			each(f.No)
		}
	}
}

func (w *world) order(t testing.TB, text, sort string) []uint32 {
	t.Helper()
	o, err := w.index.Order(t.Context(), core.TicketQuery{Text: text, Sort: sort})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o.Nos
}

// ask is a filter and what it means, told from the facts alone.
type ask struct {
	text string
	fits func(w *world, f *Fact) bool
}

func (w *world) done(f *Fact) bool { return f.Gone || f.Status.Done() }

func (w *world) owner(f *Fact) string {
	if f.Assigned != 0 {
		return worldNames[f.Assigned]
	}
	return worldNames[f.Owner]
}

// wait is the time until the answer is due; ok is false when none is.
func (w *world) wait(f *Fact) (d time.Duration, ok bool) {
	if w.done(f) || f.FirstReply != 0 || f.Closed != 0 || f.Status == core.TicketPending || f.Priority == core.PriorityLow {
		return 0, false
	}
	return time.Unix(f.Created, 0).Add(8 * time.Hour).Sub(noon), true
}

func (w *world) customer(f *Fact) core.TicketCustomer {
	if f.Customer == 0 {
		return core.TicketCustomer{}
	}
	return w.pool.customers[f.Customer-1].TicketCustomer
}

func (w *world) wordsOf(f *Fact) string { return strings.Join(w.words[f.No], " ") }

func asks() []ask {
	day := int64(24 * 3600)
	midnight := noon.Unix() - 12*3600
	unix := func(y int, m time.Month, d int) int64 { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() }
	has := func(w *world, f *Fact, word string) bool { return slices.Contains(w.words[f.No], word) }
	return []ask{
		{"status:new,OPEN", func(w *world, f *Fact) bool { return f.Status == core.TicketNew || f.Status == core.TicketOpen }},
		{`status:"awaiting info"`, func(w *world, f *Fact) bool { return f.RawStatus == 9 }},
		{"status:working,closed", func(w *world, f *Fact) bool { return f.RawStatus == 10 || f.Status == core.TicketClosed }},
		{"priority:>=high", func(w *world, f *Fact) bool { return f.Priority >= core.PriorityHigh }},
		{"priority:none,critical", func(w *world, f *Fact) bool { return f.Priority == 0 || f.Priority == core.PriorityUrgent }},
		{"priority:low..high", func(w *world, f *Fact) bool { return f.Priority >= core.PriorityLow && f.Priority <= core.PriorityHigh }},
		{"product:spark", func(w *world, f *Fact) bool { return f.Product == 3 || f.Product == 4 }},
		{`product:"Spark EE"`, func(w *world, f *Fact) bool { return f.Product == 3 }},
		{"product:ce,none", func(w *world, f *Fact) bool { return f.Product == 4 || f.Product == 0 }},
		{"-product:none", func(w *world, f *Fact) bool { return f.Product != 0 }},
		{"owner:me", func(w *world, f *Fact) bool { return w.owner(f) == "Ann Smith" }},
		{"owner:ann", func(w *world, f *Fact) bool { return w.owner(f) == "Ann Smith" }},
		{"owner:none,bob", func(w *world, f *Fact) bool { return w.owner(f) == "" || w.owner(f) == "bob" }},
		{"source:files", func(w *world, f *Fact) bool { return f.Source == 2 }},
		{"channel:mail", func(w *world, f *Fact) bool { return f.Channel == 12 }},
		{"customer:ACME", func(w *world, f *Fact) bool { return strings.Contains(w.customer(f).Name, "Acme") }},
		{"customer:mül", func(w *world, f *Fact) bool { return strings.Contains(w.customer(f).Name, "Mül") }},
		{"customer:it3@", func(w *world, f *Fact) bool { return w.customer(f).Email == "it3@example.com" }},
		{"customer:c-7", func(w *world, f *Fact) bool { return strings.HasPrefix(w.customer(f).Key.ID, "C-7") }},
		{"customer:none", func(w *world, f *Fact) bool { return f.Customer == 0 }},
		{"number:T-12,T-13", func(w *world, f *Fact) bool { return f.No == 12 || f.No == 13 }},
		{"created:2024", func(w *world, f *Fact) bool { return f.Created >= unix(2024, 1, 1) }},
		{"created:2024-02", func(w *world, f *Fact) bool { return f.Created >= unix(2024, 2, 1) && f.Created < unix(2024, 3, 1) }},
		{"created:>2024-01-01", func(w *world, f *Fact) bool { return f.Created >= unix(2024, 1, 2) }},
		{"created:<=2024-01-01", func(w *world, f *Fact) bool { return f.Created < unix(2024, 1, 2) }},
		{"created:2023-12..2024-01-15", func(w *world, f *Fact) bool { return f.Created >= unix(2023, 12, 1) && f.Created < unix(2024, 1, 16) }},
		{"created:today", func(w *world, f *Fact) bool { return f.Created >= midnight }},
		{"updated:yesterday", func(w *world, f *Fact) bool { return f.Updated >= midnight-day && f.Updated < midnight }},
		{"updated:7d", func(w *world, f *Fact) bool { return f.Updated >= noon.Unix()-7*day }},
		{"updated:>2w", func(w *world, f *Fact) bool { return f.Updated <= noon.Unix()-14*day }},
		{"updated:30d..7d", func(w *world, f *Fact) bool {
			return f.Updated >= noon.Unix()-30*day && f.Updated <= noon.Unix()-7*day
		}},
		{"closed:none", func(w *world, f *Fact) bool { return f.Closed == 0 }},
		{"closed:..2024-01", func(w *world, f *Fact) bool { return f.Closed != 0 && f.Closed < unix(2024, 2, 1) }},
		{"due:<1h", func(w *world, f *Fact) bool { d, ok := w.wait(f); return ok && d < time.Hour }},
		{"due:>2h", func(w *world, f *Fact) bool { d, ok := w.wait(f); return ok && d > 2*time.Hour }},
		{"due:overdue", func(w *world, f *Fact) bool { d, ok := w.wait(f); return ok && d < 0 }},
		{"due:today", func(w *world, f *Fact) bool {
			d, ok := w.wait(f)
			return ok && d >= -12*time.Hour && d < 12*time.Hour
		}},
		{"due:none", func(w *world, f *Fact) bool { _, ok := w.wait(f); return !ok }},
		{"clock:red,amber", func(w *world, f *Fact) bool { d, ok := w.wait(f); return ok && d <= 2*time.Hour }},
		{"clock:running", func(w *world, f *Fact) bool { d, ok := w.wait(f); return ok && d > 2*time.Hour }},
		{"rating:<=2", func(w *world, f *Fact) bool { return f.Rating == 1 || f.Rating == 2 }},
		{"rating:none,5", func(w *world, f *Fact) bool { return f.Rating == 0 || f.Rating == 5 }},
		{"escalated:yes", func(w *world, f *Fact) bool { return f.Escalated }},
		{"reopened:no", func(w *world, f *Fact) bool { return f.Reopened == 0 }},
		{"reopened:>1", func(w *world, f *Fact) bool { return f.Reopened > 1 }},
		{"gone:no", func(w *world, f *Fact) bool { return !f.Gone }},
		{"is:open", func(w *world, f *Fact) bool { return !w.done(f) }},
		{"is:closed,escalated", func(w *world, f *Fact) bool { return w.done(f) || f.Escalated }},
		{"is:unowned", func(w *world, f *Fact) bool { return w.owner(f) == "" }},
		{"orders:>=3", func(w *world, f *Fact) bool { return f.Customer%7 >= 3 }},
		{"tough:yes", func(w *world, f *Fact) bool { return f.Customer == 5 }},
		{"satisfaction:>=90", func(w *world, f *Fact) bool { return !w.done(f) && w.index.View(core.Ticket{No: f.No}).Risk <= 10 }},
		{"satisfaction:60..85,none", func(w *world, f *Fact) bool {
			risk := w.index.View(core.Ticket{No: f.No}).Risk
			return w.done(f) || risk >= 15 && risk <= 40
		}},
		{"snoozed:yes", func(w *world, f *Fact) bool { return f.No%10 == 1 }},
		{"acked:no", func(w *world, f *Fact) bool { return f.No%10 != 2 }},
		{"spark", func(w *world, f *Fact) bool { return has(w, f, "spark") }},
		{"-job", func(w *world, f *Fact) bool { return !has(w, f, "job") }},
		{"pri*", func(w *world, f *Fact) bool { return has(w, f, "printer") }},
		{`"job lost"`, func(w *world, f *Fact) bool { return strings.Contains(w.wordsOf(f), "job lost") }},
		{`-"job lost"`, func(w *world, f *Fact) bool { return !strings.Contains(w.wordsOf(f), "job lost") }},
	}
}

// marked gives the world orders, one flag and attention that the asks above know of.
func (w *world) marked() {
	orders, attention := map[uint32]OrderFacts{}, map[uint32][]core.Attention{}
	for _, c := range w.pool.customers {
		orders[c.No] = OrderFacts{BadOrders: int(c.No % 7)}
	}
	for _, f := range w.pool.facts {
		switch f.No % 10 {
		case 1:
			attention[f.No] = []core.Attention{{Kind: core.Snooze, Until: noon.Add(time.Hour)}}
		case 2:
			attention[f.No] = []core.Attention{{Kind: core.Acknowledge}}
		case 3:
			attention[f.No] = []core.Attention{{Kind: core.Snooze, Until: noon.Add(-time.Hour)}}
		}
	}
	flags := map[uint32]core.ToughFlag{}
	for _, c := range w.pool.customers {
		flags[c.No] = core.ToughFlag{Tough: c.No == 5}
	}
	w.index.SetOrders(orders)
	w.index.SetAttention(attention)
	w.index.SetFlags(flags)
}

func TestFiltersFindWhatTheirWordsSay(t *testing.T) {
	w := newWorld(t, 3, 9000, 40)
	w.marked()
	for _, a := range asks() {
		found := w.order(t, a.text, "number")
		var want []uint32
		for i := range w.pool.facts {
			if a.fits(w, &w.pool.facts[i]) {
				want = append(want, w.pool.facts[i].No)
			}
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s finds %d tickets, not the %d it means", a.text, len(found), len(want))
		}
		if len(want) == 0 || len(want) == len(w.pool.facts) {
			t.Errorf("%s tells no tickets apart: it finds %d", a.text, len(want))
		}
	}
}

func TestTermsTogetherFindWhatEachOfThemDoes(t *testing.T) {
	w := newWorld(t, 4, 4500, 30)
	w.marked()
	r := rand.New(rand.NewPCG(5, 5))
	all := asks()
	for range 200 {
		// Up to two groups of up to three terms, each turned round or not.
		var text []string
		var groups [][]func(*Fact) bool
		for range 1 + r.IntN(2) {
			if len(groups) > 0 {
				text = append(text, "or")
			}
			var terms []func(*Fact) bool
			for range 1 + r.IntN(3) {
				a := all[r.IntN(len(all))]
				turned := r.IntN(3) == 0 && !strings.HasPrefix(a.text, "-")
				if turned {
					text = append(text, "-"+a.text)
				} else {
					text = append(text, a.text)
				}
				terms = append(terms, func(f *Fact) bool { return a.fits(w, f) != turned })
			}
			groups = append(groups, terms)
		}
		var want []uint32
		for i := range w.pool.facts {
			f := &w.pool.facts[i]
			if slices.ContainsFunc(groups, func(terms []func(*Fact) bool) bool {
				return !slices.ContainsFunc(terms, func(fits func(*Fact) bool) bool { return !fits(f) })
			}) {
				want = append(want, f.No)
			}
		}
		query := strings.Join(text, " ")
		if found := w.order(t, query, "number"); !slices.Equal(found, want) {
			t.Fatalf("%s finds %d tickets, not %d", query, len(found), len(want))
		}
	}
}
