package auth_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

func TestARightPasswordSignsIn(t *testing.T) {
	d := newDesk(t)
	anna := d.add("Anna", core.RoleLead)
	for _, name := range []string{"Anna", " anna ", "ANNA"} {
		u, err := d.SignIn(t.Context(), name, core.NewSecret(right), "")
		d.check(err)
		if u.ID != anna.ID {
			t.Fatalf("%q signed in as %+v", name, u)
		}
	}
	a, err := d.Basic(t.Context(), "anna", core.NewSecret(right), home)
	d.check(err)
	if a.UserID != anna.ID || a.Name != "Anna" || a.Role != core.RoleLead || len(a.Scopes) > 0 {
		t.Fatalf("got %+v", a)
	}
	d.check(d.Close(t.Context()))
	if list, _ := d.users.Credentials(t.Context()); !list[0].User.LastSignIn.Equal(noon) {
		t.Fatalf("the sign-in was noted at %v", list[0].User.LastSignIn)
	}
}

func TestWhoMayNotSignInIsToldTheSame(t *testing.T) {
	d := newDesk(t)
	d.SetCost(2048, 1)
	d.add("Anna", core.RoleLead)
	off := d.add("Off", core.RoleLead)
	off.Active = false
	_, err := d.users.SaveUser(t.Context(), off)
	d.check(err)
	_, err = d.users.SaveUser(t.Context(), core.User{Person: core.Person{Name: "Told", Role: core.RoleEngineer}, Active: true})
	d.check(err)
	damaged := d.add("Damaged", core.RoleLead)
	d.check(d.users.SetPassword(t.Context(), damaged.ID, "$argon2id$v=19$m=4000000,t=99,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"))
	d.Changed()

	want := ""
	for i, c := range []struct{ name, password string }{
		{"Anna", "three unlikely otter"}, {"Nobody", right}, {"Off", right}, {"Told", right}, {"Told", "x"}, {"Damaged", right},
		{"Anna", right + strings.Repeat(" ", 5000)}, {strings.Repeat("x", 5000), right},
	} {
		var err error
		hashed := d.hashes(func() { err = d.signIn(c.name, c.password, home) })
		d.refused(err, core.CodeSignIn)
		if want == "" {
			want = err.Error()
		}
		if err.Error() != want {
			t.Errorf("%d: %q, not %q", i, err, want)
		}
		if !hashed {
			t.Errorf("%d: cost less than a right one", i)
		}
	}
	for _, c := range []struct{ name, password string }{{"Anna", ""}, {"", right}, {" ", right}, {"Told", ""}} {
		d.refused(d.signIn(c.name, c.password, home), core.CodeSignIn)
	}
}

func TestAPasswordIsTheSameHoweverItsAccentsAreTyped(t *testing.T) {
	d := newDesk(t)
	d.password(d.add("Núria", core.RoleLead), "tres llúdrigues improbables")
	d.check(d.signIn("Nu\u0301ria", "tres llu\u0301drigues improbables", home))
	d.refused(d.signIn("Núria", "tres lludrigues improbables", home), core.CodeSignIn)
}

func TestAPasswordOfAnotherCostIsHashedAnew(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	before, _ := d.users.Credentials(t.Context())
	d.SetCost(128, 2)
	_, token := d.issue("Anna")
	after, _ := d.users.Credentials(t.Context())
	if !strings.HasPrefix(before[0].Hash, "$argon2id$v=19$m=64,t=1,p=1$") || !strings.HasPrefix(after[0].Hash, "$argon2id$v=19$m=128,t=2,p=1$") {
		t.Fatalf("went from %s to %s", before[0].Hash, after[0].Hash)
	}
	d.check(d.bearer(token)) // the password is the same: what was signed stays good
	d.pass(2 * time.Minute)
	d.check(d.signIn("Anna", right, home))
	if again, _ := d.users.Credentials(t.Context()); again[0].Hash != after[0].Hash {
		t.Fatal("hashed anew although the cost is today's")
	}
}

// hashes reports whether do hashed at a cost of 2 MiB, which is what it then allocates.
func (d *desk) hashes(do func()) bool {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc-before.TotalAlloc >= 2048*1024
}

func TestAPasswordSentWithEveryRequestIsHashedOnceAMinute(t *testing.T) {
	d := newDesk(t)
	d.SetCost(2048, 1)
	collector := d.add("Collector", core.RoleCollector)
	ask := func(password string) (hashed bool, err error) {
		hashed = d.hashes(func() { _, err = d.Basic(t.Context(), "collector", core.NewSecret(password), home) })
		return hashed, err
	}
	want := func(password string, hashed bool, code core.Code) {
		t.Helper()
		got, err := ask(password)
		d.refused(err, code)
		if got != hashed {
			t.Fatalf("hashed %v, want %v", got, hashed)
		}
	}
	want(right, true, "")
	want(right, false, "")
	want(right+"!", true, core.CodeSignIn)
	d.pass(59 * time.Second)
	want(right, false, "")
	d.pass(2 * time.Second)
	want(right, true, "")
	d.password(collector, "four unlikely otters")
	want(right, true, core.CodeSignIn)
	want("four unlikely otters", true, "")

	// What another process changes counts as well.
	hash, err := d.Hash(t.Context(), core.NewSecret("five unlikely otters"))
	d.check(err)
	d.check(d.users.SetPassword(t.Context(), collector.ID, hash))
	d.pass(time.Second)
	want("four unlikely otters", true, core.CodeSignIn)
}

func TestAChangeWhileAPasswordIsHashedCounts(t *testing.T) {
	for name, change := range map[string]func(d *desk, anna core.User, hash string){
		"disabled": func(d *desk, anna core.User, _ string) {
			anna.Active = false
			_, err := d.users.SaveUser(t.Context(), anna)
			d.check(err)
		},
		"another password": func(d *desk, anna core.User, hash string) { d.check(d.users.SetPassword(t.Context(), anna.ID, hash)) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			anna := d.add("Anna", core.RoleLead)
			d.check(d.signIn("Anna", right, home)) // reads the users
			hash, err := d.Hash(t.Context(), core.NewSecret("four unlikely otters"))
			d.check(err)
			d.pass(2 * time.Minute)
			free := d.TakeSlots()
			result := make(chan error)
			go func() { result <- d.signIn("Anna", right, home) }()
			d.until(func() bool { _, n, _ := d.Waiting(); return n > 0 })
			change(d, anna, hash)
			d.Changed()
			free(0)
			d.refused(<-result, core.CodeSignIn)
		})
	}
}

// until waits for what another goroutine is about to do.
func (d *desk) until(done func() bool) {
	d.t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); runtime.Gosched() {
		if time.Now().After(end) {
			d.t.Fatal("what was waited for did not happen")
		}
	}
}

func TestOnlySoManyWaitToBeHashed(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	d.check(d.signIn("Anna", right, "198.51.100.1"))
	d.pass(2 * time.Minute)
	free := d.TakeSlots()
	_, _, most := d.Waiting()
	var flood sync.WaitGroup
	for range most {
		flood.Go(func() { d.signIn("Nobody", "wrong", home) })
	}
	d.until(func() bool { n, _, _ := d.Waiting(); return n >= most })
	err := d.signIn("Nobody", "wrong", home)
	d.refused(err, core.CodeBusy)
	var e *core.Error
	if !errors.As(err, &e) || e.RetryAfter <= 0 {
		t.Fatalf("says not when to try again: %v", err)
	}

	// Who signed in from there before has a line of their own, and so has who sets a password.
	known := make(chan error, 2)
	go func() { known <- d.signIn("Anna", right, "198.51.100.1") }()
	go func() { _, err := d.Hash(context.Background(), core.NewSecret(right)); known <- err }()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Hash(canceled, core.NewSecret(right)); !errors.Is(err, context.Canceled) {
		t.Fatalf("did not stop waiting: %v", err)
	}
	free(0)
	d.check(<-known)
	d.check(<-known)
	flood.Wait()
	if n, _, _ := d.Waiting(); n != 0 {
		t.Fatalf("%d are left in line", n)
	}
}

func TestAFloodIsHashedWithPauses(t *testing.T) {
	d := newDesk(t)
	d.check(d.signInBusy(t, 0))
	began := time.Now()
	d.check(d.signInBusy(t, 50*time.Millisecond))
	if took := time.Since(began); took < 50*time.Millisecond {
		t.Fatalf("the next was hashed after %v", took)
	}
}

// signInBusy has a stranger wait for a turn that took so long.
func (d *desk) signInBusy(t *testing.T, took time.Duration) error {
	free := d.TakeSlots()
	result := make(chan error)
	go func() { result <- d.signIn("Nobody", "wrong", home) }()
	d.until(func() bool { n, _, _ := d.Waiting(); return n > 0 })
	free(took)
	if err := <-result; core.ErrorCode(err) != core.CodeSignIn {
		return fmt.Errorf("was not hashed: %w", err)
	}
	return nil
}

func TestWhoIsRefusedWaitsForTheAnswer(t *testing.T) {
	d := newDesk(t)
	d.fail(6, "Nobody", home)
	d.RefuseAfter(20 * time.Millisecond)
	began := time.Now()
	d.refused(d.signIn("Nobody", "wrong", home), core.CodeBusy)
	if took := time.Since(began); took < 20*time.Millisecond {
		t.Fatalf("was told after %v", took)
	}
	d.RefuseAfter(time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := d.SignIn(ctx, "Nobody", core.NewSecret("wrong"), home)
	d.refused(err, core.CodeBusy) // and need not stay for it
}
