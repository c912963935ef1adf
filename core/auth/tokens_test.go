package auth_test

import (
	"context"
	"encoding/base64"
	"errors"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"deskwatch/core"
	"deskwatch/core/auth"
)

func TestASignedTokenIsGoodForTenMinutes(t *testing.T) {
	d := newDesk(t)
	anna := d.add("Anna", core.RoleLead)
	a, err := d.Basic(t.Context(), "Anna", core.NewSecret(right), home)
	d.check(err)
	issued, err := d.Issue(t.Context(), a)
	d.check(err)
	if issued.Seconds != 600 {
		t.Fatalf("good for %d seconds", issued.Seconds)
	}
	for _, ask := range []func() (core.Actor, error){
		func() (core.Actor, error) { return d.Bearer(t.Context(), issued.Token, home) },
		func() (core.Actor, error) { // the older server's way
			return d.Basic(t.Context(), issued.Token.Reveal(), core.NewSecret("anything"), home)
		},
	} {
		got, err := ask()
		d.check(err)
		if got.UserID != anna.ID || got.Name != "Anna" || got.Role != core.RoleLead || len(got.Scopes) > 0 || got.Session == "" {
			t.Fatalf("got %+v", got)
		}
	}
	d.pass(599 * time.Second)
	d.check(d.bearer(issued.Token))
	d.pass(time.Second)
	d.refused(d.bearer(issued.Token), core.CodeSignIn)
}

func TestATokenLastsAsLongAsItIsSetTo(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	a, err := d.Basic(t.Context(), "Anna", core.NewSecret(right), home)
	d.check(err)
	for _, c := range []struct{ set, want int }{{60, 60}, {3600, 3600}, {0, 60}, {-5, 60}, {1 << 40, 86400}} {
		d.seconds = c.set
		issued, err := d.Issue(t.Context(), a)
		d.check(err)
		if issued.Seconds != c.want {
			t.Errorf("set to %d: %d seconds", c.set, issued.Seconds)
		}
	}
}

// ends are the ways a signed token ends before its time.
var ends = map[string]func(d *desk, u core.User, a core.Actor) error{
	"a new password": func(d *desk, u core.User, _ core.Actor) error {
		return d.users.SetPassword(context.Background(), u.ID, "$argon2id$another")
	},
	"another role": func(d *desk, u core.User, _ core.Actor) error {
		u.Role = core.RoleEngineer
		_, err := d.users.SaveUser(context.Background(), u)
		return err
	},
	"disabling": func(d *desk, u core.User, _ core.Actor) error {
		u.Active = false
		_, err := d.users.SaveUser(context.Background(), u)
		return err
	},
	"deletion": func(d *desk, u core.User, _ core.Actor) error {
		return d.users.DeleteUser(context.Background(), u.ID)
	},
	"signing out": func(d *desk, _ core.User, a core.Actor) error { return d.SignOut(context.Background(), a) },
}

func TestASignedTokenEnds(t *testing.T) {
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			other := newDeskOver(t, d.users.MemoryUsers, d.key, 0)
			u := d.add("Anna", core.RoleLead)
			_, token := d.issue("Anna")
			d.check(d.bearer(token))
			other.check(other.bearer(token))
			a, err := d.Bearer(t.Context(), token, home)
			d.check(err)
			d.check(end(d, u, a))
			d.Changed()
			d.refused(d.bearer(token), core.CodeSignIn) // at once
			if _, err := d.Issue(t.Context(), a); core.ErrorCode(err) != core.CodeSignIn {
				t.Errorf("could be renewed: %v", err)
			}
			other.pass(time.Second)
			other.refused(other.bearer(token), core.CodeSignIn) // within a second
		})
	}
}

func TestAnotherChangeOfAUserEndsNothing(t *testing.T) {
	d := newDesk(t)
	u := d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	u.Email, u.Name = "anna@example.com", "Ana"
	_, err := d.users.SaveUser(t.Context(), u)
	d.check(err)
	d.Changed()
	a, err := d.Bearer(t.Context(), token, home)
	d.check(err)
	if a.Name != "Ana" {
		t.Fatalf("the name is %q still", a.Name)
	}
}

func TestSigningOutEndsWhatWasRenewed(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, first := d.issue("Anna")
	_, apart := d.issue("Anna")
	a, err := d.Bearer(t.Context(), first, home)
	d.check(err)
	second, err := d.Issue(t.Context(), a)
	d.check(err)
	d.check(d.SignOut(t.Context(), a))
	d.refused(d.bearer(first), core.CodeSignIn)
	d.refused(d.bearer(second.Token), core.CodeSignIn)
	d.check(d.bearer(apart))

	byPassword, err := d.Basic(t.Context(), "Anna", core.NewSecret(right), home)
	d.check(err)
	d.refused(d.SignOut(t.Context(), byPassword), core.CodeInvalid)
	d.refused(d.SignOut(t.Context(), core.FolderOwner()), core.CodeInvalid)
}

func TestATokenIsRenewedWithItselfForADayAtMost(t *testing.T) {
	d := newDesk(t)
	d.seconds = 3600
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	for range 47 {
		d.pass(30 * time.Minute)
		a, err := d.Bearer(t.Context(), token, home)
		d.check(err)
		issued, err := d.Issue(t.Context(), a)
		d.check(err)
		token = issued.Token
	}
	d.pass(29 * time.Minute) // a minute is left of the day
	a, err := d.Bearer(t.Context(), token, home)
	d.check(err)
	issued, err := d.Issue(t.Context(), a)
	d.check(err)
	if issued.Seconds != 60 {
		t.Fatalf("good for %d seconds", issued.Seconds)
	}
	d.pass(time.Minute)
	d.refused(d.bearer(issued.Token), core.CodeSignIn)
	if _, err := d.Issue(t.Context(), a); core.ErrorCode(err) != core.CodeSignIn {
		t.Fatalf("renewed after a day: %v", err)
	}
}

func TestAClockThatIsSetNeitherProlongsNorBreaksAToken(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	d.move(-3*time.Hour, time.Second) // put back
	d.check(d.bearer(token))
	_, while := d.issue("Anna")
	d.pass(598 * time.Second)
	d.check(d.bearer(token))
	d.pass(time.Second)
	d.refused(d.bearer(token), core.CodeSignIn)
	d.check(d.bearer(while))
	d.move(time.Hour, time.Second) // and half way right again
	d.refused(d.bearer(while), core.CodeSignIn)
}

func TestSleepEndsATokenAndANewOneIsGiven(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	d.move(8*time.Hour, 0) // the clock nobody sets stood still
	d.refused(d.bearer(token), core.CodeSignIn)
	_, token = d.issue("Anna")
	d.check(d.bearer(token))
}

func TestATokenFromTheFutureIsRefused(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	restarted := newDeskOver(t, d.users.MemoryUsers, d.key, -30*time.Second)
	restarted.check(restarted.bearer(token))
	again := newDeskOver(t, d.users.MemoryUsers, d.key, -time.Hour)
	again.refused(again.bearer(token), core.CodeSignIn)
}

func TestWhatWasNotSignedHereIsRefused(t *testing.T) {
	d := newDesk(t)
	anna := d.add("Anna", core.RoleLead)
	_, good := d.issue("Anna")
	key, _ := base64.StdEncoding.DecodeString(d.key.Reveal())
	generation := int64(0)
	list, _ := d.users.Credentials(t.Context())
	generation = list[0].Generation
	claims := func(change func(c jwt.MapClaims)) jwt.MapClaims {
		c := jwt.MapClaims{
			"iss": "deskwatch", "sub": strconv.FormatInt(anna.ID, 10), "jti": "x", "gen": generation, "auth_time": noon.Unix(),
			"iat": noon.Unix(), "exp": noon.Add(time.Minute).Unix(),
		}
		change(c)
		return c
	}
	sign := func(method jwt.SigningMethod, key any, change func(c jwt.MapClaims)) string {
		text, err := jwt.NewWithClaims(method, claims(change)).SignedString(key)
		d.check(err)
		return text
	}
	same := func(jwt.MapClaims) {}
	d.check(d.bearer(core.NewSecret(sign(jwt.SigningMethodHS256, key, same)))) // the test's own tokens are good
	for name, text := range map[string]string{
		"no algorithm":       sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"another algorithm":  sign(jwt.SigningMethodHS512, key, same),
		"another key":        sign(jwt.SigningMethodHS256, make([]byte, 32), same),
		"another issuer":     sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["iss"] = "deskwotch" }),
		"no issuer":          sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "iss") }),
		"no expiry":          sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "exp") }),
		"expired":            sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["exp"] = noon.Unix() }),
		"no time of issue":   sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "iat") }),
		"no session":         sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "jti") }),
		"nobody":             sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["sub"] = "999" }),
		"no number":          sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["sub"] = "Anna" }),
		"another generation": sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["gen"] = generation + 1 }),
		"an unknown token":   sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["tok"] = 7; c["scopes"] = []string{"read"} }),
		"cut":                good.Reveal()[:len(good.Reveal())-1],
		"longer":             good.Reveal() + "A",
		"long":               good.Reveal() + strings.Repeat("A", 1<<20),
		"nothing":            "",
		"dots":               "..",
	} {
		t.Run(name, func(t *testing.T) { d.refused(d.bearer(core.NewSecret(text)), core.CodeSignIn) })
	}
}

func TestANarrowTokenCannotWidenItself(t *testing.T) {
	d := newDesk(t)
	u := d.add("Collector", core.RoleAdmin)
	text, kept := d.token(u, noon.Add(5*time.Minute), core.ScopeUpload)
	a, err := d.Bearer(t.Context(), text, home)
	d.check(err)
	issued, err := d.Issue(t.Context(), a)
	d.check(err)
	if issued.Seconds != 300 {
		t.Errorf("outlives the token it came of: %d seconds", issued.Seconds)
	}
	signed, err := d.Bearer(t.Context(), issued.Token, home)
	d.check(err)
	again, err := d.Issue(t.Context(), signed)
	d.check(err)
	twice, err := d.Bearer(t.Context(), again.Token, home)
	d.check(err)
	for _, a := range []core.Actor{a, signed, twice} {
		if !slices.Equal(a.Scopes, []core.Scope{core.ScopeUpload}) || !a.May(core.PostTickets) || a.May(core.EditUsers) || a.May(core.ReadTickets) {
			t.Fatalf("may more: %+v", a)
		}
	}
	wide := signed
	wide.Scopes = nil
	if _, err := d.Issue(t.Context(), wide); core.ErrorCode(err) != core.CodeSignIn {
		t.Errorf("lost its scopes and was signed all the same: %v", err)
	}
	d.refused(d.SignOut(t.Context(), a), core.CodeInvalid)

	d.check(d.users.RevokeToken(t.Context(), kept.ID, noon))
	d.Changed()
	for _, text := range []core.Secret{text, issued.Token, again.Token} {
		d.refused(d.bearer(text), core.CodeSignIn)
	}
	if _, err := d.Issue(t.Context(), signed); core.ErrorCode(err) != core.CodeSignIn {
		t.Errorf("was renewed once revoked: %v", err)
	}
}

func TestALongLivedTokenIsGoodUntilItExpires(t *testing.T) {
	d := newDesk(t)
	u := d.add("Collector", core.RoleCollector)
	month, _ := d.token(u, noon.AddDate(0, 1, 0), core.ScopeUpload)
	ever, _ := d.token(u, time.Time{}, core.ScopeUpload, core.ScopeRead)
	none, _ := d.token(u, time.Time{})
	d.check(d.bearer(month))
	d.check(d.bearer(ever))
	d.refused(d.bearer(none), core.CodeSignIn) // no scopes would be all of the role
	d.password(u, "four unlikely otters")
	a, err := d.Basic(t.Context(), month.Reveal(), core.NewSecret(""), home)
	d.check(err)
	if a.Name != "Collector" || !slices.Equal(a.Scopes, []core.Scope{core.ScopeUpload}) {
		t.Fatalf("got %+v", a)
	}
	d.pass(31 * 24 * time.Hour)
	d.refused(d.bearer(month), core.CodeSignIn)
	d.check(d.bearer(ever))
	for _, text := range []string{"dwt_", ever.Reveal() + "A", strings.ToLower(ever.Reveal()), ever.Reveal()[4:], "dwt_" + strings.Repeat("A", 43)} {
		d.refused(d.bearer(core.NewSecret(text)), core.CodeSignIn)
	}
	u.Active = false
	_, err = d.users.SaveUser(t.Context(), u)
	d.check(err)
	d.Changed()
	d.refused(d.bearer(ever), core.CodeSignIn)
}

func TestATokensTextIsKeptNowhere(t *testing.T) {
	d := newDesk(t)
	text, start, hash, err := d.NewTokenText()
	d.check(err)
	other, _, _, err := d.NewTokenText()
	d.check(err)
	if text.Reveal() == other.Reveal() || !strings.HasPrefix(text.Reveal(), start) || len(start) != 10 || len(text.Reveal()) != 47 || len(hash) != 32 {
		t.Fatalf("got %q, %q, %x", text.Reveal(), start, hash)
	}
}

func TestTheUseOfATokenIsNotedOnceAMinuteAndInNobodysWay(t *testing.T) {
	d := newDesk(t)
	writing := make(chan struct{})
	d.users.tokenUsed = func(ctx context.Context) error {
		select {
		case <-writing:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	text, _ := d.token(d.add("Collector", core.RoleCollector), time.Time{}, core.ScopeUpload)
	for range 100 {
		d.check(d.bearer(text)) // although nothing can be written
	}
	for d.users.used.Load() == 0 {
		runtime.Gosched()
	}
	close(writing)
	d.pass(time.Minute)
	d.check(d.bearer(text))
	d.check(d.bearer(text))
	d.check(d.Close(t.Context()))
	d.check(d.bearer(text))
	list, err := d.users.Tokens(t.Context())
	d.check(err)
	if got := d.users.used.Load(); got != 2 || !list[0].LastUsed.Equal(noon.Add(time.Minute)) {
		t.Fatalf("noted %d times, last at %v", got, list[0].LastUsed)
	}
}

func TestClosingWaitsNoLongerThanItMay(t *testing.T) {
	d := newDesk(t)
	d.users.tokenUsed = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	text, _ := d.token(d.add("Collector", core.RoleCollector), time.Time{}, core.ScopeUpload)
	d.check(d.bearer(text))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Close(canceled); !errors.Is(err, context.Canceled) {
		t.Fatalf("closed with %v", err)
	}
}

func TestRequestsAreAnsweredFromMemory(t *testing.T) {
	d := newDesk(t)
	u := d.add("Anna", core.RoleLead)
	_, signed := d.issue("Anna")
	text, _ := d.token(u, time.Time{}, core.ScopeRead)
	d.check(d.bearer(text))
	before := d.users.asked.Load()
	for range 1000 {
		d.check(d.bearer(signed))
		d.check(d.bearer(text))
	}
	if got := d.users.asked.Load() - before; got != 0 {
		t.Fatalf("the users were asked %d times", got)
	}
	for range 10 {
		d.pass(100 * time.Millisecond)
		d.check(d.bearer(signed))
	}
	if got := d.users.asked.Load() - before; got != 2 {
		t.Fatalf("in a second the users were asked %d times", got)
	}
}

func TestNobodyIsKnownWhileTheUsersCannotBeRead(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	down := core.NewError(core.CodeUnavailable, "store", "The disk does not answer.", nil)
	d.users.revision = func() error { return down }
	d.pass(400 * time.Millisecond)
	d.check(d.bearer(token))
	d.pass(time.Second)
	d.refused(d.bearer(token), core.CodeUnavailable)
	d.refused(d.signIn("Anna", right, home), core.CodeUnavailable)
	d.users.revision = nil
	d.check(d.bearer(token))
}

func TestOthersGoOnWhileOneLooksForChanges(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	looking, answer := make(chan struct{}), make(chan struct{})
	d.users.revision = func() error { close(looking); <-answer; return nil }
	d.pass(600 * time.Millisecond)
	slow := make(chan error)
	go func() { slow <- d.bearer(token) }()
	<-looking
	d.check(d.bearer(token))
	d.pass(time.Second) // now it is too old for anybody
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := d.Bearer(ctx, token, home); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("answered from what is old: %v", err)
	}
	d.users.revision = nil
	close(answer)
	d.check(<-slow)
}

func TestTheKeyIsAskedForOnce(t *testing.T) {
	d := newDesk(t)
	asked := 0
	fails := core.NewError(core.CodeUnavailable, "vault", "The vault does not answer.", nil)
	s := auth.New(auth.Options{Users: d.users, Now: func() time.Time { return noon }, Key: func(context.Context) (core.Secret, error) {
		if asked++; asked == 1 {
			return core.Secret{}, fails
		}
		return auth.NewKey(), nil
	}})
	u := d.add("Anna", core.RoleLead)
	a, err := s.Actor(t.Context(), u.ID)
	d.check(err)
	if _, err := s.Issue(t.Context(), a); !errors.Is(err, fails) {
		t.Fatalf("got %v", err)
	}
	for range 3 {
		_, err := s.Issue(t.Context(), a)
		d.check(err)
	}
	if asked != 2 {
		t.Fatalf("asked %d times", asked)
	}
	short := auth.New(auth.Options{Users: d.users, Now: func() time.Time { return noon }, Key: func(context.Context) (core.Secret, error) {
		return core.NewSecret("c2hvcnQ="), nil
	}})
	if _, err := short.Issue(t.Context(), a); core.ErrorCode(err) != core.CodeInternal {
		t.Fatalf("signed with a short key: %v", err)
	}
}

func TestAnActorIsAUserWhoIsActive(t *testing.T) {
	d := newDesk(t)
	u := d.add("Anna", core.RoleLead)
	a, err := d.Actor(t.Context(), u.ID)
	d.check(err)
	if a.UserID != u.ID || a.Role != core.RoleLead {
		t.Fatalf("got %+v", a)
	}
	if _, err := d.Actor(t.Context(), u.ID+1); core.ErrorCode(err) != core.CodeSignIn {
		t.Fatalf("got %v", err)
	}
	if _, err := d.Issue(t.Context(), core.FolderOwner()); core.ErrorCode(err) != core.CodeSignIn {
		t.Fatalf("a token for nobody: %v", err)
	}
}
