package logbook

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"deskwatch/core"
)

const (
	timeFormat = "2006-01-02T15:04:05.000Z"
	maxText    = 16 << 10 // bytes of one line's text
)

// levels from the least to the most important.
var levels = []string{"DEBUG", "INFO", "WARN", "ERROR"}

func levelName(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return "DEBUG"
	case l < slog.LevelWarn:
		return "INFO"
	case l < slog.LevelError:
		return "WARN"
	}
	return "ERROR"
}

// line is how a line stands in the file.
func line(l core.LogLine) string {
	return l.Time.UTC().Format(timeFormat) + " " + l.Level + " " + l.Where + " " + l.Text
}

// parse reads a line of the file. A line that is none of ours comes back as text alone.
func parse(text string) core.LogLine {
	p := strings.SplitN(text, " ", 4)
	if len(p) == 4 {
		if at, err := time.Parse(timeFormat, p[0]); err == nil {
			return core.LogLine{Time: at, Level: p[1], Where: p[2], Text: p[3]}
		}
	}
	return core.LogLine{Text: printable(text)}
}

// printable escapes what could break the line, or hide or reorder parts of it: control and
// format characters, line separators, broken UTF-8.
func printable(s string) string {
	if !strings.ContainsFunc(s, unprintable) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unprintable(r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// attr is one attribute as it stands in a line, a blank before it.
func attr(key, value string) string {
	if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r == ' ' || r == '=' || r == '"' || unprintable(r) }) || !utf8.ValidString(value) {
		value = strconv.Quote(value)
	}
	return " " + strings.ReplaceAll(printable(key), " ", "_") + "=" + value
}

// attrs writes an attribute, and the members of a group each under its own dotted name.
func attrs(b *strings.Builder, prefix string, a slog.Attr) {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, m := range v.Group() {
			attrs(b, prefix, m)
		}
		return
	}
	if a.Key != "" {
		b.WriteString(attr(prefix+a.Key, valueText(v)))
	}
}

// valueText never prints a struct with fmt: that would show the unexported fields, a
// core.Secret's among them.
func valueText(v slog.Value) string {
	switch v.Kind() {
	case slog.KindTime:
		return v.Time().UTC().Format(time.RFC3339Nano)
	case slog.KindAny:
	default:
		return v.String()
	}
	switch x := v.Any().(type) {
	case nil:
		return "<nil>"
	case error:
		return x.Error()
	case fmt.Stringer:
		return x.String()
	}
	text, err := json.Marshal(v.Any())
	if err != nil {
		return fmt.Sprintf("<%T>", v.Any())
	}
	return string(text)
}

// cut bounds the text of one line, at a whole character.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
