package orders

import (
	"testing"

	"deskwatch/core"
)

func loadedClients(t *testing.T, f *fakeDesk) *clients {
	t.Helper()
	if f.clients == nil {
		f.clients = func(core.ClientQuery) (core.ClientPage, error) {
			return core.ClientPage{Clients: []core.Client{{Customer: "ana_1", Name: "Ana", Email: "ana@example.com"}, {Customer: "bo_2"}}, Total: 2}, nil
		}
	}
	b, _ := newBench(t, f)
	p := newClients(b, &sample{bench: b})
	p.Load()
	return p
}

func TestOnlyWhatChangedOfAClientIsSaved(t *testing.T) {
	f := &fakeDesk{}
	p := loadedClients(t, f)
	p.Select("ana_1")
	p.Type(clientEmail, "new@example.com")
	p.Save()
	if len(f.patched) != 1 || f.patched[0].Name != nil || f.patched[0].Email == nil || *f.patched[0].Email != "new@example.com" {
		t.Errorf("patched %+v", f.patched)
	}
}

func TestAClientsEmailIsValidatedAsTyped(t *testing.T) {
	p := loadedClients(t, &fakeDesk{})
	p.Select("ana_1")
	for text, right := range map[string]bool{"": true, "a@b.co": true, "a@b": false, "a b@c.de": false, "Ana <a@b.co>": false, "a@b.co, c@d.ef": false} {
		p.Type(clientEmail, text)
		if (p.State().Problem == "") != right {
			t.Errorf("%q: %q", text, p.State().Problem)
		}
		if !right && p.CanSave() {
			t.Errorf("%q can be saved", text)
		}
	}
}

func TestMoreClientsFollowTheFirstPage(t *testing.T) {
	f := &fakeDesk{}
	f.clients = func(q core.ClientQuery) (core.ClientPage, error) {
		if q.After == "" {
			return core.ClientPage{Clients: []core.Client{{Customer: "a_1"}}, Total: 2, Next: "a_1"}, nil
		}
		return core.ClientPage{Clients: []core.Client{{Customer: "b_2"}}, Total: 2}, nil
	}
	p := loadedClients(t, f)
	if !p.State().More {
		t.Fatal("the first page says it is the last")
	}
	p.More()
	if rows := p.State().Rows; len(rows) != 2 || rows[1].Customer != "b_2" || p.State().More {
		t.Errorf("rows %v, more %v", rows, p.State().More)
	}
}

func TestSeedingSaysWhatWasSkippedAndWhy(t *testing.T) {
	f := &fakeDesk{seed: core.SeedResult{Created: 1200, Existing: 3, SkippedN: 1, Skipped: []core.SkippedEntry{{Name: "walk in", Reason: "no pattern"}}}}
	p := loadedClients(t, f)
	b, host := newBench(t, f)
	p.bench = b
	p.SeedClients()
	if len(host.Toasts) != 1 || host.Toasts[0] != "1,200 clients made, 3 there already, 1 skipped." || p.State().Seed == nil || len(p.State().Seed.Skipped) != 1 {
		t.Errorf("said %q, seed %+v", host.Toasts, p.State().Seed)
	}
}

func TestUnrecognisedCustomersAreListedWithTheirOrders(t *testing.T) {
	p := loadedClients(t, &fakeDesk{})
	p.ShowUnrecognised(true)
	if s := p.State(); len(s.Strangers) != 1 || s.Strangers[0].Orders != 9 {
		t.Errorf("strangers %+v", s.Strangers)
	}
}

func TestTheSampleIsRemovedOnlyAfterAsking(t *testing.T) {
	b, host := newBench(t, &fakeDesk{})
	s := &sample{bench: b}
	s.Remove()
	if len(host.Questions) != 1 || len(host.Toasts) != 0 {
		t.Fatalf("questions %v, toasts %v", host.Questions, host.Toasts)
	}
	host.Answer = true
	s.Remove()
	if len(host.Toasts) != 1 || s.busy {
		t.Errorf("toasts %v, busy %v", host.Toasts, s.busy)
	}
}
