package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deskwatch/core"
)

// A header nobody can recognise, with two columns that could be the customer.
const oddFile = "alpha,beta,gamma,delta,omega\nA1,ana_1,ben_2,cancelled,2023-05-02\nA2,ana_1,ben_2,cancelled,2023-05-03\n"

func oddMap() map[core.Field]string {
	return map[core.Field]string{core.FieldID: "alpha", core.FieldCustomer: "beta", core.FieldStatus: "delta", core.FieldDate: "omega"}
}

func (d *desk) customers(t *testing.T) (list []string) {
	t.Helper()
	page, err := d.Customers(t.Context(), core.CustomerQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Customers {
		list = append(list, c.Customer)
	}
	return list
}

func TestWhatWasChosenForAHeaderIsRemembered(t *testing.T) {
	d := newDesk(t)
	path := writeFile(t, "odd.csv", oddFile)
	if _, err := d.Import(t.Context(), core.ImportRequest{Path: path}, new(core.Progress)); core.ErrorCode(err) != core.CodeInvalid {
		t.Fatal("the file is understood without help:", err)
	}
	if _, err := d.Import(t.Context(), core.ImportRequest{Path: path, Map: oddMap()}, new(core.Progress)); err != nil {
		t.Fatal(err)
	}
	preview, err := d.PreviewImport(t.Context(), core.ImportRequest{Path: path})
	if err != nil || !preview.Remembered || len(preview.Missing) > 0 {
		t.Fatalf("preview %+v, %v", preview, err)
	}
	res := importInto(t, d.App, path)
	if res.OrdersUnchanged != 2 || res.Detected.Map[core.FieldCustomer] != "beta" {
		t.Errorf("without a map: %+v", res)
	}
	other := core.ImportRequest{Path: path, Map: map[core.Field]string{core.FieldCustomer: "gamma"}}
	if res, err = d.Import(t.Context(), other, new(core.Progress)); err != nil || res.OrdersChanged != 2 || !slices.Contains(d.customers(t), "ben_2") {
		t.Errorf("the request does not come before the memory: %+v, %v, %q", res, err, d.customers(t))
	}
	if res := importInto(t, d.App, path); res.Detected.Map[core.FieldCustomer] != "gamma" {
		t.Errorf("the newer choice is not the remembered one: %+v", res.Detected.Map)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	d := newDesk(t)
	path := writeFile(t, "odd.csv", oddFile+",,,,\n,ana_1,ben_2,cancelled,2023-05-02\n")
	folder := t.TempDir()
	before := files(t, d.dir)
	req := core.ImportRequest{Path: path, Map: oddMap(), DryRun: true, RejectsPath: filepath.Join(folder, "rejects.csv")}
	res, err := d.Import(t.Context(), req, new(core.Progress))
	if err != nil || res.OrdersNew != 2 || res.Rejected != 1 || res.ImportID != 0 || res.RejectsFile != "" || len(res.FirstRejects) != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	req.RejectsPath = ""
	if _, err := d.Import(t.Context(), req, new(core.Progress)); err != nil {
		t.Fatal(err)
	}
	if after := files(t, d.dir); !slices.Equal(before, after) || len(files(t, folder)) > 0 {
		t.Errorf("files before %q, after %q, beside %q", before, after, files(t, folder))
	}
	if list, err := d.Imports(t.Context()); err != nil || len(list) != 0 || d.orderCount(t) != 0 {
		t.Errorf("imports %+v, %v, %d orders", list, err, d.orderCount(t))
	}
	if preview, err := d.PreviewImport(t.Context(), core.ImportRequest{Path: path}); err != nil || preview.Remembered {
		t.Errorf("its choices are remembered: %+v, %v", preview.Columns, err)
	}
}

func TestACancelledImportLeavesTheBookAsItWas(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	path, folder := longFile(t), t.TempDir()
	for _, rejects := range []string{"", filepath.Join(folder, "rejects.csv")} {
		ctx, cancel := context.WithCancel(t.Context())
		var p core.Progress
		ended := make(chan error, 1)
		go func() {
			_, err := d.Import(ctx, core.ImportRequest{Path: path, RejectsPath: rejects}, &p)
			ended <- err
		}()
		begun(t, &p)
		cancel()
		wantError(t, <-ended, core.CodeCanceled, "The order book is as it was.")
		if n := d.orderCount(t); n != 3 {
			t.Errorf("%d orders", n)
		}
		if list := append(files(t, filepath.Join(d.dir, "rejects")), files(t, folder)...); len(list) > 0 {
			t.Errorf("left behind: %q", list)
		}
	}
	if list, err := d.Imports(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("imports %+v, %v", list, err)
	}
}

func TestRejectsThatCannotBeWrittenKeepNothing(t *testing.T) {
	d := newDesk(t)
	lines := append(troubled("ana_1", "2023-05", 3), "bad ana_1 2023-02-30 cancelled")
	path := d.orders(t, lines...)
	taken := filepath.Join(t.TempDir(), "taken.csv")
	if err := os.MkdirAll(filepath.Join(taken, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, rejects := range []string{filepath.Join(t.TempDir(), "none", "rejects.csv"), taken} {
		_, err := d.Import(t.Context(), core.ImportRequest{Path: path, RejectsPath: rejects}, new(core.Progress))
		wantError(t, err, core.CodeUnavailable, "could not be written. Nothing was changed.")
		if list, err := d.Imports(t.Context()); err != nil || len(list) != 0 || d.orderCount(t) != 0 {
			t.Errorf("imports %+v, %v, %d orders", list, err, d.orderCount(t))
		}
	}
	if list := files(t, filepath.Dir(taken)); len(list) > 0 {
		t.Errorf("left behind: %q", list)
	}
}

func TestRejectedRowsImportOnceTheyAreMended(t *testing.T) {
	d := newDesk(t)
	long := strings.Repeat("ñandú-", 31) + ".csv" // as long as a name may be
	path := filepath.Join(t.TempDir(), long)
	if err := os.WriteFile(path, []byte("order_id,customer_id,date,status\nA1,ana_1,2023-02-30,cancelled\nA2,ana_1,2023-02-03,cancelled\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	res := importInto(t, d.App, path)
	if res.OrdersNew != 1 || res.Rejected != 1 || filepath.Dir(res.RejectsFile) != filepath.Join(d.dir, "rejects") {
		t.Fatalf("%+v", res)
	}
	text, err := os.ReadFile(res.RejectsFile)
	if err != nil {
		t.Fatal(err)
	}
	mended := writeFile(t, "mended.csv", strings.Replace(string(text), "2023-02-30", "2023-02-28", 1))
	if res := importInto(t, d.App, mended); res.OrdersNew != 1 || res.Rejected != 0 || d.orderCount(t) != 2 {
		t.Errorf("%+v, %d orders", res, d.orderCount(t))
	}
}

func TestAForecastCountsTheAlertsOfAnImport(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	next := append(troubled("ben_2", "2023-05", 3), troubled("ana_1", "2023-05", 4)...) // new, and grown
	req := core.ImportRequest{Path: d.orders(t, append(next, troubled("eva_3", "2023-05", 2)...)...)}
	forecast, err := d.ForecastImport(t.Context(), req, new(core.Progress))
	if err != nil || forecast.Alerts != 2 || forecast.Result.OrdersNew != 6 || forecast.Result.OrdersUnchanged != 3 || forecast.Result.ImportID != 0 {
		t.Fatalf("%+v, %v", forecast, err)
	}
	if n := d.orderCount(t); n != 3 {
		t.Fatalf("%d orders", n)
	}
	importInto(t, d.App, req.Path)
	d.check(t, core.CheckRequest{}, forecast.Alerts, "")
}

func TestAForecastLeavesOutWhatTheBookHasAlready(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...) // never checked, so still news to the rule
	req := core.ImportRequest{Path: d.orders(t, append(troubled("ana_1", "2023-05", 3), troubled("ben_2", "2023-05", 3)...)...)}
	forecast, err := d.ForecastImport(t.Context(), req, new(core.Progress))
	if err != nil || forecast.Alerts != 1 {
		t.Fatalf("%+v, %v", forecast, err)
	}
}

func TestUndoingTheSampleImportTakesItsClientsAlong(t *testing.T) {
	d := newDesk(t)
	d.loadSample(t)
	undone, err := d.UndoImport(t.Context(), 1, new(core.Progress))
	if err != nil || undone.Removed == 0 {
		t.Fatalf("%+v, %v", undone, err)
	}
	page, err := d.Clients(t.Context(), core.ClientQuery{})
	if err != nil || page.Total != 0 || d.orderCount(t) != 0 {
		t.Fatalf("left: %d clients, %d orders, %v", page.Total, d.orderCount(t), err)
	}
}

// The window cancels the forecast that is running and imports at once.
func TestAnImportFollowsACancelledForecastAtOnce(t *testing.T) {
	d := newDesk(t)
	long := longFile(t)
	next := d.orders(t, troubled("ana_1", "2023-05", 3)...)
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		var p core.Progress
		ended := make(chan error, 1)
		go func() {
			_, err := d.ForecastImport(ctx, core.ImportRequest{Path: long}, &p)
			ended <- err
		}()
		begun(t, &p)
		cancel()
		importInto(t, d.App, next)
		wantError(t, <-ended, core.CodeCanceled, "as it was")
	}
	if n := d.orderCount(t); n != 3 {
		t.Errorf("%d orders", n)
	}
}

func TestWhatAnImportDroppedIsLogged(t *testing.T) {
	d := newDesk(t)
	importInto(t, d.App, writeFile(t, "cells.csv", "order_id,customer_id,date,status,amount,email\n"+
		"A1,ana_1,2023-05-01,cancelled,10.50,ana@example.com\nA2,ana_1,2023-05-02,cancelled,ten,nowhere\n"))
	lines := d.LogLines(core.LogQuery{Text: "not all of the file"})
	if len(lines) != 1 || !strings.Contains(lines[0].Text, "unreadable_amounts=1") || !strings.Contains(lines[0].Text, "unusable_emails=1") {
		t.Errorf("logged %+v", lines)
	}
}

func TestAnImportThatIsUndoneLetsTheRulesBeginAnew(t *testing.T) {
	d := newDesk(t)
	res := d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	if _, err := d.UndoImport(t.Context(), res.ImportID, new(core.Progress)); err != nil {
		t.Fatal(err)
	}
	// The same file read rightly: more orders count, and none of them is news.
	d.imports(t, append(troubled("ana_1", "2023-05", 5), troubled("ben_2", "2023-04", 3)...)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:2")
}
