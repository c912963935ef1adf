package mongostore

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

const (
	leaseLasts   = 30 * time.Second
	leaseRenewed = 8 * time.Second
	takeTries    = 5 // others may take or renew the lease between our reading and our writing it
)

// hold is a lease of this process, from taking it to giving it back. The lease in the state is
// also the journal of the change: a lease that ran out says with its batch what has to be
// finished or taken back, so it is removed only when nothing is left to do.
type hold struct {
	b        *Book
	op       string
	token    string
	state    state          // as it was when the lease was taken and what was left over was settled
	progress *core.Progress // nil: nobody watches
	patience time.Duration

	stopRenewing context.CancelFunc
	renewed      chan struct{} // closed when the renewing goroutine has ended
	kept         atomic.Int64  // when the lease was surely ours, in milliseconds of this machine's clock
	lost         atomic.Bool   // another process has the lease
	// unsure says that a write was given up or repeated, so that a try of it may still be on
	// its way: its batch must never come to count.
	unsure atomic.Bool
}

// hold takes the lease, and finishes or takes back what the one before left. It is ended by
// release and end.
func (b *Book) hold(ctx context.Context, op string, progress *core.Progress) (*hold, error) {
	if !b.changing.TryLock() {
		return nil, core.NewError(core.CodeConflict, op, "Another import is running. Nothing was changed; try again when it is done.", nil)
	}
	if b.process == "" {
		b.process = rand.Text()
	}
	h := &hold{b: b, op: op, progress: progress, patience: b.patience}
	if h.patience == 0 {
		h.patience = defaultPatience
	}
	if err := h.take(ctx); err != nil {
		b.changing.Unlock()
		return nil, b.fault(op, "", err)
	}
	h.renew()
	if err := h.settleLeft(ctx); err != nil {
		h.end()
		return nil, b.fault(op, "", err)
	}
	return h, nil
}

// take writes our lease where none is, or over one that ran out or that an earlier hold of
// this same Book could not give back. The one before may still write into it what it is about,
// or commit, until the very moment: so that stays, and the state is read after.
func (h *hold) take(ctx context.Context) error {
	b := h.b
	now, err := h.serverTime(ctx)
	if err != nil {
		return err
	}
	for range takeTries {
		s, err := b.loadState(ctx)
		if err != nil {
			return err
		}
		if s.Next <= 1 && s.Changes == 0 {
			fresh := bson.D{{Key: "committed", Value: int64(0)}, {Key: "next", Value: int64(1)}, {Key: "dropped", Value: bson.A{}}, {Key: "changes", Value: int64(0)}}
			_, err := b.imports().UpdateOne(ctx, bson.D{{Key: "_id", Value: stateID}}, bson.D{{Key: "$setOnInsert", Value: fresh}}, options.UpdateOne().SetUpsert(true))
			if err != nil && !mongo.IsDuplicateKeyError(err) {
				return err
			}
		}
		filter := bson.D{{Key: "_id", Value: stateID}, {Key: "lease", Value: bson.D{{Key: "$exists", Value: false}}}}
		if old := s.Lease; old != nil {
			if old.Until > now && !strings.HasPrefix(old.Token, b.process+"-") {
				return old.conflict(h.op)
			}
			filter = bson.D{{Key: "_id", Value: stateID}, {Key: "lease.token", Value: old.Token}, {Key: "lease.until", Value: old.Until}}
		}
		h.token = b.process + "-" + rand.Text()
		asked := time.Now().UnixMilli()
		r, err := b.imports().UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: bson.D{
			{Key: "lease.token", Value: h.token}, {Key: "lease.owner", Value: b.opt.Owner},
			{Key: "lease.until", Value: now + leaseLasts.Milliseconds()}, {Key: "lease.since", Value: now},
		}}})
		if err != nil {
			return err
		}
		if r.MatchedCount == 1 {
			h.kept.Store(asked)
			return h.reload(ctx)
		}
	}
	return core.NewError(core.CodeConflict, h.op, "Others keep changing the same order book. Nothing was changed; try again in a minute.", nil)
}

// reload reads the state, which nobody else changes while the lease is ours.
func (h *hold) reload(ctx context.Context) (err error) {
	if h.state, err = h.b.loadState(ctx); err == nil && !h.has(h.state) {
		err = h.lostFault()
	}
	return err
}

// conflict is the error for a lease another process has.
func (l *lease) conflict(op string) error {
	doing := "is importing into"
	if l.Undo != 0 {
		doing = "is undoing an import in"
	}
	owner := l.Owner
	if owner == "" {
		owner = "Another Deskwatch"
	}
	return core.NewError(core.CodeConflict, op, fmt.Sprintf(
		"%s %s the same order book since %s. Nothing was changed; try again when it is done. If that program has ended, the book is free half a minute after.",
		owner, doing, time.UnixMilli(l.Since).Format("15:04")), nil)
}

// serverTime is what time the server has, in milliseconds; leases of several machines are only
// comparable by one clock. It is asked anew each time, because machines sleep.
func (h *hold) serverTime(ctx context.Context) (int64, error) {
	var hello struct {
		LocalTime time.Time `bson:"localTime"`
	}
	if err := h.b.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return 0, err
	}
	if hello.LocalTime.IsZero() {
		hello.LocalTime = time.Now()
	}
	return hello.LocalTime.UnixMilli(), nil
}

// renew keeps the lease until stopRenewing.
func (h *hold) renew() {
	ctx, cancel := context.WithCancel(context.Background())
	h.stopRenewing, h.renewed = cancel, make(chan struct{})
	go func() {
		defer close(h.renewed)
		tick := time.NewTicker(leaseRenewed)
		defer tick.Stop()
		for !h.lost.Load() {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			// An error is no reason to give up: the next try may come in time, and if it does
			// not, whoever takes the lease changes its token.
			attempt, cancel := context.WithTimeout(ctx, leaseRenewed)
			_ = h.keep(attempt)
			cancel()
		}
	}()
}

// keep makes sure that the lease is ours, and will be for a while.
func (h *hold) keep(ctx context.Context) error {
	asked := time.Now().UnixMilli()
	now, err := h.serverTime(ctx)
	if err != nil {
		return err
	}
	r, err := h.b.imports().UpdateOne(ctx, h.mine(), bson.D{{Key: "$set", Value: bson.D{{Key: "lease.until", Value: now + leaseLasts.Milliseconds()}}}})
	switch {
	case err != nil:
		return err
	case r.MatchedCount == 0:
		return h.lostFault()
	}
	h.kept.Store(asked)
	return nil
}

// awake is for before each write: a machine that slept, or was cut off, finds out here that
// another process went on without it. Times are the wall clock's, which goes on in sleep.
func (h *hold) awake(ctx context.Context) error {
	switch since := time.Now().UnixMilli() - h.kept.Load(); {
	case h.lost.Load():
		return h.lostFault()
	case since < 0 || since > leaseLasts.Milliseconds():
		return h.keep(ctx)
	}
	return nil
}

// mine matches the state while the lease in it is this hold's.
func (h *hold) mine() bson.D {
	return bson.D{{Key: "_id", Value: stateID}, {Key: "lease.token", Value: h.token}}
}

// decide changes the state, while the lease is ours; doing it twice does no harm. done, which
// may be nil, tells from a state whether it was done by a try whose answer was lost with the lease.
func (h *hold) decide(ctx context.Context, update bson.D, done func(s state) bool) error {
	return h.retry(ctx, h.b.attemptTime(), func(ctx context.Context) error {
		r, err := h.b.imports().UpdateOne(ctx, h.mine(), update)
		if err != nil || r.MatchedCount > 0 {
			return err
		}
		s, err := h.b.loadState(ctx)
		if err != nil {
			return err
		}
		if lost := h.lostFault(); done == nil || !done(s) {
			return lost
		}
		return nil
	})
}

func (h *hold) has(s state) bool { return s.Lease != nil && s.Lease.Token == h.token }

func (h *hold) lostFault() error {
	h.lost.Store(true)
	return core.NewError(core.CodeConflict, h.op,
		"Deskwatch did not reach the order database for so long that another one took over. Nothing of this was kept; start it again.", nil)
}

// release gives the lease back; with it the batch enters or leaves those dropped, if asked.
// A lease that was lost is somebody else's to give back.
func (h *hold) release(ctx context.Context, also ...bson.E) error {
	update := append(bson.D{{Key: "$unset", Value: bson.D{{Key: "lease", Value: ""}}}}, also...)
	return h.retry(ctx, h.b.attemptTime(), func(ctx context.Context) error {
		_, err := h.b.imports().UpdateOne(ctx, h.mine(), update)
		return err
	})
}

// end stops renewing and lets the next change of this process begin. Without a release
// before, the next hold settles what is left.
func (h *hold) end() {
	h.stopRenewing()
	<-h.renewed
	h.b.changing.Unlock()
}

func drop(batch int64) bson.E {
	return bson.E{Key: "$addToSet", Value: bson.D{{Key: "dropped", Value: batch}}}
}

func undrop(batch int64) bson.E {
	return bson.E{Key: "$pull", Value: bson.D{{Key: "dropped", Value: batch}}}
}
