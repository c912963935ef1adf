package event

import (
	"sync"
	"testing"

	"deskwatch/core"
)

func TestEverySubscriberGetsEveryEventInOrder(t *testing.T) {
	b := New()
	first, _ := b.Subscribe(4)
	second, _ := b.Subscribe(4)
	b.Publish(core.OrdersChanged{ImportID: 1})
	b.Publish(core.OutboxChanged{})
	for _, ch := range []<-chan core.Event{first, second} {
		if e := <-ch; e != (core.OrdersChanged{ImportID: 1}) {
			t.Errorf("first event %v", e)
		}
		if e := <-ch; e != (core.OutboxChanged{}) {
			t.Errorf("second event %v", e)
		}
	}
}

func TestASlowSubscriberLosesTheOldest(t *testing.T) {
	b := New()
	ch, _ := b.Subscribe(2)
	for i := range 5 {
		b.Publish(core.OrdersChanged{ImportID: int64(i)})
	}
	b.Close()
	var got []int64
	for e := range ch {
		got = append(got, e.(core.OrdersChanged).ImportID)
	}
	if len(got) != 2 || got[0] != 3 || got[1] != 4 {
		t.Errorf("got %v, want the newest two", got)
	}
}

func TestCancelAndCloseEndASubscription(t *testing.T) {
	b := New()
	ch, cancel := b.Subscribe(0)
	cancel()
	cancel()
	if _, open := <-ch; open {
		t.Error("cancelled, but open")
	}
	b.Publish(core.StatusChanged{})
	b.Close()
	b.Close()
	b.Publish(core.StatusChanged{})
	late, cancel := b.Subscribe(1)
	cancel()
	if _, open := <-late; open {
		t.Error("a subscription to a closed bus is open")
	}
}

func TestPublishersSubscribersAndCloseMayMeet(t *testing.T) {
	b := New()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 500 {
				b.Publish(core.StatusChanged{})
			}
		})
		wg.Go(func() {
			for range 50 {
				ch, cancel := b.Subscribe(1)
				b.Publish(core.StatusChanged{})
				<-ch // its own event, a newer one, or the close
				cancel()
			}
		})
	}
	wg.Go(b.Close)
	wg.Wait()
	if len(b.subs) != 0 {
		t.Errorf("%d subscriptions left", len(b.subs))
	}
}
