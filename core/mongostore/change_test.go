package mongostore

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// bookAt opens the order book in the database the path of uri names.
func bookAt(t testing.TB, uri string) *Book {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	set := core.DefaultSettings().OrderBook
	set.URI, set.Database, set.TimeoutSeconds = uri, strings.TrimPrefix(u.Path, "/"), 2
	b, err := Open(Options{
		Settings: set, Owner: "ana on desk-7", Now: time.Now,
		Vocabulary: func() *orders.Vocabulary { return orders.NewVocabulary() },
		Identities: func() *orders.Identities {
			ids, err := orders.NewIdentities(core.DefaultCustomerPatterns())
			if err != nil {
				t.Error(err)
			}
			return ids
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() }) // the server ends with the tests
	return b
}
