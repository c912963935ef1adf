package orders

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func mustIdentities(t testing.TB, patterns ...string) *Identities {
	t.Helper()
	ids, err := NewIdentities(patterns)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestTheWholeValueIsTheIdentityAndTheGroupItsName(t *testing.T) {
	for _, c := range []struct {
		value, name string
		ok          bool
	}{
		{"my-shop_123", "my-shop", true},
		{"my_shop_2_123", "my_shop_2", true},
		{"tienda ñandú_7", "tienda ñandú", true},
		{"507f1f77bcf86cd799439011", "", true},
		{"my-shop", "", false},
		{"my-shop_", "", false},
		{"_123", "", false},
		{"my-shop_123x", "", false},
		{"my-shop_123\n", "", false},
		{"my\nshop_123", "", false},
		{"507f1f77bcf86cd79943901", "", false},
		{"507f1f77bcf86cd7994390111", "", false},
		{"507f1f77bcf86cd799439011\n", "", false},
		{"", "", false},
	} {
		ids := mustIdentities(t)
		if name, ok := ids.Match(c.value); name != c.name || ok != c.ok {
			t.Errorf("Match(%q) = %q, %v; want %q, %v", c.value, name, ok, c.name, c.ok)
		}
		if ids.Recognises(c.value) != c.ok {
			t.Errorf("Recognises(%q) is not %v", c.value, c.ok)
		}
	}
}

func TestUsersAnchorsFlagsAndAlternativesStillMatchTheWholeValue(t *testing.T) {
	for _, c := range []struct {
		pattern, value string
		ok             bool
	}{
		{`^\d{6}$`, "400081", true},
		{`^\d{6}$`, "4000812", false},
		{`(?m)^\d{6}$`, "400081\nforged", false},
		{`ab|abc`, "abc", true},
		{`ab|abc`, "abcd", false},
		{`(?i)shop\d`, "SHOP1", true},
		{`(?P<name>[a-z]+)?\d`, "1", true},
	} {
		if got := mustIdentities(t, c.pattern).Recognises(c.value); got != c.ok {
			t.Errorf("%s on %q is %v, want %v", c.pattern, c.value, got, c.ok)
		}
	}
}

func TestAPatternThatCannotBeUsedIsNamed(t *testing.T) {
	for _, p := range []string{`[a-`, `a)(b`, ` `, `a{2000}`, strings.Repeat("a", 1001)} {
		_, err := NewIdentities([]string{`\d+`, p})
		if core.ErrorCode(err) != core.CodeInvalid || !strings.HasSuffix(core.ErrorMessage(err), ".") {
			t.Errorf("pattern %.20q gave %v", p, err)
		}
	}
	if _, err := NewIdentities(make([]string, 51)); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("51 patterns gave %v", err)
	}
}

func FuzzIdentities(f *testing.F) {
	f.Add(`(?P<name>.+)_\d+`, "my-shop_123")
	f.Add(`a)(b`, "ab")
	f.Add(`(?m)^x$`, "x\ny")
	f.Add(`(?P<name>)`, "")
	f.Fuzz(func(t *testing.T, pattern, value string) {
		ids, err := NewIdentities([]string{pattern})
		if err != nil {
			if core.ErrorCode(err) != core.CodeInvalid {
				t.Fatalf("%q gave %v", pattern, err)
			}
			return
		}
		name, ok := ids.Match(value)
		if ok != ids.Recognises(value) || !ok && name != "" || !strings.Contains(value, name) {
			t.Fatalf("%q on %q: %q, %v", pattern, value, name, ok)
		}
	})
}
