package main

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestFlagsBecomeASource(t *testing.T) {
	f := sourceFlags{kind: "salesforce", fields: []string{"product=Product__c,customer=Account.Name"}, statuses: []string{"Parked=held"}, priorities: []string{"P1=urgent"}}
	f.src.User = "ana"
	s, err := f.source("acme")
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "acme" || !s.Enabled || s.Grant != core.GrantPassword || s.Mapping.Fields[core.FieldProduct] != "Product__c" || s.Mapping.Fields[core.FieldCustomer] != "Account.Name" ||
		s.Mapping.Statuses["Parked"] != core.TicketHeld || s.Mapping.Priorities["P1"] != core.PriorityUrgent {
		t.Errorf("%+v", s)
	}
	folder := sourceFlags{off: true}
	folder.src.Folder = "/in"
	if s, err := folder.source("in"); err != nil || s.Kind != core.SourceFolder || s.Enabled {
		t.Errorf("%+v %v", s, err)
	}
	for _, bad := range []sourceFlags{{}, {kind: "desk", fields: []string{"colour=x"}}, {kind: "desk", statuses: []string{"x"}}} {
		if _, err := bad.source("x"); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

func TestSecretsAreReadLineByLine(t *testing.T) {
	f := sourceFlags{secretStdin: true}
	secret, client, err := f.secrets(strings.NewReader("one\r\ntwo\n"))
	if err != nil || secret.Reveal() != "one" || client.Reveal() != "two" {
		t.Errorf("%v %v %v", secret, client, err)
	}
	if secret, client, err = f.secrets(strings.NewReader("one\n")); err != nil || secret.Reveal() != "one" || client != nil {
		t.Errorf("%v %v %v", secret, client, err)
	}
	f.secretStdin = false
	if secret, _, err = f.secrets(strings.NewReader("one\n")); err != nil || secret != nil {
		t.Errorf("read without being asked: %v %v", secret, err)
	}
}
