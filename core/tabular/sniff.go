package tabular

import (
	"bytes"
	"strings"

	"deskwatch/core"
)

// The part of a file's beginning the dialect is judged by.
const (
	sniffBytes   = 256 << 10
	sniffRecords = 300
	maxPreamble  = 60 // records above the header
)

// candidates are the delimiters tried, the likelier ones first.
var candidates = [...]byte{',', ';', '\t', '|', ' '}

// findDialect chooses how text, the beginning of a file, is written. truncated says that
// more follows. told is the delimiter the user gave, 0 for none.
func findDialect(text []byte, truncated bool, latin bool, told byte) dialect {
	newline := findNewline(text)
	text, truncated = sniffPart(text, truncated, newline)
	best := dialect{delimiter: ',', quote: '"', newline: newline}
	bestScore := -1.0
	tried := candidates[:]
	if told != 0 {
		tried = []byte{told}
	}
	for _, c := range tried {
		d := dialect{delimiter: c, newline: newline, padded: isPadded(text, c, newline)}
		if d, score := bestQuoting(text, truncated, latin, d); score > bestScore+1e-9 {
			best, bestScore = d, score
		}
	}
	best.pairs = best.quote == '\'' && onlyPairs(text, '"')
	return best
}

// findNewline returns '\r' for files whose lines end in CR alone, as old Macs wrote them.
func findNewline(text []byte) byte {
	lf := bytes.Count(text, []byte{'\n'})
	cr := bytes.Count(text, []byte{'\r'}) - bytes.Count(text, []byte("\r\n"))
	// A CR at the very end of a part may have lost its LF.
	if lf == 0 && cr == 1 && text[len(text)-1] == '\r' {
		return '\n'
	}
	if cr > 2*lf {
		return '\r'
	}
	return '\n'
}

// sniffPart cuts text to whole lines within the bound.
func sniffPart(text []byte, truncated bool, newline byte) ([]byte, bool) {
	if len(text) > sniffBytes {
		text, truncated = text[:sniffBytes], true
	}
	if truncated {
		if i := bytes.LastIndexByte(text, newline); i > 0 {
			text = text[:i+1]
		}
	}
	return text, truncated
}

// bestQuoting tries the quote characters and escape styles there is evidence for.
func bestQuoting(text []byte, truncated, latin bool, d dialect) (dialect, float64) {
	d.quote, d.escape = '"', escapeDoubled
	best, bestScore := bestEscape(text, truncated, latin, d)
	if opensCells(text, d.delimiter, '\'') {
		d.quote = '\''
		if other, score := bestEscape(text, truncated, latin, d); score > bestScore+0.01 {
			best, bestScore = other, score
		}
	}
	return best, bestScore
}

func bestEscape(text []byte, truncated, latin bool, d dialect) (dialect, float64) {
	best, bestScore := d, -1.0
	for _, e := range [...]escapeStyle{escapeDoubled, escapeBackslash, escapeNone} {
		escapes := bytes.Count(text, []byte{'\\', d.quote})
		if e == escapeBackslash && escapes == 0 || e == escapeNone && bytes.IndexByte(text, d.quote) < 0 {
			continue
		}
		d.escape = e
		score, oddities := judge(text, truncated, latin, d)
		// Who escapes with a backslash escapes every quote.
		if score > bestScore+1e-6 && (e != escapeBackslash || escapes >= oddities) {
			best, bestScore = d, score
		}
	}
	return best, bestScore
}

// opensCells reports whether quote stands at both sides of some cell.
func opensCells(text []byte, delimiter, quote byte) bool {
	return bytes.Contains(text, []byte{delimiter, quote}) || bytes.Contains(text, []byte{delimiter, ' ', quote}) ||
		len(text) > 0 && text[0] == quote || bytes.Contains(text, []byte{'\n', quote})
}

// judge scores a dialect from 0 to 1: how many records have the same number of cells, how
// many cells make sense by themselves, and a little for more columns. oddities are the records
// whose quotes do not follow it.
func judge(text []byte, truncated, latin bool, d dialect) (score float64, oddities int) {
	s := scanBytes(text, d, latin)
	widths := make([]int, 0, sniffRecords)
	var cells, sound, spilled int
	for len(widths) < sniffRecords {
		lineBefore := s.line
		rec, err := s.next()
		if err != nil {
			break
		}
		if truncated && s.r == s.w && len(widths) > 1 && s.line-lineBefore > 1 {
			break // the last record of a part may have lost its end
		}
		if s.line-rec.Line > 50 {
			spilled++
		}
		widths = append(widths, len(rec.Cells))
		for _, cell := range rec.Cells {
			if cell = strings.TrimSpace(cell); cell != "" {
				cells++
				if isSound(cell, d.delimiter) {
					sound++
				}
			}
		}
	}
	if len(widths) == 0 || cells == 0 {
		return 0, s.oddities
	}
	width, same, from := usualWidth(widths)
	if width < 2 {
		// One column: what is left when nothing separates the cells.
		return 0.05 * float64(sound) / float64(cells), s.oddities
	}
	rest := float64(len(widths) - from)
	steady := float64(same) / rest
	score = steady * steady * (0.4 + 0.6*float64(sound)/float64(cells)) * (1 - 0.5/float64(width))
	score *= 1 - 0.3*float64(min(s.oddities+s.unclosed+spilled, len(widths)))/float64(len(widths))
	if d.delimiter == ' ' {
		if width < 3 || widths[from] != width {
			return 0, s.oddities
		}
		score *= 0.5
	}
	return score, s.oddities
}

// usualWidth returns the most frequent width from two cells up (the first seen among
// equals), how many records have it, and where it first occurs within a preamble's reach.
func usualWidth(widths []int) (width, count, from int) {
	counts := map[int]int{}
	for _, w := range widths {
		counts[w]++
	}
	width = widths[0]
	for _, w := range widths {
		if c := counts[w]; w > 1 && (width < 2 || c > counts[width]) {
			width = w
		}
	}
	// A lone line that happens to hold a delimiter does not make a column of words a table.
	if ones := counts[1]; width > 1 && ones > 3 && counts[width]*10 < ones {
		width = 1
	}
	for i, w := range widths {
		if w == width {
			from = min(i, maxPreamble)
			break
		}
	}
	return width, counts[width], from
}

// isSound reports whether a cell looks like one value: no other delimiter in it, no quotes around it.
func isSound(cell string, delimiter byte) bool {
	if c := cell[0]; c == '"' || c == '\'' && len(cell) > 1 && cell[len(cell)-1] == '\'' {
		return false
	}
	for _, c := range candidates[1:4] {
		if c != delimiter && strings.IndexByte(cell, c) >= 0 {
			return false
		}
	}
	if delimiter != ',' && strings.IndexByte(cell, ',') >= 0 {
		return kindOf(cell) != kindText || strings.Contains(cell, ", ")
	}
	return true
}

// isPadded reports whether nearly every delimiter is followed by one blank.
func isPadded(text []byte, delimiter, newline byte) bool {
	return delimiter != ' ' && delimiter != '\t' && bytes.Contains(text, []byte{delimiter, ' '}) &&
		paddedShare(text, dialect{delimiter: delimiter, quote: '"', newline: newline}) >= 0.9
}

// paddedShare looks at the delimiters outside quotes, line by line.
func paddedShare(text []byte, d dialect) float64 {
	var all, padded int
	for n := 0; n < sniffRecords && len(text) > 0; n++ {
		end := lineEnd(text, 0, d.newline)
		inside := false
		for i, c := range text[:end] {
			switch {
			case c == d.quote && (inside || i == 0 || text[i-1] == d.delimiter || text[i-1] == ' '):
				inside = !inside
			case c == d.delimiter && !inside:
				all++
				if i+1 < end && text[i+1] == ' ' {
					padded++
				} else if i+1 == end || text[i+1] == '\r' {
					all--
				}
			}
		}
		text = text[min(end+1, len(text)):]
	}
	if all == 0 {
		return 0
	}
	return float64(padded) / float64(all)
}

// onlyPairs reports whether c occurs, and always doubled.
func onlyPairs(text []byte, c byte) bool {
	all, pairs := bytes.Count(text, []byte{c}), bytes.Count(text, []byte{c, c})
	return all > 0 && all == 2*pairs
}

// separatorLine reads the first line "sep=;" that Excel writes and obeys. length is that of
// the whole line with its end, 0 when there is none.
func separatorLine(text []byte) (delimiter byte, length int) {
	if len(text) < 6 || !strings.EqualFold(string(text[:4]), "sep=") {
		return 0, 0
	}
	c, ok, err := parseDelimiter(string(text[4:5]))
	if err != nil || !ok {
		return 0, 0
	}
	rest := text[5:]
	for i, b := range rest {
		if b == '\n' {
			return c, 5 + i + 1
		}
		if b != '\r' {
			if i > 0 && rest[0] == '\r' {
				return c, 5 + i
			}
			return 0, 0
		}
	}
	return 0, 0
}

// cellKind is a coarse look at what a cell holds.
type cellKind uint8

const (
	kindEmpty cellKind = iota
	kindText
	kindNumber
	kindDate
	kindEmail
)

// kindOf looks at one cell.
func kindOf(cell string) cellKind {
	cell = strings.TrimSpace(cell)
	switch {
	case cell == "":
		return kindEmpty
	case isEmail(cell):
		return kindEmail
	case looksLikeDate(cell, false):
		return kindDate
	}
	if _, ok := ParseAmount(cell); ok {
		return kindNumber
	}
	return kindText
}

func isEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || len(s) > 254 || strings.ContainsAny(s, " ,;<>()") {
		return false
	}
	host := s[at+1:]
	dot := strings.LastIndexByte(host, '.')
	return dot > 0 && dot < len(host)-1 && strings.IndexByte(host, '@') < 0
}

// rawRecord is a record of the beginning of a file with where it lies.
type rawRecord struct {
	core.Record
	nextLine int // physical line after it
	end      int // offset of text after it
}

// readHead returns copies of the first records of text.
func readHead(text []byte, d dialect, latin bool, limit int) []rawRecord {
	s := scanBytes(text, d, latin)
	var list []rawRecord
	for len(list) < limit {
		rec, err := s.next()
		if err != nil {
			break
		}
		rec.Cells = append([]string(nil), rec.Cells...)
		list = append(list, rawRecord{rec, s.line, s.r})
	}
	return list
}
