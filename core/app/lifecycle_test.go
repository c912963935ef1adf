package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"
	"deskwatch/core/schedule"
	"deskwatch/core/store"
)

func TestAFolderThatCannotBeUsedGivesOneSentenceAndNothingStaysOpen(t *testing.T) {
	garbage := bytes.Repeat([]byte("not a database "), 1000)
	for name, tt := range map[string]struct {
		spoil func(dir string) error
		code  core.Code
		words string
		mend  func(dir string) error
	}{
		"a file in its place": {
			func(dir string) error { return errors.Join(os.Remove(dir), os.WriteFile(dir, nil, 0o600)) },
			core.CodeDenied, "it is a file, not a folder", os.Remove,
		},
		"a newer desk database": {
			func(dir string) error { return setVersion(filepath.Join(dir, store.DeskFile), store.KindDesk, 9999) },
			core.CodeNewer, "newer",
			func(dir string) error { return removeDatabase(dir, store.DeskFile) },
		},
		"a newer order book": {
			func(dir string) error { return setVersion(filepath.Join(dir, store.BookFile), store.KindBook, 9999) },
			core.CodeNewer, "newer",
			func(dir string) error { return removeDatabase(dir, store.BookFile) },
		},
		"an order book that is none": {
			func(dir string) error { return os.WriteFile(filepath.Join(dir, store.BookFile), garbage, 0o600) },
			core.CodeInvalid, "is not a Deskwatch file",
			func(dir string) error { return removeDatabase(dir, store.BookFile) },
		},
		"a desk database that is none": {
			func(dir string) error { return os.WriteFile(filepath.Join(dir, store.DeskFile), garbage, 0o600) },
			core.CodeInvalid, "is not a Deskwatch file",
			func(dir string) error { return removeDatabase(dir, store.DeskFile) },
		},
		"a log folder that is a file": {
			func(dir string) error { return os.WriteFile(filepath.Join(dir, "logs"), nil, 0o600) },
			core.CodeDenied, "log",
			func(dir string) error { return os.Remove(filepath.Join(dir, "logs")) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(forceFileVault, "file")
			dir := filepath.Join(t.TempDir(), "data")
			if err := errors.Join(os.Mkdir(dir, 0o700), tt.spoil(dir)); err != nil {
				t.Fatal(err)
			}
			cfg := Config{DataDir: dir, KeyDir: t.TempDir()}
			a, err := New(t.Context(), cfg)
			if a != nil {
				t.Fatal("it opened")
			}
			wantError(t, err, tt.code, tt.words)
			if open := openFiles(t, dir); len(open) > 0 {
				t.Errorf("left open: %q", open)
			}
			if err := tt.mend(dir); err != nil {
				t.Fatal(err)
			}
			if a, err = New(t.Context(), cfg); err != nil {
				t.Fatal("after the repair:", err)
			}
			if err := a.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			if open := openFiles(t, dir); len(open) > 0 {
				t.Errorf("left open by Stop: %q", open)
			}
		})
	}
}

func setVersion(path string, kind store.Kind, version int) error {
	db, err := store.Open(context.Background(), path, kind)
	if err != nil {
		return err
	}
	return errors.Join(db.Writer().Exec(fmt.Sprintf("PRAGMA user_version = %d", version)).Error, db.Close())
}

func removeDatabase(dir, name string) error {
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(dir, name+end)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return os.Remove(filepath.Join(dir, name))
}

// openFiles lists what this process has open below dir, where the system tells.
func openFiles(t *testing.T, dir string) (open []string) {
	t.Helper()
	const descriptors = "/proc/self/fd"
	list, err := os.ReadDir(descriptors)
	if err != nil {
		t.Log("this system does not list open files")
		return nil
	}
	for _, e := range list {
		if path, err := os.Readlink(filepath.Join(descriptors, e.Name())); err == nil && strings.HasPrefix(path, dir+"/") {
			open = append(open, path)
		}
	}
	return open
}

// longFile has so many orders that an import of it takes a while, and a bad row at its beginning.
func longFile(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("order_id,customer_id,date,status\nbad,ana_1,2023-02-30,cancelled\n")
	for i := range 40_000 {
		fmt.Fprintf(&b, "o-%d,customer_%d,2023-05-%02d,cancelled\n", i, i%1000, i%28+1)
	}
	return writeFile(t, "long.csv", b.String())
}

// begun waits until an import stores rows.
func begun(t *testing.T, p *core.Progress) {
	t.Helper()
	eventually(t, "the import does not begin", func() bool { return p.State().Done > 0 })
}

func TestStopEndsAnImportAndTheBookIsAsItWas(t *testing.T) {
	d := newDesk(t)
	var p core.Progress
	ended := make(chan error, 1)
	path := longFile(t)
	go func() {
		_, err := d.Import(context.Background(), core.ImportRequest{Path: path}, &p)
		ended <- err
	}()
	begun(t, &p)
	for range 2 {
		if err := d.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-ended:
		wantError(t, err, core.CodeCanceled, "as it was")
	default:
		t.Fatal("Stop did not wait for the import")
	}
	d.App = d.open(t)
	if n := d.orderCount(t); n != 0 {
		t.Errorf("%d orders were kept", n)
	}
	if list := files(t, filepath.Join(d.dir, "rejects")); len(list) > 0 {
		t.Errorf("left behind: %q", list)
	}
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
}

func TestAfterStopEverythingSaysThatDeskwatchIsClosing(t *testing.T) {
	d := newDesk(t)
	path := d.orders(t, troubled("ana_1", "2023-05", 3)...)
	rule := d.rule(t)
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, req, mail := context.Background(), core.ImportRequest{Path: path}, core.DefaultSettings().Mail
	for name, do := range map[string]func() error{
		"import":    func() error { _, err := d.Import(ctx, req, new(core.Progress)); return err },
		"forecast":  func() error { _, err := d.ForecastImport(ctx, req, new(core.Progress)); return err },
		"preview":   func() error { _, err := d.PreviewImport(ctx, req); return err },
		"undo":      func() error { _, err := d.UndoImport(ctx, 1, new(core.Progress)); return err },
		"imports":   func() error { _, err := d.Imports(ctx); return err },
		"seed":      func() error { _, err := d.SeedClients(ctx, new(core.Progress)); return err },
		"sample":    func() error { _, err := d.LoadSample(ctx, new(core.Progress)); return err },
		"no sample": func() error { _, err := d.RemoveSample(ctx); return err },
		"check":     func() error { _, err := d.RunCheck(ctx, core.CheckRequest{}); return err },
		"breaches": func() error {
			_, err := d.Breaches(ctx, core.BreachQuery{Statuses: rule.Statuses, Threshold: 3})
			return err
		},
		"views":      func() error { _, err := d.BreachViews(ctx); return err },
		"orders":     func() error { _, err := d.Orders(ctx, core.OrderQuery{Customer: "ana_1"}); return err },
		"clients":    func() error { _, err := d.Clients(ctx, core.ClientQuery{}); return err },
		"customers":  func() error { _, err := d.Customers(ctx, core.CustomerQuery{}); return err },
		"client":     func() error { _, err := d.UpdateClient(ctx, "ana_1", core.ClientPatch{Name: new(string)}); return err },
		"rules":      func() error { _, err := d.Rules(ctx); return err },
		"rule":       func() error { _, err := d.SaveRule(ctx, rule); return err },
		"no rule":    func() error { return d.DeleteRule(ctx, 1) },
		"mutes":      func() error { _, err := d.Mutes(ctx); return err },
		"mute":       func() error { return d.SaveMute(ctx, core.Mute{Customer: "ana_1"}) },
		"no mute":    func() error { return d.DeleteMute(ctx, "ana_1") },
		"decisions":  func() error { _, err := d.Decisions(ctx, core.DecisionQuery{}); return err },
		"deliveries": func() error { _, err := d.Deliveries(ctx, core.DeliveryQuery{}); return err },
		"delivery":   func() error { _, err := d.Delivery(ctx, 1); return err },
		"requeue":    func() error { _, err := d.Requeue(ctx, []int64{1}); return err },
		"discard":    func() error { _, err := d.Discard(ctx, []int64{1}); return err },
		"outbox":     func() error { _, err := d.OutboxCounts(ctx); return err },
		"send once":  func() error { _, err := d.SendOnce(ctx); return err },
		"test mail":  func() error { _, err := d.SendTestMail(ctx, mail, nil, "a@example.com"); return err },
		"pause":      func() error { return d.SetPaused(ctx, true, time.Time{}) },
		"watch":      func() error { return d.StartWatching(ctx) },
		"when free":  func() error { return d.WatchWhenFree(ctx) },
		"first":      func() error { _, err := d.FirstOrRaise(core.Raise{}); return err },
		"log":        func() error { _, err := d.ExportLog(ctx, filepath.Join(d.dir, "out.log"), core.LogQuery{}); return err },
		"status":     func() error { _, err := d.Status(ctx); return err },
	} {
		t.Run(name, func(t *testing.T) { wantError(t, do(), core.CodeUnavailable, "Deskwatch is closing.") })
	}
	for _, f := range d.Doctor(ctx) {
		if strings.Contains(f.Check, "database") && f.OK {
			t.Errorf("the doctor finds a closed database %+v", f)
		}
	}
}

// A job that hangs in a server holds the sender, and background work waits behind it: Stop has
// to end the job first.
func TestStopDoesNotWaitForAServerThatHangs(t *testing.T) {
	d := newDesk(t)
	arrived, hang := make(chan struct{}, 10), make(chan struct{})
	sink := newSink(t, mailtest.Options{OnData: func(mailtest.Mail) error { arrived <- struct{}{}; <-hang; return nil }})
	defer close(hang)
	d.useServer(t, sink.Port())
	d.alertQueued(t)
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := d.watch.runner.Set(t.Context(), []schedule.Job{{Name: sendJob, Every: 10 * time.Millisecond, Run: d.sendDue}})
	if err != nil {
		t.Fatal(err)
	}
	<-arrived
	d.sendSoon()
	begun := time.Now()
	if err := d.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > stopWithin/2 {
		t.Errorf("Stop took %v", took)
	}
	d.App = d.open(t)
	if list := d.deliveries(t); len(list) != 1 || list[0].State != core.DeliveryQueued || list[0].Attempts != 0 {
		t.Errorf("the mail that was not sent is %+v", list)
	}
}

func TestStopIsBoundedWhenWorkDoesNotObey(t *testing.T) {
	t.Setenv(forceFileVault, "file")
	dir := t.TempDir()
	a, err := New(t.Context(), Config{DataDir: dir, KeyDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	hold, in := make(chan struct{}), make(chan struct{})
	a.background(func(context.Context) { close(in); <-hold })
	<-in
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err = a.Stop(ctx)
	wantError(t, err, core.CodeUnavailable, "did not end in time")
	if again := a.Stop(t.Context()); core.ErrorMessage(again) != core.ErrorMessage(err) {
		t.Errorf("the second Stop says %v", again)
	}
	if open := openFiles(t, dir); len(open) > 0 {
		t.Errorf("left open: %q", open)
	}
	close(hold)
}

func TestNothingRunsAfterStop(t *testing.T) {
	d := newDesk(t)
	if first, err := d.FirstOrRaise(core.Raise{}); err != nil || !first {
		t.Fatal(first, err)
	}
	other := d.open(t)
	for _, a := range []*App{d.App, other} {
		if err := a.WatchWhenFree(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	_, cancel := d.Subscribe(1)
	defer cancel()
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	for _, a := range []*App{d.App, other} {
		if err := a.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var left []string
	eventually(t, "goroutines end after Stop", func() bool {
		left = ours()
		if len(left) > 0 {
			t.Logf("%d left, such as\n%s", len(left), left[0])
		}
		return len(left) == 0
	})
	if open := openFiles(t, d.dir); len(open) > 0 {
		t.Errorf("left open: %q", open)
	}
}

// ours are the stacks of goroutines that run the program's code, those of tests left out.
func ours() (list []string) {
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 2); err != nil {
		return []string{err.Error()}
	}
	for stack := range strings.SplitSeq(b.String(), "\n\n") {
		if strings.Contains(stack, "deskwatch/") && !strings.Contains(stack, "testing.tRunner") {
			list = append(list, stack)
		}
	}
	return list
}

func TestAllWhoOpenANewFolderAtOnceAgreeOnItsID(t *testing.T) {
	t.Setenv(forceFileVault, "file")
	dir, keys := t.TempDir(), t.TempDir()
	opened := make(chan *App, 6)
	for range cap(opened) {
		go func() {
			a, err := New(t.Context(), Config{DataDir: dir, KeyDir: keys})
			if err != nil {
				t.Error(err)
			}
			opened <- a
		}()
	}
	ids := map[string]bool{}
	for range cap(opened) {
		a := <-opened
		if a == nil {
			continue
		}
		ids[a.install] = true
		if err := a.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if len(ids) != 1 || ids[""] {
		t.Errorf("ids %v", ids)
	}
}
