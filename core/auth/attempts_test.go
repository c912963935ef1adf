package auth_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"deskwatch/core"
)

// wait fails a sign-in and returns how long the next has to wait; 0 when it was tried.
func (d *desk) wait(name, password, address string) time.Duration {
	d.t.Helper()
	var e *core.Error
	if err := d.signIn(name, password, address); errors.As(err, &e) && e.Code == core.CodeBusy {
		if e.RetryAfter <= 0 || e.RetryAfter%time.Second != 0 {
			d.t.Fatalf("told to wait %v", e.RetryAfter)
		}
		return e.RetryAfter
	}
	return 0
}

func (d *desk) fail(times int, name, address string) {
	d.t.Helper()
	for i := range times {
		if got := d.wait(name, "wrong", address); got != 0 {
			d.t.Fatalf("failure %d had to wait %v", i+1, got)
		}
	}
}

func TestFailuresOfAUserAreSlowedMoreAndMore(t *testing.T) {
	for _, name := range []string{"Anna", "Nobody"} {
		d := newDesk(t)
		d.add("Anna", core.RoleLead)
		address := 0
		from := func() string { address++; return fmt.Sprintf("192.0.2.%d", address) } // never the address's fault
		for range 5 {
			d.fail(1, name, from())
		}
		var waits []time.Duration
		for range 12 {
			d.fail(1, name, from())
			if d.hashes(func() {
				wait := d.wait(" "+name+" ", right, from())
				waits = append(waits, wait)
				d.pass(wait)
			}) {
				t.Fatal("one who has to wait was hashed for")
			}
		}
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64} {
			if waits[i] != want*time.Second {
				t.Fatalf("%s: waits are %v", name, waits)
			}
		}
		for _, w := range waits {
			if w > 5*time.Minute {
				t.Fatalf("%s: kept out for %v", name, w)
			}
		}
	}
}

func TestASuccessClearsTheUserAndNotTheAddress(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	d.fail(5, "Anna", home)
	d.check(d.signIn("Anna", right, "198.51.100.1"))
	d.fail(5, "Anna", home) // would be the sixth
	for i := range 11 {     // 21 from home by now
		d.fail(1, fmt.Sprintf("nobody %d", i), home)
	}
	if got := d.wait("Mia", "wrong", home); got != time.Second {
		t.Fatalf("the address has to wait %v", got)
	}
	if got := d.wait("Mia", "wrong", "198.51.100.2"); got != 0 {
		t.Fatalf("another address has to wait %v", got)
	}
	d.pass(time.Second)
	d.check(d.signIn("Anna", right, home))
	d.fail(1, "Mia", home)
	if got := d.wait("Mia", "wrong", home); got != 2*time.Second {
		t.Fatalf("after somebody's success the address has to wait %v", got)
	}
	d.pass(30 * time.Minute)
	d.fail(5, "Zoe", home)
}

func TestWhoSignedInFromThereIsNotSlowedByOthers(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	d.check(d.signIn("Anna", right, home))
	for i := range 6 {
		d.fail(1, "Anna", fmt.Sprintf("198.51.100.%d", i))
	}
	for i := range 21 {
		d.fail(1, fmt.Sprintf("nobody %d", i), home)
	}
	if got := d.wait("Anna", right, "198.51.100.9"); got == 0 {
		t.Fatal("an unknown address need not wait")
	}
	d.check(d.signIn("Anna", right, home))

	d.fail(6, "Anna", home)
	if got := d.wait("Anna", right, home); got != time.Second {
		t.Fatalf("after failing there as well has to wait %v", got)
	}
	d.pass(time.Second)
	d.check(d.signIn("Anna", right, home))
	d.fail(6, "Anna", home) // a success forgot those before
	d.pass(8 * 24 * time.Hour)
	d.fail(6, "Anna", "198.51.100.9")
	if got := d.wait("Anna", right, home); got != time.Second {
		t.Fatalf("a week later has to wait %v", got)
	}
}

// TestNobodyIsKeptOutOfTheWindowFromElsewhere breaks when whoever reaches the server can keep a
// user from signing in at the workstation that runs it.
func TestNobodyIsKeptOutOfTheWindowFromElsewhere(t *testing.T) {
	const window = ""
	d := newDesk(t)
	d.add("Anna", core.RoleAdmin)
	for i := range 6 {
		d.fail(1, "Anna", fmt.Sprintf("198.51.100.%d", i))
	}
	if got := d.wait("Anna", right, home); got == 0 {
		t.Fatal("an unknown address need not wait")
	}
	d.check(d.signIn("Anna", right, window))

	d.fail(6, "Anna", window)
	if got := d.wait("Anna", right, window); got != time.Second {
		t.Fatalf("who guesses at the window has to wait %v", got)
	}
	for i := range 15 { // 21 at the window by now
		d.fail(1, fmt.Sprintf("nobody %d", i), window)
	}
	if got := d.wait("Mia", "wrong", window); got != time.Second {
		t.Fatalf("who guesses names at the window has to wait %v", got)
	}
}

func TestAnAddressOfVersion6CountsWithItsNetwork(t *testing.T) {
	d := newDesk(t)
	for i := range 21 {
		d.fail(1, fmt.Sprintf("nobody %d", i), fmt.Sprintf("2001:db8:1:2::%x", i+1))
	}
	if got := d.wait("Mia", "wrong", "2001:db8:1:2:ffff::1"); got != time.Second {
		t.Fatalf("the same network has to wait %v", got)
	}
	d.fail(1, "Mia", "2001:db8:1:3::1")
	d.fail(1, "Zoe", "::ffff:192.0.2.7")
}
