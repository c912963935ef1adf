package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/schedule"
)

func TestASecondDeskSaysWhoWatchesAndTakesOver(t *testing.T) {
	d := newDesk(t)
	if err := d.WatchWhenFree(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st, err := d.Status(t.Context()); err != nil || !st.Watching || st.WatcherNote != "" || st.NextCheck.IsZero() {
		t.Fatalf("first: %+v, %v", st, err)
	}
	second := d.open(t)
	wantError(t, second.StartWatching(t.Context()), core.CodeConflict, "watches this data folder")
	if err := second.WatchWhenFree(t.Context()); err != nil {
		t.Fatal(err)
	}
	st, err := second.Status(t.Context())
	if err != nil || st.Watching || !strings.Contains(st.WatcherNote, "(process ") || !st.NextCheck.IsZero() {
		t.Fatalf("second: %+v, %v", st, err)
	}
	events, cancel := second.Subscribe(10)
	defer cancel()
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for e := range events {
		if _, ok := e.(core.StatusChanged); ok && second.watching() {
			break
		}
	}
	if st, err := second.Status(t.Context()); err != nil || !st.Watching || st.WatcherNote != "" {
		t.Errorf("after the first stopped: %+v, %v", st, err)
	}
}

func TestAFailedStartOfWatchingGivesTheLockBack(t *testing.T) {
	d := newDesk(t)
	memory := d.memory
	d.memory = brokenMemory{memory}
	if err := d.StartWatching(t.Context()); core.ErrorMessage(err) != "The disk is full." {
		t.Fatal(err)
	}
	if d.watching() {
		t.Error("it says that it watches")
	}
	d.memory = memory
	if err := d.StartWatching(t.Context()); err != nil {
		t.Error("the lock was not given back:", err)
	}
}

type brokenMemory struct{ schedule.Memory }

func (brokenMemory) LastRun(context.Context, string) (time.Time, error) {
	return time.Time{}, core.NewError(core.CodeUnavailable, "store", "The disk is full.", nil)
}

func TestOnlyTheOneThatWatchesSends(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{SendBacklog: true}, 1, "")
	other := d.open(t)
	if err := other.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := d.SendOnce(t.Context())
	wantError(t, err, core.CodeConflict, "(process ")
	_, err = d.SendNow(t.Context())
	wantError(t, err, core.CodeConflict, "Nothing was done here.")
	// It may have sent the mail already when it began to watch; after SendNow it has for sure.
	if _, err := other.SendNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list := d.deliveries(t); len(list) != 1 || list[0].State != core.DeliverySent || list[0].Attempts != 1 {
		t.Fatalf("%+v", list)
	}
	if err := other.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SendOnce(t.Context()); err != nil {
		t.Error("nobody watches any more, but:", err)
	}
}

func TestAnImportOfAnotherProcessIsNoticed(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...) // while nobody watches
	watcher := d.open(t)
	if err := watcher.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the import made before is checked", func() bool { return d.rule(t).BaselineAt != nil })
	d.imports(t, troubled("ben_2", "2023-05", 3)...)
	eventually(t, "the import of another process is checked and its alert sent", func() bool {
		list := d.deliveries(t)
		return len(list) == 1 && list[0].Customer == "ben_2" && list[0].State == core.DeliverySent
	})
	// The clock of the machine is set back: what is imported now is noticed all the same.
	d.clock.advance(-48 * time.Hour)
	d.imports(t, troubled("eva_3", "2023-05", 3)...)
	eventually(t, "an import after the clock was set back is checked", func() bool { return len(d.deliveries(t)) == 2 })
	if list := d.LogLines(core.LogQuery{MinLevel: "WARN"}); len(list) > 0 {
		t.Errorf("complaints: %+v", list)
	}
}

func TestWhatWasImportedWhileNobodyWatchedIsCheckedAtTheStart(t *testing.T) {
	d := newDesk(t)
	d.lookAtImport = time.Hour
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the import made before is checked", func() bool { return d.rule(t).BaselineAt != nil })
}

func TestAnImportIsCheckedAtOnceAndOnlyOnce(t *testing.T) {
	d := newDesk(t)
	d.lookAtImport = time.Hour
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, cancel := d.Subscribe(100)
	defer cancel()
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	for e := range events {
		if c, ok := e.(core.AlertsChecked); ok {
			if c.Cause != "import" || !c.Result.BaselineFirst || c.Result.Queued != 0 {
				t.Fatalf("%+v", c)
			}
			break
		}
	}
	if err := d.checkNewImports(t.Context()); err != nil {
		t.Fatal(err)
	}
	for len(events) > 0 {
		if c, ok := (<-events).(core.AlertsChecked); ok {
			t.Errorf("checked again: %+v", c)
		}
	}
}
