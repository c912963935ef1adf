package app

import (
	"context"
	"runtime/debug"
	"slices"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tickets"
)

const (
	// livesAtOnce is how many tickets' lives are read at once.
	livesAtOnce = 500
	// eventsAtOnce is how many events are read at once.
	eventsAtOnce = 10_000
	// learnedTickets is of how many tickets, the newest, a model learns and a history is told: some 2 kB
	// each at the height of a training, which takes place in the window somebody works in. What is
	// older than that has faded.
	learnedTickets = 200_000
)

// lives reads the lives of tickets up to an event, page by page, in the order given. texts says
// whose texts are read as well.
type lives struct {
	app     *App
	reading *predict.DeskReading
	upTo    int64 // Seq
	texts   func(*core.Ticket) bool
}

func (r *lives) each(ctx context.Context, nos []uint32, each func(predict.DeskLife)) error {
	for page := range slices.Chunk(nos, livesAtOnce) {
		if err := r.page(ctx, page, each); err != nil {
			return err
		}
	}
	return nil
}

func (r *lives) page(ctx context.Context, nos []uint32, each func(predict.DeskLife)) error {
	// The events first: they may lag behind their ticket, but not the other way round.
	events, err := r.events(ctx, nos)
	if err != nil {
		return err
	}
	list, err := r.app.pool.Tickets(ctx, nos)
	if err != nil {
		return err
	}
	var wanted []uint32
	for i := range list {
		if r.texts(&list[i]) {
			wanted = append(wanted, list[i].No)
		}
	}
	var descriptions map[uint32]string
	if len(wanted) > 0 {
		if descriptions, err = r.app.pool.Descriptions(ctx, wanted); err != nil {
			return err
		}
	}
	for i := range list {
		t := &list[i]
		if len(events[t.No]) == 0 {
			continue // it came after the last event that is read
		}
		var text predict.Text
		if r.texts(t) {
			text = predict.Digest(t.Subject, descriptions[t.No])
		}
		each(r.reading.Life(*t, text, events[t.No]))
	}
	return ctx.Err()
}

// events reads the events of tickets, oldest first.
func (r *lives) events(ctx context.Context, nos []uint32) (map[uint32][]core.TicketEvent, error) {
	byTicket := make(map[uint32][]core.TicketEvent, len(nos))
	q := core.TicketEventQuery{Nos: nos, Limit: eventsAtOnce}
	for {
		list, err := r.app.pool.Events(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if e.Seq <= r.upTo {
				byTicket[e.No] = append(byTicket[e.No], e)
			}
		}
		if len(list) < eventsAtOnce {
			return byTicket, nil
		}
		q.After = list[len(list)-1].Seq
	}
}

// deskRead is what was read of the tickets of the desk up to an event: a training learns from it, and
// scoring goes on from there.
type deskRead struct {
	reading *predict.DeskReading
	seq     int64                        // of the event
	lives   []predict.Life               // of the newest tickets, the oldest first
	open    map[uint32]*predict.DeskLife // of the open ones among them, with their texts
	sample  bool                         // sample tickets are among them
}

// readDesk reads the tickets that are learned from. learning says that the texts of those whose end
// is known are read as well. Sample tickets that were removed are left out.
func (a *App) readDesk(ctx context.Context, reading *predict.DeskReading, seq int64, learning bool, p *core.Progress) (*deskRead, error) {
	nos, err := a.newestTickets(ctx)
	if err != nil {
		return nil, err
	}
	p.StartCount(int64(len(nos)))
	r := &deskRead{reading: reading, seq: seq, lives: make([]predict.Life, 0, len(nos)), open: map[uint32]*predict.DeskLife{}}
	from := lives{app: a, reading: reading, upTo: seq, texts: func(t *core.Ticket) bool { return openText(t) || learning && taughtText(t) }}
	return r, from.each(ctx, nos, func(d predict.DeskLife) {
		p.Add(1)
		if removedSample(&d) {
			return
		}
		if d.Open {
			r.open[d.No] = &d
		}
		l := d.Life
		if d.End.Outcome == predict.OutcomeUnknown {
			l.Facts.Text = predict.Text{} // it teaches nothing
		}
		r.lives = append(r.lives, l)
		r.sample = r.sample || d.Ticket.Source == tickets.SampleSource
	})
}

// forgetLives gives the memory back that a reading of the desk held: the lives of some hundred
// thousand tickets are as large as all the rest of the program, and it would keep the room for long.
func forgetLives() { debug.FreeOSMemory() }

// removedSample is a sample ticket that was taken out of sight: nobody's customers are in it.
func removedSample(d *predict.DeskLife) bool {
	return d.Gone && d.Ticket.Source == tickets.SampleSource
}

// newestTickets are the numbers of the tickets that are learned from, the oldest first.
func (a *App) newestTickets(ctx context.Context) ([]uint32, error) {
	order, err := a.index.Order(ctx, core.TicketQuery{Sort: "-created"})
	if err != nil {
		return nil, err
	}
	nos := order.Nos[:min(len(order.Nos), learnedTickets)]
	slices.Reverse(nos)
	return nos, nil
}

// Whose texts are read.
func openText(t *core.Ticket) bool { return !t.Done() }

func taughtText(t *core.Ticket) bool { return t.Rating > 0 || t.Escalated }
