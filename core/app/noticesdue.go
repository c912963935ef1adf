package app

import (
	"context"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/notify"
)

// known is what was found out about the tickets that need reminding, so that it is not asked
// for every half minute. It is forgotten with the ticket's leaving the lists.
type known struct {
	learned   map[uint32]core.TicketEvent // the first event the desk has of a ticket
	audible   map[uint32]bool             // whether anything of it was ever news
	firstTold map[uint32]time.Time        // when somebody was first told of its due reply
}

// hear notes that something of a ticket is news, so that nobody has to ask again.
func (k known) hear(no uint32) {
	if _, ok := k.audible[no]; ok {
		k.audible[no] = true
	}
}

// gatherReminders stores what time has brought. told is howKnown the first time ever.
func (a *App) gatherReminders(ctx context.Context, s newsroom, told string) error {
	due, err := a.dueNews(ctx, s)
	if err != nil {
		return err
	}
	risks, err := a.riskNews(ctx, s)
	if err != nil {
		return err
	}
	if err := a.storeNews(ctx, s, append(due, risks...), noticeAgain, told); err != nil {
		return err
	}
	snoozes, err := a.snoozeNews(ctx, s)
	if err != nil {
		return err
	}
	// A snooze ends once: its notice is of that moment, and a later snooze of a later one.
	return a.storeNews(ctx, s, snoozes, 0, told)
}

// dueNews are the unanswered tickets whose deadline is near, or passed since the desk learned of
// them: what was overdue in a source's first load is nobody's news.
func (a *App) dueNews(ctx context.Context, s newsroom) ([]notify.News, error) {
	if !s.Settings.ReplyDue {
		return nil, nil
	}
	learned, firstTold := map[uint32]core.TicketEvent{}, map[uint32]time.Time{}
	var nos []uint32
	questions := 0
	// The latest deadlines first: those before were told of in their time, or are nobody's news.
	for _, no := range slices.Backward(a.index.DueSince(s.Now.Add(-oldNews), lookedAt)) {
		first, ok := a.telling.known.learned[no]
		if !ok {
			if questions++; questions > askedAbout {
				continue
			}
			var err error
			if first, err = a.firstEvent(ctx, no, s.Now); err != nil {
				return nil, err
			}
		}
		learned[no] = first
		if due := a.index.View(core.Ticket{No: no}).Due; (!first.Silent || due.After(first.SeenAt)) && len(nos) < newsPage {
			nos = append(nos, no)
		}
	}
	views, err := a.noticeViews(ctx, nos)
	if err != nil {
		return nil, err
	}
	var news []notify.News
	for _, no := range nos {
		v, ok := views[no]
		if !ok {
			continue
		}
		at, err := a.firstToldDue(ctx, v)
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			firstTold[no] = at
		}
		news = append(news, notify.News{Kind: core.NoticeReplyDue, At: s.Now, Ticket: v, FirstTold: at})
	}
	a.telling.known.learned, a.telling.known.firstTold = learned, firstTold
	return news, nil
}

// firstEvent is the first event the desk has of a ticket. One of a replay says that it was seen
// when it happened; that a deadline passed before now is no news of a replayed ticket.
func (a *App) firstEvent(ctx context.Context, no uint32, now time.Time) (first core.TicketEvent, err error) {
	events, err := a.pool.Events(ctx, core.TicketEventQuery{No: no, Limit: 1})
	if err != nil || len(events) == 0 {
		return first, err
	}
	if first = events[0]; first.Silent && first.SeenAt.Equal(first.At) {
		first.SeenAt = now
	}
	return first, nil
}

// firstToldDue is when somebody was first to be told of a ticket's due reply; zero: never.
func (a *App) firstToldDue(ctx context.Context, v core.TicketView) (at time.Time, err error) {
	if at, ok := a.telling.known.firstTold[v.No]; ok {
		return at, nil
	}
	list, err := a.notices.Notices(ctx, core.NoticeQuery{Ticket: v.No, Limit: 1000})
	for _, n := range list { // newest first
		if n.Kind == core.NoticeReplyDue && n.Key == v.Key() {
			at = n.At
		}
	}
	return at, err
}

// riskNews are the open tickets that may end badly, and of which something was ever news.
func (a *App) riskNews(ctx context.Context, s newsroom) ([]notify.News, error) {
	if !s.Settings.Escalation {
		return nil, nil
	}
	var nos []uint32
	audible := map[uint32]bool{}
	questions := 0
	for _, no := range a.index.Risky(s.Settings.RiskFrom, lookedAt) {
		heard, ok := a.telling.known.audible[no]
		if !ok {
			if questions++; questions > askedAbout {
				continue
			}
			events, err := a.pool.Events(ctx, core.TicketEventQuery{No: no, Audible: true, Limit: 1})
			if err != nil {
				return nil, err
			}
			heard = len(events) > 0
		}
		if audible[no] = heard; heard && len(nos) < riskPage {
			nos = append(nos, no)
		}
	}
	a.telling.known.audible = audible
	views, err := a.noticeViews(ctx, nos)
	if err != nil {
		return nil, err
	}
	var news []notify.News
	for _, no := range nos {
		if v, ok := views[no]; ok {
			news = append(news, notify.News{Kind: core.NoticeEscalation, At: s.Now, Ticket: v, Happened: v.Escalated})
		}
	}
	return news, nil
}

// snoozeNews are the open tickets whose snooze ended.
func (a *App) snoozeNews(ctx context.Context, s newsroom) ([]notify.News, error) {
	list, err := a.marks.Attention(ctx)
	if err != nil {
		return nil, err
	}
	ended := map[core.TicketKey]time.Time{}
	var keys []core.TicketKey
	for _, at := range list {
		if at.Kind == core.Snooze && !at.Holds(s.Now) && s.Now.Sub(at.Until) <= oldNews {
			ended[at.Key] = at.Until
			keys = append(keys, at.Key)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	byKey, err := a.pool.Nos(ctx, keys)
	if err != nil {
		return nil, err
	}
	nos := make([]uint32, 0, len(byKey))
	for _, no := range byKey {
		nos = append(nos, no)
	}
	views, err := a.noticeViews(ctx, nos)
	if err != nil {
		return nil, err
	}
	var news []notify.News
	for _, key := range keys {
		if v, ok := views[byKey[key]]; ok {
			news = append(news, notify.News{Kind: core.NoticeSnooze, At: ended[key], Ticket: v})
		}
	}
	return news, nil
}
