package logbook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"

	"gopkg.in/natefinch/lumberjack.v2"
)

func open(t *testing.T, dir string) (*Book, *slog.Logger) {
	t.Helper()
	b, err := Open(dir, "debug")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b, slog.New(b.Handler())
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestALineHasTimeLevelFunctionLineAndText(t *testing.T) {
	b, log := open(t, t.TempDir())
	log.With("import", 7).WithGroup("file").Warn("bad rows", "name", "last quarter.csv", slog.Group("rows", "bad", 3), "took", time.Second)
	got := read(t, b.Path())
	want := `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARN logbook\.TestALineHasTimeLevelFunctionLineAndText:\d+ bad rows import=7 file\.name="last quarter\.csv" file\.rows\.bad=3 file\.took=1s\n$`
	if !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("got %q", got)
	}
	l := b.Lines(core.LogQuery{})
	if len(l) != 1 || l[0].Seq != 1 || line(l[0])+"\n" != got {
		t.Errorf("in memory: %+v", l)
	}
	if back := parse(strings.TrimSuffix(got, "\n")); back.Level != "WARN" || back.Text != l[0].Text || back.Where != l[0].Where {
		t.Errorf("read back: %+v", back)
	}
}

func TestNothingInAValueForgesALine(t *testing.T) {
	b, log := open(t, t.TempDir())
	evil := "ana\n2023-06-30T10:00:00.000Z ERROR x:1 forged\r\x1b[2J\u2028\u202e\xff"
	log.Info(evil, "name", evil, evil, 1, "err", errors.New(evil), "any", []string{evil})
	got := read(t, b.Path())
	if strings.Count(got, "\n") != 1 || strings.ContainsAny(got, "\r\x1b\u2028\u202e") {
		t.Errorf("got %q", got)
	}
	if !strings.Contains(got, `ana\n2023`) {
		t.Errorf("the newline is lost: %q", got)
	}
	log.Info(strings.Repeat("é", maxText))
	if l := b.Lines(core.LogQuery{Limit: 1}); len(l[0].Text) > maxText+4 {
		t.Errorf("a line of %d bytes", len(l[0].Text))
	}
}

func TestSecretsStayMasked(t *testing.T) {
	b, log := open(t, t.TempDir())
	secret := core.NewSecret("hunter2")
	type login struct {
		User     string
		Password core.Secret
		again    core.Secret
	}
	log.With("s", secret).Info("login", "p", secret, "ptr", &secret, "struct", login{"ana", secret, secret},
		"slice", []core.Secret{secret}, "map", map[string]core.Secret{"x": secret}, "group", slog.GroupValue(slog.Any("g", secret)))
	if got := read(t, b.Path()); strings.Contains(got, "hunter2") || !strings.Contains(got, "[secret]") {
		t.Errorf("got %q", got)
	}
}

func TestLinesAreSelectedAndTheOldestMakeRoom(t *testing.T) {
	b, log := open(t, t.TempDir())
	for i := range kept + 10 {
		if i%1000 == 0 {
			log.Error("Thousand", "i", i)
		} else {
			log.Debug("small", "i", i)
		}
	}
	all := b.Lines(core.LogQuery{Limit: 10_000})
	if len(all) != kept || all[0].Seq != 11 || all[kept-1].Seq != kept+10 {
		t.Errorf("%d lines, %d to %d", len(all), all[0].Seq, all[len(all)-1].Seq)
	}
	if l := b.Lines(core.LogQuery{}); len(l) != 1000 || l[999].Seq != kept+10 {
		t.Errorf("default limit: %d", len(l))
	}
	if l := b.Lines(core.LogQuery{MinLevel: "warn", Text: "thousand"}); len(l) != 5 || l[0].Text != "Thousand i=1000" {
		t.Errorf("errors: %+v", l)
	}
	if l := b.Lines(core.LogQuery{After: kept + 7}); len(l) != 3 {
		t.Errorf("after: %+v", l)
	}
}

func TestSetLevelLeavesOutWhatIsBelow(t *testing.T) {
	b, log := open(t, t.TempDir())
	if err := b.SetLevel("warn"); err != nil {
		t.Fatal(err)
	}
	log.Info("no")
	log.Warn("yes")
	if l := b.Lines(core.LogQuery{}); len(l) != 1 || l[0].Text != "yes" {
		t.Errorf("%+v", l)
	}
	if err := b.SetLevel("loud"); core.ErrorCode(err) != core.CodeInvalid {
		t.Error(err)
	}
}

func TestEveryProcessWritesAFileOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	first, _ := open(t, dir)
	second, log := open(t, dir)
	log.Info("x")
	if filepath.Base(first.Path()) != "deskwatch.log" || filepath.Base(second.Path()) != "deskwatch-2.log" {
		t.Errorf("%s, %s", first.Path(), second.Path())
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if third, _ := open(t, dir); filepath.Base(third.Path()) != "deskwatch.log" {
		t.Errorf("the name was not given back: %s", third.Path())
	}
}

func TestExportReadsBackUpsFirstAndFilters(t *testing.T) {
	dir := t.TempDir()
	b, log := open(t, dir)
	log.Info("one")
	if err := b.file.Rotate(); err != nil {
		t.Fatal(err)
	}
	log.Debug("two")
	log.Info("three")
	if err := os.WriteFile(filepath.Join(dir, "deskwatch-2.log"), []byte("another process's\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "log.txt")
	n, err := b.Export(t.Context(), target, core.LogQuery{MinLevel: "INFO"})
	got := read(t, target)
	if err != nil || n != 2 || strings.Count(got, "\n") != 2 || strings.Index(got, " one") > strings.Index(got, " three") || strings.Contains(got, "two") {
		t.Errorf("%d lines, %v: %q", n, err, got)
	}

	if _, err := b.Export(t.Context(), b.Path(), core.LogQuery{}); core.ErrorCode(err) != core.CodeConflict {
		t.Errorf("over the log itself: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Export(ctx, target, core.LogQuery{}); core.ErrorCode(err) != core.CodeCanceled || read(t, target) != got {
		t.Errorf("stopped: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(target), ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := b.Export(t.Context(), filepath.Join(dir, "none", "x"), core.LogQuery{}); core.ErrorMessage(err) == "" {
		t.Errorf("into a folder that is missing: %v", err)
	}
}

func TestADamagedFileIsExportedAsFarAsItGoes(t *testing.T) {
	b, log := open(t, t.TempDir())
	log.Info("good")
	f, err := os.OpenFile(b.Path(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(f, "%s\n", strings.Repeat("\x00", 200_000))
	f.Close()
	log.Info("better")
	target := filepath.Join(t.TempDir(), "log.txt")
	n, err := b.Export(t.Context(), target, core.LogQuery{Text: "bett"})
	if err != nil || n != 1 {
		t.Errorf("%d lines, %v", n, err)
	}
}

func TestAFullDiskCostsTheFileNotTheProgram(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full to stand for a full disk")
	}
	b, log := open(t, t.TempDir())
	good := b.file
	b.file = &lumberjack.Logger{Filename: "/dev/full"}
	log.Info("one")
	log.Info("two")
	l := b.Lines(core.LogQuery{})
	if len(l) != 3 || !strings.Contains(l[1].Text, "cannot be written") {
		t.Errorf("lines %+v", l)
	}
	b.file = good
	log.Info("three")
	target := filepath.Join(t.TempDir(), "log.txt")
	if n, err := b.Export(t.Context(), target, core.LogQuery{}); err != nil || n != 4 {
		t.Errorf("%d lines exported, %v: %s", n, err, read(t, target))
	}
	if !strings.HasPrefix(read(t, b.Path()), "\n") {
		t.Error("a line after a torn one does not begin on its own")
	}
}

func TestNotifyIsCoalesced(t *testing.T) {
	b, log := open(t, t.TempDir())
	called := make(chan time.Time, 100)
	cancel := b.Notify(func() { called <- time.Now() })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				log.Info("x")
			}
		})
	}
	wg.Wait()
	first := <-called
	log.Info("y")
	if gap := (<-called).Sub(first); gap < notifyEvery/2 {
		t.Errorf("called again after %s", gap)
	}
	cancel()
	cancel()
	log.Info("z")
	time.Sleep(notifyEvery + 50*time.Millisecond)
	if n := len(called); n > 0 {
		t.Errorf("%d more calls", n)
	}
}

func TestRecordsAfterCloseAreDropped(t *testing.T) {
	b, log := open(t, t.TempDir())
	path := b.Path()
	if err := errors.Join(b.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
	log.Info("late")
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("written after close: %v", err)
	}
}
