package tickets

import "testing"

func TestWhyTwoCustomersAreOneLosesNothingInTheTelling(t *testing.T) {
	const why = "the same id, acme_1, which may be chance; the same e-mail, a@acme.com; e-mails of one company, acme.com; the same name, Acme, which 2 order customers have; something new"
	if got := whyText(why); got != why {
		t.Errorf("it reads %q, want %q", got, why)
	}
}
