package app

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/api"
	"deskwatch/core/coretest"
)

// serves has the desk watch and its REST server run, and returns where.
func (d *desk) serves(t *testing.T) (url string) {
	t.Helper()
	address := coretest.FreeAddress(t)
	d.set(t, func(s *core.Settings) { s.Server.Enabled, s.Server.Address = true, address })
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	st := d.ServerState()
	if !st.Running {
		t.Fatalf("%+v", st)
	}
	return st.URL
}

// web sends a request to a desk's REST server, as name and password or with a token.
func web(t *testing.T, method, url, name, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if name, password, ok := strings.Cut(name, ":"); ok {
		req.SetBasicAuth(name, password)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestTheServerFollowsTheSettings(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := d.ServerState(); st.Running || st.Problem != "" {
		t.Fatalf("nobody switched it on: %+v", st)
	}
	events, cancel := d.Subscribe(256)
	defer cancel()
	first, second := coretest.FreeAddress(t), coretest.FreeAddress(t)
	d.set(t, func(s *core.Settings) { s.Server.Enabled, s.Server.Address = true, first })
	eventually(t, "it runs", func() bool { return d.ServerState().URL == "http://"+first })
	if code, _ := web(t, "GET", "http://"+first+"/healthz", "", ""); code != 200 {
		t.Errorf("%d", code)
	}
	eventually(t, "everybody hears of it", func() bool {
		select {
		case e := <-events:
			_, ok := e.(core.ServerChanged)
			return ok
		default:
			return false
		}
	})
	since := d.ServerState().Since
	d.set(t, func(s *core.Settings) { s.Server.Hosts, s.Server.TokenSeconds = []string{"desk.example"}, 120 })
	if code, _ := web(t, "GET", "http://"+first+"/api/v1/me", "Ada:"+good, ""); code != 200 || !d.ServerState().Since.Equal(since) {
		t.Error("a new host broke the connections of the old ones")
	}
	d.set(t, func(s *core.Settings) { s.Server.Address = second })
	eventually(t, "it moved", func() bool { return d.ServerState().URL == "http://"+second })
	if _, err := http.Get("http://" + first + "/healthz"); err == nil {
		t.Error("it still listens where it did")
	}
	d.set(t, func(s *core.Settings) { s.Server.Enabled = false })
	eventually(t, "it ended", func() bool { return !d.ServerState().Running })
	if _, err := http.Get("http://" + second + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

func TestAPortInUseIsToldOnceAndTriedAgain(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	d.retryServer = 10 * time.Millisecond
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.set(t, func(s *core.Settings) { s.Server.Enabled, s.Server.Address = true, other.Addr().String() })
	events, cancel := d.Subscribe(1024)
	defer cancel()
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatalf("a port in use keeps the desk from watching: %v", err)
	}
	if st := d.ServerState(); st.Running || !strings.Contains(st.Problem, "Another program listens") {
		t.Fatalf("%+v", st)
	}
	time.Sleep(10 * d.retryServer)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it runs", func() bool { st := d.ServerState(); return st.Running && st.Problem == "" })
	cancel()
	told := 0
	for e := range events {
		if f, ok := e.(core.JobFailed); ok && f.Job == serverJob {
			told++
		}
	}
	if told != 1 {
		t.Errorf("it was told %d times", told)
	}
}

func TestAServerNobodyCanSignInToSaysSo(t *testing.T) {
	d := newDesk(t)
	url := d.serves(t)
	if st := d.ServerState(); !strings.Contains(st.Problem, "Add a user") {
		t.Errorf("%+v", st)
	}
	if f := d.findings(t)[serverJob]; f.OK || !strings.Contains(f.Message, "Add a user") {
		t.Errorf("the doctor says %+v", f)
	}
	d.user(t, someone("Ada", core.RoleAdmin), good)
	eventually(t, "somebody can", func() bool { return d.ServerState().Problem == "" })
	if f := d.findings(t)[serverJob]; !f.OK {
		t.Errorf("the doctor says %+v", f)
	}
	if code, body := web(t, "GET", url+"/api/v1/me", "Ada:"+good, ""); code != 200 || !strings.Contains(body, `"role":"admin"`) {
		t.Errorf("%d %s", code, body)
	}
}

func TestServeSaysForOneRunWhatTheSettingsDoNot(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	set := core.DefaultServerSettings()
	set.Address = "0.0.0.0:18751"
	wantError(t, d.ServeREST(t.Context(), set), core.CodeInvalid, "Choose a certificate")
	set.TLS, set.CertFile, set.KeyFile = core.TLSFiles, "/nowhere/cert.pem", "/nowhere/key.pem"
	wantError(t, d.ServeREST(t.Context(), set), core.CodeInvalid, "")
	set.Address, set.TLS = coretest.FreeAddress(t), core.TLSGenerated
	wantError(t, d.ServeREST(as(t, someone("lea", core.RoleLead)), set), core.CodeForbidden, "")
	if err := d.ServeREST(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	st := d.ServerState()
	if st.URL != "https://"+set.Address || len(st.Fingerprint) != 95 {
		t.Fatalf("%+v", st)
	}
	if d.Settings().Server.Enabled {
		t.Error("what was for one run is in the settings")
	}
	d.set(t, func(s *core.Settings) { s.Server.Address = "127.0.0.1:8799" })
	if now := d.ServerState(); now != st {
		t.Errorf("the settings took the place of what serve was told: %+v", now)
	}
}

func TestTheDesksOwnCertificateStaysUntilItIsReplaced(t *testing.T) {
	d := newDesk(t)
	set := core.DefaultServerSettings()
	set.Address, set.TLS, set.Hosts = coretest.FreeAddress(t), core.TLSGenerated, []string{"desk.example"}
	fingerprint := func() string {
		t.Helper()
		conn, err := tls.Dial("tcp", set.Address, &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			return ""
		}
		defer conn.Close()
		c := conn.ConnectionState().PeerCertificates[0]
		if err := c.VerifyHostname("desk.example"); err != nil {
			t.Error(err)
		}
		return api.Fingerprint(&tls.Certificate{Certificate: [][]byte{c.Raw}})
	}
	if err := d.ServeREST(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := fingerprint()
	if first == "" || first != d.ServerState().Fingerprint {
		t.Fatalf("%q is served, %q is shown", first, d.ServerState().Fingerprint)
	}
	wantError(t, d.NewServerCertificate(as(t, someone("lea", core.RoleLead))), core.CodeForbidden, "")
	if err := d.NewServerCertificate(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the new one is served", func() bool { f := fingerprint(); return f != "" && f != first && f == d.ServerState().Fingerprint })
	second := fingerprint()
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.App = d.open(t)
	if err := d.ServeREST(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fingerprint(); got != second {
		t.Error("after a restart it is another one")
	}
}

// TestTheServerEndsBeforeTheDatabasesClose has a post come in while the desk stops: it is taken
// whole, and nothing is asked of a closed database.
func TestTheServerEndsBeforeTheDatabasesClose(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	url := d.serves(t)
	body, write := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, url+"/SF", body)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("Ada", good)
	got := make(chan string, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		got <- fmt.Sprint(res.StatusCode, " ", string(text))
	}()
	fmt.Fprint(write, `{"Agentname":"a","Updatetime":"2023-07-03 09:00:00","Cases":[`)
	eventually(t, "the post arrives", func() bool { in, _ := d.uploads.queue.length(); return in == 1 })
	stopped := make(chan error, 1)
	go func() { stopped <- d.Stop(context.Background()) }()
	eventually(t, "the server stops to listen", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	fmt.Fprint(write, `]}`)
	write.Close()
	if answer := <-got; !strings.HasPrefix(answer, "200") && !strings.HasPrefix(answer, "400") {
		t.Errorf("the post was answered by %s", answer)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestWhatOneWorkstationDoesAnotherHears goes through the whole house: a token, a stream of
// events, marks by key, a flag, and a second process on the same data folder.
func TestWhatOneWorkstationDoesAnotherHears(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	d.user(t, someone("Eva", core.RoleEngineer), better)
	d.take(t, "salesforce", core.Ticket{ID: "A", CustomerID: "c1", Customer: "Acme", Status: core.TicketOpen}, core.Ticket{ID: "B", Status: core.TicketOpen})
	url := d.serves(t)
	eventually(t, "the tickets are in memory", func() bool { code, _ := web(t, "GET", url+"/readyz", "", ""); return code == 200 })

	code, body := web(t, "POST", url+"/token", "Eva:"+better, "")
	var issued struct{ Token string }
	if err := json.Unmarshal([]byte(body), &issued); err != nil || code != 200 {
		t.Fatal(code, body, err)
	}
	eva := issued.Token + ":x"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+issued.Token)
	stream, err := http.DefaultClient.Do(req)
	if err != nil || stream.StatusCode != 200 {
		t.Fatal(stream, err)
	}
	defer stream.Body.Close()
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(stream.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	hears := func(what string) string {
		t.Helper()
		for deadline := time.After(10 * time.Second); ; {
			select {
			case line, open := <-lines:
				if strings.HasPrefix(line, what) {
					return line
				}
				if !open {
					if what == "" {
						return ""
					}
					t.Fatalf("the stream ended before %s", what)
				}
			case <-deadline:
				t.Fatalf("%s was not told", what)
			}
		}
	}
	hears("event: hello")

	const tickets = `"tickets":[{"source":"salesforce","id":"A"},{"source":"salesforce","id":"B"}]`
	if code, body := web(t, "POST", url+"/api/v1/marks", eva, `{"kind":"ack",`+tickets+`,"comment":"on it"}`); code != 204 {
		t.Fatal(code, body)
	}
	hears("event: marks")
	if code, body := web(t, "POST", url+"/api/v1/marks", eva, `{"kind":"ack","tickets":[{"source":"salesforce","id":"A"},{"source":"salesforce","id":"Z"}],"remove":true}`); code != 404 {
		t.Error("one of two is unknown: ", code, body)
	}
	if code, body := web(t, "GET", url+"/api/v1/marks", eva, ""); code != 200 || strings.Count(body, `"comment":"on it"`) != 2 {
		t.Error(code, body)
	}
	if code, body := web(t, "POST", url+"/api/v1/assign", eva, `{`+tickets+`,"owner":"Eva"}`); code != 204 {
		t.Fatal(code, body)
	}
	hears("event: tickets")
	if line := hears("data: "); !strings.Contains(line, `"kind":"owner"`) || !strings.Contains(line, `"to":"Eva"`) {
		t.Error(line)
	}
	if code, body := web(t, "GET", url+"/api/v1/predictions", eva, ""); code != 200 || !strings.Contains(body, `"basis":"rules"`) || !strings.Contains(body, `"total":2`) {
		t.Error(code, body)
	}
	if code, body := web(t, "PUT", url+"/api/v1/customers/salesforce/c1/flag", eva, `{"tough":true,"note":"careful"}`); code != 204 {
		t.Fatal(code, body)
	}
	hears("event: marks")

	// Another process on the same data folder: what it does arrives, too.
	other := d.open(t)
	owner := core.WithActor(t.Context(), core.FolderOwner())
	if err := other.AssignTickets(owner, []uint32{1}, "Ada"); err != nil {
		t.Fatal(err)
	}
	hears("event: tickets")
	if line := hears("data: "); !strings.Contains(line, `"to":"Ada"`) {
		t.Error(line)
	}
	// A new password ends the token, and the stream with it.
	users, err := other.Users(owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.Name == "Eva" {
			saveUser(t, other, u, good)
		}
	}
	for range lines {
	}
	if code, _ := web(t, "GET", url+"/api/v1/me", eva, ""); code != 401 {
		t.Errorf("the token of the old password: %d", code)
	}
}

func TestWhatTheDeskTellsProgramsIsInOrder(t *testing.T) {
	d := newDesk(t)
	ada := d.user(t, someone("Ada", core.RoleAdmin), good)
	d.take(t, "b", core.Ticket{ID: "2", CustomerID: "x"}, core.Ticket{ID: "1"})
	d.take(t, "a", core.Ticket{ID: "9"})
	for _, k := range []core.TicketKey{{Source: "b", ID: "2"}, {Source: "a", ID: "9"}, {Source: "b", ID: "1"}} {
		if err := d.MarkByKey(as(t, ada), core.MarkRequest{Kind: core.Snooze, Tickets: []core.TicketKey{k}, Until: d.clock.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	m, err := d.SharedMarks(as(t, ada))
	if err != nil || len(m.Attention) != 3 || m.Attention[0].Key.Source != "a" || m.Attention[1].Key.ID != "1" || m.Attention[2].Key.ID != "2" {
		t.Errorf("%+v %v", m, err)
	}
	d.clock.advance(2 * time.Hour)
	if m, err := d.SharedMarks(as(t, ada)); err != nil || len(m.Attention) != 0 {
		t.Errorf("snoozes that ended: %+v %v", m, err)
	}
	wantError(t, d.MarkByKey(as(t, ada), core.MarkRequest{Kind: "lost", Tickets: []core.TicketKey{{Source: "a", ID: "9"}}}), core.CodeInvalid, "ack or snooze")
	if name, err := d.DisplayName(as(t, ada)); err != nil || name != "Ada" {
		t.Errorf("%q %v", name, err)
	}
	ada.DisplayName = "Ada Prieto"
	d.user(t, ada, "")
	if name, err := d.DisplayName(as(t, ada)); err != nil || name != "Ada Prieto" {
		t.Errorf("under a new name: %q %v", name, err)
	}
	if err := d.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	figures, err := d.Figures(as(t, ada))
	if err != nil || len(figures) < 6 || figures[0] != (core.Figure{Name: "tickets", Value: 3}) || !slices.Contains(figures, core.Figure{Name: "model_version"}) {
		t.Errorf("%+v %v", figures, err)
	}
	named, err := d.NamedSettings(as(t, ada))
	if err != nil || named["server.address"] != "127.0.0.1:8750" {
		t.Errorf("%q %v", named["server.address"], err)
	}
}
