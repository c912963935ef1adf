// Package logbook keeps the program's log: a slog handler that writes one line per record
// (UTC time, level, function and line, message and attributes) into a rotating file and into
// memory, where the Logs tab reads it live.
package logbook

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"deskwatch/core"

	"github.com/gofrs/flock"
	"gopkg.in/natefinch/lumberjack.v2"
)

const (
	kept        = 5000 // lines in memory
	fileMiB     = 20
	backups     = 2
	maxFiles    = 8 // processes that can log to one folder at once
	notifyEvery = 100 * time.Millisecond
)

// Book is the log. Its methods may be called from several goroutines.
type Book struct {
	dir   string
	level slog.LevelVar

	mu      sync.Mutex
	file    *lumberjack.Logger // nil when every name is taken, and after Close
	lock    *flock.Flock
	failing bool
	ring    []entry // entry of Seq s is at (s-1) % kept
	last    uint64  // Seq of the newest line
	watch   map[*watcher]struct{}
	closed  bool
}

type entry struct {
	core.LogLine
	inFile bool
}

type watcher struct {
	call    func()
	timer   *time.Timer
	pending bool
}

// Open begins a log in the folder dir, which is made when missing; level is "debug", "info",
// "warn" or "error".
//
// Several processes may log to one folder, but a rotating file has one writer only. The first
// one writes deskwatch.log, the next one deskwatch-2.log, and so on; a process that ends gives
// its name back. Beyond eight a process keeps its lines in memory only.
func Open(dir, level string) (*Book, error) {
	b := &Book{dir: dir, watch: map[*watcher]struct{}{}}
	if err := b.SetLevel(level); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, core.NewError(core.CodeDenied, "logbook.open", fmt.Sprintf("The log folder %s cannot be made. Check that you may write there.", dir), err)
	}
	for i := 1; i <= maxFiles; i++ {
		name := filepath.Join(dir, "deskwatch.log")
		if i > 1 {
			name = filepath.Join(dir, fmt.Sprintf("deskwatch-%d.log", i))
		}
		lock := flock.New(name + ".lock")
		ok, err := lock.TryLock()
		if err != nil {
			return nil, core.NewError(core.CodeDenied, "logbook.open", fmt.Sprintf("The log %s cannot be written. Check that you may write there.", name), err)
		}
		if ok {
			b.lock = lock
			// lumberjack starts one goroutine to remove old files, and never ends it.
			b.file = &lumberjack.Logger{Filename: name, MaxSize: fileMiB, MaxBackups: backups}
			break
		}
	}
	return b, nil
}

// Path is the file this process logs to, "" when it logs to memory only.
func (b *Book) Path() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return ""
	}
	return b.file.Filename
}

// SetLevel leaves out records below level from now on.
func (b *Book) SetLevel(level string) error {
	i := slices.Index(levels, strings.ToUpper(level))
	if i < 0 {
		return core.NewError(core.CodeInvalid, "logbook.level", fmt.Sprintf("%q is not a log level. Use one of: debug, info, warn, error.", level), nil)
	}
	b.level.Set(slog.Level(4*i) + slog.LevelDebug)
	return nil
}

// Close ends the file and the notifications. Records that come later are dropped.
func (b *Book) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	for w := range b.watch {
		b.forget(w)
	}
	if b.file == nil {
		return nil
	}
	err := b.file.Close()
	b.file = nil
	if unlock := b.lock.Unlock(); err == nil {
		err = unlock
	}
	if err != nil {
		return core.NewError(core.CodeUnavailable, "logbook.close", "The log file could not be closed. Its last lines may be missing.", err)
	}
	return nil
}

// add keeps a line and writes it to the file. A file that cannot be written (full disk) costs
// its lines only: they stay in memory, and writing is tried again with the next line.
func (b *Book) add(l core.LogLine) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	err := b.write(l)
	b.keep(l, b.file != nil && err == nil)
	if err != nil && !b.failing {
		b.keep(core.LogLine{Time: l.Time, Level: "ERROR", Where: "logbook", Text: "the log file cannot be written, lines are kept in memory only" + attr("err", err.Error())}, false)
	}
	b.failing = err != nil
	for w := range b.watch {
		if !w.pending {
			w.pending = true
			w.timer.Reset(notifyEvery)
		}
	}
}

func (b *Book) write(l core.LogLine) error {
	if b.file == nil {
		return nil
	}
	text := line(l) + "\n"
	if b.failing {
		text = "\n" + text // the line before may be torn
	}
	_, err := b.file.Write([]byte(text))
	return err
}

func (b *Book) keep(l core.LogLine, inFile bool) {
	b.last++
	l.Seq = b.last
	e := entry{l, inFile}
	if len(b.ring) < kept {
		b.ring = append(b.ring, e)
	} else {
		b.ring[(l.Seq-1)%kept] = e
	}
}

// Lines answers from memory.
func (b *Book) Lines(q core.LogQuery) []core.LogLine {
	limit := q.Limit
	if limit == 0 {
		limit = 1000
	}
	limit = min(max(limit, 1), 10_000)
	wanted := filter(q)
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []core.LogLine
	for i := range uint64(len(b.ring)) {
		e := b.ring[(b.last-i-1)%kept]
		if e.Seq <= q.After || len(list) == limit {
			break
		}
		if wanted(e.LogLine) {
			list = append(list, e.LogLine)
		}
	}
	slices.Reverse(list)
	return list
}

// Notify calls f, on a goroutine of its own, after lines were added, at most ten times a
// second. A call that is under way when cancel is called may still end after it. f should not
// log: that would be a reason to call it again.
func (b *Book) Notify(f func()) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &watcher{call: f}
	w.timer = time.AfterFunc(time.Hour, func() { b.tell(w) })
	w.timer.Stop()
	if !b.closed {
		b.watch[w] = struct{}{}
	}
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.forget(w)
	}
}

func (b *Book) tell(w *watcher) {
	b.mu.Lock()
	_, wanted := b.watch[w]
	w.pending = false
	b.mu.Unlock()
	if wanted {
		w.call()
	}
}

func (b *Book) forget(w *watcher) {
	w.timer.Stop()
	delete(b.watch, w)
}

// filter is the part of a query that looks at one line.
func filter(q core.LogQuery) func(core.LogLine) bool {
	low := slices.Index(levels, strings.ToUpper(q.MinLevel)) // -1: all
	text := strings.ToLower(q.Text)
	return func(l core.LogLine) bool {
		return slices.Index(levels, l.Level) >= low &&
			(text == "" || strings.Contains(strings.ToLower(l.Text), text) || strings.Contains(strings.ToLower(l.Where), text))
	}
}
