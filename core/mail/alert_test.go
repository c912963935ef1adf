package mail

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskwatch/core"
)

var update = flag.Bool("update", false, "write the golden files anew")

func day(s string) core.Day {
	var y, m, d int
	if _, err := fmt.Sscanf(s, "%d-%d-%d", &y, &m, &d); err != nil {
		panic(err)
	}
	v, _ := core.NewDay(y, m, d)
	return v
}

func alert(language string) AlertMail {
	both := core.NewStatusSet(core.StatusCancelled, core.StatusReturned)
	return AlertMail{
		Language: language, Rule: "Cancelled or returned", Customer: "acme-store_12", Client: "Acme Store", Period: core.NewMonth(2023, 6),
		Count: 5, Previous: 3, Statuses: both, Program: "Deskwatch 1.0",
		Orders: []core.Order{
			{OrderID: "A-100", Day: day("2023-06-03"), Status: core.StatusCancelled, Statuses: core.NewStatusSet(core.StatusCancelled), RawStatus: "Cancelled"},
			{OrderID: "A-107", Day: day("2023-06-11"), Status: core.StatusReturned, Statuses: core.NewStatusSet(core.StatusReturned), RawStatus: "Shipped - Returned to Seller"},
			{OrderID: "A-<b>&112", Day: day("2023-06-11"), Status: core.StatusDelivered, Statuses: core.NewStatusSet(core.StatusDelivered, core.StatusReturned)},
			{OrderID: "ñ-1", Day: day("2023-06-30"), Status: core.StatusCancelled, Statuses: both},
		},
	}
}

func TestAlertMailReadsAsAgreed(t *testing.T) {
	for _, language := range []string{"en", "es"} {
		m, err := RenderAlert(alert(language))
		if err != nil {
			t.Fatal(err)
		}
		for ext, got := range map[string]string{"txt": "Subject: " + m.Subject + "\n\n" + m.Text, "html": m.HTML} {
			path := filepath.Join("testdata", "alert."+language+"."+ext)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; got:\n%s", path, got)
			}
		}
	}
}

func TestAlertMailCountsInItsSubject(t *testing.T) {
	for want, change := range map[string]func(*AlertMail){
		"Acme Store: 5 cancelled or returned orders in June 2023":         func(*AlertMail) {},
		"acme-store_12: 5 cancelled or returned orders in June 2023":      func(a *AlertMail) { a.Client = "" },
		"Acme Store: 1 cancelled order in January 2023":                   func(a *AlertMail) { a.Count, a.Statuses, a.Period = 1, 1<<core.StatusCancelled, core.NewMonth(2023, 1) },
		"Acme Store: 5 orders in June 2023":                               func(a *AlertMail) { a.Statuses = core.NewStatusSet(core.Statuses()...) },
		"Acme Store: 5 placed, cancelled or returned orders in June 2023": func(a *AlertMail) { a.Statuses |= 1 << core.StatusPlaced },
		"Acme Store: 5 cancelled or returned orders within 30 days (12 April to 8 May 2023)": func(a *AlertMail) {
			a.Days, a.From, a.To = 30, day("2023-04-12"), day("2023-05-08")
		},
		"Acme Store: 5 cancelled or returned orders within 7 days (1 to 7 June 2023)": func(a *AlertMail) {
			a.Days, a.From, a.To = 7, day("2023-06-01"), day("2023-06-07")
		},
		"Acme Store: 5 cancelled or returned orders within 7 days (31 December 2023 to 1 January 2024)": func(a *AlertMail) {
			a.Days, a.From, a.To = 7, day("2023-12-31"), day("2024-01-01")
		},
		"Acme Store: 5 cancelled or returned orders within 2 days (29 February 2024)": func(a *AlertMail) {
			a.Days, a.From, a.To = 2, day("2024-02-29"), day("2024-02-29")
		},
		"Acme Store: 5 pedidos cancelados o devueltos en un plazo de 30 días (del 12 de abril al 8 de mayo de 2023)": func(a *AlertMail) {
			a.Language, a.Days, a.From, a.To = "es", 30, day("2023-04-12"), day("2023-05-08")
		},
		"Acme Store: 5 pedidos cancelados o devueltos en un plazo de 7 días (del 1 al 7 de junio de 2023)": func(a *AlertMail) {
			a.Language, a.Days, a.From, a.To = "es", 7, day("2023-06-01"), day("2023-06-07")
		},
		"Acme Store: 5 pedidos cancelados o devueltos en un plazo de 7 días (del 31 de diciembre de 2023 al 1 de enero de 2024)": func(a *AlertMail) {
			a.Language, a.Days, a.From, a.To = "es", 7, day("2023-12-31"), day("2024-01-01")
		},
		"Acme Store: 5 pedidos cancelados o devueltos en un plazo de 2 días (el 29 de febrero de 2024)": func(a *AlertMail) {
			a.Language, a.Days, a.From, a.To = "es", 2, day("2024-02-29"), day("2024-02-29")
		},
		"Acme Store: 1 pedido devuelto en diciembre de 2023": func(a *AlertMail) {
			a.Language, a.Count, a.Statuses, a.Period = "es", 1, 1<<core.StatusReturned, core.NewMonth(2023, 12)
		},
		"Eve Bcc: x@y.internal: 5 cancelled or returned orders in June 2023": func(a *AlertMail) { a.Client = "Eve\r\nBcc: x@y.internal" },
		"Acme Store: 5 cancelled or returned orders in June 2024":            func(a *AlertMail) { a.Language, a.Period = "fr", core.NewMonth(2024, 6) },
	} {
		data := alert("en")
		change(&data)
		m, err := RenderAlert(data)
		if err != nil {
			t.Fatal(err)
		}
		if m.Subject != want {
			t.Errorf("got %q, want %q", m.Subject, want)
		}
		_, what, _ := strings.Cut(want, ": ")
		if data.Days > 0 && (!strings.Contains(m.Text, what+".") || !strings.Contains(m.HTML, "<strong>"+what+"</strong>")) {
			t.Errorf("%q is not in the mail:\n%s", what, m.Text)
		}
	}
}

func TestAlertMailListsAThousandOrdersAndCountsTheRest(t *testing.T) {
	data := alert("en")
	data.Orders = nil
	for i := range 1200 {
		data.Orders = append(data.Orders, core.Order{OrderID: fmt.Sprintf("O-%04d", i), Day: day("2023-06-01")})
	}
	data.Count, data.Previous = 1500, 0
	m, err := RenderAlert(data)
	if err != nil {
		t.Fatal(err)
	}
	for part, text := range map[string]string{"text": m.Text, "html": m.HTML} {
		if n := strings.Count(text, "O-"); n != 1000 || !strings.Contains(text, "and 500 more") || !strings.Contains(text, "O-0999") || strings.Contains(text, "last mailed") {
			t.Errorf("%s lists %d orders", part, n)
		}
	}
}

func TestAlertMailEscapesWhatTheFileCarried(t *testing.T) {
	data := alert("en")
	const evil = `<script>alert("x")</script>`
	data.Client, data.Customer, data.Rule, data.Program = evil, evil+"1", evil, evil
	data.Orders[0].OrderID, data.Orders[0].RawStatus = evil, evil
	m, err := RenderAlert(data)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.HTML, "<script") {
		t.Error("the HTML part carries a script")
	}
	if !strings.Contains(m.Text, evil) {
		t.Error("the text part changed what it quotes")
	}
}
