package main

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestCustomersAreJoinedFlaggedAndShownFromTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	tickets := writeFile(t, "tickets.csv", "id,subject,status,customer_id,customer_name,created\n"+
		"T1,No light,open,acme_17,Acme,2026-03-02 09:00\nT2,No heat,open,blue,Blue Sea,2026-03-02 10:00\n")
	orders := writeFile(t, "orders.csv", "order_id,customer_id,date,status\no1,acme_17,2026-03-01,cancelled\no2,blue-sea_3,2026-03-01,cancelled\n")
	for _, args := range [][]string{{"tickets", "import", tickets, "--source", "crm"}, {"orders", "import", orders}} {
		if status, _, errs := call(t, dir, args...); status != 0 {
			t.Fatal(errs)
		}
	}
	var page core.CardPage
	callJSON(t, dir, &page, "customers", "list", "--proposed")
	if page.Total != 1 || page.Items[0].Key.ID != "blue" || page.Items[0].Proposed != 1 {
		t.Fatalf("proposed: %+v", page)
	}
	var card core.CustomerCard
	callJSON(t, dir, &card, "customers", "show", "acme_17")
	if card.Orders != 1 || card.Tickets != 1 || len(card.Links) != 1 || card.Links[0].State != core.LinkSure {
		t.Errorf("acme_17: %+v", card)
	}
	callJSON(t, dir, &card, "customers", "link", "Blue Sea", "blue-sea_3")
	if card.Orders != 1 || len(card.OrderIDs) != 1 || card.OrderIDs[0] != "blue-sea_3" {
		t.Errorf("after link: %+v", card)
	}
	callJSON(t, dir, &card, "customers", "unlink", "crm:blue", "blue-sea_3")
	if len(card.OrderIDs) != 0 || card.Links[0].State != core.LinkRefused {
		t.Errorf("after unlink: %+v", card)
	}
	callJSON(t, dir, &card, "customers", "flag", "blue", "tough", "--note", "calls daily", "--until", "2999-12-31")
	if card.Flag == nil || !card.IsTough || card.Flag.Note != "calls daily" {
		t.Errorf("after flag: %+v", card.Flag)
	}
	if status, out, errs := call(t, dir, "customers", "show", "blue"); status != 0 || !strings.Contains(out, "tough until 2999-12-31") {
		t.Errorf("shown as %d %s%s", status, out, errs)
	}
	card = core.CustomerCard{}
	callJSON(t, dir, &card, "customers", "flag", "blue", "none")
	if card.Flag != nil || card.IsTough {
		t.Errorf("after none: %+v", card.Flag)
	}
	for _, wrong := range [][]string{{"customers", "flag", "blue", "red"}, {"customers", "flag", "blue", "none", "--note", "x"}, {"customers", "list", "--limit", "0"}, {"customers", "show"}, {"customers"}} {
		if status, _, errs := call(t, dir, wrong...); status != 2 {
			t.Errorf("%v: status %d, %s", wrong, status, errs)
		}
	}
	if status, _, errs := call(t, dir, "customers", "show", "nobody"); status != 1 || !strings.Contains(errs, `No ticket is of a customer "nobody".`) {
		t.Errorf("status %d, %s", status, errs)
	}
}
