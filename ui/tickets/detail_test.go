package tickets

import (
	"testing"
	"time"

	"deskwatch/core"
)

func TestOnlyTheLatestTicketIsShown(t *testing.T) {
	q := &queue{}
	b, _, _ := newBench(t, &fakeDesk{}, q)
	p := newDetail(b)
	p.Show(1, 0)
	p.Show(2, 0)
	q.drain()
	if d := p.State().Detail; d == nil || d.No != 2 {
		t.Fatalf("shown %+v", d)
	}
}

func TestWalkingOverRowsReadsOnlyTheOneItEndsOn(t *testing.T) {
	read := 0
	desk := &fakeDesk{detail: func(no uint32) (core.TicketDetail, error) {
		read++
		return core.TicketDetail{TicketView: viewsOf([]uint32{no})[0]}, nil
	}}
	b, _, clock := newBench(t, desk, nil)
	p := newDetail(b)
	for no := uint32(1); no <= 20; no++ {
		p.Show(no, arrowRest)
	}
	clock.pass()
	if read != 1 || p.State().Detail.No != 20 {
		t.Fatalf("%d tickets read, shown %+v", read, p.State().Detail)
	}
}

func TestAnUnchangedTicketIsNotDrawnAnew(t *testing.T) {
	risk := 5
	desk := &fakeDesk{detail: func(no uint32) (core.TicketDetail, error) {
		d := core.TicketDetail{Prediction: core.Prediction{Satisfaction: 100 - risk}}
		d.No, d.CreatedAt = no, time.Unix(1, 0)
		return d, nil
	}}
	b, _, clock := newBench(t, desk, nil)
	p := newDetail(b)
	p.Show(1, 0)
	edition := p.State().Edition
	clock.pass()
	p.Refresh()
	if p.State().Edition != edition {
		t.Error("the same ticket was drawn anew")
	}
	risk = 6
	clock.pass()
	p.Refresh()
	if p.State().Edition == edition {
		t.Error("a changed one was not")
	}
}

func TestATicketThatCannotBeReadAnewStaysShown(t *testing.T) {
	desk := &fakeDesk{}
	b, _, clock := newBench(t, desk, nil)
	p := newDetail(b)
	p.Show(4, 0)
	clock.pass()
	desk.detail = func(uint32) (core.TicketDetail, error) { return core.TicketDetail{}, broken() }
	p.Refresh()
	if s := p.State(); s.Err == nil || s.Detail == nil || s.Detail.No != 4 {
		t.Fatalf("error %v with %+v", s.Err, s.Detail)
	}
}
