package app

import (
	"path/filepath"
	"testing"
)

func TestADroppedFileIsTakenForWhatItsColumnsSay(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		name, text string
		tickets    bool
	}{
		{"orders.csv", "order_id,customer_id,order_date,status,amount\nA1,acme_1,2023-06-01,Cancelled,10\n", false},
		{"cases.csv", "Id,CaseNumber,Subject,Status,Priority,CreatedDate\n5001,00014292,Lost,New,High,2020-03-15T23:27:41.000+0000\n", true},
		{"csat.csv", "Unique id,channel_name,category,Issue_reported at,issue_responded,Item_price,Agent_name,CSAT Score\na,Inbound,Returns,01/08/2023 10:29,01/08/2023 11:29,4199.0,Eric,1\n", true},
		{"amazon.csv", "index,Order ID,Date,Status,Sales Channel,Category,Amount,ship-postal-code\n0,405-8,04-30-22,Cancelled,Amazon.in,Set,647.62,400081\n", false},
		{"cases.json", `{"Agentname":"a","Cases":[]}`, true},
	} {
		path := writeFile(t, c.name, c.text)
		got, err := d.HoldsTickets(t.Context(), path)
		if err != nil || got != c.tickets {
			t.Errorf("%s: tickets %v, %v; want %v", c.name, got, err, c.tickets)
		}
	}
	if _, err := d.HoldsTickets(t.Context(), filepath.Join(t.TempDir(), "none.csv")); err == nil {
		t.Error("a file that is not there was guessed at")
	}
}
