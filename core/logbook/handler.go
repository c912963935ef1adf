package logbook

import (
	"context"
	"log/slog"
	"runtime"
	"strconv"
	"strings"

	"deskwatch/core"
)

// Handler returns the slog handler that writes into the book. It never fails: a log that
// cannot be written must not break the program.
func (b *Book) Handler() slog.Handler { return handler{book: b} }

type handler struct {
	book   *Book
	before string // attributes given with WithAttrs, as they stand in a line
	prefix string // of WithGroup: "group."
}

func (h handler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.book.level.Level() }

func (h handler) Handle(_ context.Context, r slog.Record) error {
	var text strings.Builder
	text.WriteString(printable(r.Message))
	text.WriteString(h.before)
	r.Attrs(func(a slog.Attr) bool {
		attrs(&text, h.prefix, a)
		return text.Len() <= maxText
	})
	h.book.add(core.LogLine{Time: r.Time.UTC(), Level: levelName(r.Level), Where: where(r.PC), Text: cut(text.String())})
	return nil
}

func (h handler) WithAttrs(list []slog.Attr) slog.Handler {
	var text strings.Builder
	text.WriteString(h.before)
	for _, a := range list {
		attrs(&text, h.prefix, a)
	}
	h.before = text.String()
	return h
}

func (h handler) WithGroup(name string) slog.Handler {
	if name != "" {
		h.prefix += name + "."
	}
	return h
}

// where is the function and line of a record: "app.(*App).Import:57".
func where(pc uintptr) string {
	if pc == 0 {
		return "-"
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	name := f.Function[strings.LastIndexByte(f.Function, '/')+1:]
	return strings.ReplaceAll(name, " ", "_") + ":" + strconv.Itoa(f.Line)
}
