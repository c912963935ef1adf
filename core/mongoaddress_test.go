package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestThePasswordIsTakenOutOfAnAddress(t *testing.T) {
	for _, tt := range []struct {
		text, clean, password string
		has                   bool
	}{
		{"mongodb://ana:secret@host/db?tls=true", "mongodb://ana@host/db?tls=true", "secret", true},
		{" MongoDB+SRV://ana:p%40ss%2Fword@c.example.net/\n", "mongodb+srv://ana@c.example.net/", "p@ss/word", true},
		{"mongodb://ana:p@ss@host:27017/db", "mongodb://ana@host:27017/db", "p@ss", true},
		{"mongodb://ana:p@ss/w@db/", "mongodb://ana@db/", "p@ss/w", true},
		{"mongodb://ana:p:w@db", "mongodb://ana@db", "p:w", true},
		{"mongodb://ana:p?ss@db/", "mongodb://ana@db/", "p?ss", true},
		{"mongodb://ana:p/a?s#s@host/db", "mongodb://ana@host/db", "p/a?s#s", true},
		{"mongodb://ana:p@x?y@host/?tls=true", "mongodb://ana@host/?tls=true", "p@x?y", true},
		{"mongodb://ana:p?ss=1@db/", "mongodb://ana@db/", "p?ss=1", true},
		{"mongodb://ana:12?34@db", "mongodb://ana@db", "12?34", true},
		{"mongodb://ana:100%@host", "mongodb://ana@host", "100%", true},
		{"mongodb://ana:a b@host", "mongodb://ana@host", "a b", true},
		{"mongodb://ana%40corp:x@h1,h2:27017/?a=b", "mongodb://ana%40corp@h1,h2:27017/?a=b", "x", true},
		{"mongodb://ana:x@[::1]:27017,[fe80::2]/db", "mongodb://ana@[::1]:27017,[fe80::2]/db", "x", true},
		{"mongodb+srv://ana:<db_password>@c.example.net", "mongodb+srv://ana@c.example.net", "", true},
		{"mongodb://ana:%3Cx%3E@c.example.net", "mongodb://ana@c.example.net", "<x>", true},
		{"mongodb://ana:@db", "mongodb://ana@db", "", true},
		{"mongodb://:x@db", "mongodb://db", "x", true},
		{"ana:secret@db", "ana@db", "secret", true},
		{"ana:p://s@db", "ana@db", "p://s", true},
		{"postgres://ana:x@host", "postgres://ana@host", "x", true},
		{"mongodb://host/db?authMechanismProperties=a:b@c", "mongodb://host/db?authMechanismProperties=a:b%40c", "", false},
		{"mongodb://h1:27017,h2:27017/?appName=a@b", "mongodb://h1:27017,h2:27017/?appName=a%40b", "", false},
		{"mongodb://[::1]:27017/?appName=a@b", "mongodb://[::1]:27017/?appName=a%40b", "", false},
		{"mongodb://ana@host:27017", "mongodb://ana@host:27017", "", false},
		{"mongodb://ana@host/?tls=true&appName=a@b:c", "mongodb://ana@host/?tls=true&appName=a%40b:c", "", false},
		{"localhost:27017", "localhost:27017", "", false},
		{"", "", "", false},
	} {
		a := ParseMongoAddress(tt.text)
		if a.String() != tt.clean || a.Password.Reveal() != tt.password || a.HasPassword != tt.has {
			t.Errorf("%q: %q with %q (written: %v)", tt.text, a, a.Password.Reveal(), a.HasPassword)
		}
	}
}

func TestAnAddressSaysWhatItNames(t *testing.T) {
	a := ParseMongoAddress("mongodb://Ana%3Ab@H1:27017,[::1]:5/My%20Orders?TLS=true&authSource=a%26b&proxyPassword=geheim")
	if a.Scheme != MongoScheme || a.User != "Ana:b" || !slices.Equal(a.Hosts, []string{"H1:27017", "[::1]:5"}) || a.Database != "My Orders" ||
		a.Option("tls") != "true" || a.Option("AUTHSOURCE") != "a&b" || a.Option("none") != "" || a.SecretOption() != "proxyPassword" {
		t.Errorf("%#v", a)
	}
	if a := ParseMongoAddress("mongodb://h1"); a.Database != "" || a.SecretOption() != "" || a.User != "" {
		t.Errorf("%#v", a)
	}
	if b := ParseMongoAddress("mongodb://Ana%3Ab:pw@h1:27017,[::1]:5/other"); !a.SameLogin(b) || a.SameLogin(ParseMongoAddress("mongodb://ana%3Ab@h1:27017,[::1]:5")) ||
		a.SameLogin(ParseMongoAddress("mongodb://Ana%3Ab@h1")) {
		t.Error("the logins are confused")
	}
}

func TestADriverGetsThePasswordWithPercentSigns(t *testing.T) {
	for text, want := range map[string]string{
		"mongodb://ana@db1/":                  "mongodb://ana:s3%2Fp%40s%20%25%3A%2B@db1/",
		"mongodb://ana:old@db1/?authSource=t": "mongodb://ana:s3%2Fp%40s%20%25%3A%2B@db1/?authSource=t",
		"mongodb://ana%40corp:o@h1,h2":        "mongodb://ana%40corp:s3%2Fp%40s%20%25%3A%2B@h1,h2",
		"MongoDB://db1/":                      "mongodb://db1/",
	} {
		a := ParseMongoAddress(text)
		if got := a.WithPassword(NewSecret("s3/p@s %:+")); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if back := ParseMongoAddress(a.WithPassword(NewSecret("s3/p@s %:+"))); a.User != "" && back.Password.Reveal() != "s3/p@s %:+" {
			t.Errorf("%s: read back as %q", text, back.Password.Reveal())
		}
	}
}

func TestAnAddressPrintsNoPassword(t *testing.T) {
	a := ParseMongoAddress("mongodb://ana:p%40geheim@db/?proxyPassword=heikel%2B")
	for _, text := range []string{fmt.Sprint(a), fmt.Sprintf("%+v", a), fmt.Sprintf("%#v", a), fmt.Sprintf("%q", a)} {
		if strings.Contains(text, "geheim") {
			t.Errorf("it shows in %s", text)
		}
	}
	var list []string
	for _, s := range a.Secrets() {
		list = append(list, s.Reveal())
	}
	for _, want := range []string{"p@geheim", "p%40geheim", "heikel+", "heikel%2B"} {
		if !slices.Contains(list, want) {
			t.Errorf("%q is not among the secrets %q", want, list)
		}
	}
}

func FuzzParseMongoAddress(f *testing.F) {
	for _, text := range []string{"mongodb://ana:p@ss@host:27017/db?tls=true", "mongodb+srv://a:<p>@c", "a:b@[::1]:1,c/?x=y@z", ":p@ho:st/?a=b@c", "mongodb://a:p?x=1@h"} {
		f.Add(text, "p@/?:w %")
	}
	f.Fuzz(func(t *testing.T, text, password string) {
		a := ParseMongoAddress(text)
		if again := ParseMongoAddress(a.String()); again.HasPassword || again.String() != a.String() {
			t.Errorf("%q: %q is read as %q with a password: %v", text, a, again, again.HasPassword)
		}
		a.Option(text)
		whole := ParseMongoAddress("mongodb://ana@db.example.net/team?tls=true").WithPassword(NewSecret(password))
		if b := ParseMongoAddress(whole); b.Password.Reveal() != password || b.String() != "mongodb://ana@db.example.net/team?tls=true" {
			t.Errorf("%q: %q with %q", whole, b, b.Password.Reveal())
		}
		// Pasted raw it must come out too, unless it looks like the rest of an address.
		if !strings.ContainsAny(password, "?%<>,/") && strings.TrimSpace(password) != "" {
			if b := ParseMongoAddress("mongodb://ana:" + password + "@db.example.net/"); b.Password.Reveal() != password || b.String() != "mongodb://ana@db.example.net/" {
				t.Errorf("raw %q: %q with %q", password, b, b.Password.Reveal())
			}
		}
	})
}
