package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/notify"
)

const (
	newsPage = 1000 // events read at once, and tickets reminded of
	// lookedAt bounds the tickets among which those that are news are looked for, and askedAbout those
	// of which the pool is asked in one pass whether they are: nobody is to hear of a new ticket
	// later for it.
	lookedAt, askedAbout = 100_000, 300
	// oldNews is how long after its end a snooze, or after its deadline a reply, is news at all.
	oldNews = 7 * 24 * time.Hour
	// howKnown marks what was there before anybody was ever told of anything.
	howKnown = "known"
)

// gatherNews stores what is news since the last time: the events of the tickets, and what time
// has brought. The very first time only what happened since the data folder was opened is news.
func (a *App) gatherNews(ctx context.Context, s newsroom) error {
	first, err := a.gatherEvents(ctx, s)
	if err != nil {
		return err
	}
	// A clock that was set back must not keep reminders away.
	if since := s.Now.Sub(a.telling.reminded); !first && since >= 0 && since < remindEvery {
		return nil
	}
	if err := a.othersWords(ctx); err != nil {
		return err
	}
	told := ""
	if first {
		told = howKnown
	}
	if err := a.gatherReminders(ctx, s, told); err != nil {
		return err
	}
	a.telling.reminded = s.Now
	return nil
}

// gatherEvents follows the audible events to their end. first says that it never did before.
func (a *App) gatherEvents(ctx context.Context, s newsroom) (first bool, err error) {
	head, err := a.pool.LastEvent(ctx)
	if err != nil {
		return false, err
	}
	last, ok, err := a.notices.LastNotified(ctx)
	switch {
	case err != nil:
		return false, err
	case !ok:
		if last, err = a.pool.EventAt(ctx, a.telling.began); err != nil {
			return false, err
		}
	case head < last: // the tickets' file was replaced, and its events count anew
		a.telling.known = known{}
		return false, a.notices.SetLastNotified(ctx, head)
	case head == last:
		return false, nil
	}
	if err := a.othersWords(ctx); err != nil {
		return !ok, err
	}
	for {
		events, err := a.pool.Events(ctx, core.TicketEventQuery{After: last, Audible: true, Limit: newsPage})
		if err != nil {
			return !ok, err
		}
		news, escalated, err := a.newsOf(ctx, events)
		if err != nil {
			return !ok, err
		}
		if err := a.storeNews(ctx, s, news, noticeAgain, ""); err != nil {
			return !ok, err
		}
		// It may have been escalated before, and been told of then.
		if err := a.storeNews(ctx, s, escalated, 0, ""); err != nil {
			return !ok, err
		}
		if len(events) < newsPage {
			// Silent events between the last audible one and the end are done with as well.
			if n := len(events); n > 0 {
				head = max(head, events[n-1].Seq)
			}
			return !ok, a.notices.SetLastNotified(ctx, head)
		}
		last = events[len(events)-1].Seq
		if err := a.notices.SetLastNotified(ctx, last); err != nil {
			return !ok, err
		}
	}
}

// othersWords takes over what people said of tickets and customers in another process: in a
// window beside the one that tells, or by a command.
func (a *App) othersWords(ctx context.Context) error {
	if err := a.applyMarks(ctx); err != nil {
		return err
	}
	flagged, err := a.readFlags(ctx)
	if flagged {
		a.showCustomers()
	}
	return err
}

// newsOf makes news of events: one piece for each ticket and kind. Escalations that happened come
// by themselves.
func (a *App) newsOf(ctx context.Context, events []core.TicketEvent) (news, escalated []notify.News, err error) {
	nos := make([]uint32, 0, len(events))
	seen := map[uint32]bool{}
	for _, e := range events {
		if !seen[e.No] {
			seen[e.No] = true
			nos = append(nos, e.No)
		}
		a.telling.known.hear(e.No)
	}
	a.meetCustomers(ctx, nos)
	views, err := a.noticeViews(ctx, nos)
	if err != nil {
		return nil, nil, err
	}
	happened := func(e core.TicketEvent) bool {
		return e.Kind == core.TicketEscalated || e.Kind == core.TicketCreated && views[e.No].Escalated
	}
	type piece struct {
		no   uint32
		kind core.NoticeKind
	}
	known := map[piece]bool{}
	for _, e := range events {
		p := piece{e.No, core.NoticeEscalation}
		if v, ok := views[e.No]; ok && happened(e) && !known[p] && !isHistory(e, v) {
			known[p] = true
			escalated = append(escalated, notify.News{Kind: core.NoticeEscalation, At: e.SeenAt, Ticket: v})
		}
	}
	for _, e := range events {
		v, ok := views[e.No]
		if !ok || isHistory(e, v) {
			continue
		}
		add := func(kind core.NoticeKind, created bool) {
			if p := (piece{e.No, kind}); !known[p] {
				known[p] = true
				news = append(news, notify.News{Kind: kind, At: e.SeenAt, Ticket: v, Created: created})
			}
		}
		created := e.Kind == core.TicketCreated
		if created {
			add(core.NoticeNew, true)
		}
		if v.IsTough && (created || customersDoing(e.Kind)) {
			add(core.NoticeTough, created)
		}
	}
	return news, escalated, nil
}

// customersDoing reports whether an event may be what the customer did, rather than the desk.
func customersDoing(kind core.TicketEventKind) bool {
	switch kind {
	case core.TicketStatusEvent, core.TicketPriority, core.TicketEscalated, core.TicketReopened, core.TicketRated, core.TicketReturned:
		return true
	}
	return false
}

// about adds what weighs most in the scores; risks are the reasons of what is predicted of the
// ticket.
func (a *App) about(n notify.News, risks []core.NamedReason) notify.News {
	if i := slices.IndexFunc(risks, func(r core.NamedReason) bool { return r.Points < 0 }); i >= 0 {
		n.Risk = risks[i]
	}
	_, bar := a.riskBar()
	n.Low = n.Ticket.Risk >= bar
	if n.Ticket.IsTough && !n.Ticket.ToughFlag {
		if reasons := a.index.Account(a.index.CustomerOf(n.Ticket.No)).Reasons; len(reasons) > 0 {
			n.Tough = reasons[0]
		}
	}
	return n
}

// newsAge is how old a happening may be to be news.
const newsAge = 7 * 24 * time.Hour

// isHistory reports whether an event is one of long ago, as those of an old export that was
// imported by hand: nobody is told of it. That somebody still waits the reminders tell.
func isHistory(e core.TicketEvent, v core.TicketView) bool {
	at := e.At
	if e.Kind == core.TicketCreated && !v.CreatedAt.IsZero() {
		at = v.CreatedAt
	}
	return e.SeenAt.Sub(at) > newsAge
}

// noticeViews reads tickets, by number; those that are gone from the pool are left out.
func (a *App) noticeViews(ctx context.Context, nos []uint32) (map[uint32]core.TicketView, error) {
	views := make(map[uint32]core.TicketView, len(nos))
	for len(nos) > 0 {
		page := nos[:min(len(nos), newsPage)]
		nos = nos[len(page):]
		list, err := a.pool.Tickets(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			views[t.No] = a.index.View(t)
		}
	}
	return views, nil
}

// stillNews leaves out of a summary what was done with meanwhile, and writes the rest anew: it
// may have waited a night.
func (a *App) stillNews(ctx context.Context, s newsroom, t notify.Telling) (notify.Telling, error) {
	if !a.index.Ready() {
		return t, nil
	}
	nos := make([]uint32, len(t.Notices))
	for i, n := range t.Notices {
		nos[i] = n.TicketNo
	}
	views, err := a.noticeViews(ctx, nos)
	if err != nil {
		return t, err
	}
	risks, err := a.reasonsOf(ctx, slices.Collect(maps.Values(views)))
	if err != nil {
		return t, err
	}
	var settled []core.Notice
	kept := t.Notices[:0]
	for _, n := range t.Notices {
		v, ok := views[n.TicketNo]
		if !ok || v.Key() != n.Key { // another pool: what is written is all there is
			kept = append(kept, n)
			continue
		}
		news := a.about(notify.News{Kind: n.Kind, At: n.At, Ticket: v}, risks[n.TicketNo])
		if notify.Settled(news) || n.Kind == core.NoticeAtRisk && !news.Low {
			settled = append(settled, n)
			continue
		}
		n.Text = s.words.Text(news, s.Now, s.zone)
		kept = append(kept, n)
	}
	t.Notices = kept
	if len(settled) == 0 {
		return t, nil
	}
	return t, a.notices.MarkTold(ctx, idsOf(settled), notify.HowSettled, s.Now)
}
