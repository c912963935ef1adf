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
	learned   map[uint32]time.Time // deadlines up to then were nobody's news; zero: all are news
	heard     []uint64             // a bit for each ticket of which something was
	firstTold map[uint32]time.Time // when somebody was first told of its due reply
}

// hear notes that something of a ticket is news, so that nobody has to ask.
func (k *known) hear(no uint32) {
	if short := int(no/64) + 1 - len(k.heard); short > 0 {
		k.heard = append(k.heard, make([]uint64, short)...)
	}
	k.heard[no/64] |= 1 << (no % 64)
}

func (k *known) isHeard(no uint32) bool {
	return int(no/64) < len(k.heard) && k.heard[no/64]&(1<<(no%64)) != 0
}

// gatherReminders stores what time has brought. told is howKnown the first time ever.
func (a *App) gatherReminders(ctx context.Context, s newsroom, told string) error {
	due, err := a.dueNews(ctx, s)
	if err != nil {
		return err
	}
	if err := a.storeNews(ctx, s, due, noticeAgain, told); err != nil {
		return err
	}
	if err := a.gatherAtRisk(ctx, s, told); err != nil {
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
	learned, firstTold := map[uint32]time.Time{}, map[uint32]time.Time{}
	var nos []uint32
	questions := 0
	// The latest deadlines first: those before were told of in their time, or are nobody's news.
	for _, no := range slices.Backward(a.index.DueSince(s.Now.Add(-oldNews), lookedAt)) {
		at, ok := a.telling.known.learned[no]
		if !ok {
			if questions++; questions > askedAbout {
				continue
			}
			var err error
			if at, err = a.learnedSilently(ctx, no, s.Now); err != nil {
				return nil, err
			}
		}
		learned[no] = at
		if len(nos) < newsPage && (at.IsZero() || a.index.View(core.Ticket{No: no}).Due.After(at)) {
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

// learnedSilently is when the desk learned of a ticket, if it was by a source's first load; zero
// otherwise. A replay says that it saw things when they happened: that is no later than now.
func (a *App) learnedSilently(ctx context.Context, no uint32, now time.Time) (time.Time, error) {
	events, err := a.pool.Events(ctx, core.TicketEventQuery{No: no, Limit: 1})
	switch {
	case err != nil || len(events) == 0 || !events[0].Silent:
		return time.Time{}, err
	case events[0].SeenAt.Equal(events[0].At):
		return now, nil
	}
	return events[0].SeenAt, nil
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
