package tickets

import (
	"context"
	"math/rand/v2"
	"testing"

	"deskwatch/core"
)

func TestPackedColumnsGiveBackWhatWasPutIn(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	type row struct {
		n   uint32
		key uint64
		d   deadline
	}
	var numbers numbers
	var keys packedKeys
	var dates deadlines
	model := map[int]row{}
	for step := range 30_000 {
		i := r.IntN(chunkSize)
		v := row{n: r.Uint32N(60_000), key: 7<<32 | uint64(r.Uint32())}
		if step > 10_000 { // now some that do not fit, and some that go
			v.n, v.key = r.Uint32N(1<<20), r.Uint64N(3)<<32|uint64(r.Uint32())
		}
		if r.IntN(3) == 0 {
			v.d = deadline{1 + r.Uint32(), r.Uint32()}
		}
		numbers.set(i, v.n)
		keys.set(i, v.key)
		dates.set(i, v.d)
		model[i] = v
		if step == 10_000 && (numbers.upper != nil || keys.uppers != nil) {
			t.Error("small numbers take as much as large ones")
		}
	}
	waiting := 0
	for i, v := range model {
		if got := (row{numbers.at(i), keys.at(i), dates.at(i)}); got != v {
			t.Fatalf("%d is %+v, not %+v", i, got, v)
		}
		if v.d != (deadline{}) {
			waiting++
		}
	}
	last := -1
	dates.each(func(i int, d deadline) {
		if i <= last || d != model[i].d {
			t.Fatalf("the deadline of %d is %+v behind %d", i, d, last)
		}
		last = i
		waiting--
	})
	if waiting != 0 || len(dates.list) == 0 {
		t.Errorf("%d deadlines are missing", waiting)
	}
}

func TestAnotherClockCountsForTicketsThatEnded(t *testing.T) {
	ago := func(hours int64) int64 { return noon.Unix() - hours*3600 }
	clock := &eightHours{8 * 3600e9}
	pool := &poolOf{rev: 1, facts: []Fact{
		{No: 1, Rev: 1, Created: ago(20), FirstReply: ago(17), Status: core.TicketOpen},
		{No: 2, Rev: 1, Created: ago(20), Closed: ago(15), Status: core.TicketClosed},
		{No: 3, Rev: 1, Created: ago(5), Status: core.TicketNew},
	}}
	opt := optionsAt(noon)
	opt.Clock = func() Clock { return clock }
	x := NewIndex(pool, opt)
	if _, err := x.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	states := func() (list [3]core.ClockState) {
		for i := range list {
			list[i] = x.View(core.Ticket{No: uint32(i + 1)}).Clock
		}
		return list
	}
	if got := states(); got != [3]core.ClockState{core.ClockMet, core.ClockMet, core.ClockRunning} {
		t.Fatalf("within eight hours: %v", got)
	}
	clock = &eightHours{2 * 3600e9}
	x.Recompute()
	if got := states(); got != [3]core.ClockState{core.ClockMissed, core.ClockMissed, core.ClockRed} {
		t.Errorf("within two hours: %v", got)
	}
	answered := core.Ticket{No: 1, CreatedAt: instant(uint32(ago(20))), FirstReplyAt: instant(uint32(ago(17))), Status: core.TicketOpen}
	// Where the pool cannot be read, the next Sync does it.
	x.pool = brokenPool{pool}
	clock = &eightHours{8 * 3600e9}
	x.Recompute()
	if got := states(); got[0] != core.ClockMissed {
		t.Fatalf("a pool that cannot be read gives %v", got)
	}
	x.pool = pool
	if changed, err := x.Sync(t.Context()); !changed || err != nil || states()[0] != core.ClockMet {
		t.Errorf("after a pool that could not be read: %v, %v, %v", changed, err, states())
	}
	clock = &eightHours{2 * 3600e9}
	x.Recompute()
	if v := x.View(answered); !v.Due.Equal(instant(uint32(ago(18)))) {
		t.Errorf("the answer was due at %v", v.Due)
	}
}

// brokenPool is a pool whose facts cannot be read.
type brokenPool struct{ *poolOf }

func (brokenPool) Facts(context.Context, int64, func([]Fact) error) error {
	return core.NewError(core.CodeDenied, "test", "It is locked.", nil)
}
