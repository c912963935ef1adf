package tabular

import (
	"fmt"
	"slices"
	"strings"
)

// layout says where the table begins within the records of a file's head.
type layout struct {
	header []string // names as they are in the file; nil without a header
	line   int      // physical line of the header, 0 without one
	first  int      // index of the first data record
	width  int      // cells a record usually has
}

// findLayout tells lines above the table, header lines and data apart.
func findLayout(records []rawRecord) layout {
	width, used := tableWidth(records)
	start := findStart(records, width, used)
	if !isHeader(records, start) {
		return layout{first: start, width: width}
	}
	header := slices.Clone(records[start].Cells)
	next := start + 1
	for next < len(records) && next <= start+2 && continuesHeader(records, start, next) {
		header = joinHeader(header, records[next].Cells)
		next++
	}
	return layout{header: header, line: records[start].Line, first: next, width: width}
}

// tableWidth returns the usual number of cells and, of those, how many are ever used:
// delimiters at the end of every line make an empty last column.
func tableWidth(records []rawRecord) (width, used int) {
	if len(records) == 0 {
		return 0, 0
	}
	widths := make([]int, len(records))
	for i, r := range records {
		widths[i] = len(r.Cells)
	}
	width, _, _ = usualWidth(widths)
	for _, r := range records {
		if len(r.Cells) != width {
			continue
		}
		for i := width; i > used; i-- {
			if strings.TrimSpace(r.Cells[i-1]) != "" {
				used = i
				break
			}
		}
	}
	return width, used
}

// findStart returns the first record that fills the table's width: more than half of its
// cells hold something.
func findStart(records []rawRecord, width, used int) int {
	for i := 0; i < len(records) && i < maxPreamble; i++ {
		cells := records[i].Cells
		if len(cells) >= min(used, width) && 2*filled(cells) > used {
			return i
		}
		// A header may name fewer columns than the rows below it have.
		if i+1 < len(records) && len(cells) > 1 && 2*filled(cells) > used && len(cells) == filled(cells) &&
			len(records[i+1].Cells) == width && isHeader(records, i) && !isHeader(records, i+1) {
			return i
		}
	}
	return 0
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// isHeader decides whether record at is a header: its cells are words where the rows below
// hold numbers, dates or addresses. Without such columns it is one unless its values come
// again below, or it holds such a value itself.
func isHeader(records []rawRecord, at int) bool {
	if at >= len(records) {
		return false
	}
	cells := records[at].Cells
	below := records[at+1 : min(at+101, len(records))]
	pro, con, typed := 0, 0, 0
	for i, cell := range cells {
		kind := kindOf(cell)
		if kind == kindDate || kind == kindEmail || kind == kindNumber {
			typed++
		}
		columnKind := usualKind(below, i)
		if columnKind == kindText || columnKind == kindEmpty {
			continue
		}
		switch kind {
		case columnKind:
			con++
		case kindText:
			pro++
		}
	}
	if pro != con {
		return pro > con
	}
	if typed > 0 {
		return false
	}
	return !repeats(cells, below)
}

// usualKind is what four of five cells of a column hold, or kindText.
func usualKind(records []rawRecord, column int) cellKind {
	var counts [kindEmail + 1]int
	all := 0
	for _, r := range records {
		if column < len(r.Cells) {
			if k := kindOf(r.Cells[column]); k != kindEmpty {
				counts[k]++
				all++
			}
		}
	}
	if all == 0 {
		return kindEmpty
	}
	for k, n := range counts {
		if n*5 >= all*4 {
			return cellKind(k)
		}
	}
	return kindText
}

// repeats reports whether cells hold a value twice, or a value that occurs again in its column.
func repeats(cells []string, below []rawRecord) bool {
	seen := map[string]bool{}
	for i, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		if seen[c] {
			return true
		}
		seen[c] = true
		for _, r := range below {
			if i < len(r.Cells) && strings.TrimSpace(r.Cells[i]) == c && !sameCells(r.Cells, cells) {
				return true
			}
		}
	}
	return false
}

// continuesHeader reports whether record at belongs to the header begun at start: it
// repeats it, or it is all words while at least two columns below are numbers or dates.
func continuesHeader(records []rawRecord, start, at int) bool {
	cells := records[at].Cells
	if sameCells(cells, records[start].Cells) {
		return true
	}
	if at+1 >= len(records) || len(cells) != len(records[start].Cells) || filled(cells) != len(cells) {
		return false
	}
	below := records[at+1 : min(at+101, len(records))]
	typed := 0
	for i, cell := range cells {
		if kindOf(cell) != kindText || strings.ContainsAny(cell, "0123456789") {
			return false
		}
		if k := usualKind(below, i); k == kindNumber || k == kindDate {
			typed++
		}
	}
	return typed >= 2 && len(below) >= 2
}

// joinHeader joins the names of two header lines; a name both have stands once.
func joinHeader(a, b []string) []string {
	joined := make([]string, max(len(a), len(b)))
	for i := range joined {
		var parts []string
		for _, line := range [][]string{a, b} {
			if i < len(line) {
				if p := strings.TrimSpace(line[i]); p != "" && !slices.Contains(parts, p) {
					parts = append(parts, p)
				}
			}
		}
		joined[i] = strings.Join(parts, " ")
	}
	return joined
}

func sameCells(a, b []string) bool { return slices.Equal(a, b) }

// usableHeader gives every column a name of its own: blanks around are dropped, a column
// without a name becomes "column 3", a repeated name "Price (2)".
func usableHeader(raw []string, width int) []string {
	names := make([]string, max(len(raw), width))
	taken := map[string]bool{}
	for i := range raw {
		names[i] = strings.Join(strings.Fields(strings.TrimPrefix(raw[i], bomUTF8)), " ")
		if names[i] != "" && taken[names[i]] {
			names[i] = numbered(names[i], taken, raw)
		}
		if names[i] != "" {
			taken[names[i]] = true
		}
	}
	for i, n := range names {
		if n != "" {
			continue
		}
		names[i] = fmt.Sprintf("column %d", i+1)
		if taken[names[i]] {
			names[i] = numbered(names[i], taken, raw)
		}
		taken[names[i]] = true
	}
	return names
}

// numbered returns the first of "name (2)", "name (3)", … that nothing else is called.
func numbered(name string, taken map[string]bool, raw []string) string {
	for n := 2; ; n++ {
		if c := fmt.Sprintf("%s (%d)", name, n); !taken[c] && !slices.Contains(raw, c) {
			return c
		}
	}
}
