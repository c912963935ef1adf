package app

import (
	"context"
	"errors"
	"io"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tickets"
)

const (
	takeBatch   = 500
	takeBuffers = 3 // one being filled, one waiting, one being compared
)

// takeOptions say what becomes of a stream besides its tickets.
type takeOptions struct {
	// Reject is told of every record that cannot be a ticket, on a goroutine of the stream; nil:
	// they are counted only.
	Reject func(*source.Rejected) error
	// Before runs when everything was read and compared, before it becomes visible: an error
	// leaves the pool as it was. nil: nothing.
	Before func() error
	// DryRun leaves the pool as it was in any case. The counts say what would have been done.
	DryRun bool
}

// takenStream is what taking a stream did.
type takenStream struct {
	tickets.Taken
	Rows     int64 // records read, rejected ones included
	Rejected int64
}

// takeStream takes a stream into the pool as one snapshot, all or nothing, brings the index up
// to date and publishes what changed. The stream stays the caller's to close. It is read on a
// goroutine that has ended when takeStream returns.
//
// The pool is held for as long as the stream lasts: one that comes over a network is to be
// spooled first (source.Spool).
func (a *App) takeStream(ctx context.Context, start tickets.TakeStart, s source.Stream, opt takeOptions, p *core.Progress) (res takenStream, err error) {
	if p == nil {
		p = new(core.Progress)
	}
	taking, err := a.pool.Begin(ctx, start)
	if err != nil {
		return res, err
	}
	defer func() { err = joinErrors(err, taking.Rollback()) }()
	if err := a.putStream(ctx, taking, s, opt, p, &res); err != nil {
		return takenStream{}, err
	}
	if opt.DryRun {
		res.Taken, err = taking.Try(ctx)
		return res, err
	}
	if opt.Before != nil {
		if err := opt.Before(); err != nil {
			return takenStream{}, err
		}
	}
	if res.Taken, err = taking.Commit(ctx); err != nil {
		return takenStream{}, err
	}
	// It is kept now, whatever becomes of the rest.
	if res.New+res.Changed+res.Gone+int64(len(res.Events)) > 0 {
		if err := a.ticketsTaken(context.WithoutCancel(ctx), res.Events); err != nil {
			a.log.Error("the new tickets are kept and not in the lists yet", "source", start.Source, "err", err)
		}
	}
	return res, nil
}

// streamBatch is what travels from the reading to the keeping side.
type streamBatch struct {
	tickets []core.Ticket
	read    int64
}

// putStream reads s to its end on a goroutine of its own while what was read before is compared.
func (a *App) putStream(ctx context.Context, taking tickets.Taking, s source.Stream, opt takeOptions, p *core.Progress, res *takenStream) error {
	readCtx, stop := context.WithCancel(ctx)
	defer stop()
	free, full := make(chan []core.Ticket, takeBuffers), make(chan streamBatch, takeBuffers)
	for range takeBuffers {
		free <- make([]core.Ticket, 0, takeBatch)
	}
	var readErr error // this and rejected are written before full is closed, read after
	var rejected int64
	go func() {
		defer close(full)
		rejected, readErr = readStream(readCtx, s, opt.Reject, free, full)
	}()
	var putErr error
	for b := range full {
		if putErr == nil && len(b.tickets) > 0 {
			putErr = taking.Put(ctx, b.tickets)
		}
		if putErr != nil {
			stop() // and take what was read meanwhile, until the reading side has ended
		} else {
			p.Add(b.read)
			res.Rows += b.read
			res.Tickets += int64(len(b.tickets))
		}
		clear(b.tickets) // texts are not held longer than needed
		free <- b.tickets[:0]
	}
	res.Rejected = rejected
	switch {
	case ctx.Err() != nil:
		return takingStopped(ctx.Err())
	case putErr != nil:
		return putErr
	}
	return readErr
}

// readStream fills batches until the stream ends. The buffers go round, so sending never waits.
func readStream(ctx context.Context, s source.Stream, reject func(*source.Rejected) error, free <-chan []core.Ticket, full chan<- streamBatch) (rejected int64, err error) {
	for {
		var b streamBatch
		select {
		case b.tickets = <-free:
		case <-ctx.Done():
			return rejected, ctx.Err()
		}
		for err == nil && b.read < takeBatch {
			var t core.Ticket
			if t, err = s.Next(); err == nil {
				b.tickets = append(b.tickets, t)
				b.read++
				continue
			}
			var r *source.Rejected
			if errors.As(err, &r) {
				b.read++
				rejected++
				if err = nil; reject != nil {
					err = reject(r)
				}
			}
		}
		full <- b
		switch {
		case err == io.EOF: // itself: an error of reading may have one as its cause
			return rejected, nil
		case err != nil:
			return rejected, wholeStream(err)
		case ctx.Err() != nil:
			return rejected, ctx.Err()
		}
	}
}

// wholeStream makes sure that what ends a stream has a sentence for people.
func wholeStream(err error) error {
	var e *core.Error
	if errors.As(err, &e) {
		return err
	}
	return core.NewError(core.CodeInternal, "app.take", "The tickets could not be read to their end. The ticket pool is as it was.", err)
}

func takingStopped(cause error) error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return core.NewError(core.CodeUnavailable, "app.take", "Taking the tickets took too long and was stopped. The ticket pool is as it was.", cause)
	}
	return core.NewError(core.CodeCanceled, "app.take", "Taking the tickets was stopped as you asked. The ticket pool is as it was.", cause)
}
