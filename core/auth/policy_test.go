package auth_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"deskwatch/core"
	"deskwatch/core/auth"
)

var anna = core.User{Person: core.Person{Name: "a.svensson", Email: "anna.lindqvist@example.com"}, DisplayName: "Anna-Karin Svensson"}

func TestGoodPasswordsAreAccepted(t *testing.T) {
	d := newDesk(t)
	for _, password := range []string{
		right, "correct horse battery staple", "correcthorsebatterystaple", "tres llúdrigues improbables", "vK9#pQ2z!mW7", "kvittrande sidensvans", "mi gato come lápices",
		"une girafe violette à vélo", "короткие синие облака", "蓝色的长颈鹿在月亮下面慢慢骑车", "zu viele graue Nebelkrähen", strings.Repeat("aeoiuyxw zkf ", 19) + "otters",
	} {
		if why := d.CheckPassword(anna, core.NewSecret(password)); why != "" {
			t.Errorf("%q: %s", password, why)
		}
	}
}

func TestPoorPasswordsAreRefused(t *testing.T) {
	d := newDesk(t)
	for why, passwords := range map[string][]string{
		"12 characters or more": {"", "short", "vK9#pQ2z!mW", "elevenchars", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301"},
		"256 characters":        {strings.Repeat("aeoiuyxw zkf ", 20), strings.Repeat("x", 100_000)},
		"typed everywhere":      {"three\tunlikely otters", "three unlikely otters\n", "three unlikely otters\x00", "three unlikely \xff otters"},
		"user's own name": {
			"a.svensson2026", "ASvensson!!!!!", "svensson-12345", "Sv3ns$on123456", "AnnaKarinSvensson", "anna.lindqvist", "lindqvistlindqvist", "Anna-Karin 1987!",
		},
		"this program": {"deskwatch2026", "Desk-Watch-12!", "d3skw@tch1234", "mydeskwatch99", "deskwatchdeskwatch"},
		"the commonest": {
			"password1234", "Password123456", "p@ssw0rd1234", "passwordpassword", "qwertyuiop123", "qwertyuiop[]12", "1q2w3e4r5t6y", "123qweasdzxc", "zxcvbnmasdfghjkl",
			"123456789012", "098765432109", "aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijkl", "xk7xk7xk7xk7", "Summer2026!!", "iloveyou2024!", "motherfucker", "LEAVEMEALONE",
			"dragonmonkey", "!@#$%^&*()!@", "qazwsxedcrfv", "201920202021", "azertyuiop12", "ñlkjhgfdsañlk", "hunter2hunter2", "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0",
		},
	} {
		for _, password := range passwords {
			if got := d.CheckPassword(anna, core.NewSecret(password)); !strings.Contains(got, why) {
				t.Errorf("%q: %q, want the one about %q", password[:min(len(password), 40)], got, why)
			}
		}
	}
}

func TestWithoutAUserTheRestIsChecked(t *testing.T) {
	d := newDesk(t)
	if why := d.CheckPassword(core.User{}, core.NewSecret("a.svensson-otter")); why != "" {
		t.Error(why)
	}
	if why := d.CheckPassword(core.User{}, core.NewSecret("password1234")); why == "" {
		t.Error("a common one was accepted")
	}
}

func FuzzPassword(f *testing.F) {
	for _, s := range []string{"", right, "password1234", "ASvensson!!!!!", "\xff\xfe", strings.Repeat("\u0958", 300), strings.Repeat("a", 256), strings.Repeat("ab", 128), "İİİİİİİİİİİİİ", "1qaz2wsx3edc", "ǅǅǅǅǅǅ 2026"} {
		f.Add(s, "Anna")
	}
	f.Add("x", "\u0301")
	d := newDesk(f)
	f.Fuzz(func(t *testing.T, password, name string) {
		u := core.User{Person: core.Person{Name: name, Email: name}, DisplayName: name}
		why := d.CheckPassword(u, core.NewSecret(password))
		if why != "" {
			if !strings.HasSuffix(why, ".") || password != "" && len(password) > 8 && strings.Contains(why, password) {
				t.Fatalf("%q says %q", password, why)
			}
			return
		}
		if !utf8.ValidString(password) || utf8.RuneCountInString(password) < 12 {
			t.Fatalf("%q was accepted", password)
		}
		if auth.Effort(password) < 8 {
			t.Fatalf("%q was accepted", password)
		}
	})
}

func FuzzToken(f *testing.F) {
	d := newDesk(f)
	u := d.add("Anna", core.RoleLead)
	_, signed := d.issue("Anna")
	long, _ := d.token(u, noon.AddDate(1, 0, 0), core.ScopeRead)
	for _, s := range []string{
		signed.Reveal(), long.Reveal(), "", ".", "..", "dwt_", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.AAAA",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJkZXNrd2F0Y2giLCJleHAiOjk5OTk5OTk5OTl9.AAAA", "eyJhbGciOiJIUzI1NiJ9.bnVsbA.AAAA",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := d.Bearer(t.Context(), core.NewSecret(text), home)
		if known := text == signed.Reveal() || text == long.Reveal(); known && err != nil || !known && core.ErrorCode(err) != core.CodeSignIn {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
