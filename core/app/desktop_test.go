package app

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

func TestASecondStartRaisesTheFirstWindow(t *testing.T) {
	d := newDesk(t)
	if first, err := d.FirstOrRaise(core.Raise{Path: "none.csv"}); err != nil || !first {
		t.Fatal(first, err)
	}
	second := d.open(t)
	want := filepath.Join(t.TempDir(), "orders.csv")
	if first, err := second.FirstOrRaise(core.Raise{Path: want}); err != nil || first {
		t.Fatal(first, err)
	}
	select {
	case r := <-d.Raised():
		if r.Path != want {
			t.Errorf("got %+v", r)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the wish does not arrive")
	}
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if first, err := second.FirstOrRaise(core.Raise{}); err != nil || !first {
		t.Error("the first is gone, but:", first, err)
	}
}

func TestOfTwoStartsAtOnceOneIsTheWindow(t *testing.T) {
	d := newDesk(t)
	list := []*App{d.App, d.open(t), d.open(t), d.open(t)}
	var mu sync.Mutex
	var all sync.WaitGroup
	windows := 0
	for _, a := range list {
		all.Go(func() {
			first, err := a.FirstOrRaise(core.Raise{})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if first {
				windows++
			}
		})
	}
	all.Wait()
	if windows != 1 {
		t.Errorf("%d windows", windows)
	}
}
