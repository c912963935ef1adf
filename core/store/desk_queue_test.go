package store

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/alert"
	"deskwatch/core/outbox"
)

// newQueue returns a queue with deliveries 1 to n.
func newQueue(t *testing.T, n int) *Queue {
	t.Helper()
	db := newDesk(t)
	fill(t, db, n)
	return NewQueue(db)
}

func fill(t *testing.T, db *DB, n int) {
	t.Helper()
	run := alert.RunRecord{RuleID: 1, At: noon}
	for i := range n {
		run.Deliveries = append(run.Deliveries, delivery(i+1))
	}
	must(t, NewLedger(db).Record(t.Context(), run))
}

func lease(t *testing.T, q *Queue, n int, now time.Time) []core.DeliveryDetail {
	t.Helper()
	list, err := q.Lease(t.Context(), n, now, now.Add(time.Minute))
	must(t, err)
	return list
}

func state(t *testing.T, q *Queue, id int64) core.DeliveryDetail {
	t.Helper()
	d, err := q.Delivery(t.Context(), id)
	must(t, err)
	return d
}

func TestLeaseTakesWhatIsDueOldestFirst(t *testing.T) {
	q := newQueue(t, 5)
	ctx := t.Context()
	first := lease(t, q, 2, noon)
	if len(first) != 2 || first[0].ID != 1 || first[1].ID != 2 || first[0].State != core.DeliverySending ||
		first[0].Message.HTML != "<p>html</p>" || first[0].Message.MessageID != delivery(1).MessageID || !first[0].Message.Date.Equal(noon) {
		t.Fatalf("leased %+v", first)
	}
	must(t, q.Finish(ctx, 1, outbox.Finish{State: core.DeliveryFailed, NextTry: noon.Add(time.Hour), Tried: true, At: noon}))
	if rest := lease(t, q, 10, noon); len(rest) != 3 || rest[0].ID != 3 {
		t.Fatalf("then leased %+v, want 3 to 5", rest)
	}
	if none := lease(t, q, 10, noon); len(none) != 0 {
		t.Fatalf("leased %+v twice", none)
	}
	for _, id := range []int64{2, 3, 4, 5} {
		must(t, q.Finish(ctx, id, outbox.Finish{State: core.DeliverySent, At: noon, Tried: true}))
	}
	if none := lease(t, q, 10, noon.Add(time.Hour-time.Millisecond)); len(none) != 0 {
		t.Errorf("leased %+v before its next try", none)
	}
	if again := lease(t, q, 10, noon.Add(time.Hour)); len(again) != 1 || again[0].ID != 1 || again[0].Attempts != 1 {
		t.Errorf("at its next try: %+v", again)
	}
}

func TestALapsedLeaseIsDueAgain(t *testing.T) {
	q := newQueue(t, 1)
	lease(t, q, 1, noon)
	if d := lease(t, q, 1, noon.Add(59*time.Second)); len(d) != 0 {
		t.Errorf("leased again while the lease holds")
	}
	if d := lease(t, q, 1, noon.Add(time.Minute)); len(d) != 1 {
		t.Errorf("a lapsed lease was never taken up")
	}
}

func TestTwoProcessesNeverLeaseTheSameDelivery(t *testing.T) {
	const n = 120
	path := filepath.Join(t.TempDir(), DeskFile)
	fill(t, openAt(t, path, KindDesk), n)
	var mu sync.Mutex
	taken := map[int64]int{}
	var wg sync.WaitGroup
	for range 4 {
		q := NewQueue(openAt(t, path, KindDesk))
		wg.Go(func() {
			for {
				list, err := q.Lease(context.Background(), 7, noon, noon.Add(time.Hour))
				if err != nil {
					t.Error(err)
					return
				}
				if len(list) == 0 {
					return
				}
				mu.Lock()
				for _, d := range list {
					taken[d.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(taken) != n {
		t.Errorf("%d of %d were leased", len(taken), n)
	}
	for id, times := range taken {
		if times != 1 {
			t.Errorf("delivery %d was leased %d times", id, times)
		}
	}
}

func TestReleaseAllGivesBackWhatACrashLeftLeased(t *testing.T) {
	q := newQueue(t, 3)
	ctx := t.Context()
	lease(t, q, 1, noon)
	must(t, q.Finish(ctx, 1, outbox.Finish{State: core.DeliveryFailed, Reply: "451", NextTry: noon, Tried: true}))
	lease(t, q, 2, noon)
	n, err := q.ReleaseAll(ctx)
	if err != nil || n != 2 {
		t.Fatalf("released %d, %v", n, err)
	}
	if one, two := state(t, q, 1), state(t, q, 2); one.State != core.DeliveryFailed || one.Attempts != 1 || two.State != core.DeliveryQueued {
		t.Errorf("released %+v and %+v", one.Delivery, two.Delivery)
	}
	if all := lease(t, q, 10, noon); len(all) != 3 {
		t.Errorf("%d are due, want all", len(all))
	}
}

func TestFinishRecordsTheOutcome(t *testing.T) {
	q := newQueue(t, 4)
	ctx := t.Context()
	lease(t, q, 4, noon)
	must(t, q.Finish(ctx, 1, outbox.Finish{State: core.DeliverySent, Reply: "250 ok", Via: "smtp", Raw: []byte("raw\x00"), At: noon, Tried: true}))
	if d := state(t, q, 1); d.State != core.DeliverySent || d.LastReply != "250 ok" || d.Via != "smtp" || string(d.Raw) != "raw\x00" || !d.SentAt.Equal(noon) || d.Attempts != 1 || !d.NextTry.IsZero() {
		t.Errorf("sent: %+v", d)
	}
	must(t, q.Finish(ctx, 2, outbox.Finish{State: core.DeliveryFailed, Reply: "no service", Via: "smtp", At: noon, NextTry: noon.Add(time.Minute)}))
	if d := state(t, q, 2); d.State != core.DeliveryFailed || d.Attempts != 0 || !d.NextTry.Equal(noon.Add(time.Minute)) || !d.SentAt.IsZero() || d.Via != "" {
		t.Errorf("not tried: %+v", d)
	}
	must(t, q.Finish(ctx, 3, outbox.Finish{State: core.DeliveryHeld, Reply: "example address", At: noon, Tried: true}))
	if d := state(t, q, 3); d.State != core.DeliveryHeld || d.Attempts != 1 {
		t.Errorf("held: %+v", d)
	}
	wantCode(t, q.Finish(ctx, 3, outbox.Finish{State: core.DeliveryFailed}), core.CodeConflict)
	wantCode(t, q.Finish(ctx, 1, outbox.Finish{State: core.DeliverySent}), core.CodeConflict)
	wantCode(t, q.Finish(ctx, 99, outbox.Finish{State: core.DeliverySent}), core.CodeNotFound)
	_, err := q.ReleaseAll(ctx)
	must(t, err)
	must(t, q.Finish(ctx, 4, outbox.Finish{State: core.DeliverySent, At: noon, Tried: true}))
	if d := state(t, q, 4); d.State != core.DeliverySent {
		t.Errorf("a mail that went out after its lease was lost is %s", d.State)
	}
}

func TestRequeueAndDiscardTouchOnlyWhatWaits(t *testing.T) {
	q := newQueue(t, 6)
	ctx := t.Context()
	lease(t, q, 6, noon)
	for id, s := range map[int64]core.DeliveryState{1: core.DeliverySent, 2: core.DeliveryFailed, 3: core.DeliveryHeld, 4: core.DeliveryDead, 5: core.DeliveryQueued} {
		must(t, q.Finish(ctx, id, outbox.Finish{State: s, Tried: true, At: noon, NextTry: noon.Add(time.Hour)}))
	}
	all := []int64{1, 2, 3, 4, 5, 6, 99}
	n, err := q.Requeue(ctx, all, noon)
	if err != nil || n != 3 {
		t.Fatalf("requeued %d, %v; want 2, 3 and 4", n, err)
	}
	if d := state(t, q, 4); d.State != core.DeliveryQueued || d.Attempts != 0 || !d.NextTry.Equal(noon) || d.MessageID != delivery(4).MessageID {
		t.Errorf("requeued %+v", d.Delivery)
	}
	if due := lease(t, q, 1, noon); len(due) != 1 || due[0].ID != 2 {
		t.Errorf("due now: %+v", due)
	}
	n, err = q.Discard(ctx, all, "Discarded by hand.")
	if err != nil || n != 3 {
		t.Fatalf("discarded %d, %v; want 3, 4 and 5", n, err)
	}
	counts, err := q.Counts(ctx)
	must(t, err)
	if fmt.Sprint(counts) != "map[dead:3 sending:2 sent:1]" || state(t, q, 5).LastReply != "Discarded by hand." {
		t.Errorf("counts %v", counts)
	}
}

func TestDeliveriesAreFilteredAndPaged(t *testing.T) {
	q := newQueue(t, 12)
	ctx := t.Context()
	lease(t, q, 3, noon)
	must(t, q.Finish(ctx, 2, outbox.Finish{State: core.DeliverySent, At: noon, Raw: []byte("raw")}))
	for _, c := range []struct {
		q    core.DeliveryQuery
		want string
	}{
		{core.DeliveryQuery{Limit: 2}, "[12 11]"},
		{core.DeliveryQuery{Limit: 2, Before: 11}, "[10 9]"},
		{core.DeliveryQuery{State: core.DeliverySending}, "[3 1]"},
		{core.DeliveryQuery{Text: "SHOP_1"}, "[12 11 10 1]"},
		{core.DeliveryQuery{Text: "shop%"}, "[]"},
		{core.DeliveryQuery{Text: "hop_2", State: core.DeliverySent}, "[2]"},
		{core.DeliveryQuery{Text: "LEAD@deskwatch", Limit: 1}, "[12]"},
		{core.DeliveryQuery{Text: "orders of shop_7"}, "[7]"},
	} {
		list, err := q.Deliveries(ctx, c.q)
		must(t, err)
		ids := []int64{}
		for _, d := range list {
			ids = append(ids, d.ID)
		}
		if fmt.Sprint(ids) != c.want {
			t.Errorf("%+v: %v, want %s", c.q, ids, c.want)
		}
	}
	_, err := q.Delivery(ctx, 99)
	wantCode(t, err, core.CodeNotFound)
}

func TestQueueQueriesUseTheirIndexes(t *testing.T) {
	db := newDesk(t)
	for query, index := range map[string]string{
		"SELECT " + listedColumns + " FROM deliveries WHERE state = 'held' ORDER BY id DESC LIMIT 100": "deliveries_state",
		"SELECT state, count(*) FROM deliveries GROUP BY state":                                        "COVERING INDEX deliveries_state",
		"SELECT * FROM deliveries ORDER BY id DESC LIMIT 100":                                          "SCAN deliveries",
		"UPDATE deliveries SET leased_until = 0 WHERE state = 'sending'":                               "deliveries_state",
	} {
		if p := plan(t, db, query); !strings.Contains(p, index) || strings.Contains(p, "TEMP B-TREE") {
			t.Errorf("%s\n  is answered by %s", query, p)
		}
	}
}

type sendFunc func(core.Message) core.SendReport

func (f sendFunc) Send(_ context.Context, m core.Message) core.SendReport { return f(m) }

func TestTheWorkerSendsTheQueueAndARestartSendsTheRest(t *testing.T) {
	path := filepath.Join(t.TempDir(), DeskFile)
	db := openAt(t, path, KindDesk)
	fill(t, db, 15)
	sent := map[string]int{}
	ctx, crash := context.WithCancel(t.Context())
	newWorker := func(q outbox.Queue) *outbox.Worker {
		return &outbox.Worker{
			Queue: q, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
			Timeout: func() time.Duration { return time.Second },
			Sender: sendFunc(func(m core.Message) core.SendReport {
				sent[m.MessageID]++
				if len(sent) == 12 {
					crash()
				}
				return core.SendReport{Outcome: core.OutcomeSent, Via: "sandbox", Raw: []byte(m.Text)}
			}),
		}
	}
	res, err := newWorker(NewQueue(db)).SendDue(ctx)
	if core.ErrorCode(err) != core.CodeCanceled || res != (core.SendResult{Sent: 12, Left: 3}) {
		t.Fatalf("before the stop: %+v, %v", res, err)
	}
	q := NewQueue(openAt(t, path, KindDesk))
	if n, err := q.ReleaseAll(t.Context()); err != nil || n != 0 {
		t.Errorf("%d were left leased by an orderly stop (%v)", n, err)
	}
	res, err = newWorker(q).SendDue(t.Context())
	if err != nil || res != (core.SendResult{Sent: 3}) {
		t.Errorf("after the restart: %+v, %v", res, err)
	}
	for id, times := range sent {
		if times != 1 {
			t.Errorf("%s went out %d times", id, times)
		}
	}
}
