package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/app"
	"deskwatch/core/coretest"
)

// teamServer is a deskwatchd process that serves a data folder.
type teamServer struct {
	dir, address string
	fingerprint  string
	cmd          *exec.Cmd
	http         *http.Client
}

func newTeamServer(t *testing.T) *teamServer {
	t.Helper()
	s := &teamServer{dir: t.TempDir(), address: coretest.FreeAddress(t), http: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // what trusts whom is the workstations' to prove
	}}}
	for _, u := range [][]string{{"boss", "admin"}, {"ana", "engineer"}, {"bob", "engineer"}, {"agent", "collector"}} {
		s.must(t, u[0]+teamPassword+"\n", "user", "add", u[0], "--role", u[1], "--password-stdin")
	}
	t.Cleanup(func() { s.stop(t) })
	return s
}

const teamPassword = " has three unlikely otters"

// must runs a command on the server's folder, as its administrator would.
func (s *teamServer) must(t *testing.T, stdin string, args ...string) {
	t.Helper()
	if status, _, errs := callWith(t, stdin, s.dir, args...); status != 0 {
		t.Fatalf("deskwatchd %s: %s", strings.Join(args, " "), errs)
	}
}

// start serves until stop, and returns when it listens.
func (s *teamServer) start(t *testing.T) {
	t.Helper()
	s.cmd = program(t, s.dir, "serve", "--addr", s.address, "--tls-generated")
	words, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listens, said := make(chan string, 1), make(chan string, 100)
	go func() {
		defer close(said)
		for lines := bufio.NewScanner(words); lines.Scan(); {
			if _, print, ok := strings.Cut(lines.Text(), "(SHA-256) is "); ok {
				listens <- print
			}
			select {
			case said <- lines.Text():
			default:
			}
		}
	}()
	select {
	case print := <-listens:
		if s.fingerprint != "" && s.fingerprint != print {
			t.Errorf("the certificate was %s and is %s after a restart", s.fingerprint, print)
		}
		s.fingerprint = print
	case <-time.After(20 * time.Second):
		_ = s.cmd.Process.Kill()
		for line := range said {
			t.Log(line)
		}
		t.Fatal("the server does not listen")
	}
}

func (s *teamServer) stop(t *testing.T) {
	t.Helper()
	if s.cmd == nil {
		return
	}
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Error("the server ended with", err)
	}
	s.cmd = nil
}

// post sends a case as a collector does.
func (s *teamServer) post(t *testing.T, id string) {
	t.Helper()
	now := time.Now().UTC().Format(time.RFC3339)
	body := fmt.Sprintf(`{"Agentname":"agent-1","Updatetime":%q,"Cases":[{"Id":%q,"CaseNumber":"N%s","Subject":"printer on fire","Description":"It smokes.","Status":"New","Product__c":"Spark","CreatedDate":%q}]}`, now, id, id, now)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+s.address+"/SF", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("agent", "agent"+teamPassword)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
}

// workstation is a Deskwatch in this process, with the server as the source "team".
type workstation struct {
	*app.App
	events <-chan core.Event
}

func newWorkstation(t *testing.T, s *teamServer, user string) *workstation {
	t.Helper()
	dir := t.TempDir()
	desk, err := app.New(t.Context(), app.Config{DataDir: dir, KeyDir: filepath.Join(dir, "keys"), Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	w := &workstation{App: desk}
	var leave func()
	w.events, leave = desk.Subscribe(1000)
	t.Cleanup(func() {
		leave()
		if err := desk.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	secret := core.NewSecret(user + teamPassword)
	src := core.Source{Name: "team", Kind: core.SourceDesk, Enabled: true, Minutes: 5, Address: "https://" + s.address, User: user}
	_, err = desk.TestSource(t.Context(), src, &secret, nil)
	if core.FingerprintIn(err) != s.fingerprint || !strings.Contains(core.ErrorMessage(err), s.fingerprint) {
		t.Fatalf("a certificate nobody knows: %v; the server says %s", err, s.fingerprint)
	}
	src.Fingerprint = s.fingerprint
	if said, err := desk.TestSource(t.Context(), src, &secret, nil); err != nil || !strings.Contains(said, "It answers.") {
		t.Fatal(said, err)
	}
	if err := desk.SaveSource(t.Context(), src, &secret, nil); err != nil {
		t.Fatal(err)
	}
	if err := desk.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *workstation) state(t *testing.T) core.SourceState {
	t.Helper()
	list, err := w.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Name == "team" {
			return r.State
		}
	}
	return core.SourceState{}
}

func (w *workstation) ticket(t *testing.T, id string) *core.TicketView {
	t.Helper()
	page, err := w.Tickets(t.Context(), core.TicketQuery{Text: `number:"N` + id + `"`})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) == 0 {
		return nil
	}
	return &page.Items[0]
}

// waits looks every few milliseconds, and returns how long it took.
func waits(t *testing.T, what string, within time.Duration, is func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !is() {
		if time.Since(began) > within {
			t.Fatalf("in vain for %v: %s", within, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return time.Since(began)
}

// notice waits for the notification of a ticket.
func (w *workstation) notice(t *testing.T, within time.Duration) core.TicketNotice {
	t.Helper()
	late := time.After(within)
	for {
		select {
		case e := <-w.events:
			if n, ok := e.(core.TicketNotice); ok {
				return n
			}
		case <-late:
			t.Fatalf("no notification within %v", within)
		}
	}
}

// TestATeamSharesItsTicketsThroughARestartAndAChangedPassword has two workstations work with a
// server that is another process.
func TestATeamSharesItsTicketsThroughARestartAndAChangedPassword(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and stops a server process; not in the short run")
	}
	s := newTeamServer(t)
	s.start(t)
	s.post(t, "1")
	ana, bob := newWorkstation(t, s, "ana"), newWorkstation(t, s, "bob")
	for _, w := range []*workstation{ana, bob} {
		waits(t, "the server's tickets are here and its events are followed", 5*time.Second, func() bool {
			return w.state(t).Live && w.state(t).Seq > 0 && w.ticket(t, "1") != nil
		})
	}

	began := time.Now()
	s.post(t, "2")
	posted := time.Since(began)
	waits(t, "the new ticket is here", 5*time.Second, func() bool { return ana.ticket(t, "2") != nil })
	here := time.Since(began)
	if d, err := ana.TicketDetail(t.Context(), ana.ticket(t, "2").No); err != nil || d.Description != "It smokes." {
		t.Errorf("%+v %v", d.Ticket, err)
	}
	if n := ana.notice(t, 5*time.Second); !strings.Contains(n.Title+n.Text, "N2") {
		t.Errorf("told %+v", n)
	}
	t.Logf("the post took %v, the ticket was on the workstation after %v, and was told of after %v", posted, here, time.Since(began))

	began = time.Now()
	if err := ana.MarkTickets(t.Context(), core.Acknowledge, []uint32{ana.ticket(t, "2").No}, "mine", time.Time{}); err != nil {
		t.Fatal(err)
	}
	waits(t, "bob sees ana's acknowledgement", 5*time.Second, func() bool { v := bob.ticket(t, "2"); return v != nil && v.Acknowledged != nil })
	if m := bob.ticket(t, "2").Acknowledged; m.Comment != "mine" || m.By != "ana" {
		t.Errorf("acknowledged %+v", m)
	}
	t.Logf("an acknowledgement was on the other workstation after %v", time.Since(began))
	if err := bob.UnmarkTickets(t.Context(), core.Acknowledge, []uint32{bob.ticket(t, "2").No}); err != nil {
		t.Fatal(err)
	}
	waits(t, "ana sees that bob took it back", 5*time.Second, func() bool { return ana.ticket(t, "2").Acknowledged == nil })
	if err := bob.AssignTickets(t.Context(), []uint32{bob.ticket(t, "2").No}, "bob"); err != nil {
		t.Fatal(err)
	}
	waits(t, "ana sees whose it is", 5*time.Second, func() bool { return ana.ticket(t, "2").Owner == "bob" })

	s.stop(t)
	waits(t, "ana knows that the server is away", 10*time.Second, func() bool { return !ana.state(t).Live })
	if ana.ticket(t, "1") == nil {
		t.Error("what was last known is gone while the server is away")
	}
	err := ana.MarkTickets(t.Context(), core.Acknowledge, []uint32{ana.ticket(t, "1").No}, "", time.Time{})
	if core.ErrorCode(err) != core.CodeUnavailable || !strings.Contains(core.ErrorMessage(err), "Nothing was changed") || ana.ticket(t, "1").Acknowledged != nil {
		t.Errorf("marked while the server is away: %v", err)
	}
	s.must(t, "", "tickets", "import", writeFile(t, "more.csv", "id,number,subject,status\n3,N3,meanwhile,new\n"))
	s.start(t)
	s.post(t, "4")
	took := waits(t, "ana sees what happened meanwhile", 10*time.Second, func() bool { return ana.state(t).Live && ana.ticket(t, "3") != nil && ana.ticket(t, "4") != nil })
	t.Logf("after the restart everything was there within %v", took)

	s.must(t, "another "+teamPassword+"\n", "user", "passwd", "ana", "--password-stdin")
	took = waits(t, "ana is told that her password was changed", 10*time.Second, func() bool {
		return strings.Contains(ana.state(t).LastError, "Enter the new password under Settings, Sources")
	})
	t.Logf("a changed password was told after %v", took)
	if st := ana.state(t); st.Live || time.Until(st.NextRun) < 50*time.Minute {
		t.Errorf("a refused password is tried again at %v: that locks people out", st.NextRun)
	}
	if err := ana.SetSecret(t.Context(), core.SourceSecret("team"), core.NewSecret("another "+teamPassword)); err != nil {
		t.Fatal(err)
	}
	waits(t, "ana is back", 5*time.Second, func() bool { return ana.state(t).Live && ana.state(t).LastError == "" })
	s.post(t, "5")
	waits(t, "the newest ticket is here", 5*time.Second, func() bool { return ana.ticket(t, "5") != nil && bob.ticket(t, "5") != nil })
}
