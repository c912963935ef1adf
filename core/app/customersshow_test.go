package app

import (
	"testing"
	"time"

	"deskwatch/core"
)

func TestAFlagHoldsThoughTheCustomersAreToldAnewMeanwhile(t *testing.T) {
	d := newDesk(t)
	var list []core.Ticket
	for i := range 200 {
		list = append(list, d.of(string(rune('A'+i)), string(rune('A'+i)), 1))
	}
	d.takes(t, list...)
	d.refresh(t)
	stop, ended := make(chan struct{}), make(chan struct{})
	for range 2 {
		go func() {
			defer func() { ended <- struct{}{} }()
			for {
				select {
				case <-stop:
					return
				default:
					d.showCustomers()
				}
			}
		}()
	}
	lost := 0
	for i := range 40 {
		if err := d.SaveFlag(t.Context(), core.ToughFlag{Customer: crm("A"), Tough: i%2 == 0, Note: "careful"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
		if got := d.index.View(core.Ticket{No: 1}).IsTough; got != (i%2 == 0) {
			lost++
		}
	}
	close(stop)
	<-ended
	<-ended
	if lost > 0 {
		t.Errorf("%d of 40 flags were lost", lost)
	}
}
