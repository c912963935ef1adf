package logs

import (
	"context"
	"errors"
	"testing"

	"deskwatch/core"
	"deskwatch/ui/async"
)

type fakeDesk struct {
	lines    []core.LogLine
	queries  []core.LogQuery
	notify   func()
	exported core.LogQuery
	exportTo string
	err      error
}

func (d *fakeDesk) LogLines(q core.LogQuery) []core.LogLine {
	d.queries = append(d.queries, q)
	var out []core.LogLine
	for _, l := range d.lines {
		if l.Seq > q.After {
			out = append(out, l)
		}
	}
	return out
}
func (d *fakeDesk) LogNotify(f func()) func() { d.notify = f; return func() { d.notify = nil } }
func (d *fakeDesk) ExportLog(_ context.Context, path string, q core.LogQuery) (int, error) {
	d.exported, d.exportTo = q, path
	return len(d.lines), d.err
}
func (d *fakeDesk) LogPath() string { return "" }

type fakeView struct {
	lines    []core.LogLine
	filtered bool
	waiting  int
	exported int
	err      error
}

func (v *fakeView) showLines(l []core.LogLine, f bool)    { v.lines, v.filtered = l, f }
func (v *fakeView) showWaiting(n int)                     { v.waiting = n }
func (v *fakeView) showExport(n int, _ string, err error) { v.exported, v.err = n, err }
func (d *fakeDesk) add(seq uint64)                        { d.lines = append(d.lines, core.LogLine{Seq: seq}) }
func started() (*fakeDesk, *fakeView, *presenter)         { return startedWith(&fakeDesk{}) }
func startedWith(d *fakeDesk) (*fakeDesk, *fakeView, *presenter) {
	v := &fakeView{}
	p := newPresenter(d, async.Inline{})
	d.add(1)
	p.start(v)
	return d, v, p
}

func TestNewLinesAreShownAsTheyCome(t *testing.T) {
	d, v, p := started()
	defer p.close()
	d.add(2)
	d.notify()
	if len(v.lines) != 2 {
		t.Fatalf("%d lines shown, want 2", len(v.lines))
	}
}

func TestPauseKeepsTheLinesAndCountsTheNewOnes(t *testing.T) {
	d, v, p := started()
	defer p.close()
	p.setPaused(true)
	d.add(2)
	d.add(3)
	p.arrived()
	if len(v.lines) != 1 || v.waiting != 2 {
		t.Fatalf("paused: %d lines shown and %d waiting, want 1 and 2", len(v.lines), v.waiting)
	}
	p.setPaused(false)
	if len(v.lines) != 3 || v.waiting != 0 {
		t.Fatalf("resumed: %d lines shown and %d waiting, want 3 and 0", len(v.lines), v.waiting)
	}
}

func TestFilterIsPutToTheLogOnce(t *testing.T) {
	d, v, p := started()
	defer p.close()
	before := len(d.queries)
	p.setFilter("WARN", "  disk ")
	p.setFilter("WARN", "disk")
	q := d.queries[len(d.queries)-1]
	if len(d.queries) != before+1 || q.MinLevel != "WARN" || q.Text != "disk" || !v.filtered {
		t.Fatalf("%d queries, the last %+v", len(d.queries)-before, q)
	}
}

func TestExportWritesWhatTheFilterShows(t *testing.T) {
	d, v, p := started()
	defer p.close()
	d.err = errors.New("full")
	p.setFilter("ERROR", "mail")
	done := false
	p.export("/x/log.txt", func() { done = true })
	if d.exported.MinLevel != "ERROR" || d.exported.Text != "mail" || d.exported.Limit != 0 || d.exportTo != "/x/log.txt" {
		t.Errorf("exported %+v to %s", d.exported, d.exportTo)
	}
	if !done || v.err == nil {
		t.Error("the end of the export was not told")
	}
}

func TestClosedTabShowsNothingMore(t *testing.T) {
	d, v, p := started()
	p.close()
	d.add(2)
	p.arrived()
	if d.notify != nil || len(v.lines) != 1 {
		t.Error("the log is still followed after close")
	}
}
