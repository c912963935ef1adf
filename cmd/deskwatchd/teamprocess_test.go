package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// teamClient is a deskwatchd process that follows a server, looked at by commands on its folder.
type teamClient struct {
	t   *testing.T
	dir string
}

// newTeamClient starts a process with the server as the source "team". It ends with the test.
func newTeamClient(t *testing.T, s *teamServer, user string) *teamClient {
	t.Helper()
	c := &teamClient{t: t, dir: t.TempDir()}
	c.join(s, user, user+teamPassword)
	cmd := program(t, c.dir, "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error("the client ended with", err)
		}
	})
	return c
}

// join names the server, and the password to sign in with there.
func (c *teamClient) join(s *teamServer, user, password string) {
	c.t.Helper()
	args := []string{"sources", "add", "team", "--kind", "desk", "--address", "https://" + s.address, "--user", user, "--fingerprint", s.fingerprint, "--secret-stdin"}
	if status, _, errs := callWith(c.t, password+"\n", c.dir, args...); status != 0 {
		c.t.Fatal(errs)
	}
}

func (c *teamClient) state() core.SourceState {
	var list []core.SourceReport
	callJSON(c.t, c.dir, &list, "sources", "list")
	return list[0].State
}

func (c *teamClient) has(id string) bool {
	var page core.TicketPage
	callJSON(c.t, c.dir, &page, "tickets", "list", "--query", `number:"N`+id+`"`)
	return page.Total == 1
}

// TestAProcessThatFollowsAServerOutlivesItsRestartAndANewPassword has both sides of a team be
// processes of their own, as they are on two machines.
func TestAProcessThatFollowsAServerOutlivesItsRestartAndANewPassword(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and stops two processes; not in the short run")
	}
	const patience = 20 * time.Second
	s := newTeamServer(t)
	s.start(t)
	s.post(t, "1")
	c := newTeamClient(t, s, "ana")
	waits(t, "the server's tickets are here and its events are followed", patience, func() bool { return c.state().Live && c.has("1") })

	s.stop(t)
	waits(t, "it is known that the server is away", patience, func() bool { return !c.state().Live })
	if !c.has("1") {
		t.Error("what was last known is gone while the server is away")
	}
	s.start(t)
	s.post(t, "2")
	waits(t, "what happened meanwhile is here", patience, func() bool { return c.state().Live && c.has("2") })

	s.must(t, "another "+teamPassword+"\n", "user", "passwd", "ana", "--password-stdin")
	waits(t, "the changed password is told", patience, func() bool { return strings.Contains(c.state().LastError, "Enter the new password") })
	c.join(s, "ana", "another "+teamPassword)
	s.post(t, "3")
	waits(t, "with the new password the newest ticket is here", 2*patience, func() bool { return c.has("3") && c.state().LastError == "" })
}
