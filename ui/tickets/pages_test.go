package tickets

import (
	"testing"

	"deskwatch/core"
)

func TestAMillionTicketsAreReadWhereSomebodyLooks(t *testing.T) {
	desk := &fakeDesk{}
	b, _, _ := newBench(t, desk, nil)
	p := newPages(b)
	p.SetOrder(numbers(1_000_000), false)
	p.See(500_010, 500_030)
	for _, nos := range desk.read {
		if len(nos) != pageRows {
			t.Errorf("%d tickets read at once", len(nos))
		}
	}
	// The beginning and the page below it; the page in sight, the one below and the one above.
	if len(desk.read) != 5 || desk.read[2][0] != 500_001 {
		t.Fatalf("%d pages read, the third from %d", len(desk.read), desk.read[2][0])
	}
	r, ok := p.Row(500_020)
	if !ok || r.Number != "T500020" || r.Description != "" {
		t.Fatalf("the row is %v %+v", ok, r)
	}
	if _, ok := p.Row(900_000); ok {
		t.Fatal("a row out of sight was read")
	}
}

func TestADraggedThumbReadsOnePageAtATimeAndThenWhatIsInSight(t *testing.T) {
	desk := &fakeDesk{}
	q := &queue{}
	b, _, _ := newBench(t, desk, q)
	p := newPages(b)
	p.SetOrder(numbers(1_000_000), false)
	for row := range 500 {
		p.See(row*2000, row*2000+20)
	}
	if len(desk.read) != 1 {
		t.Fatalf("%d pages asked for while the thumb moved, want the first only", len(desk.read))
	}
	q.drain()
	if len(desk.read) != 4 || desk.read[1][0] != 499*2000+1 {
		t.Fatalf("%d pages read, the second from %d", len(desk.read), desk.read[1][0])
	}
}

func TestPagesAreKeptInBounds(t *testing.T) {
	desk := &fakeDesk{}
	b, _, _ := newBench(t, desk, nil)
	p := newPages(b)
	p.SetOrder(numbers(1_000_000), false)
	for page := range 300 {
		p.See(page*pageRows, page*pageRows+20)
	}
	if len(p.kept) > pagesKept || len(p.rows) > pagesKept*pageRows || len(p.done) > pagesKept {
		t.Fatalf("%d pages with %d tickets are kept, %d are marked", len(p.kept), len(p.rows), len(p.done))
	}
	before := len(desk.read)
	p.See(0, 20) // gone long ago
	if len(desk.read) == before {
		t.Fatal("a page that was let go is not read again")
	}
	if _, ok := p.Row(1); !ok {
		t.Fatal("its tickets are not there")
	}
}

func TestAReloadReadsWhatIsInSightAgainAndShowsTheOldMeanwhile(t *testing.T) {
	desk := &fakeDesk{}
	q := &queue{}
	b, _, _ := newBench(t, desk, q)
	p := newPages(b)
	p.SetOrder(numbers(1000), false)
	p.See(400, 420)
	q.drain()
	desk.read = nil
	p.SetOrder(numbers(1000), true)
	if _, ok := p.Row(410); !ok {
		t.Fatal("a row that was read flickers")
	}
	q.drain()
	if len(desk.read) == 0 || desk.read[0][0] != 401 {
		t.Fatalf("read again: %v", desk.read)
	}
}

func TestPagesThatCannotBeReadAreNotAskedForForEver(t *testing.T) {
	desk := &fakeDesk{views: func([]uint32) ([]core.TicketView, error) { return nil, broken() }}
	b, _, _ := newBench(t, desk, nil)
	p := newPages(b)
	p.SetOrder(numbers(1000), false)
	p.See(0, 20)
	p.See(200, 220)
	if len(desk.read) != 1 || p.Err() == nil {
		t.Fatalf("%d tries, error %v", len(desk.read), p.Err())
	}
	desk.views = nil
	p.SetOrder(numbers(1000), true)
	if _, ok := p.Row(201); !ok || p.Err() != nil {
		t.Fatal("the next answer did not mend it")
	}
}
