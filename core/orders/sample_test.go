package orders

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// breachesOf counts by the words of the default rule, without the book.
func breachesOf(rows []core.OrderRow) map[string]int {
	seen, count := map[string]bool{}, map[string]int{}
	for _, r := range rows {
		if r.Recognised && isTrouble(r.Status) && !seen[r.OrderID] {
			seen[r.OrderID] = true
			count[fmt.Sprint(r.Customer, " ", r.Day.Month())]++
		}
	}
	for k, n := range count {
		if n < 3 {
			delete(count, k)
		}
	}
	return count
}

func TestTheSampleIsPlausibleOnAnyDay(t *testing.T) {
	for _, now := range []time.Time{aDay, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 29, 23, 59, 0, 0, time.FixedZone("east", 9*3600)), time.Date(2023, 12, 31, 12, 0, 0, 0, time.UTC)} {
		data := Sample(sampleSeed, now)
		orders, customers, lines := map[string]core.OrderRow{}, map[string]bool{}, 0
		statuses := map[core.Status]int{}
		ids, words := mustIdentities(t), NewVocabulary()
		for _, r := range data.Rows {
			if first, ok := orders[r.OrderID]; ok {
				lines++
				if first.Customer != r.Customer || first.Day != r.Day {
					t.Fatalf("%v: lines of %s differ in customer or day", now, r.OrderID)
				}
			}
			orders[r.OrderID] = r
			customers[r.Customer] = true
			statuses[r.Status]++
			if r.Day > core.DayOf(now) || r.Day.Month() <= core.MonthOf(now)-18 {
				t.Fatalf("%v: an order on %v", now, r.Day)
			}
			if status, known := words.Status(r.RawStatus); status != r.Status || !known || ids.Recognises(r.Customer) != r.Recognised {
				t.Fatalf("%v: %+v would be read otherwise from a file", now, r)
			}
		}
		if len(orders) < 2300 || len(orders) > 2600 || len(customers) < 78 || len(customers) > 80 || lines < 300 {
			t.Errorf("%v: %d orders, %d customers, %d further lines", now, len(orders), len(customers), lines)
		}
		if len(statuses) != 6 || statuses[core.StatusDelivered] < len(data.Rows)*2/3 {
			t.Errorf("%v: statuses %v", now, statuses)
		}
		present := 0
		all := breachesOf(data.Rows)
		for k := range all {
			if strings.HasSuffix(k, core.MonthOf(now).String()) {
				present++
			}
		}
		if len(all) != 12 || present != 3 {
			t.Errorf("%v: %d breaches, %d in the present month: %v", now, len(all), present, all)
		}
	}
}

func TestTheSampleIsTheSameEachTimeAndItsClientsOwnNoDomain(t *testing.T) {
	a, b := Sample(sampleSeed, aDay), Sample(sampleSeed, aDay.Add(time.Hour))
	for i := range b.Clients {
		b.Clients[i].CreatedAt = aDay
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("two samples of one day differ")
	}
	if reflect.DeepEqual(a.Rows, Sample(1, aDay).Rows) {
		t.Error("the seed changes nothing")
	}
	names, mails := map[string]bool{}, map[string]bool{}
	for i, c := range a.Clients {
		names[c.Name], mails[c.Email] = true, true
		if !strings.HasSuffix(c.Email, "@example.com") || mailAddress(c.Email) != c.Email || c.Origin != core.OriginSample || c.Name == "" {
			t.Errorf("client %+v", c)
		}
		if i < len(sampleIdentities()) && sampleIdentities()[i] != c.Customer {
			t.Errorf("identity %d is %s", i, c.Customer)
		}
	}
	if len(a.Clients) != 74 || len(names) != 74 || len(mails) != 74 {
		t.Errorf("%d clients, %d names, %d addresses", len(a.Clients), len(names), len(mails))
	}
}

func TestTheSampleIsLoadedOnceAndRemovedWhole(t *testing.T) {
	ctx, book, progress := context.Background(), newMemoryBook(), &core.Progress{}
	got, err := LoadSample(ctx, book, aDay, progress)
	if err != nil || got.ImportID != 1 || got.OrdersNew != book.orders || got.OrdersNew < 2300 || got.UnrecognisedCustomers < 4 || len(book.clients) != 74 {
		t.Fatalf("%+v, %d clients, %v", got, len(book.clients), err)
	}
	if s := progress.State(); s.Done != got.Rows || s.Total != got.Rows || book.imports[0].Kind != core.ImportSample {
		t.Errorf("progress %+v, import %+v", s, book.imports[0])
	}
	_, err = LoadSample(ctx, book, aDay, nil)
	if core.ErrorCode(err) != core.CodeConflict || !strings.Contains(core.ErrorMessage(err), fmt.Sprint(got.OrdersNew, " orders")) {
		t.Errorf("loading again: %v", err)
	}

	// A client a person changed is the person's, and does not stand in the way of loading again.
	edited := sampleIdentities()[0]
	client := book.clients[edited]
	client.Origin = core.OriginHand
	book.clients[edited] = client
	undo, customers, err := RemoveSample(ctx, book, aDay, nil)
	if err != nil || undo.Removed != got.OrdersNew || undo.ImportID != 1 || len(customers) != 74 || len(book.clients) != 1 || book.orders != 0 {
		t.Errorf("%+v, %d customers, %d clients, %v", undo, len(customers), len(book.clients), err)
	}
	if _, _, err := RemoveSample(ctx, book, aDay, nil); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("removing again: %v", err)
	}
	if _, err := LoadSample(ctx, book, aDay, nil); err != nil {
		t.Errorf("loading after removing: %v", err)
	}
}

func TestRemovingTheSampleLeavesImportsOfFilesAlone(t *testing.T) {
	book := newMemoryBook()
	book.imports = []core.ImportRecord{{ID: 1, Kind: core.ImportFile, State: core.ImportDone, ImportCounts: core.ImportCounts{OrdersNew: 5}}}
	book.orders = 5
	if _, _, err := RemoveSample(context.Background(), book, aDay, nil); core.ErrorCode(err) != core.CodeNotFound || book.orders != 5 {
		t.Errorf("%d orders left, %v", book.orders, err)
	}
}

func TestSampleDataIsRefusedWhereSomebodysClientsAre(t *testing.T) {
	book := newMemoryBook()
	book.clients["real_1"] = core.Client{Customer: "real_1"}
	if _, err := LoadSample(context.Background(), book, aDay, nil); core.ErrorCode(err) != core.CodeConflict || len(book.clients) != 1 {
		t.Errorf("%d clients, %v", len(book.clients), err)
	}
}

func TestAFailedLoadLeavesTheBookEmpty(t *testing.T) {
	boom := core.NewError(core.CodeUnavailable, "book", "The disk is full. Nothing was changed.", nil)
	for name, spoil := range map[string]func(f *fakeImport){
		"put": func(f *fakeImport) { f.put = func(context.Context, []core.OrderRow) error { return boom } },
		"settle": func(f *fakeImport) {
			f.settle = func(context.Context) (core.ImportCounts, error) { return core.ImportCounts{}, boom }
		},
		"commit": func(f *fakeImport) { f.commit = func(int64, int64) (int64, error) { return 0, boom } },
	} {
		book := newMemoryBook()
		var last *fakeImport
		book.step = func(f *fakeImport) { last = f; spoil(f) }
		_, err := LoadSample(context.Background(), book, aDay, nil)
		if !errors.Is(err, boom) || len(book.clients) != 0 || book.orders != 0 || !last.rolledBack {
			t.Errorf("%s: %v, %d clients, rolled back %v", name, err, len(book.clients), last.rolledBack)
		}
	}
}

func TestARemovalThatALaterImportForbidsRemovesNothing(t *testing.T) {
	book := newMemoryBook()
	if _, err := LoadSample(context.Background(), book, aDay, nil); err != nil {
		t.Fatal(err)
	}
	book.onUndo = func() error {
		return core.NewError(core.CodeConflict, "book", "A later import changed these orders. Undo import 2 first.", nil)
	}
	if _, _, err := RemoveSample(context.Background(), book, aDay, nil); core.ErrorCode(err) != core.CodeConflict || len(book.clients) != 74 {
		t.Errorf("%d clients left, %v", len(book.clients), err)
	}
	// The sample was undone in the list of imports instead: its clients are still to be removed.
	book.onUndo = nil
	book.imports[0].State, book.orders = core.ImportUndone, 0
	if _, customers, err := RemoveSample(context.Background(), book, aDay, nil); err != nil || len(customers) != 74 || len(book.clients) != 0 {
		t.Errorf("%d clients left, %v", len(book.clients), err)
	}
}
