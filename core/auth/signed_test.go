package auth_test

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"deskwatch/core"
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
