package app

import (
	"context"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

// news takes in what happened since the last time, and reports whether anything did.
func (p *deskPredictor) news(ctx context.Context) (changed bool, err error) {
	last, err := p.app.pool.LastEvent(ctx)
	if err != nil || last == p.seq {
		return false, err
	}
	if _, err := p.app.index.Sync(ctx); err != nil {
		return false, err
	}
	p.owners = p.app.index.Owners(otherOwners)
	for p.seq < last {
		events, err := p.app.pool.Events(ctx, core.TicketEventQuery{After: p.seq, Limit: eventsAtOnce})
		if err != nil {
			return true, err
		}
		if len(events) == 0 {
			break
		}
		upTo := events[len(events)-1].Seq
		if err := p.fresh(ctx, events); err != nil {
			return true, err
		}
		nos := touchedBy(events, func(e core.TicketEvent) bool { return p.model != nil || e.Kind != core.TicketCreated })
		for page := range slices.Chunk(nos, livesAtOnce) {
			if err := p.touched(ctx, page, upTo); err != nil {
				return true, err
			}
		}
		p.seq = upTo
	}
	return true, p.keepSeq(ctx)
}

// fresh scores the tickets that came with events by the rules, for which their lives need not be
// told.
func (p *deskPredictor) fresh(ctx context.Context, events []core.TicketEvent) error {
	if p.model != nil {
		return nil
	}
	b := p.batch()
	for _, e := range events {
		if _, scored := p.kept[e.No]; scored || e.Kind != core.TicketCreated || !p.app.index.IsOpen(e.No) {
			continue
		}
		moment := core.MomentEvent
		if e.SeenAt.Sub(e.At) <= arrivedWithin {
			moment = core.MomentArrival
		}
		if b.add(e.No, core.TicketKey{Source: e.Source, ID: e.TicketID}, nil, moment, false); len(b.scores) >= scoredAtOnce {
			if err := b.save(ctx); err != nil {
				return err
			}
			b = p.batch()
		}
	}
	return b.save(ctx)
}

// touched scores the tickets of a page of events, and tells the ledger of those that ended.
func (p *deskPredictor) touched(ctx context.Context, nos []uint32, upTo int64) error {
	var list []*predict.DeskLife
	if err := p.reader(upTo).each(ctx, nos, func(d predict.DeskLife) { list = append(list, &d) }); err != nil {
		return err
	}
	if p.model != nil {
		p.history.FeedSince(list, p.seq)
	}
	b := p.batch()
	var ends []predict.End
	var gone []core.TicketKey
	for _, d := range list {
		arrived, replied := d.Since(p.seq)
		_, predicted := p.kept[d.No]
		if d.Open {
			if p.model != nil {
				p.lives[d.No] = d
			}
			b.add(d.No, d.Ticket, d, momentOf(d, arrived && !predicted, replied, b.now.Add(-arrivedWithin)), d.End.Outcome != predict.OutcomeUnknown)
		} else {
			delete(p.lives, d.No)
			if predicted {
				delete(p.kept, d.No)
				gone = append(gone, d.Ticket)
			}
		}
		if !arrived || predicted || d.Open && !d.End.At.IsZero() {
			ends = append(ends, d.End)
		}
	}
	if err := b.save(ctx); err != nil {
		return err
	}
	if err := p.remove(ctx, gone); err != nil {
		return err
	}
	if len(ends) == 0 {
		return nil
	}
	return p.app.predictions.SetEnds(ctx, ends)
}

// momentOf is the moment of a prediction that is made because something happened. One of a ticket
// that nothing was predicted of is of its arrival, if it began no sooner than since and nothing
// happened to it since it was seen first.
func momentOf(d *predict.DeskLife, first, replied bool, since time.Time) core.Moment {
	switch {
	case first && d.Created >= since.Unix() && !d.Touched():
		return core.MomentArrival
	case replied && !first:
		return core.MomentReply
	}
	return core.MomentEvent
}

// arrivedWithin is how long after its beginning a ticket may be seen first for that to be its
// arrival. One that began while nobody watched may have waited longer.
const arrivedWithin = 24 * time.Hour

// all scores all open tickets because time went by, or something else predicts now.
func (p *deskPredictor) all(ctx context.Context, progress *core.Progress) (int, error) {
	p.owners = p.app.index.Owners(otherOwners)
	nos := p.app.index.OpenNos()
	progress.StartCount(int64(len(nos)))
	count := 0
	since := p.arrivals()
	for page := range slices.Chunk(nos, scoredAtOnce) {
		b := p.batch()
		if err := p.addAll(ctx, b, page, since); err != nil {
			return count, err
		}
		if err := b.save(ctx); err != nil {
			return count, err
		}
		count += b.count
		progress.Add(int64(len(page)))
		if err := ctx.Err(); err != nil {
			return count, core.NewError(core.CodeCanceled, "app.score", "Scoring was stopped as you asked. What was scored before is kept.", err)
		}
	}
	p.scored = p.app.now()
	return count, nil
}

// arrivals is when a ticket must have begun for the first prediction of it to be one of its arrival:
// within a day, or while nobody watched.
func (p *deskPredictor) arrivals() time.Time {
	since := p.app.now().Add(-arrivedWithin)
	if p.scored.IsZero() && !p.watched.IsZero() && p.watched.Before(since) {
		since = p.watched
	}
	return since
}

// addAll scores a page of open tickets.
func (p *deskPredictor) addAll(ctx context.Context, b *scoreBatch, nos []uint32, since time.Time) error {
	add := func(no uint32, key core.TicketKey, life *predict.DeskLife, known bool) {
		moment := core.MomentTime
		if _, scored := p.kept[no]; !scored && life != nil {
			if !life.End.At.IsZero() {
				b.ends = append(b.ends, life.End)
			} else if momentOf(life, true, false, since) == core.MomentArrival {
				moment = core.MomentArrival
			}
		}
		b.add(no, key, life, moment, known)
	}
	if p.model != nil {
		for _, no := range nos {
			if d := p.lives[no]; d != nil {
				add(no, d.Ticket, d, d.End.Outcome != predict.OutcomeUnknown)
			}
		}
		return nil
	}
	list, err := p.app.pool.Tickets(ctx, nos)
	if err != nil {
		return err
	}
	// The rules need no lives but to tell what arrived, and what ended before it was predicted.
	known := func(t *core.Ticket) bool { return t.Escalated || t.Rating > 0 }
	var wanted []uint32
	for _, t := range list {
		if _, scored := p.kept[t.No]; !scored && (known(&t) || !t.CreatedAt.Before(since)) {
			wanted = append(wanted, t.No)
		}
	}
	lives := make(map[uint32]*predict.DeskLife, len(wanted))
	if err := p.reader(p.seq).each(ctx, wanted, func(d predict.DeskLife) { lives[d.No] = &d }); err != nil {
		return err
	}
	for _, t := range list {
		add(t.No, t.Key(), lives[t.No], known(&t))
	}
	return nil
}
