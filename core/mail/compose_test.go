package mail

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"

	"deskwatch/core"
)

func sandboxed(t *testing.T, m core.Message) *mail.Message {
	t.Helper()
	report := (&Sandbox{From: "Deskwatch <alerts@deskwatch.example>"}).Send(t.Context(), m)
	if report.Outcome != core.OutcomeSent || report.Via != "sandbox" {
		t.Fatalf("report %+v", report)
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(report.Raw))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestSandboxKeepsTheMailAsItWouldArrive(t *testing.T) {
	m := message()
	m.To, m.Subject = "Ana Núñez, Acme <ana@example.com>", "Peña: 4 pedidos"
	m.Text, m.HTML = "cuatro\n.\npuntos…\n", "<p>cuatro</p>"
	parsed := sandboxed(t, m)
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil || subject != m.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	to, err := parsed.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Ana Núñez, Acme" || to[0].Address != "ana@example.com" {
		t.Errorf("to %v, %v", to, err)
	}
	for field, want := range map[string]string{
		"From": `"Deskwatch" <alerts@deskwatch.example>`, "Message-Id": "<r1.acme.2023-06@deskwatch>",
		"Date": "Sat, 01 Jul 2023 08:00:00 +0000", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
	} {
		if got := parsed.Header.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	kind, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%q, %v", kind, err)
	}
	parts := multipart.NewReader(parsed.Body, params["boundary"])
	for _, want := range [][2]string{{"text/plain; charset=UTF-8", m.Text}, {"text/html; charset=UTF-8", m.HTML}} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(string(body), "\r\n", "\n"); p.Header.Get("Content-Type") != want[0] || got != want[1] {
			t.Errorf("%s %q, want %q", p.Header.Get("Content-Type"), got, want)
		}
	}
}

func TestNoValueCanAddAHeader(t *testing.T) {
	m := message()
	m.Subject = "a\r\nBcc: x@desk.internal\r\n\r\nbody"
	m.To = "Eve\r\nBcc: y@desk.internal <eve@desk.internal>"
	m.From = "E\nX-Evil: 1 <e@desk.internal>"
	parsed := sandboxed(t, m)
	if len(parsed.Header) != 8 || parsed.Header.Get("Bcc") != "" || parsed.Header.Get("X-Evil") != "" {
		t.Errorf("headers %v", parsed.Header)
	}
	if got := parsed.Header.Get("Subject"); got != "a Bcc: x@desk.internal body" {
		t.Errorf("subject %q", got)
	}
	for name, change := range map[string]func(*core.Message){
		"recipient":  func(m *core.Message) { m.To = "x@desk.internal\nBcc: y@desk.internal" },
		"message id": func(m *core.Message) { m.MessageID = "<a@b>\r\nBcc: y@desk.internal" },
		"no id":      func(m *core.Message) { m.MessageID = "" },
	} {
		t.Run(name, func(t *testing.T) {
			m := message()
			change(&m)
			if report := NewSandbox(core.DefaultSettings().Mail).Send(t.Context(), m); report.Outcome != core.OutcomeHeld || report.Raw != nil || report.Reply == "" {
				t.Errorf("report %+v", report)
			}
		})
	}
	if report := (&Sandbox{From: "x\ny@z.internal"}).Send(t.Context(), message()); report.Outcome != core.OutcomeNoService {
		t.Errorf("bad sender: %+v", report)
	}
}

func FuzzComposedHeadersStayTheSame(f *testing.F) {
	f.Add("Acme", "4 orders")
	f.Add("a\r\nBcc: x", "ü\x00\r\n\r\n")
	f.Add(`"\`, strings.Repeat("x", 2000))
	f.Fuzz(func(t *testing.T, name, subject string) {
		m := message()
		m.From, m.To, m.Subject = name+" <a@desk.internal>", name+" <b@desk.internal>", subject
		l, err := compose(m)
		if err != nil {
			return
		}
		head, _, _ := bytes.Cut(l.raw, []byte("\r\n\r\n"))
		fields := 0
		for _, line := range strings.Split(string(head), "\r\n") {
			if strings.ContainsAny(line, "\r\n") || len(line) > 998 {
				t.Fatalf("bad line %q", line)
			}
			if !strings.HasPrefix(line, " ") {
				fields++
			}
		}
		if fields != 8 {
			t.Fatalf("%d fields: %q", fields, head)
		}
	})
}

func TestCheckAddress(t *testing.T) {
	for _, ok := range []string{"ana@shop.example", "a.b+c_d@x-y.co.uk", "1@2.de", "root@localhost", "o'neil@xn--pea-8ma.es"} {
		if err := CheckAddress(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for bad, why := range map[string]string{
		"": "The e-mail address is empty. Write it like ana@shop.example.", "ana": "it has no @", "a@b@c.de": "more than one @", "@x.de": "nothing stands before",
		"a@": "nothing stands after", "ana@gmail": "no ending", "a b@x.de": "a blank", "a\r@x.de": "line break", ".a@x.de": "a dot", "a..b@x.de": "a dot",
		"ñ@x.es": "mail servers do not take", "a@x_y.de": "cannot stand in a domain", "a@-x.de": "not a name", "a@x..de": "not a name", `"a b"@x.de`: "a blank",
		"a<b@x.de": "cannot stand before", "Ana <a@x.de>": "a blank", strings.Repeat("a", 65) + "@x.de": "too long", "a@[127.0.0.1]": "cannot stand in a domain",
	} {
		if err := CheckAddress(bad); core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), why) {
			t.Errorf("%q: %v, want %q", bad, err, why)
		}
	}
	if m, err := parseMailbox("Acme, Inc. <a@x.de>"); err != nil || m.name != "Acme, Inc." {
		t.Errorf("%+v %v", m, err)
	}
	if _, err := parseMailbox("Acme <a@x>"); err == nil {
		t.Error("a sender without a domain's ending passed")
	}
}

func TestReservedDomainsAreKnown(t *testing.T) {
	for addr, want := range map[string]bool{
		"a@example.com": true, "a@Mail.EXAMPLE.org": true, "a@example.net.": true, "a@b.test": true, "a@deskwatch.example": true, "a@x.invalid": true,
		"a@localhost": true, "a@b.localhost": true, "a@myexample.com": false, "a@example.de": false, "a@test.com": false, "a@desk.internal": false, "a@com": false,
	} {
		if got := IsReserved(addr); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}
