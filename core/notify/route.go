package notify

import (
	"slices"
	"time"

	"deskwatch/core"
)

// News is something that happened to a ticket, or became true of it, before anybody decided
// who hears of it.
type News struct {
	Kind      core.NoticeKind
	At        time.Time // when the desk learned of it
	Ticket    core.TicketView
	Created   bool             // with NoticeTough: the ticket is new
	FirstTold time.Time        // with NoticeReplyDue: when somebody was first told; zero: nobody was
	Tough     core.NamedReason // what weighs most in the customer's score; zero: nothing
	Risk      core.NamedReason // what takes most away from the ticket's satisfaction; zero: nothing
	Low       bool             // the ticket's satisfaction is so low that it may be on the list of those at risk
}

// Reason names why somebody hears of something, or why nobody does.
type Reason string

// The reasons.
const (
	ReasonOwner     Reason = "owner"      // told: the ticket is theirs
	ReasonProduct   Reason = "product"    // told: its product is theirs
	ReasonUnclaimed Reason = "unclaimed"  // told: neither ticket nor product is anybody's
	ReasonLead      Reason = "lead"       // told: leads hear of this
	ReasonLeadLater Reason = "lead_later" // told: who should have answered was told long ago
	ReasonDesk      Reason = "desk"       // told: they sit at this desk
	ReasonNoTeam    Reason = "no_team"    // told: nobody is set up, so whoever sits at the desk

	ReasonOff          Reason = "off"          // not told: switched off in the settings
	ReasonDone         Reason = "done"         // not told: nobody has to do anything about it any more
	ReasonAnswered     Reason = "answered"     // not told: the customer has its first reply
	ReasonAcknowledged Reason = "acknowledged" // not told: somebody knows of the ticket
	ReasonSnoozed      Reason = "snoozed"      // not told: the ticket is out of the way for now
	ReasonHappened     Reason = "happened"     // not told: what was likely has happened, and is told by itself
	ReasonNotTheirs    Reason = "not_theirs"   // not told: nobody's, and engineers hear of theirs only
	ReasonLeadWaits    Reason = "lead_waits"   // the leads are not told yet
)

// Decision is whether one person hears of one piece of news, and why. Without Tell, Person may
// be "": it is about everybody.
type Decision struct {
	News   News
	Person string
	Tell   bool
	Reason Reason
}

// Situation is what routing depends on besides the news.
type Situation struct {
	Settings core.NotifySettings
	People   []core.Person
	Me       string // the person at this desk, as MeOf says
	Now      time.Time
}

// Route decides who hears of what. It has no clock and no I/O.
//
// A new ticket goes to the people whose ticket or product it is, and to every engineer when it
// is nobody's, unless engineers hear of theirs only. A due reply goes to the ticket's owner,
// else to the people of the product, and so much later to the leads when it is still unanswered.
// News of a tough customer goes where a new ticket goes, and of an old ticket to its owner when
// it has one. An escalation, and that a ticket is at risk, goes to the leads and the owner. Where
// there is no lead the admins stand in. The end of a snooze goes to the owner and to this desk. An owner nobody of the team answers to,
// such as the name of a queue, counts as none. Where these rules find nobody, leads, then
// everybody is told, rather than no one.
//
// Acknowledged and snoozed tickets are not reminded of; that a ticket was escalated is no
// reminder and is told nevertheless.
func Route(list []News, s Situation) []Decision {
	var decisions []Decision
	for _, n := range list {
		if why := silence(n, s.Settings); why != "" {
			decisions = append(decisions, Decision{News: n, Reason: why})
			continue
		}
		decisions = append(decisions, route(n, s)...)
	}
	return decisions
}

// silence says why nobody hears of n, "" when somebody may.
func silence(n News, s core.NotifySettings) Reason {
	on := map[core.NoticeKind]bool{
		core.NoticeNew: s.NewTickets, core.NoticeReplyDue: s.ReplyDue, core.NoticeTough: s.Tough,
		core.NoticeEscalation: s.Escalation, core.NoticeAtRisk: s.Escalation, core.NoticeSnooze: true, // a snooze is somebody's own wish
	}
	if !on[n.Kind] {
		return ReasonOff
	}
	return settled(n)
}

// Settled reports whether news that waited need not be told any more: the ticket is done,
// answered, acknowledged or snoozed.
func Settled(n News) bool { return settled(n) != "" }

func settled(n News) Reason {
	t := n.Ticket
	switch {
	case t.Done():
		return ReasonDone
	case n.Kind == core.NoticeReplyDue && !t.FirstReplyAt.IsZero():
		return ReasonAnswered
	case n.Kind == core.NoticeEscalation:
		return ""
	case n.Kind == core.NoticeAtRisk && t.Escalated:
		return ReasonHappened
	case t.Acknowledged != nil:
		return ReasonAcknowledged
	case t.Snoozed != nil:
		return ReasonSnoozed
	}
	return ""
}

// audience collects who hears of one piece of news; whoever hears twice keeps the first reason.
type audience struct {
	news News
	list []Decision
}

func (a *audience) add(why Reason, people []string) bool {
	for _, name := range people {
		if !slices.ContainsFunc(a.list, func(d Decision) bool { return d.Person == name }) {
			a.list = append(a.list, Decision{News: a.news, Person: name, Tell: true, Reason: why})
		}
	}
	return len(people) > 0
}

func route(n News, s Situation) []Decision {
	if len(s.People) == 0 {
		return []Decision{{News: n, Tell: true, Reason: ReasonNoTeam}}
	}
	a := audience{news: n}
	owners := names(s.People, func(p core.Person) bool { return owns(p, ownerOf(n.Ticket)) })
	product := names(s.People, func(p core.Person) bool { return contains(p.Products, n.Ticket.Product) })
	leads := leads(s.People)
	all := names(s.People, everybody)

	switch n.Kind {
	case core.NoticeReplyDue:
		if !a.add(ReasonOwner, owners) && !a.add(ReasonProduct, product) {
			break
		}
		if lateEnough(n, s) {
			a.add(ReasonLeadLater, leads)
		} else {
			a.list = append(a.list, Decision{News: n, Reason: ReasonLeadWaits})
		}
	case core.NoticeEscalation, core.NoticeAtRisk:
		a.add(ReasonOwner, owners)
		a.add(ReasonLead, leads)
		if len(a.list) == 0 {
			a.add(ReasonProduct, product)
		}
	case core.NoticeSnooze:
		a.add(ReasonOwner, owners)
		if s.Me != "" {
			a.add(ReasonDesk, []string{s.Me})
		}
		if len(a.list) == 0 {
			a.add(ReasonProduct, product)
		}
	default: // a new ticket, or news of a tough customer
		mine := a.add(ReasonOwner, owners)
		if n.Kind == core.NoticeNew || n.Created || !mine {
			a.add(ReasonProduct, product)
		}
		if len(a.list) > 0 {
			break
		}
		if s.Settings.ProductOnly {
			return []Decision{{News: n, Reason: ReasonNotTheirs}}
		}
		a.add(ReasonUnclaimed, names(s.People, hasRole(core.RoleEngineer)))
	}
	if len(a.list) == 0 && !a.add(ReasonLead, leads) {
		a.add(ReasonUnclaimed, all)
	}
	return a.list
}

// leads are the people who hear as leads: the admins where there is no lead.
func leads(people []core.Person) []string {
	if list := names(people, hasRole(core.RoleLead)); len(list) > 0 {
		return list
	}
	return names(people, hasRole(core.RoleAdmin))
}

// lateEnough reports whether the leads hear of a due reply now.
func lateEnough(n News, s Situation) bool {
	wait := time.Duration(s.Settings.LeadMinutes) * time.Minute
	return wait <= 0 || !n.FirstTold.IsZero() && !s.Now.Before(n.FirstTold.Add(wait))
}
