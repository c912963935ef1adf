package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail"
	"deskwatch/core/notify"
)

const (
	// remindEvery is how often due replies, risks and ended snoozes are looked for at most.
	remindEvery = 25 * time.Second
	// tellEvery is how often a process that watches looks without being called.
	tellEvery = 30 * time.Second
	// lookAtNotices is how often a window that does not watch looks for what the process that
	// does has for it.
	lookAtNotices = time.Second
	// noticeAgain is after how long the same person is told of the same ticket for the same
	// reason again.
	noticeAgain = 24 * time.Hour
	noticesJob  = "notices"
	// staleAfter is how long what was decided may wait before it is looked at again when it is
	// told: mail is gathered for minutes.
	staleAfter = 20 * time.Second
)

// telling is the state of telling people of tickets. Only the process that watches decides who
// hears of what, and queues mails. What is for the desk is told by the process with the window,
// whether it watches or not; without a window it waits for one.
type telling struct {
	mu       sync.Mutex // one pass at a time; guards what follows
	began    time.Time  // when the data folder was opened: what was before the first pass ever is no news
	desk     bool       // this process has a window, or something else that hears core.TicketNotice
	teller   *notify.Teller
	reminded time.Time         // the last look for what needs reminding
	listed   []core.TicketView // the list of those at risk, as of then
	known    known
	kept     kept
	outage   outage // why nobody can be told is said once

	clock sync.Mutex // guards timer and next
	timer *time.Timer
	next  time.Time
}

// openTelling prepares telling. Every program but the headless one can show something.
func (a *App) openTelling(cfg Config) {
	a.telling.began = a.now().Truncate(time.Second)
	a.telling.desk = cfg.Program != "deskwatchd"
	a.telling.teller, a.telling.kept = notify.NewTeller(), kept{}
	a.onStop("telling", func() error {
		a.telling.clock.Lock()
		defer a.telling.clock.Unlock()
		if a.telling.timer != nil {
			a.telling.timer.Stop()
		}
		return nil
	})
	if a.telling.desk {
		a.tellLater(a.now().Add(lookAtNotices))
	}
}

// Notices lists what people were and are to be told, newest first.
func (a *App) Notices(ctx context.Context, q core.NoticeQuery) ([]core.Notice, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return nil, err
	}
	return a.notices.Notices(ctx, q)
}

// noticeNews decides, while this process watches, who hears of what happened to the tickets
// since the last time, and tells whoever is to be told now. It is called when the index has
// taken in a change. After that it calls itself: every half minute for what only time brings,
// and when something waits for the end of a burst or of quiet hours.
func (a *App) noticeNews(ctx context.Context) error {
	if err := a.othersSettings(ctx); err != nil {
		return err
	}
	a.telling.mu.Lock()
	defer a.telling.mu.Unlock()
	s, err := a.newsroom(ctx)
	if err != nil {
		return err
	}
	if a.watching() && a.index.Ready() {
		if err := a.gatherNews(ctx, s); err != nil {
			return err
		}
	}
	return a.tell(ctx, s)
}

// newsroom is what one pass works with.
type newsroom struct {
	notify.Situation
	ears     []notify.Ear
	words    notify.Words
	language string
	zone     *time.Location
	rules    notify.Rules
}

func (a *App) newsroom(ctx context.Context) (newsroom, error) {
	people, err := a.people.People(ctx)
	if err != nil {
		return newsroom{}, err
	}
	set := a.settings.Current()
	zone := a.clockZone()
	me := notify.MeOf(a.me(), people)
	return newsroom{
		Situation: notify.Situation{Settings: set.Notify, People: people, Me: me, Now: a.now()},
		ears:      notify.Ears(people, me), words: notify.WordsFor(set.Mail.Language), language: set.Mail.Language, zone: zone,
		rules: notify.Rules{
			Burst: time.Duration(set.Notify.BurstSecs) * time.Second, Paused: set.Alerts.Paused, PausedUntil: set.Alerts.PausedUntil, Zone: zone,
		},
	}, nil
}

// storeNews decides who hears of news and stores the notices. told marks them as done with: they
// were there before anybody listened.
func (a *App) storeNews(ctx context.Context, s newsroom, news []notify.News, again time.Duration, told string) error {
	addressed := slices.DeleteFunc(notify.Address(notify.Route(news, s.Situation), s.ears), func(n notify.Addressed) bool {
		return !a.telling.kept.fresh(n.Notice, again)
	})
	views := make([]core.TicketView, len(addressed))
	for i, n := range addressed {
		views[i] = n.News.Ticket
	}
	risks, err := a.reasonsOf(ctx, views)
	if err != nil {
		return err
	}
	var list []core.Notice
	for _, n := range addressed {
		n.Text = s.words.Text(a.about(n.News, risks[n.TicketNo]), s.Now, s.zone)
		if told != "" {
			n.Told, n.How = s.Now, told
		}
		a.log.Debug("news of a ticket", "kind", string(n.Kind), "ticket", n.TicketNo, "via", n.Via, "reason", string(n.Reason))
		list = append(list, n.Notice)
	}
	if len(list) == 0 {
		return nil
	}
	added, err := a.notices.AddNotices(ctx, list, again)
	if err != nil {
		return err
	}
	a.telling.kept.add(list)
	waiting := slices.ContainsFunc(added, func(n core.Notice) bool { return n.Via == core.ViaDesktop && n.Told.IsZero() })
	if waiting && !a.telling.desk {
		a.log.Info("there is news of tickets for a window on this data folder", "notices", len(added))
	}
	return nil
}

// kept remembers what was stored last, so that tickets which stay late or at risk are not
// brought to the data file every half minute. Every hour the file has its say again.
type kept map[keptKey]time.Time

type keptKey struct {
	kind        core.NoticeKind
	ticket      core.TicketKey
	person, via string
}

const (
	mostKept = 50_000
	keptFor  = time.Hour
)

func keyOf(n core.Notice) keptKey { return keptKey{n.Kind, n.Key, n.Person, n.Via} }

func (k kept) fresh(n core.Notice, again time.Duration) bool {
	at, ok := k[keyOf(n)]
	return !ok || n.At.Sub(at) > min(again, keptFor)
}

func (k kept) add(list []core.Notice) {
	if len(k)+len(list) > mostKept {
		clear(k)
	}
	for _, n := range list {
		k[keyOf(n)] = n.At
	}
}

// tell tells whoever is to be told now, and sees to it that the rest is looked at in time.
func (a *App) tell(ctx context.Context, s newsroom) error {
	var waiting []core.Notice
	// Before anybody signed in what is told at the desk waits: a passer-by would read it.
	for via, here := range map[string]bool{core.ViaDesktop: a.telling.desk && !a.vacant(), core.ViaMail: a.watching()} {
		if !here {
			continue
		}
		list, err := a.notices.Waiting(ctx, via)
		if err != nil {
			return err
		}
		waiting = append(waiting, list...)
	}
	rules := s.rules
	if slices.ContainsFunc(waiting, func(n core.Notice) bool { return n.Kind == core.NoticeAtRisk && n.Via == core.ViaMail }) {
		y, m, d := s.Now.In(s.zone).Date()
		today := time.Date(y, m, d, 0, 0, 0, 0, s.zone)
		var err error
		if rules.AtRiskMailed, err = a.notices.AtRiskMailed(ctx, today); err != nil {
			return err
		}
	}
	v := a.telling.teller.Decide(s.Now, waiting, s.ears, rules)
	if !v.Next.IsZero() {
		a.tellLater(v.Next)
	}
	if a.watching() {
		a.tellLater(s.Now.Add(tellEvery))
	} else if a.telling.desk {
		a.tellLater(s.Now.Add(lookAtNotices))
	}
	if len(v.Late) > 0 {
		if err := a.notices.MarkTold(ctx, idsOf(v.Late), notify.HowLate, s.Now); err != nil {
			return err
		}
	}
	for _, t := range v.Tell {
		if t.How == notify.HowSummary || s.Now.Sub(t.Since()) >= staleAfter {
			var err error
			if t, err = a.stillNews(ctx, s, t); err != nil {
				return err
			}
		}
		if len(t.Notices) == 0 {
			continue
		}
		if err := a.tellOne(ctx, s, t); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) tellOne(ctx context.Context, s newsroom, t notify.Telling) error {
	ids := idsOf(t.Notices)
	if t.Ear.Via == core.ViaMail {
		var err error
		if t, err = a.withList(ctx, s, t); err != nil {
			return err
		}
	}
	title := s.words.Title(t, s.Now, s.zone)
	if t.Ear.Via == core.ViaMail {
		m, err := a.ticketMail(s, t, title, ids)
		if err != nil {
			return err
		}
		if err := a.notices.TellByMail(ctx, []core.NewDelivery{m}, ids, t.How, s.Now); err != nil {
			return err
		}
		a.bus.Publish(core.OutboxChanged{})
		a.sendSoon()
		return nil
	}
	// Marked first: on a full disk nobody is shown the same again and again.
	if err := a.notices.MarkTold(ctx, ids, t.How, s.Now); err != nil {
		return err
	}
	a.bus.Publish(core.TicketNotice{Title: title, Text: s.words.Desktop(t), Open: t.Open(), Urgent: t.Urgent()})
	return nil
}

// ticketMail writes the mail of one telling. Its Message-ID follows from the notices it tells.
func (a *App) ticketMail(s newsroom, t notify.Telling, title string, ids []int64) (core.NewDelivery, error) {
	lines, more := t.Mail()
	subject := title
	if len(lines) == 1 {
		subject = title + ": " + lines[0]
	}
	m, err := mail.RenderTickets(mail.TicketMail{
		Language: s.language, Subject: subject, Title: title, Lines: lines, More: more, Program: "Deskwatch " + Version,
	})
	if err != nil {
		return core.NewDelivery{}, err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q notices %q %v", a.install, t.Ear.Email, ids))
	m.To, m.Date, m.MessageID = t.Ear.Email, s.Now, "<"+hex.EncodeToString(sum[:16])+"@deskwatch.local>"
	year, month, _ := s.Now.In(s.zone).Date()
	return core.NewDelivery{
		MessageID: m.MessageID, Customer: t.Notices[0].Number, Period: core.NewMonth(year, int(month)), Count: len(lines) + more, Message: m,
	}, nil
}

// tellLater has people told again at a time, or earlier when that was asked for already.
func (a *App) tellLater(at time.Time) {
	t := &a.telling
	t.clock.Lock()
	defer t.clock.Unlock()
	if !t.next.IsZero() && !t.next.After(at) {
		return
	}
	if t.timer != nil {
		t.timer.Stop()
	}
	t.next = at
	t.timer = time.AfterFunc(max(at.Sub(a.now()), 10*time.Millisecond), func() {
		t.clock.Lock()
		t.next = time.Time{}
		t.clock.Unlock()
		a.background(func(ctx context.Context) {
			a.tellNews(ctx)
			a.tellLater(a.now().Add(tellEvery)) // also when it failed
		})
	})
}

func idsOf(list []core.Notice) []int64 {
	ids := make([]int64, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	slices.Sort(ids)
	return ids
}
