package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
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
	watched  time.Time // up to when the desk was watched before this began; zero: it never was

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
// tickets while nobody watched. Nothing is scored yet. read is what was read of them already; nil
// nothing was.
func (a *App) newPredictor(ctx context.Context, read *deskRead, progress *core.Progress) (*deskPredictor, error) {
	p := &deskPredictor{app: a, lives: map[uint32]*predict.DeskLife{}, kept: map[uint32]keptScore{}}
	p.model, p.checksum = a.modelInForce()
	known, err := a.keptPrediction(ctx)
	if err != nil {
		return nil, err
	}
	rate := a.index.Ends().Rate()
	if k := known.of(p.checksum); k != nil {
		rate = k.Rate
	}
	p.reading = predict.NewDeskReading(rate)
	if p.seq, err = a.pool.LastEvent(ctx); err != nil {
		return nil, err
	}
	if _, err := a.index.Sync(ctx); err != nil {
		return nil, err
	}
	if p.model != nil {
		err = p.learn(ctx, read, progress)
	} else {
		err = a.askOrdersOnce(ctx)
	}
	if err != nil {
		return nil, err
	}
	if err := p.readKept(ctx); err != nil {
		return nil, err
	}
	return p, p.catchUp(ctx)
}

// learn replays the history and keeps the lives of open tickets.
func (p *deskPredictor) learn(ctx context.Context, read *deskRead, progress *core.Progress) (err error) {
	if read == nil || read.reading.Rate != p.reading.Rate {
		if read, err = p.app.readDesk(ctx, p.reading, p.seq, false, progress); err != nil {
			return err
		}
		defer forgetLives()
	}
	p.reading, p.seq, p.lives = read.reading, read.seq, read.open
	p.history = predict.NewHistory(p.model.Schema())
	p.history.Replay(read.lives)
	p.scorer = predict.NewScorer(p.model, p.history)
	older := slices.DeleteFunc(p.app.index.OpenNos(), func(no uint32) bool { return p.lives[no] != nil })
	return p.reader(p.seq).each(ctx, older, func(d predict.DeskLife) {
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
	last, err := p.app.pool.Events(ctx, core.TicketEventQuery{After: from - 1, Limit: 1})
	if err != nil {
		return err
	}
	if len(last) > 0 {
		p.watched = last[0].SeenAt
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
