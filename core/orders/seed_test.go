package orders

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

var aDay = time.Date(2024, 5, 17, 9, 0, 0, 0, time.UTC)

func TestSeedingMakesClientsOfRecognisedCustomersAndInventsNothing(t *testing.T) {
	const hexID = "507f1f77bcf86cd799439011"
	book := newMemoryBook(
		core.Customer{Customer: "my-shop_1", Recognised: true, Name: "Ana García", Email: "ana@example.com"},
		core.Customer{Customer: hexID, Recognised: true, Name: "Berta"},
		core.Customer{Customer: "607f1f77bcf86cd799439011", Recognised: true},
		core.Customer{Customer: "400081", Recognised: true}, // by a pattern of its own import
		core.Customer{Customer: "had-one_5", Recognised: true},
		core.Customer{Customer: "guest"}, core.Customer{Customer: "walk-in"},
	)
	book.clients["had-one_5"] = core.Client{Customer: "had-one_5", Name: "By hand", Origin: core.OriginHand}
	got, err := Seed(context.Background(), book, mustIdentities(t), nil, aDay)
	if err != nil || got.Created != 4 || got.Existing != 1 || got.SkippedN != 2 || len(got.Skipped) != 2 || got.Skipped[0].Name != "guest" || got.Skipped[0].Reason == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	for id, want := range map[string]core.Client{
		"my-shop_1":                {Customer: "my-shop_1", Name: "my-shop", Email: "ana@example.com", Origin: core.OriginSeed, CreatedAt: aDay},
		hexID:                      {Customer: hexID, Name: "Berta", Origin: core.OriginSeed, CreatedAt: aDay},
		"607f1f77bcf86cd799439011": {Customer: "607f1f77bcf86cd799439011", Name: "607f1f77bcf86cd799439011", Origin: core.OriginSeed, CreatedAt: aDay},
		"400081":                   {Customer: "400081", Name: "400081", Origin: core.OriginSeed, CreatedAt: aDay},
		"had-one_5":                {Customer: "had-one_5", Name: "By hand", Origin: core.OriginHand},
	} {
		if book.clients[id] != want {
			t.Errorf("client %+v, want %+v", book.clients[id], want)
		}
	}
	book.onAdd = func() error { t.Error("clients are added where nobody is without one"); return nil }
	again, err := Seed(context.Background(), book, mustIdentities(t), nil, aDay)
	if err != nil || again.Created != 0 || again.Existing != 5 || again.SkippedN != 2 {
		t.Errorf("the second time: %+v, %v", again, err)
	}
}

func TestAStoppedSeedSaysWhatStays(t *testing.T) {
	var customers []core.Customer
	for _, id := range []string{"a_1", "b_1", "c_1", "d_1", "e_1"} {
		customers = append(customers, core.Customer{Customer: id, Recognised: true})
	}
	book := newMemoryBook(customers...)
	ctx, cancel := context.WithCancel(context.Background())
	book.onAdd = func() error { cancel(); return nil }
	_, err := Seed(ctx, book, mustIdentities(t), nil, aDay)
	if core.ErrorCode(err) != core.CodeCanceled || !strings.Contains(core.ErrorMessage(err), "3 clients were created and stay") || len(book.clients) != 3 {
		t.Errorf("%d clients, %v", len(book.clients), err)
	}
	book.onAdd = nil
	if got, err := Seed(context.Background(), book, mustIdentities(t), nil, aDay); err != nil || got.Created != 2 {
		t.Errorf("going on: %+v, %v", got, err)
	}
}

func TestABookThatFailsBeforeAnythingKeepsItsOwnSentence(t *testing.T) {
	book := newMemoryBook(core.Customer{Customer: "a_1", Recognised: true})
	full := core.NewError(core.CodeUnavailable, "book", "The disk is full. Nothing was changed.", nil)
	book.onAdd = func() error { return full }
	if _, err := Seed(context.Background(), book, mustIdentities(t), nil, aDay); !errors.Is(err, full) || core.ErrorMessage(err) != full.Message {
		t.Errorf("got %v", err)
	}
}
