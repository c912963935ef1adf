package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"
)

func newSink(t *testing.T, o mailtest.Options) *mailtest.Sink {
	t.Helper()
	s, err := mailtest.NewSink(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// useServer switches real mail on, through a server on this machine.
func (d *desk) useServer(t *testing.T, port int) {
	t.Helper()
	_, err := d.SetSettings(t.Context(), []string{"mail.mode=smtp", "mail.host=127.0.0.1", fmt.Sprintf("mail.port=%d", port), "mail.tls=none",
		"mail.from=Deskwatch <alerts@desk.internal>", "mail.timeout_seconds=5"})
	if err != nil {
		t.Fatal(err)
	}
}

// alertQueued leaves one alert to a real-looking address in the outbox.
func (d *desk) alertQueued(t *testing.T) core.Delivery {
	t.Helper()
	d.saveRule(t, func(r *core.Rule) { r.ToFixed = []string{"lead@desk.internal"} })
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{SendBacklog: true}, 1, "")
	list := d.deliveries(t)
	if len(list) != 1 {
		t.Fatal(list)
	}
	return list[0]
}

func TestAnAlertArrivesOnce(t *testing.T) {
	d := newDesk(t)
	sink := newSink(t, mailtest.Options{})
	d.useServer(t, sink.Port())
	queued := d.alertQueued(t)
	for range 2 {
		if _, err := d.SendOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.check(t, core.CheckRequest{SendBacklog: true}, 0, "already_mailed:1")
	}
	mails := sink.Messages()
	if len(mails) != 1 || mails[0].To != "lead@desk.internal" || mails[0].From != "alerts@desk.internal" || mails[0].MessageID != queued.MessageID {
		t.Fatalf("arrived: %+v", mails)
	}
	if raw := string(mails[0].Raw); !strings.Contains(raw, "ana_1-2023-05-0") || !strings.Contains(raw, "text/html") {
		t.Errorf("the mail does not list the orders in both ways:\n%s", raw)
	}
	if sent := d.deliveries(t)[0]; sent.State != core.DeliverySent || sent.Via != "smtp" || sent.SentAt.IsZero() {
		t.Errorf("recorded as %+v", sent)
	}
}

func TestAMailWaitsForItsServerAndKeepsItsMessageID(t *testing.T) {
	d := newDesk(t)
	sink := newSink(t, mailtest.Options{})
	addr, port := sink.Addr(), sink.Port()
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	d.useServer(t, port)
	queued := d.alertQueued(t)
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SendNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	down := d.deliveries(t)[0]
	if down.State != core.DeliveryFailed || !strings.Contains(down.LastReply, "127.0.0.1") || !strings.HasSuffix(down.LastReply, ".") || !down.NextTry.After(d.clock.Now()) {
		t.Fatalf("with the server down: %+v", down)
	}
	back, err := mailtest.NewSink(mailtest.Options{Addr: addr})
	if err != nil {
		t.Skip("the port was taken by somebody else meanwhile:", err)
	}
	defer back.Close()
	if n, err := d.Requeue(t.Context(), []int64{queued.ID}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	eventually(t, "the mail goes out after Requeue", func() bool { return d.deliveries(t)[0].State == core.DeliverySent })
	if mails := back.Messages(); len(mails) != 1 || mails[0].MessageID != queued.MessageID {
		t.Errorf("arrived: %+v; queued as %s", mails, queued.MessageID)
	}
}

func TestChangedMailSettingsEndTheRestOfAServer(t *testing.T) {
	d := newDesk(t)
	sink := newSink(t, mailtest.Options{})
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	d.useServer(t, sink.Port())
	d.alertQueued(t)
	if _, err := d.SendOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	right := newSink(t, mailtest.Options{})
	d.useServer(t, right.Port())
	d.clock.advance(2 * time.Minute) // the mail's own wait, not the longer rest of the server
	if res, err := d.SendOnce(t.Context()); res.Sent != 1 || err != nil || len(right.Messages()) != 1 {
		t.Errorf("%+v %v", res, err)
	}
}

func TestWithoutItsPasswordNoMailGoesOut(t *testing.T) {
	d := newDesk(t)
	sink := newSink(t, mailtest.Options{User: "ana", Password: "right"})
	d.useServer(t, sink.Port())
	if _, err := d.SetSettings(t.Context(), []string{"mail.user=ana"}); err != nil {
		t.Fatal(err)
	}
	d.alertQueued(t)
	if _, err := d.SendOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l := d.deliveries(t)[0]; l.State != core.DeliveryFailed || !strings.Contains(l.LastReply, "no password") {
		t.Fatalf("%+v", l)
	}
	if err := d.SetSecret(t.Context(), core.SecretSMTP, core.NewSecret("right")); err != nil {
		t.Fatal(err)
	}
	d.clock.advance(2 * time.Minute)
	if res, err := d.SendOnce(t.Context()); res.Sent != 1 || err != nil || len(sink.Messages()) != 1 {
		t.Errorf("%+v %v %+v", res, err, d.deliveries(t)[0])
	}
}
