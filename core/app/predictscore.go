package app

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tickets"
)

const (
	// scoredAtOnce is how many scores are kept in one transaction.
	scoredAtOnce = 500
	// scoreAgain is how often all open tickets are scored because time went by.
	scoreAgain = time.Hour
	// worthKeeping is the change of satisfaction from which on a prediction that only time brought
	// goes into the ledger.
	worthKeeping = 2
	// otherOwners is how many people a ticket could be given to are tried.
	otherOwners = 20
	// seqGroup is where it is kept up to which event the ends of tickets are told to the ledger.
	seqGroup = "prediction_events"
)

// deskPredictor scores the open tickets of the desk. One goroutine at a time uses it.
type deskPredictor struct {
	app      *App
	model    *predict.Model // nil: the stated rules predict
	checksum string
	seq      int64 // the last event taken into account
	scored   time.Time

	reading *predict.DeskReading
	history *predict.History
	scorer  *predict.Scorer
	lives   map[uint32]*predict.DeskLife // of open tickets, while a model predicts
	kept    map[uint32]keptScore         // what the ledger holds
	owners  []string
}

// keptScore is a score as the ledger holds it.
type keptScore struct {
	key          core.TicketKey
	satisfaction int
	basis        core.PredictionBasis
	model        int
}

// modelInForce is the model that predicts; nil the rules do.
func (a *App) modelInForce() (*predict.Model, string) {
	if !a.settings.Current().Predict.Model {
		return nil, ""
	}
	m, checksum, _ := a.model() // that it cannot be read is told by ModelState
	return m, checksum
}

// newPredictor learns what the desk's tickets say up to now, and tells the ledger what became of
// tickets while nobody watched. Nothing is scored yet.
func (a *App) newPredictor(ctx context.Context) (*deskPredictor, error) {
	p := &deskPredictor{app: a, lives: map[uint32]*predict.DeskLife{}, kept: map[uint32]keptScore{}}
	p.model, p.checksum = a.modelInForce()
	known, err := a.keptPrediction(ctx)
	if err != nil {
		return nil, err
	}
	rate := a.index.Ends().Rate()
	if known.Model != nil && known.Model.Checksum == p.checksum {
		rate = known.Model.Rate
	}
	p.reading = predict.NewDeskReading(rate)
	if p.seq, err = a.pool.LastEvent(ctx); err != nil {
		return nil, err
	}
	if _, err := a.index.Sync(ctx); err != nil {
		return nil, err
	}
	if p.model != nil {
		if err := p.learn(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.readKept(ctx); err != nil {
		return nil, err
	}
	return p, p.catchUp(ctx)
}

// learn replays the history and keeps the lives of open tickets.
func (p *deskPredictor) learn(ctx context.Context) error {
	nos, err := p.app.newestTickets(ctx, historyTickets)
	if err != nil {
		return err
	}
	all := make([]predict.Life, 0, len(nos))
	r := p.reader(p.seq)
	if err := r.each(ctx, nos, func(d predict.DeskLife) {
		if !removedSample(&d) {
			all = append(all, d.Life)
		}
		if d.Open {
			p.lives[d.No] = &d
		}
	}); err != nil {
		return err
	}
	p.history = predict.NewHistory(p.model.Schema())
	p.history.Replay(all)
	p.scorer = predict.NewScorer(p.model, p.history)
	older := slices.DeleteFunc(p.app.index.OpenNos(), func(no uint32) bool { return p.lives[no] != nil })
	return r.each(ctx, older, func(d predict.DeskLife) {
		if d.Open {
			p.lives[d.No] = &d
		}
	})
}

func (p *deskPredictor) reader(upTo int64) *lives {
	return &lives{app: p.app, reading: p.reading, upTo: upTo, texts: func(t *core.Ticket) bool { return p.model != nil && openText(t) }}
}

// readKept reads the scores the ledger holds, and takes those of tickets away that are not open.
func (p *deskPredictor) readKept(ctx context.Context) error {
	var list []predict.Score
	if _, err := p.app.predictions.Scores(ctx, 0, func(batch []predict.Score, _ bool) error {
		list = append(list, batch...)
		return nil
	}); err != nil {
		return err
	}
	var gone []core.TicketKey
	for page := range slices.Chunk(list, keysAtOnce) {
		keys := make([]core.TicketKey, len(page))
		for i, s := range page {
			keys[i] = s.Key
		}
		nos, err := p.app.pool.Nos(ctx, keys)
		if err != nil {
			return err
		}
		for _, s := range page {
			if no := nos[s.Key]; !s.Removed && no == s.No && p.app.index.IsOpen(no) {
				p.kept[no] = keptScore{s.Key, predict.Satisfaction(s.Risk), s.Basis, s.Model}
			} else if !s.Removed {
				gone = append(gone, s.Key)
			}
		}
	}
	return p.remove(ctx, gone)
}

func (p *deskPredictor) remove(ctx context.Context, keys []core.TicketKey) error {
	if len(keys) == 0 {
		return nil
	}
	return p.app.predictions.Remove(ctx, keys)
}

// catchUp tells the ledger how tickets ended while nobody watched.
func (p *deskPredictor) catchUp(ctx context.Context) error {
	from, err := p.readSeq(ctx)
	if err != nil {
		return err
	}
	if from == 0 || from > p.seq { // nothing was predicted before, or the pool was fetched again
		return p.keepSeq(ctx)
	}
	for {
		events, err := p.app.pool.Events(ctx, core.TicketEventQuery{After: from, Limit: eventsAtOnce})
		if err != nil {
			return err
		}
		var ends []predict.End
		if err := p.reader(p.seq).each(ctx, touchedBy(events, func(e core.TicketEvent) bool { return e.Kind != core.TicketCreated }), func(d predict.DeskLife) {
			ends = append(ends, d.End)
		}); err != nil {
			return err
		}
		if err := p.app.predictions.SetEnds(ctx, ends); err != nil {
			return err
		}
		if len(events) < eventsAtOnce {
			return p.keepSeq(ctx)
		}
		from = events[len(events)-1].Seq
	}
}

// touchedBy lists the tickets of events, each once, in the order they come in.
func touchedBy(events []core.TicketEvent, counts func(core.TicketEvent) bool) (nos []uint32) {
	seen := map[uint32]bool{}
	for _, e := range events {
		if !seen[e.No] && counts(e) {
			seen[e.No] = true
			nos = append(nos, e.No)
		}
	}
	return nos
}

func (p *deskPredictor) readSeq(ctx context.Context) (seq int64, err error) {
	groups, err := p.app.groups.LoadSettings(ctx)
	if err != nil || len(groups[seqGroup]) == 0 {
		return 0, err
	}
	if json.Unmarshal(groups[seqGroup], &seq) != nil {
		seq = 0 // as if nothing had been predicted: the next events count again
	}
	return seq, nil
}

func (p *deskPredictor) keepSeq(ctx context.Context) error {
	text, err := json.Marshal(p.seq)
	if err != nil {
		return err
	}
	return p.app.groups.SaveSettings(ctx, map[string][]byte{seqGroup: text})
}

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
		if e.Kind != core.TicketCreated || !p.app.index.IsOpen(e.No) {
			continue
		}
		moment := core.MomentEvent
		if e.SeenAt.Sub(e.At) <= arrivedWithin {
			moment = core.MomentArrival
		}
		if b.add(e.No, core.TicketKey{Source: e.Source, ID: e.TicketID}, nil, moment); len(b.scores) >= scoredAtOnce {
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
			b.add(d.No, d.Ticket, d, momentOf(d, arrived && !predicted, replied))
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

func momentOf(d *predict.DeskLife, arrived, replied bool) core.Moment {
	switch {
	case arrived && d.Seen-d.Created <= int64(arrivedWithin/time.Second):
		return core.MomentArrival
	case replied && !arrived:
		return core.MomentReply
	}
	return core.MomentEvent
}

// arrivedWithin is how long after its beginning a ticket may be seen first for that to be its
// arrival.
const arrivedWithin = 24 * time.Hour

// all scores all open tickets because time went by, or something else predicts now.
func (p *deskPredictor) all(ctx context.Context, progress *core.Progress) (int, error) {
	p.owners = p.app.index.Owners(otherOwners)
	nos := p.app.index.OpenNos()
	startCount(progress, len(nos))
	count := 0
	for page := range slices.Chunk(nos, scoredAtOnce) {
		b := p.batch()
		if p.model == nil {
			list, err := p.app.pool.Tickets(ctx, page)
			if err != nil {
				return count, err
			}
			var ended []uint32
			for _, t := range list {
				if _, known := p.kept[t.No]; !known && (t.Escalated || t.Rating > 0) {
					ended = append(ended, t.No)
				}
				b.add(t.No, t.Key(), nil, core.MomentTime)
			}
			if err := p.reader(p.seq).each(ctx, ended, func(d predict.DeskLife) { b.ends = append(b.ends, d.End) }); err != nil {
				return count, err
			}
		} else {
			for _, no := range page {
				if d := p.lives[no]; d != nil {
					if _, known := p.kept[no]; !known && !d.End.At.IsZero() {
						b.ends = append(b.ends, d.End)
					}
					b.add(no, d.Ticket, d, core.MomentTime)
				}
			}
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

// scoreBatch is scores on their way into the ledger.
type scoreBatch struct {
	p      *deskPredictor
	now    time.Time
	count  int
	scores []predict.Score
	made   []predict.Made
	ends   []predict.End // of tickets whose end was known before their first prediction
}

// startCount begins to count the rows of a phase.
func startCount(p *core.Progress, total int) {
	p.Add(-p.State().Done)
	p.SetTotal(int64(total))
}

func (p *deskPredictor) batch() *scoreBatch {
	return &scoreBatch{p: p, now: p.app.now().UTC().Truncate(time.Millisecond)}
}

// add scores a ticket. With the rules life may be nil.
func (b *scoreBatch) add(no uint32, key core.TicketKey, life *predict.DeskLife, moment core.Moment) {
	p := b.p
	b.count++
	s := predict.Score{Key: key, No: no, At: b.now, Moment: moment, Basis: core.BasisRules}
	var reasons []core.NamedReason
	if p.model == nil {
		var percent int
		percent, reasons = p.app.index.Risk(no)
		s.Risk = float64(percent) / 100
	} else {
		s.Basis, s.Model = core.BasisModel, p.model.Version()
		s.Risk = p.risk(life, b.now)
	}
	before, known := p.kept[no]
	is := keptScore{key, predict.Satisfaction(s.Risk), s.Basis, s.Model}
	moved := is.satisfaction - before.satisfaction
	if moment != core.MomentTime || !known || math.Abs(float64(moved)) >= worthKeeping {
		b.made = append(b.made, predict.Made{Key: key, No: no, At: s.At, Moment: moment, Basis: s.Basis, Model: s.Model, Risk: s.Risk})
	}
	if moment == core.MomentTime && known && is == before {
		return
	}
	if p.model == nil {
		s.Reasons, s.Help = ruleReasons(reasons), []core.Help{}
	} else {
		s.Reasons, s.Help = p.explain(life, b.now)
	}
	p.kept[no] = is
	b.scores = append(b.scores, s)
}

func (b *scoreBatch) save(ctx context.Context) error {
	if len(b.scores) == 0 && len(b.made) == 0 {
		return nil
	}
	if err := b.p.app.predictions.Save(ctx, b.scores, b.made); err != nil || len(b.ends) == 0 {
		return err
	}
	return b.p.app.predictions.SetEnds(ctx, b.ends)
}

// risk is what the model predicts. A ticket that is escalated has ended badly already, whatever it
// says.
func (p *deskPredictor) risk(d *predict.DeskLife, at time.Time) float64 {
	if d.End.Outcome == predict.OutcomeBad {
		return 1
	}
	return p.scorer.Risk(&d.Life, at.Unix())
}

func (p *deskPredictor) explain(d *predict.DeskLife, at time.Time) ([]core.NamedReason, []core.Help) {
	if d.End.Outcome == predict.OutcomeBad {
		r := core.NamedReason{Reason: tickets.ReasonEscalated, Text: "it is escalated", Points: -100}
		if d.End.Rated {
			r = core.NamedReason{Reason: reasonRatedBadly, Text: "the customer has rated it badly", Points: -100}
		}
		return []core.NamedReason{r}, []core.Help{}
	}
	reasons, help := p.scorer.Explain(&d.Life, at.Unix(), p.owners)
	return append([]core.NamedReason{}, reasons[:min(len(reasons), shownReasons)]...), append([]core.Help{}, help...)
}

// reasonRatedBadly is the reason of an open ticket that was rated already. It never changes.
const reasonRatedBadly = "rated_badly"
