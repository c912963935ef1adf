package source

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"deskwatch/core"
)

func TestEveryTicketKnowsItsOwnBytes(t *testing.T) {
	for name, text := range map[string]string{
		"a collector":          `{"Agentname":"a","Cases":[ {"Id":"1","Subject":"ü"} , {"Id":"2"}]}`,
		"grouped":              `{"Agentname":"a","Cases":{"Spark":[{"Id":"1"}, {"Id" : "2"}],"Hive":null,"Livy":[{"Id":"3"}]}}`,
		"a list of groups":     `{"Agentname":"a","Cases":[{"Product":"Spark","Cases":[{"Id":"1"}, {"Id": "2", "Product":"Own"}],"Note":[1,"x"]},{"Hive":[{"Id":"3"}],"Livy":[ {"Id":"4"} ]}]}`,
		"a name that is twice": `[{"Cases":[{"Id":"0"},{"Id":"9"}],"Cases":[{"Id":"1"}]}]`,
		"a list":               `[{"Id":"1"},{"Id":"2"}]`,
		"one after the other":  "{\"Id\":\"1\"}\n  {\"Id\":\"2\"}\n",
		"with a mark":          "\uFEFF{\"Cases\":[{\"Id\":\"1\"}]}",
		"long":                 `{"Cases":[{"Id":"1","Subject":"` + strings.Repeat("x", 200_000) + `"},{"Id":"2"}]}`,
	} {
		s, err := OpenJSON(strings.NewReader(text), "x", dictionary(t, core.TicketMapping{}), nil)
		if err != nil {
			t.Fatal(name, err)
		}
		plain, n := strings.TrimPrefix(text, "\uFEFF"), 0
		for {
			ticket, err := s.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(name, err)
			}
			n++
			o := s.(Traced).Origin()
			var record struct{ ID string }
			if err := json.Unmarshal([]byte(plain[o.Begin:o.End]), &record); err != nil || record.ID != ticket.ID || o.Record["Id"] != ticket.ID {
				t.Errorf("%s: ticket %s has the bytes %.80q: %v", name, ticket.ID, plain[o.Begin:o.End], err)
			}
			if o.Group != "" && strings.Contains(text, "Own") && ticket.ID == "2" && (o.Group != "Spark" || ticket.Product != "Own") {
				t.Errorf("%s: group %q, product %q", name, o.Group, ticket.Product)
			}
		}
		if n == 0 {
			t.Error(name, "has no tickets")
		}
		if said := s.(Traced).Said("AGENTNAME"); strings.Contains(text, "Agentname") && said != "a" {
			t.Errorf("%s: agent %q", name, said)
		}
	}
}
