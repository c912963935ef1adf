package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"deskwatch/core"
)

const maxEvents = 10_000

// Events selects events, oldest first unless the newest are asked for.
func (p *Pool) Events(ctx context.Context, q core.TicketEventQuery) ([]core.TicketEvent, error) {
	where, args := []string{"e.seq > ?"}, []any{q.After}
	and := func(condition string, arg ...any) { where, args = append(where, condition), append(args, arg...) }
	if q.No != 0 {
		and("e.ticket = ?", q.No)
	}
	if q.Kind != "" {
		and("e.kind = ?", string(q.Kind))
	}
	if q.Audible {
		and("e.silent = 0")
	}
	from, order := "events e", " ORDER BY e.seq"
	if q.Nos != nil {
		if len(q.Nos) > maxTickets {
			return nil, core.NewError(core.CodeInvalid, "store.ticket events", fmt.Sprintf("The events of at most %d tickets are read at a time.", maxTickets), nil)
		}
		param, err := noParam(q.Nos)
		if err != nil {
			return nil, fault("store.ticket events", "", err)
		}
		and("e.ticket IN (SELECT value FROM json_each(?))", param)
		from += " INDEXED BY events_by_ticket" // else all events are run through for the order
	}
	if q.Newest {
		order += " DESC"
		if q.Before != 0 {
			and("e.seq < ?", q.Before)
		}
	}
	var list []core.TicketEvent
	err := p.list(ctx, "store.ticket events", func(rows *sql.Rows) error {
		var e core.TicketEvent
		var at, seen int64
		err := rows.Scan(&e.Seq, &at, &seen, &e.No, &e.Source, &e.TicketID, &e.Number, &e.Kind, &e.From, &e.To, &e.Silent)
		e.At, e.SeenAt = fromMillis(at), fromMillis(seen)
		list = append(list, e)
		return err
	}, `SELECT e.seq, e.at, e.seen_at, e.ticket, n.text, t.id, x.number, e.kind, e.was, e.became, e.silent
		FROM `+from+` CROSS JOIN tickets t ON t.no = e.ticket CROSS JOIN texts x ON x.no = t.no CROSS JOIN names n ON n.no = t.source
		WHERE `+strings.Join(where, " AND ")+order+" LIMIT ?", append(args, clamp(q.Limit, 100, maxEvents))...)
	return list, err
}

// CountEvents counts the audible events after one, by kind.
func (p *Pool) CountEvents(ctx context.Context, after int64) (map[core.TicketEventKind]int, error) {
	counts := map[core.TicketEventKind]int{}
	err := p.list(ctx, "store.count events", func(rows *sql.Rows) error {
		var kind core.TicketEventKind
		var n int
		err := rows.Scan(&kind, &n)
		counts[kind] = n
		return err
	}, "SELECT kind, count(*) FROM events WHERE silent = 0 AND seq > ? GROUP BY kind", after)
	return counts, err
}

// LastEvent is the highest Seq.
func (p *Pool) LastEvent(ctx context.Context) (int64, error) {
	return p.number(ctx, "store.last event", "SELECT coalesce(max(seq), 0) FROM events")
}

// EventAt is the highest Seq of an audible event seen before t. Silent ones do not count: those
// of a replay were seen, so it says, years before audible ones with a lower Seq.
func (p *Pool) EventAt(ctx context.Context, t time.Time) (int64, error) {
	return p.number(ctx, "store.event at", `SELECT coalesce((SELECT seq FROM events WHERE silent = 0 AND seen_at < ? ORDER BY seq DESC LIMIT 1), 0)`, toMillis(t))
}
