package outbox

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// memoryQueue keeps deliveries in a slice. Only what a Worker uses is there.
type memoryQueue struct {
	Queue
	rows       []core.DeliveryDetail
	finishErr  func(id int64, f Finish) error
	finished   []int64
	leaseSizes []int
}

func newMemoryQueue(n int) *memoryQueue {
	q := &memoryQueue{}
	for i := range n {
		d := core.DeliveryDetail{Delivery: core.Delivery{ID: int64(i + 1), State: core.DeliveryQueued}}
		d.MessageID = "<" + string(rune('a'+i)) + "@deskwatch.example>"
		d.Message.MessageID = d.MessageID
		q.rows = append(q.rows, d)
	}
	return q
}

func (q *memoryQueue) Lease(ctx context.Context, n int, now, _ time.Time) ([]core.DeliveryDetail, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var leased []core.DeliveryDetail
	for i := range q.rows {
		d := &q.rows[i]
		waits := d.State == core.DeliveryQueued || d.State == core.DeliveryFailed
		if waits && !d.NextTry.After(now) && len(leased) < n {
			d.State = core.DeliverySending
			leased = append(leased, *d)
		}
	}
	q.leaseSizes = append(q.leaseSizes, len(leased))
	return leased, nil
}

func (q *memoryQueue) Finish(ctx context.Context, id int64, f Finish) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if q.finishErr != nil {
		if err := q.finishErr(id, f); err != nil {
			return err
		}
	}
	q.finished = append(q.finished, id)
	d := &q.rows[id-1]
	d.State, d.LastReply, d.Via, d.NextTry = f.State, f.Reply, f.Via, f.NextTry
	if f.Tried {
		d.Attempts++
	}
	if f.State == core.DeliverySent {
		d.SentAt = f.At
	}
	return nil
}

func (q *memoryQueue) Counts(ctx context.Context) (core.DeliveryCounts, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c := core.DeliveryCounts{}
	for _, d := range q.rows {
		c[d.State]++
	}
	return c, nil
}

type senderFunc func(ctx context.Context, m core.Message) core.SendReport

func (f senderFunc) Send(ctx context.Context, m core.Message) core.SendReport { return f(ctx, m) }

func says(o core.SendOutcome, reply string) senderFunc {
	return func(context.Context, core.Message) core.SendReport {
		return core.SendReport{Outcome: o, Reply: reply, Via: "smtp"}
	}
}

type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newWorker(q Queue, s Sender) (*Worker, *clock) {
	c := &clock{time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}
	return &Worker{
		Queue: q, Sender: s, Now: c.now, Log: slog.New(slog.DiscardHandler),
		Timeout: func() time.Duration { return 30 * time.Second }, Batch: 3,
	}, c
}

func pass(t *testing.T, w *Worker) core.SendResult {
	t.Helper()
	res, err := w.SendDue(t.Context())
	if err != nil {
		t.Fatalf("SendDue: %v", err)
	}
	return res
}

func TestAPassSendsEverythingDueInOrderAndRecordsEach(t *testing.T) {
	q := newMemoryQueue(7)
	var sent []string
	changes := 0
	w, c := newWorker(q, senderFunc(func(_ context.Context, m core.Message) core.SendReport {
		if len(q.finished) != len(sent) {
			t.Errorf("%d were recorded before try %d", len(q.finished), len(sent)+1)
		}
		sent = append(sent, m.MessageID)
		return core.SendReport{Outcome: core.OutcomeSent, Reply: "250 ok", Via: "smtp"}
	}))
	w.Changed = func() { changes++ }
	if got, want := pass(t, w), (core.SendResult{Sent: 7}); got != want {
		t.Errorf("result %+v, want %+v", got, want)
	}
	if len(sent) != 7 || !slices.IsSorted(sent) || changes != 7 {
		t.Errorf("sent %v with %d changes told, want seven in order", sent, changes)
	}
	if d := q.rows[0]; d.Attempts != 1 || !d.SentAt.Equal(c.t) || d.LastReply != "250 ok" || d.Via != "smtp" {
		t.Errorf("recorded %+v", d.Delivery)
	}
	if slices.Max(q.leaseSizes) > 3 {
		t.Errorf("leased %v at once, want batches of 3", q.leaseSizes)
	}
}

func TestEachOutcomeEndsInItsState(t *testing.T) {
	for _, c := range []struct {
		outcome core.SendOutcome
		state   core.DeliveryState
		result  core.SendResult
	}{
		{core.OutcomeSent, core.DeliverySent, core.SendResult{Sent: 1}},
		{core.OutcomeRetry, core.DeliveryFailed, core.SendResult{Failed: 1, Left: 1}},
		{core.OutcomeRefused, core.DeliveryDead, core.SendResult{Dead: 1}},
		{core.OutcomeHeld, core.DeliveryHeld, core.SendResult{Held: 1}},
	} {
		q := newMemoryQueue(1)
		w, _ := newWorker(q, says(c.outcome, "the words"))
		if got := pass(t, w); got != c.result {
			t.Errorf("outcome %d: result %+v, want %+v", c.outcome, got, c.result)
		}
		if d := q.rows[0]; d.State != c.state || d.LastReply != "the words" || d.Attempts != 1 {
			t.Errorf("outcome %d: recorded %+v, want %s", c.outcome, d.Delivery, c.state)
		}
	}
}

func TestRetriesFollowThePlanAndEndAfterEightTries(t *testing.T) {
	q := newMemoryQueue(1)
	w, c := newWorker(q, says(core.OutcomeRetry, "451 later"))
	plan := []time.Duration{
		time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 12 * time.Hour,
	}
	for i, wait := range plan {
		pass(t, w)
		d := q.rows[0]
		if d.State != core.DeliveryFailed || d.Attempts != i+1 || d.NextTry.Sub(c.t) != wait {
			t.Fatalf("after try %d: %s, %d tries, next in %s; want failed and %s", i+1, d.State, d.Attempts, d.NextTry.Sub(c.t), wait)
		}
		c.t = d.NextTry.Add(-time.Second)
		if res := pass(t, w); res != (core.SendResult{Left: 1}) {
			t.Fatalf("a second before its time: %+v", res)
		}
		c.t = d.NextTry
	}
	if res := pass(t, w); res != (core.SendResult{Dead: 1}) {
		t.Fatalf("the eighth try: %+v, want it dead", res)
	}
	if d := q.rows[0]; d.LastReply != "Given up after 8 tries. The last one: 451 later" {
		t.Errorf("last reply %q", d.LastReply)
	}
}

func TestNoServiceEndsThePassAndCostsNoTry(t *testing.T) {
	q := newMemoryQueue(5)
	tries := 0
	reply := core.OutcomeNoService
	w, c := newWorker(q, senderFunc(func(context.Context, core.Message) core.SendReport {
		tries++
		return core.SendReport{Outcome: reply, Reply: "mail.example does not answer"}
	}))
	if res := pass(t, w); res != (core.SendResult{Failed: 1, Left: 5}) || tries != 1 {
		t.Fatalf("%+v after %d tries, want one try and five left", res, tries)
	}
	first, second, fourth := q.rows[0], q.rows[1], q.rows[3]
	if first.State != core.DeliveryFailed || first.Attempts != 0 || first.NextTry.Sub(c.t) != time.Minute {
		t.Errorf("the tried one: %+v", first.Delivery)
	}
	if second.State != core.DeliveryQueued || second.Attempts != 0 || !strings.Contains(second.LastReply, "mail.example does not answer") {
		t.Errorf("the leased one behind it: %+v", second.Delivery)
	}
	if fourth.State != core.DeliveryQueued || fourth.LastReply != "" {
		t.Errorf("one that was not leased: %+v", fourth.Delivery)
	}
	c.t = c.t.Add(59 * time.Second)
	if pass(t, w); tries != 1 {
		t.Errorf("the server was asked again while it rests")
	}
	reply = core.OutcomeSent
	c.t = c.t.Add(time.Second)
	if res := pass(t, w); res != (core.SendResult{Sent: 5}) {
		t.Errorf("with service again: %+v", res)
	}
}

func TestTheRestOfADeadServerGrowsToAQuarterOfAnHour(t *testing.T) {
	q := newMemoryQueue(1)
	w, c := newWorker(q, says(core.OutcomeNoService, "down"))
	for i, rest := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		pass(t, w)
		d := q.rows[0]
		if got := d.NextTry.Sub(c.t); got != rest || d.State != core.DeliveryFailed || d.Attempts != 0 {
			t.Fatalf("pass %d: rest %s, %s, %d tries; want %s", i+1, got, d.State, d.Attempts, rest)
		}
		c.t = d.NextTry
	}
}

func TestResumeAndAClockSetBackEndTheRest(t *testing.T) {
	for name, end := range map[string]func(*Worker, *clock){
		"resume":         func(w *Worker, _ *clock) { w.Resume() },
		"clock set back": func(_ *Worker, c *clock) { c.t = c.t.Add(-time.Hour) },
	} {
		q := newMemoryQueue(2)
		tries := 0
		w, c := newWorker(q, senderFunc(func(context.Context, core.Message) core.SendReport {
			tries++
			return core.SendReport{Outcome: core.OutcomeNoService, Reply: "down"}
		}))
		pass(t, w)
		end(w, c)
		if pass(t, w); tries != 2 {
			t.Errorf("%s: %d tries, want the second delivery tried", name, tries)
		}
	}
}

func TestCancelGivesBackWhatWasLeased(t *testing.T) {
	for name, outcomes := range map[string]core.SendOutcome{"retry": core.OutcomeRetry, "no service": core.OutcomeNoService} {
		q := newMemoryQueue(3)
		q.rows[1].State, q.rows[1].Attempts, q.rows[1].LastReply = core.DeliveryFailed, 2, "451 later"
		ctx, cancel := context.WithCancel(t.Context())
		w, _ := newWorker(q, senderFunc(func(ctx context.Context, m core.Message) core.SendReport {
			if m.MessageID == q.rows[1].MessageID {
				cancel()
				return core.SendReport{Outcome: outcomes, Reply: "connection closed"}
			}
			return core.SendReport{Outcome: core.OutcomeSent}
		}))
		res, err := w.SendDue(ctx)
		if core.ErrorCode(err) != core.CodeCanceled || res != (core.SendResult{Sent: 1, Left: 2}) {
			t.Errorf("%s: %+v, %v", name, res, err)
		}
		if d := q.rows[1]; d.State != core.DeliveryFailed || d.Attempts != 2 || d.LastReply != "451 later" {
			t.Errorf("%s: the try that was cut short counts: %+v", name, d.Delivery)
		}
		if d := q.rows[2]; d.State != core.DeliveryQueued || d.Attempts != 0 {
			t.Errorf("%s: the one behind it: %+v", name, d.Delivery)
		}
	}
}

func TestAMailThatWentOutDuringACancelIsRecordedAsSent(t *testing.T) {
	q := newMemoryQueue(2)
	ctx, cancel := context.WithCancel(t.Context())
	w, _ := newWorker(q, senderFunc(func(context.Context, core.Message) core.SendReport {
		cancel()
		return core.SendReport{Outcome: core.OutcomeSent}
	}))
	res, err := w.SendDue(ctx)
	if core.ErrorCode(err) != core.CodeCanceled || res.Sent != 1 || q.rows[0].State != core.DeliverySent {
		t.Errorf("%+v, %v, first is %s", res, err, q.rows[0].State)
	}
	if q.rows[1].State != core.DeliveryQueued {
		t.Errorf("second is %s", q.rows[1].State)
	}
}

func TestAnOutcomeThatCouldNotBeRecordedIsRecordedBeforeMoreIsSent(t *testing.T) {
	q := newMemoryQueue(2)
	full := core.NewError(core.CodeUnavailable, "test", "The disk is full.", errors.New("full"))
	q.finishErr = func(int64, Finish) error { return full }
	var sent []string
	w, _ := newWorker(q, senderFunc(func(_ context.Context, m core.Message) core.SendReport {
		sent = append(sent, m.MessageID)
		return core.SendReport{Outcome: core.OutcomeSent}
	}))
	for range 2 {
		if _, err := w.SendDue(t.Context()); !errors.Is(err, full) {
			t.Fatalf("error %v, want the queue's", err)
		}
	}
	if len(sent) != 1 {
		t.Fatalf("sent %v while nothing could be recorded", sent)
	}
	q.finishErr = nil
	q.rows[1].State = core.DeliveryQueued // its lease lapsed
	if pass(t, w); len(sent) != 2 || q.rows[0].State != core.DeliverySent || q.rows[1].State != core.DeliverySent {
		t.Errorf("sent %v, states %s and %s; want each sent once", sent, q.rows[0].State, q.rows[1].State)
	}
}

func TestADeliveryTakenAwayWhileItIsSentDoesNotStopThePass(t *testing.T) {
	q := newMemoryQueue(2)
	q.finishErr = func(id int64, _ Finish) error {
		if id == 1 {
			return core.NewError(core.CodeNotFound, "test", "It is gone.", nil)
		}
		return nil
	}
	w, _ := newWorker(q, says(core.OutcomeSent, ""))
	if pass(t, w); q.rows[1].State != core.DeliverySent {
		t.Errorf("the second delivery is %s", q.rows[1].State)
	}
}

func TestATryIsBoundedByTheTimeoutOfTheSettings(t *testing.T) {
	q := newMemoryQueue(1)
	var left time.Duration
	w, _ := newWorker(q, senderFunc(func(ctx context.Context, _ core.Message) core.SendReport {
		if deadline, ok := ctx.Deadline(); ok {
			left = time.Until(deadline)
		}
		return core.SendReport{Outcome: core.OutcomeSent}
	}))
	w.Timeout = func() time.Duration { return 7 * time.Second }
	pass(t, w)
	if left <= 6*time.Second || left > 7*time.Second {
		t.Errorf("the sender had %s, want 7 s", left)
	}
}

func TestLeasesThatLapsedDuringSleepAreNotSentOnTrust(t *testing.T) {
	q := newMemoryQueue(3)
	var c *clock
	var w *Worker
	tries := 0
	w, c = newWorker(q, senderFunc(func(context.Context, core.Message) core.SendReport {
		tries++
		c.t = c.t.Add(8 * time.Hour)
		return core.SendReport{Outcome: core.OutcomeSent}
	}))
	pass(t, w)
	if tries != 1 {
		t.Errorf("%d were sent on one lapsed lease, want 1", tries)
	}
}
