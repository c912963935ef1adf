package main

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestARuleOfDaysFindsOrdersOverTheEndOfAMonth(t *testing.T) {
	dir := t.TempDir()
	var im importJSON
	callJSON(t, dir, &im, "orders", "import", writeFile(t, "orders.csv", `order_id,customer_id,order_date,status
A1,acme_1,2023-04-12,Cancelled
A2,acme_1,2023-04-30,Cancelled
A3,acme_1,2023-05-08,Returned
A4,acme_1,2023-07-01,Cancelled
`))
	var check core.CheckResult
	if callJSON(t, dir, &check, "alerts", "run"); check.Breaches != 0 {
		t.Fatalf("no month has three: %+v", check)
	}
	var rule core.Rule
	callJSON(t, dir, &rule, "alerts", "set", "1", "days=30")
	if rule.Days != 30 || rule.BaselineAt != nil {
		t.Errorf("rule %+v", rule)
	}
	if callJSON(t, dir, &check, "alerts", "run", "--send-backlog"); check.Breaches != 1 || check.Queued != 1 {
		t.Errorf("check %+v", check)
	}
	var mails []core.Delivery
	callJSON(t, dir, &mails, "outbox", "list")
	const want = "acme_1: 3 cancelled or returned orders within 30 days (12 April to 8 May 2023)"
	if len(mails) != 1 || mails[0].Subject != want || mails[0].Period != core.NewMonth(2023, 5) {
		t.Errorf("mails %+v", mails)
	}
	if status, _, errs := call(t, dir, "alerts", "set", "1", "days=367"); status == 0 || !strings.Contains(errs, "between 2 and 366") {
		t.Errorf("status %d: %s", status, errs)
	}
}
