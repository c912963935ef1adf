package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"deskwatch/core"
)

const (
	defaultBatch = 10
	// leaseSlack is what a lease lasts beyond the time its sends may take.
	leaseSlack = time.Minute
	// recordWithin bounds writing down an outcome, which a cancelled pass still does.
	recordWithin = 3 * time.Second
)

// Worker sends what is due. Only the holder of the watch lock runs one, after
// Queue.ReleaseAll. Its methods may be called from several goroutines; passes follow one
// another.
//
// A message goes out at least once: when the program dies after the server took a message
// and before that was recorded, the same message, with the same Message-ID, is sent again
// after the restart. The Message-ID lets the receiving side see that it is the same one.
type Worker struct {
	Queue   Queue
	Sender  Sender
	Now     func() time.Time
	Log     *slog.Logger
	Timeout func() time.Duration // for one whole try, read before each batch
	Batch   int                  // deliveries leased at once; 0 means 10
	Changed func()               // told after each recorded outcome; may be nil

	pass sync.Mutex // held during a pass; guards unrecorded
	// unrecorded is the outcome the queue could not take. It is recorded before anything
	// else is sent, so that a full disk does not turn into a second mail.
	unrecorded *unrecorded

	rest   sync.Mutex // guards the fields below
	misses int        // passes in a row that found no service
	until  time.Time  // the server is left alone until then
}

type unrecorded struct {
	id     int64
	finish Finish
}

// SendDue makes one pass: it sends what is due, oldest first, one by one, and records each
// outcome at once. The pass ends when nothing is due, when there is no service, or when ctx
// is cancelled; what was leased and not tried is due again then. While a server is left alone
// after it gave no service, a pass sends nothing. The result counts this pass up to its end,
// also beside an error.
func (w *Worker) SendDue(ctx context.Context) (core.SendResult, error) {
	w.pass.Lock()
	defer w.pass.Unlock()
	var res core.SendResult
	err := w.recordLeftOver(ctx)
	if err == nil && !w.resting() {
		err = w.drain(ctx, &res)
	}
	if err != nil {
		ctx = context.WithoutCancel(ctx)
	}
	counts, countErr := w.Queue.Counts(ctx)
	res.Left = int(counts[core.DeliveryQueued] + counts[core.DeliveryFailed] + counts[core.DeliverySending])
	if err == nil {
		err = countErr
	}
	return res, err
}

// Resume ends the rest a server without service is given: the settings have changed, or a
// person asked to send now.
func (w *Worker) Resume() {
	w.rest.Lock()
	defer w.rest.Unlock()
	w.misses, w.until = 0, time.Time{}
}

func (w *Worker) drain(ctx context.Context, res *core.SendResult) error {
	size := w.Batch
	if size <= 0 {
		size = defaultBatch
	}
	for {
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		timeout, now := w.Timeout(), w.Now()
		until := now.Add(time.Duration(size)*timeout + leaseSlack)
		batch, err := w.Queue.Lease(ctx, size, now, until)
		if err != nil || len(batch) == 0 {
			return err
		}
		more, err := w.send(ctx, batch, timeout, until, res)
		if err != nil || !more {
			return err
		}
	}
}

// send tries the deliveries of one batch. more is false when the pass shall end.
func (w *Worker) send(ctx context.Context, batch []core.DeliveryDetail, timeout time.Duration, until time.Time, res *core.SendResult) (more bool, err error) {
	for i, d := range batch {
		if ctx.Err() != nil {
			w.giveBack(ctx, batch[i:], "")
			return false, stopped(ctx)
		}
		if !w.Now().Before(until) {
			// The machine slept; the leases have lapsed and what is left is due again.
			return true, nil
		}
		report := w.try(ctx, d.Message, timeout)
		undecided := report.Outcome == core.OutcomeRetry || report.Outcome == core.OutcomeNoService
		if undecided && ctx.Err() != nil {
			// It was the cancel that ended the try: nobody failed.
			w.giveBack(ctx, batch[i:], "")
			return false, stopped(ctx)
		}
		noService := report.Outcome == core.OutcomeNoService
		f := outcome(d.Delivery, report, w.Now(), w.served(!noService))
		if err := w.record(ctx, d.ID, f); err != nil {
			w.giveBack(ctx, batch[i+1:], "")
			return false, err
		}
		count(res, f.State)
		w.logTry(ctx, d.Delivery, f)
		if noService {
			w.giveBack(ctx, batch[i+1:], "Not tried yet. The message before it met this: "+report.Reply)
			return false, nil
		}
	}
	return true, nil
}

func (w *Worker) try(ctx context.Context, m core.Message, timeout time.Duration) core.SendReport {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return w.Sender.Send(ctx, m)
}

// record writes an outcome down, cancelled or not, and remembers it when that fails.
func (w *Worker) record(ctx context.Context, id int64, f Finish) error {
	w.unrecorded = &unrecorded{id, f}
	return w.recordLeftOver(context.WithoutCancel(ctx))
}

// recordLeftOver records the outcome that waits to be recorded, if there is one.
func (w *Worker) recordLeftOver(ctx context.Context) error {
	if w.unrecorded == nil {
		return nil
	}
	err := w.finish(ctx, w.unrecorded.id, w.unrecorded.finish)
	if code := core.ErrorCode(err); code == core.CodeNotFound || code == core.CodeConflict {
		// The delivery was taken away or changed meanwhile: nothing waits for this outcome.
		w.Log.InfoContext(ctx, "The outcome of a delivery has nowhere to go", "delivery", w.unrecorded.id, "err", err)
		err = nil
	}
	if err == nil {
		w.unrecorded = nil
	}
	return err
}

func (w *Worker) finish(ctx context.Context, id int64, f Finish) error {
	ctx, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	if err := w.Queue.Finish(ctx, id, f); err != nil {
		return err
	}
	if w.Changed != nil {
		w.Changed()
	}
	return nil
}

// giveBack makes leased deliveries due again. When the queue cannot, their leases lapse by
// themselves.
func (w *Worker) giveBack(ctx context.Context, batch []core.DeliveryDetail, why string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	for _, d := range batch {
		if err := w.finish(ctx, d.ID, release(d.Delivery, w.Now(), why)); err != nil {
			w.Log.WarnContext(ctx, "A delivery keeps its lease until it lapses", "delivery", d.ID, "err", err)
		}
	}
}

// resting reports whether the server is left alone now. A rest that is longer than any we
// give means that the clock was set back: it does not count.
func (w *Worker) resting() bool {
	w.rest.Lock()
	defer w.rest.Unlock()
	left := w.until.Sub(w.Now())
	return left > 0 && left <= longestRest
}

// served notes whether there was service, and returns how long the server is left alone.
func (w *Worker) served(ok bool) time.Duration {
	w.rest.Lock()
	defer w.rest.Unlock()
	if ok {
		w.misses, w.until = 0, time.Time{}
		return 0
	}
	w.misses++
	rest := restAfter(w.misses)
	w.until = w.Now().Add(rest)
	return rest
}

func (w *Worker) logTry(ctx context.Context, d core.Delivery, f Finish) {
	level := slog.LevelInfo
	if f.State != core.DeliverySent {
		level = slog.LevelWarn
	}
	// Neither recipient nor customer: the log is made to be handed to others.
	facts := []any{"delivery", d.ID, "message_id", d.MessageID, "state", string(f.State), "reply", f.Reply}
	if !f.NextTry.IsZero() {
		facts = append(facts, "next_try", f.NextTry.UTC())
	}
	w.Log.Log(ctx, level, "A delivery was tried", facts...)
}

func count(res *core.SendResult, s core.DeliveryState) {
	switch s {
	case core.DeliverySent:
		res.Sent++
	case core.DeliveryFailed:
		res.Failed++
	case core.DeliveryHeld:
		res.Held++
	case core.DeliveryDead:
		res.Dead++
	}
}

func stopped(ctx context.Context) error {
	return core.NewError(core.ErrorCode(ctx.Err()), "outbox.send",
		"Sending was stopped. What was sent is recorded; the rest stays in the outbox and is sent the next time.", ctx.Err())
}
