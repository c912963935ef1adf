package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// listen follows the core until the window ends: events refresh the status line and become
// notifications, and later starts raise the window.
func (s *Shell) listen() {
	loader := async.NewLoader[core.DeskStatus](s.ui)
	reload := async.NewCoalescer(s.ui, func() {
		if s.shut() {
			return // it is read when the desk opens
		}
		loader.Load(s.desk.Status, func(st core.DeskStatus, err error) {
			if err == nil {
				s.showStatus(st)
			} else if !async.Canceled(err) {
				s.status.failed(kit.ErrorText(err))
			}
		})
	})
	stopEvents := async.Listen(s.ui, s.desk.Subscribe, func(e core.Event) {
		reload.Poke()
		s.hear(e)
	})
	stopClock := async.Every(time.Minute, s.ui, func() {
		reload.Poke() // "today" turns into "yesterday"
		if !s.hidden && !s.shut() {
			s.looked()
		}
	})
	stopIdle := async.Every(idleBeat, s.ui, s.idle.tick)
	s.reload = reload.Poke
	go s.hearRaises()
	s.stops = append(s.stops, stopEvents, stopClock, stopIdle, reload.Close, loader.Close)
	reload.Poke()
}

func (s *Shell) hearRaises() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case r, ok := <-s.desk.Raised():
			if !ok {
				return
			}
			s.ui.Do(func() {
				s.Raise()
				if r.Path != "" {
					s.wishFile(r.Path)
				}
			})
		}
	}
}

func (s *Shell) showStatus(st core.DeskStatus) {
	s.desktop = st
	s.failed = st.Outbox[core.DeliveryFailed] + st.Outbox[core.DeliveryDead] + st.Outbox[core.DeliveryHeld]
	s.status.show(wordsFor(st, s.desk.Now()))
	s.showTray()
	s.menu.showPaused(st.Paused)
}

// tellBook says all there is to say of the order book.
func (s *Shell) tellBook() {
	kit.Tell(s.window, kit.T("Order book"), kit.Wide(420, kit.Paragraph(bookDetail(s.desktop, s.desk.Now()))))
}

func (s *Shell) hear(e core.Event) {
	switch e := e.(type) {
	case core.AlertsChecked:
		s.lastFail = ""
		s.announce(e.Result)
	case core.TicketNotice:
		s.tellTickets(e)
	case core.SeatChanged:
		s.takeSeat()
	case core.SettingsChanged:
		s.applyTheme(e.Settings.General.Theme)
	case core.JobFailed:
		if text := e.Job + e.Message; text != s.lastFail {
			s.lastFail = text
			title := kit.T("A scheduled task failed")
			switch {
			case e.Denied:
				title = kit.T("The order database refuses access; alerts wait")
			case e.BookDown:
				title = kit.T("The order database cannot be reached; alerts wait")
			}
			if !s.shut() {
				s.Toast(kit.ToneBad, e.Message)
			}
			s.tell(1, title, e.Message, wish{core.ReadTickets, func() {}})
		}
	}
}

// announce tells of breaches no rule had seen before. A click opens the first of them.
func (s *Shell) announce(r core.CheckResult) {
	n := len(r.NewBreaches)
	if n == 0 {
		return
	}
	s.news = s.hidden || s.tabs.current != kit.TabOrders
	s.showTray()
	first := r.NewBreaches[0]
	rule := ruleOf(r, first)
	title := kit.N("%s new breach", "%s new breaches", int64(n))
	s.tell(n, title, breachLines(r.NewBreaches, s.desk.Now()), wish{core.ReadOrders, func() {
		s.tabs.open(kit.TabOrders)
		s.tabs.orders.OpenBreach(first.Customer, first.Period, rule)
	}})
}

// tellTickets tells of tickets. A click opens the most pressing one.
func (s *Shell) tellTickets(n core.TicketNotice) {
	s.ticketNews = s.hidden || s.tabs.current != kit.TabTickets
	s.showTray()
	s.tell(max(1, len(n.Open)), n.Title, n.Text, wish{core.ReadTickets, func() {
		if len(n.Open) == 0 {
			s.tabs.open(kit.TabTickets)
			return
		}
		s.tabs.open(kit.TabTickets, kit.PlaceTicket+strconv.FormatUint(uint64(n.Open[0]), 10))
	}})
}

// tell shows a desktop notification of n things. A click brings the window to the front and, once
// somebody is there who may, does what the notification is about. While the desk is locked only
// how many there are is told: anybody can read a notification.
func (s *Shell) tell(n int, title, text string, w wish) {
	if s.seat.Locked {
		s.unread += int64(n)
		title, text = programName, kit.N("%s news for you; sign in to read it.", "%s news for you; sign in to read them.", s.unread)
	}
	s.notify(title, text, func() {
		s.Raise()
		s.wish(w)
	})
}

// breachLines names the first three customers.
func breachLines(list []core.Breach, now time.Time) string {
	var lines []string
	for i, b := range list {
		if i == 3 {
			lines = append(lines, kit.T("and %s more", kit.Number(int64(len(list)-3))))
			break
		}
		who := b.Name
		if who == "" {
			who = b.Customer
		}
		if b.InWindow() {
			lines = append(lines, kit.T("%s: %d orders, %s", who, b.Count, kit.BreachPeriod(b, now)))
			continue
		}
		lines = append(lines, kit.T("%s: %d orders in %s", who, b.Count, b.Period))
	}
	return strings.Join(lines, "\n")
}

// ruleOf finds the rule whose decision was about b; 0 when the run does not say.
func ruleOf(r core.CheckResult, b core.Breach) int64 {
	for _, d := range r.Decisions {
		if d.Customer == b.Customer && d.Period == b.Period {
			return d.RuleID
		}
	}
	return 0
}

// notifyWait bounds how long a notification server may take.
const notifyWait = 5 * time.Second

// notify shows a desktop notification; click runs on the UI goroutine. Where the core cannot
// show one that can be clicked, Fyne's own serves.
func (s *Shell) notify(title, text string, click func()) {
	if !s.desk.Settings().General.Notifications {
		return
	}
	async.Go(s.ui, func() {
		ctx, cancel := context.WithTimeout(s.ctx, notifyWait)
		defer cancel()
		if err := s.desk.Notify(ctx, title, text, func() { s.ui.Do(click) }); err != nil {
			s.ui.Do(func() { s.app.SendNotification(fyne.NewNotification(title, text)) })
		}
	})
}

func (s *Shell) showTray() {
	if s.tray != nil {
		state := trayState(s.desktop.Paused, s.news || s.ticketNews, s.failed)
		state.OpenOnly = s.shut() || !s.May(core.EditAlerts)
		s.tray.Show(state)
	}
}
