package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

// clock is the desk's clock in the tests. It stands still unless it is moved, but for a
// millisecond at each look, so that nothing has the time of something else.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2023, 7, 3, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// desk is an App on a data folder of its own, or on one it shares.
type desk struct {
	*App
	clock *clock
	dir   string
	keys  string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Setenv(forceFileVault, "file")
	d := &desk{clock: newClock(), dir: t.TempDir(), keys: t.TempDir()}
	d.App = d.open(t)
	return d
}

// open opens the data folder once more, as another process would.
func (d *desk) open(t *testing.T) *App {
	t.Helper()
	a, err := New(t.Context(), Config{DataDir: d.dir, KeyDir: d.keys, Program: "test", Now: d.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	// Tests that do not care how soon see everything soon.
	a.retryLock, a.lookAtImport, a.seat.lookEvery = 10*time.Millisecond, 10*time.Millisecond, 10*time.Millisecond
	t.Cleanup(func() {
		if err := a.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return a
}

// orders writes an orders file. A line is "id customer day status".
func (d *desk) orders(t *testing.T, lines ...string) string {
	t.Helper()
	return writeFile(t, "orders.csv", "order_id,customer_id,date,status\n"+
		strings.ReplaceAll(strings.Join(lines, "\n"), " ", ",")+"\n")
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// troubled are n cancelled orders of a customer in a month ("2023-05").
func troubled(customer, month string, n int) (lines []string) {
	for i := range n {
		lines = append(lines, fmt.Sprintf("%s-%s-%d %s %s-%02d cancelled", customer, month, i, customer, month, i+1))
	}
	return lines
}

func (d *desk) imports(t *testing.T, lines ...string) core.ImportResult {
	t.Helper()
	return importInto(t, d.App, d.orders(t, lines...))
}

func importInto(t *testing.T, a *App, path string) core.ImportResult {
	t.Helper()
	res, err := a.Import(t.Context(), core.ImportRequest{Path: path}, new(core.Progress))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// check runs all rules and compares what was queued and skipped, written as "baseline:1".
func (d *desk) check(t *testing.T, req core.CheckRequest, queued int, skipped string) core.CheckResult {
	t.Helper()
	res, err := d.RunCheck(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(res.Skipped), "map["), "]")
	if res.Queued != queued || got != skipped {
		t.Fatalf("queued %d, skipped %q; want %d, %q", res.Queued, got, queued, skipped)
	}
	return res
}

// rule is the only rule there is.
func (d *desk) rule(t *testing.T) core.Rule {
	t.Helper()
	rules, err := d.Rules(t.Context())
	if err != nil || len(rules) != 1 {
		t.Fatal(rules, err)
	}
	return rules[0]
}

func (d *desk) saveRule(t *testing.T, change func(*core.Rule)) core.Rule {
	t.Helper()
	r := d.rule(t)
	change(&r)
	r, err := d.SaveRule(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (d *desk) orderCount(t *testing.T) int64 {
	t.Helper()
	counts, err := d.book.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counts.Orders
}

func (d *desk) deliveries(t *testing.T) []core.Delivery {
	t.Helper()
	list, err := d.Deliveries(t.Context(), core.DeliveryQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// files lists the files of a folder and those below it, by their paths in it.
func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			path, err = filepath.Rel(dir, path)
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// eventually waits for what other goroutines bring about.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !happened(); {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// wantError fails unless err has the code and says one of its words to people.
func wantError(t *testing.T, err error, code core.Code, words string) {
	t.Helper()
	message := core.ErrorMessage(err)
	if core.ErrorCode(err) != code || !strings.Contains(message, words) || strings.Contains(message, "\n") {
		t.Fatalf("got %q %v; want %q with %q", core.ErrorCode(err), err, code, words)
	}
}
