package kit

import (
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestATicketIsAtRiskFromTheBarOnAndWatchedFromTwoThirdsOfIt(t *testing.T) {
	for _, c := range []struct {
		satisfaction, bar int
		word              string
	}{{30, 70, "at risk"}, {31, 70, "watch"}, {54, 70, "watch"}, {55, 70, ""}, {100, 70, ""}, {88, 12, "at risk"}, {92, 12, "watch"}, {93, 12, ""}} {
		if got := SatisfactionWord(SatisfactionTone(c.satisfaction, c.bar)); got != c.word {
			t.Errorf("%d with a bar of %d is %q, want %q", c.satisfaction, c.bar, got, c.word)
		}
	}
}

func TestWhatPredictsIsSaidInWords(t *testing.T) {
	model := core.ModelState{Basis: core.BasisModel, Tickets: 1204}
	for want, got := range map[string]string{
		"by a model trained on 1,204 of this desk's tickets": BasisText(core.BasisModel, model),
		"by a model trained on this desk's tickets":          BasisText(core.BasisModel, core.ModelState{}),
		"by stated rules: fewer than 200 rated tickets":      BasisText(core.BasisRules, core.ModelState{Why: core.WhyFewRated, Needed: 200}),
		"by stated rules: a model did no better than chance": BasisText(core.BasisRules, core.ModelState{Why: core.WhyNoSignal}),
		"by stated rules":                          BasisText(core.BasisRules, model), // scored before the model was there
		"Give it to Ana: 42 › 51":                  HelpText(core.Help{Action: core.HelpAssign, Subject: "Ana", From: 42, To: 51}),
		"Give it an owner: 42 › 51":                HelpText(core.Help{Action: core.HelpAssign, From: 42, To: 51}),
		"call: 1 › 2":                              HelpText(core.Help{Action: "call", Text: "call: 1 › 2", From: 1, To: 2}),
		"Tell the customer how it stands: 42 › 44": HelpText(core.Help{Action: core.HelpUpdate, From: 42, To: 44}),
		"Reply now: 42 › 58":                       HelpText(core.Help{Action: core.HelpReply, From: 42, To: 58}),
	} {
		if got != want {
			t.Errorf("it reads %q, want %q", got, want)
		}
	}
}

func TestAModelsReasonIsWordedByItsOwnMeaning(t *testing.T) {
	acme := core.TicketView{Ticket: core.Ticket{Customer: "Acme Ltd"}, CustomerKey: core.CustomerKey{Source: "crm", ID: "acme_1"}}
	for _, c := range []struct {
		by   core.PredictionBasis
		r    core.NamedReason
		want string
	}{
		{core.BasisModel, core.NamedReason{Reason: "silence", Count: 30, Points: -4}, "nothing happened for 30 days"},
		{core.BasisModel, core.NamedReason{Reason: "silence", Points: 2}, "nothing happened for less than a day"},
		{core.BasisModel, core.NamedReason{Reason: "age", Points: 2}, "open for less than a day"},
		{core.BasisModel, core.NamedReason{Reason: "age", Count: 1, Points: 2}, "open for 1 day"},
		{core.BasisModel, core.NamedReason{Reason: "rated_badly", Points: -100}, "the customer has rated it badly"},
		{core.BasisRules, core.NamedReason{Reason: "silence", Count: 3, Points: -4}, "nothing happened for 3 days"},
		{core.BasisModel, core.NamedReason{Reason: "reply_wait", Ratio: 3.1, Points: -18, Text: "first reply took 3.1× this customer's usual wait"}, "first reply took 3.1× this customer's usual wait"},
		{core.BasisModel, core.NamedReason{Reason: "reply_wait", Ratio: 25.4, Points: -18, Text: "no reply for 3 hours, 25× the usual wait for this topic"}, "no reply for 25× the usual wait for this topic"},
		{core.BasisModel, core.NamedReason{Reason: "reply_wait", Ratio: 0.1, Points: 2, Text: "no reply yet"}, "no reply yet"},
		{core.BasisModel, core.NamedReason{Reason: "owner", Subject: "Ana", Points: 5}, "tickets of Ana ended badly more rarely than others"},
		{core.BasisModel, core.NamedReason{Reason: "owner", Points: -5}, "nobody owns it"},
		{core.BasisModel, core.NamedReason{Reason: "product", Subject: "Billing", Points: -5}, "tickets about Billing ended badly more often than others"},
		{core.BasisModel, core.NamedReason{Reason: "customer", Subject: "acme_1", Points: -5}, "this customer's tickets ended badly more often than others"},
		{core.BasisModel, core.NamedReason{Reason: "priority", Subject: "high", Count: 2, Points: -5}, "its priority changed 2 times"},
		{core.BasisModel, core.NamedReason{Reason: "tone", Text: "its text sounds angry", Points: -5}, "its text sounds angry"},
		{core.BasisModel, core.NamedReason{Reason: "reopened", Count: 0, Points: 2}, "it was never reopened"},
		{core.BasisModel, core.NamedReason{Reason: "reopened", Count: 2, Points: -9}, "reopened 2 times"},
		{core.BasisModel, core.NamedReason{Reason: "load", Subject: "Ana", Ratio: 1.4, Points: -2}, "Ana got 1.4× the usual number of tickets lately"},
		{core.BasisModel, core.NamedReason{Reason: "pair", Subject: "crm:acme_1, Ana", Points: -2}, "Acme Ltd, Ana: together they had more bad ends than each alone"},
		{core.BasisModel, core.NamedReason{Reason: "column", Subject: "location: Berlin"}, "location: Berlin"},
		{core.BasisModel, core.NamedReason{Reason: "escalated", Points: -100, Text: "escalated"}, "it is escalated"},
		{core.BasisModel, core.NamedReason{Reason: "later", Text: "something new"}, "something new"},
	} {
		if got := SatisfactionReason(c.by, acme, c.r); got != c.want {
			t.Errorf("%s of %s reads %q, want %q", c.r.Reason, c.by, got, c.want)
		}
	}
}

func TestAPartOfACustomersHealthIsWordedWithItsNumbers(t *testing.T) {
	for _, c := range []struct {
		r    core.NamedReason
		want string
	}{
		{core.NamedReason{Reason: "open_tickets", Count: 2, Text: "open tickets: 2, with a satisfaction of 50 on average and 20 at worst"}, "open tickets: 2, with a satisfaction of 50 on average and 20 at worst"},
		{core.NamedReason{Reason: "open_tickets", Count: 1, Text: "open tickets: 1, with a satisfaction of 3 on average and 3 at worst"}, "1 open ticket, with a satisfaction of 3"},
		{core.NamedReason{Reason: "open_tickets", Count: 2, Text: "two tickets"}, "2 open tickets"},
		{core.NamedReason{Reason: "good_ratings", Text: "good ratings: 7 of 9"}, "good ratings: 7 of 9"},
		{core.NamedReason{Reason: "tough", Count: 40}, "a history (40 of 100)"},
		{core.NamedReason{Reason: "orders", Count: 3}, "3 bad orders this month"},
	} {
		if got := HealthReason(c.r); got != c.want {
			t.Errorf("%s reads %q, want %q", c.r.Reason, got, c.want)
		}
	}
}

func TestAModelThatIsTurnedOffIsNotWhatPredicts(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	s := core.ModelState{Basis: core.BasisModel, Version: 2, Tickets: 527, TrainedAt: now, From: now, To: now, Rated: 528, Bad: 119}
	if got := ModelFacts(s, now); !strings.HasPrefix(got, "Trained today 12:00 on 527 tickets") {
		t.Errorf("in force: %q", got)
	}
	s.Basis, s.Why = core.BasisRules, core.WhyOff
	if got := ModelFacts(s, now); !strings.HasPrefix(got, "Version 2, which does not predict now, was trained today 12:00 on 527 tickets.\n") {
		t.Errorf("turned off: %q", got)
	}
}

func TestAFeatureThatIsTooGoodToBeTrueIsNamedInWords(t *testing.T) {
	s := core.ModelState{Warnings: []string{"1", "2"}, Suspects: []core.Suspect{{Name: "tone of the text", AUC: 0.934}, {Name: "price", AUC: 0.9, Filled: true}}}
	got := ModelWarnings(s)
	if len(got) != 2 || !strings.HasPrefix(got[0], "“tone of the text” tells bad ends from good ones almost alone: 93 times") || !strings.HasPrefix(got[1], "Whether “price” is known at all tells") {
		t.Errorf("%q", got)
	}
	s.Suspects = nil // of a model trained by an older program
	if got := ModelWarnings(s); len(got) != 2 || got[0] != "1" {
		t.Errorf("an old warning reads %q", got)
	}
}

func TestWhatIsSaidOfAModelIsSaidOnce(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	s := core.ModelState{Basis: core.BasisRules, Why: core.WhyFewRated, Needed: 200}
	if got := ModelFacts(s, now); got != "" {
		t.Errorf("of no known end it says %q as well", got)
	}
	if got := LastTraining(s, now); got != "" {
		t.Errorf("of no training it says %q", got)
	}
	s.Why, s.LastTry = core.WhyNoSignal, &core.TrainingResult{At: now, Reason: core.WhyNoSignal, Tickets: 400, Seconds: 0.3}
	if got := LastTraining(s, now); got != "Last training today 12:00. It learned from 400 tickets in 0.3 s." {
		t.Errorf("beside why there is no model: %q", got)
	}
	s.Why = core.WhyOff
	if got := LastTraining(s, now); !strings.Contains(got, "was not taken") {
		t.Errorf("where the settings turned the model off: %q", got)
	}
}
