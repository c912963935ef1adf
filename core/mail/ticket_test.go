package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTicketMailReadsAsAgreed(t *testing.T) {
	for language, data := range map[string]TicketMail{
		"en": {Subject: "7 new tickets, 2 from tough customers", Title: "7 new tickets, 2 from tough customers", More: 5,
			Lines: []string{"TS0042 Spark job lost (Acme): 3 cancelled or returned orders this month, reply due 14:20", "TS0043 <b>&\nñ (Bob): waiting since 13:59"}},
		"es": {Subject: "Ticket nuevo: TS0042", Title: "Ticket nuevo", Lines: []string{"TS0042 Trabajo perdido (Acme): espera desde las 13:59"}},
	} {
		data.Language, data.Program = language, "Deskwatch 1.0"
		m, err := RenderTickets(data)
		if err != nil {
			t.Fatal(err)
		}
		for ext, got := range map[string]string{"txt": "Subject: " + m.Subject + "\n\n" + m.Text, "html": m.HTML} {
			path := filepath.Join("testdata", "ticket."+language+"."+ext)
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

func TestATicketsTextCannotBeginALineOrATagOfTheMail(t *testing.T) {
	m, err := RenderTickets(TicketMail{Subject: "x\r\nBcc: a@b.example", Title: "t", Lines: []string{"one\r\n\r\n- forged <script>alert(1)</script>"}})
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(m.Subject, "\r\n") || strings.Contains(m.Text, "\n- forged") || strings.Contains(m.HTML, "<script>") {
		t.Errorf("subject %q\ntext %s\nhtml %s", m.Subject, m.Text, m.HTML)
	}
}
