package auth_test

import (
	"fmt"
	"strings"
	"testing"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// reference is from the tests of the reference implementation of argon2: "password", "somesalt".
const reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

func TestAHashIsThatOfTheReference(t *testing.T) {
	for password, want := range map[string]bool{"password": true, "passwore": false, "": false} {
		if got, err := auth.HashMatches(reference, password); err != nil || got != want {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
}

func TestAHashSaysWhatItCosts(t *testing.T) {
	d := newDesk(t)
	d.SetCost(19456, 2)
	one, err := d.Hash(t.Context(), core.NewSecret(right))
	d.check(err)
	two, err := d.Hash(t.Context(), core.NewSecret(right))
	d.check(err)
	if !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") || one == two {
		t.Fatalf("got %s and %s", one, two)
	}
	if _, err := d.Hash(t.Context(), core.Secret{}); core.ErrorCode(err) != core.CodeInvalid {
		t.Fatalf("hashed no password: %v", err)
	}
}

func TestAHashThatAsksForTooMuchIsRefused(t *testing.T) {
	tail := "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	for _, text := range []string{
		"", "$", "$$$$$", "password", "$argon2i$v=19$m=256,t=2,p=1" + tail, "$argon2id$v=16$m=256,t=2,p=1" + tail, "$argon2id$m=256,t=2,p=1" + tail,
		"$argon2id$v=19$m=262144,t=1,p=1" + tail, "$argon2id$v=19$m=256,t=33,p=1" + tail, "$argon2id$v=19$m=256,t=2,p=9" + tail,
		"$argon2id$v=19$m=131072,t=9,p=1" + tail, "$argon2id$v=19$m=7,t=1,p=1" + tail, "$argon2id$v=19$m=0,t=1,p=1" + tail, "$argon2id$v=19$m=256,t=0,p=1" + tail,
		"$argon2id$v=19$m=256,t=2,p=0" + tail, "$argon2id$v=19$m=-256,t=2,p=1" + tail, "$argon2id$v=19$m=+256,t=2,p=1" + tail, "$argon2id$v=19$m=0256,t=2,p=1" + tail,
		"$argon2id$v=19$m=256,t=2" + tail, "$argon2id$v=19$t=2,m=256,p=1" + tail, "$argon2id$v=19$m=256,t=2,p=1,x=1" + tail, "$argon2id$v=19$m=99999999999999999999,t=2,p=1" + tail,
		reference + "=", reference + "$", reference + "\n", " " + reference, reference[:len(reference)-30],
		"$argon2id$v=19$m=256,t=2,p=1$c29t$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$" + strings.Repeat("A", 1000),
	} {
		if _, err := auth.ReadHash(text); err == nil {
			t.Errorf("read %q", text)
		}
	}
}

func FuzzStoredHash(f *testing.F) {
	for _, s := range []string{reference, "", "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=4294967295,t=4294967295,p=255$$", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ\n$nf65EOgLrQMR/uIPnA4rEg"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		again, err := auth.ReadHash(text)
		if err != nil {
			return
		}
		if again != text {
			t.Fatalf("%q was read as %q", text, again)
		}
		var m, passes, lanes int
		if _, err := fmt.Sscanf(text, "$argon2id$v=19$m=%d,t=%d,p=%d$", &m, &passes, &lanes); err != nil || m > 128*1024 || m*passes > 1<<20 || lanes > 8 {
			t.Fatalf("%q asks for too much (%v)", text, err)
		}
	})
}
