package notify

import (
	"slices"

	"deskwatch/core"
)

// Ear is one way to reach somebody.
type Ear struct {
	Person string // "" for the desk when everything concerns it
	Via    string // core.ViaDesktop or core.ViaMail
	Email  string // with core.ViaMail
	Quiet  []core.QuietFrame
}

// HowNoMail is the Notice.How of news for somebody there is no way to reach: they do not sit
// at this desk, and have no e-mail or want none.
const HowNoMail = "no_mail"

// MeOf is the name of the person at this desk, "" when everything concerns it: nobody is named,
// or nobody of the team has that name. A team of one sits at its desk.
func MeOf(me string, people []core.Person) string {
	if me == "" && len(people) == 1 {
		return people[0].Name
	}
	for _, p := range people {
		if same(p.Name, me) {
			return p.Name
		}
	}
	return ""
}

// Ears lists the ways to reach people: this desk first, then everybody with mail.
func Ears(people []core.Person, me string) []Ear {
	desk := Ear{Person: me, Via: core.ViaDesktop}
	ears := make([]Ear, 1, len(people)+1)
	for _, p := range people {
		if p.Name == me {
			desk.Quiet = p.Quiet
		}
		if p.Mail && p.Email != "" {
			ears = append(ears, Ear{Person: p.Name, Via: core.ViaMail, Email: p.Email, Quiet: p.Quiet})
		}
	}
	ears[0] = desk
	return ears
}

// Addressed is a notice without its text, and what it is to be written from.
type Addressed struct {
	core.Notice
	News   News
	Reason Reason
}

// Address turns decisions into notices, one for each ear that is to hear of it; the desk hears
// once of what several people are told. Whoever no ear reaches gets a notice that is done with.
func Address(decisions []Decision, ears []Ear) []Addressed {
	type heard struct {
		kind core.NoticeKind
		key  core.TicketKey
	}
	var list []Addressed
	shown := map[heard]bool{}
	for _, d := range decisions {
		if !d.Tell {
			continue
		}
		t := d.News.Ticket
		n := Addressed{News: d.News, Reason: d.Reason, Notice: core.Notice{
			At: d.News.At, Kind: d.News.Kind, Person: d.Person, TicketNo: t.No, Key: t.Key(), Number: t.Number, Rank: rank(d.News),
		}}
		reached := false
		for _, e := range ears {
			if !e.hears(d.Person) {
				continue
			}
			reached = true
			if e.Via == core.ViaDesktop {
				h := heard{n.Kind, n.Key}
				if shown[h] {
					continue
				}
				shown[h] = true
			}
			n.Person, n.Via = e.Person, e.Via
			list = append(list, n)
		}
		if !reached {
			n.Told, n.How = d.News.At, HowNoMail
			list = append(list, n)
		}
	}
	return list
}

// hears reports whether the ear is to hear what a person is told; "" is whoever sits at the desk.
func (e Ear) hears(person string) bool {
	return e.Person == person || e.Via == core.ViaDesktop && (e.Person == "" || person == "")
}

// earOf finds the ear of a notice that waits. What waits for the desk is for whoever sits there.
func earOf(n core.Notice, ears []Ear) int {
	return slices.IndexFunc(ears, func(e Ear) bool { return e.Via == n.Via && e.hears(n.Person) })
}
