package orders

import (
	"testing"
	"time"

	"deskwatch/core"
)

func loadedMail(t *testing.T, f *fakeDesk, list ...core.Delivery) (*mail, func() []core.DeliveryQuery) {
	t.Helper()
	var asked []core.DeliveryQuery
	f.deliveries = func(q core.DeliveryQuery) ([]core.Delivery, error) {
		if q.Limit > 0 {
			asked = append(asked, q)
		}
		return list, nil
	}
	b, _ := newBench(t, f)
	p := newMail(b)
	p.Load()
	return p, func() []core.DeliveryQuery { return asked }
}

func TestMailFiltersAreTheCores(t *testing.T) {
	p, asked := loadedMail(t, &fakeDesk{}, core.Delivery{ID: 1})
	p.FilterState(core.DeliveryHeld)
	p.FilterText(" ana ")
	q := asked()[len(asked())-1]
	if q.State != core.DeliveryHeld || q.Text != "ana" || q.Before != 0 {
		t.Errorf("asked %+v", q)
	}
}

func TestOnlyWhatCanBeSentOrDiscardedOffersIt(t *testing.T) {
	for state, want := range map[core.DeliveryState][2]bool{
		core.DeliveryQueued: {false, true}, core.DeliverySending: {false, false}, core.DeliverySent: {false, false},
		core.DeliveryFailed: {true, true}, core.DeliveryHeld: {true, true}, core.DeliveryDead: {true, false},
	} {
		p, _ := loadedMail(t, &fakeDesk{}, core.Delivery{ID: 5, State: state})
		p.Select(5)
		if got := [2]bool{p.CanRetry(), p.CanDiscard()}; got != want {
			t.Errorf("%s: retry, discard %v, want %v", state, got, want)
		}
	}
}

func TestRetryMakesTheMailDueAndSends(t *testing.T) {
	f := &fakeDesk{}
	p, _ := loadedMail(t, f, core.Delivery{ID: 5, State: core.DeliveryHeld})
	p.Select(5)
	p.Retry()
	if len(f.requeued) != 1 || f.requeued[0] != 5 || p.State().Busy {
		t.Errorf("requeued %v, busy %v", f.requeued, p.State().Busy)
	}
}

func TestDiscardAsksFirst(t *testing.T) {
	f := &fakeDesk{}
	p, _ := loadedMail(t, f, core.Delivery{ID: 5, State: core.DeliveryQueued})
	b, host := newBench(t, f)
	p.bench = b
	p.Select(5)
	p.Discard()
	if len(host.Questions) != 1 || len(f.discarded) != 0 {
		t.Fatalf("discarded %v before the answer", f.discarded)
	}
	host.Answer = true
	p.Discard()
	if len(f.discarded) != 1 {
		t.Error("not discarded after the answer")
	}
}

func TestDeliveryStatesAreSaidInWords(t *testing.T) {
	now := noon()
	for want, d := range map[string]core.Delivery{
		"in the sandbox":           {State: core.DeliverySent, Via: "sandbox"},
		"sent":                     {State: core.DeliverySent, Via: "smtp"},
		"failed, again 12:30":      {State: core.DeliveryFailed, NextTry: now.Add(30 * time.Minute)},
		"failed, tried again soon": {State: core.DeliveryFailed, NextTry: now.Add(-time.Minute)},
		"given up":                 {State: core.DeliveryDead},
	} {
		if got := deliveryText(d, now); got != want {
			t.Errorf("%+v: %q, want %q", d, got, want)
		}
	}
	if got := sendText(core.SendResult{Sent: 3, Failed: 1}); got != "3 mails sent, 1 failed and is tried again." {
		t.Errorf("send: %q", got)
	}
}

func TestShowingACustomersMailOpensTheNewest(t *testing.T) {
	p, asked := loadedMail(t, &fakeDesk{}, core.Delivery{ID: 9, Customer: "ana_1"}, core.Delivery{ID: 5, Customer: "ana_1"})
	p.ShowCustomer("ana_1")
	if q := asked()[len(asked())-1]; q.Text != "ana_1" || p.State().Selected != 9 || p.State().Detail.ID != 9 {
		t.Errorf("asked %+v, opened %d", q, p.State().Detail.ID)
	}
	p.Select(0)
	p.Load()
	if p.State().Selected != 0 {
		t.Error("a later reload opens a mail nobody asked for")
	}
}

func TestTheMailPaneSaysHowOftenItWasTriedAndWhatCameOfIt(t *testing.T) {
	for want, d := range map[string]core.Delivery{
		"Not tried yet.": {},
		"Tried 1 time. The sandbox took the mail. Nothing left this machine.": {Attempts: 1, State: core.DeliverySent, Via: "sandbox", LastReply: "Kept."},
		"Tried 3 times. Last reply: 451 later":                                {Attempts: 3, LastReply: "451 later\n"},
	} {
		if got := triesText(d); got != want {
			t.Errorf("%+v: %q, want %q", d, got, want)
		}
	}
}

func TestTheSenderOfAMailSentIsReadFromTheMailItself(t *testing.T) {
	d := core.DeliveryDetail{Raw: []byte("From: Deskwatch <a@b.example>\r\nTo: c@d.example\r\n\r\nHello")}
	if got := sender(d); got != "Deskwatch <a@b.example>" {
		t.Errorf("sender %q", got)
	}
}
