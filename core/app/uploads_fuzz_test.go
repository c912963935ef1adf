package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"deskwatch/core"
)

// FuzzPost posts bytes to a desk: they are taken whole and handed out as they came, with every
// case of every product, or they are refused in words and what was there stays.
func FuzzPost(f *testing.F) {
	f.Setenv(forceFileVault, "file")
	a, err := New(f.Context(), Config{DataDir: f.TempDir(), KeyDir: f.TempDir(), Program: "test", Now: newClock().Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := a.Stop(context.Background()); err != nil {
			f.Error(err)
		}
	})
	for _, text := range []string{
		posted(sparkOne, sparkTwo, hiveOne), "\uFEFF" + posted(sparkOne), `{"Cases":{"Spark":[{"Id":"1"}],"Hive":[]}}`,
		`{"Cases":[{"Product":"Spark","Cases":[{"Id":"1"}]},{"Hive":[{"Id":"2"}],"Hive":[{"Id":"3"}]}]}`, `[{"Id":"1"},null,7]`, "{\"Id\":\"1\"}\n{\"Id\":\"2\"}",
		`{"Cases":[{"Id":"1","Retain":["a",{"b":1}],"Owner":{"Id":5,"name":null}}]`, "\xFF\xFE{", `{"Agentname":7}`, `[[[[`, `{"Cases":[{"Id":"\ud800","Product":"\u0000"}]}`,
	} {
		f.Add([]byte(text))
	}
	ctx := core.WithActor(f.Context(), core.Actor{Name: "c", Role: core.RoleCollector})
	before := []byte(nil)
	f.Fuzz(func(t *testing.T, text []byte) {
		u, err := a.PostTickets(ctx, core.Post{Body: bytes.NewReader(text), Length: -1})
		switch core.ErrorCode(err) {
		case "":
			before = bytes.Clone(text)
		case core.CodeInvalid:
			if u.Status != 400 || core.ErrorMessage(err) == "" {
				t.Errorf("%+v %v", u, err)
			}
		default:
			t.Errorf("%q: %v", text, err)
		}
		if before == nil {
			return
		}
		doc, lastErr := a.LastPosted(ctx)
		if got := read(t, doc, lastErr); got != string(before) {
			t.Errorf("%q was posted, and %q is handed out", before, got)
		}
		if err != nil {
			return
		}
		cases := int64(0)
		for product := range a.uploads.last.doc.cases.Load().products {
			doc, err := a.PostedCases(ctx, product, nil)
			if err != nil {
				t.Fatal(err)
			}
			var list []json.RawMessage
			answer, err := io.ReadAll(doc.Content)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(answer, &list); err != nil {
				t.Errorf("the cases of %q are %q: %v", product, answer, err)
			}
			cases += int64(len(list))
			for _, one := range list {
				if !bytes.Contains(text, one) {
					t.Errorf("the case %q is not in %q", one, text)
				}
			}
		}
		if cases != u.Tickets {
			t.Errorf("%d tickets and %d cases in %q", u.Tickets, cases, text)
		}
	})
}
