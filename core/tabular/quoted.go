package tabular

import "bytes"

// quoted parses the record at the beginning of data, which has quotes, into scratch and
// ends. taken is how many bytes it took, lines how many physical lines; ok is false when
// the record goes on beyond data and there is more to read.
//
// A quote opens a cell only as its first character, and closes it only before a delimiter or
// the end of the line (blanks between are dropped); any other quote is text. A quote that
// does not close within the bounds is text as well, and the record ends with its line.
func (s *scanner) quoted(data []byte) (taken, lines int, ok bool) {
	taken, odd, ok := s.parse(data, false)
	if !ok {
		return 0, 0, false
	}
	lines = s.countLines(data[:taken])
	if lines > 1 && (odd || s.width > 0 && len(s.ends) != s.width) {
		// Several lines were joined, and it does not look right: perhaps the quote should have
		// closed on its own line. That reading wins when it gives just the expected cells.
		if first := s.alone(data); first >= 0 {
			s.oddities++
			return first, 1, true
		}
		taken, _, _ = s.parse(data, false)
	}
	if odd {
		s.oddities++
	}
	return taken, lines, true
}

// alone parses the first line of data by itself and returns its length, or -1 when that does
// not give the expected number of cells.
func (s *scanner) alone(data []byte) int {
	if s.width < 2 {
		return -1
	}
	end := lineEnd(data, 0, s.d.newline)
	s.parse(data[:end], true)
	if len(s.ends) != s.width {
		return -1
	}
	return min(end+1, len(data))
}

// countLines counts the physical lines of one record.
func (s *scanner) countLines(record []byte) int {
	n := bytes.Count(record, []byte{s.d.newline})
	if len(record) == 0 || record[len(record)-1] != s.d.newline {
		n++
	}
	return n
}

func lineEnd(data []byte, from int, newline byte) int {
	if i := bytes.IndexByte(data[from:], newline); i >= 0 {
		return from + i
	}
	return len(data)
}

// parse does the work of quoted. With oneLine, data is a single line and all there is.
func (s *scanner) parse(data []byte, oneLine bool) (taken int, odd, ok bool) {
	s.scratch, s.ends = s.scratch[:0], s.ends[:0]
	complete := s.eof || oneLine
	end := lineEnd(data, 0, s.d.newline) // of the physical line p is on
	if end == len(data) && !complete {
		return 0, false, false
	}
	bounded := oneLine // quotes have to close on this line
	p := 0
	for {
		literal := true
		if p < end && data[p] == s.d.quote {
			limit := data
			if bounded {
				limit = data[:end]
			}
			mark := len(s.scratch)
			next, strange, state := s.quotedCell(limit, p+1, complete || bounded)
			switch state {
			case cellMore:
				return 0, false, false
			case cellClosed:
				odd = odd || strange
				literal = false
				p = next
				if p > end {
					end = lineEnd(data, p, s.d.newline)
					if end == len(data) && !complete {
						return 0, false, false
					}
				}
			case cellOpen:
				s.scratch = s.scratch[:mark]
				odd, bounded = true, true
				s.unclosed++
			}
		}
		if literal {
			stop := end
			if i := bytes.IndexByte(data[p:end], s.d.delimiter); i >= 0 && len(s.ends) < maxCells-1 {
				stop = p + i
			}
			text := data[p:stop]
			if stop == end {
				text = trimReturn(text)
			}
			s.scratch = append(s.scratch, text...)
			p = stop
		}
		s.ends = append(s.ends, len(s.scratch))
		if p >= end {
			return min(end+1, len(data)), odd, true
		}
		p++ // the delimiter
		if s.d.padded && p < end && data[p] == ' ' {
			p++
		}
	}
}

// cellState is how the reading of a quoted cell ended.
type cellState uint8

const (
	cellClosed cellState = iota
	cellOpen             // the quote does not close
	cellMore             // more text is needed to tell
)

// quotedCell appends the text of the cell whose content begins at p to scratch. next is the
// delimiter or line end behind the cell; strange tells of quotes that had to be taken as text.
func (s *scanner) quotedCell(data []byte, p int, complete bool) (next int, strange bool, state cellState) {
	start, q := p, p
	limit := maxField
	if s.wasted > wasteBudget {
		limit = shortField
	}
	for {
		k := bytes.IndexByte(data[q:], s.d.quote)
		if s.beyond(data, start, q, k, limit) {
			s.wasted += min(len(data)-start, limit)
			return 0, false, cellOpen
		}
		if k < 0 {
			if !complete {
				return 0, false, cellMore
			}
			s.wasted += len(data) - start
			return 0, false, cellOpen
		}
		k += q
		if s.d.escape == escapeBackslash && oddBackslashes(data[start:k]) {
			s.appendText(data[q : k-1])
			s.scratch = append(s.scratch, s.d.quote)
			q = k + 1
			continue
		}
		if k+1 >= len(data) && !complete {
			return 0, false, cellMore
		}
		if s.d.escape != escapeNone && k+1 < len(data) && data[k+1] == s.d.quote {
			s.appendText(data[q : k+1])
			q = k + 2
			continue
		}
		after, closes, more := s.closes(data, k+1, complete)
		if more {
			return 0, false, cellMore
		}
		s.appendText(data[q:k])
		if closes {
			return after, strange, cellClosed
		}
		s.scratch = append(s.scratch, s.d.quote)
		strange = true
		q = k + 1
	}
}

// beyond reports whether the text of a cell passed its bounds before the quote at q+k (k < 0: none in data).
func (s *scanner) beyond(data []byte, start, q, k, limit int) bool {
	stop := len(data)
	if k >= 0 {
		stop = q + k
	}
	size := stop - start
	if size > limit {
		return true
	}
	// As many line ends need as many bytes, and counting is repeated rarely enough this way.
	return size > maxLines && (k < 0 || stop-q > maxLines) && bytes.Count(data[start:stop], []byte{s.d.newline}) > maxLines
}

// closes reports whether a quote just before p closes its cell, and where the delimiter or line end is.
func (s *scanner) closes(data []byte, p int, complete bool) (after int, closes, more bool) {
	for i := p; ; i++ {
		if i >= len(data) {
			return len(data), complete, !complete
		}
		switch c := data[i]; {
		case c == s.d.delimiter, c == s.d.newline:
			return i, true, false
		case c == '\r' && i-p < 2, c == ' ' && i-p < 256:
		default:
			return 0, false, false
		}
	}
}

// appendText appends a piece of a quoted cell, undoing what the dialect did to it.
func (s *scanner) appendText(piece []byte) {
	from := len(s.scratch)
	s.scratch = append(s.scratch, piece...)
	switch {
	case s.d.escape == escapeBackslash && bytes.IndexByte(piece, '\\') >= 0:
		s.scratch = collapse(s.scratch, from, '\\')
	case s.d.pairs:
		s.scratch = collapse(s.scratch, from, '"')
	}
}

// collapse replaces each doubled c of b[from:] by one.
func collapse(b []byte, from int, c byte) []byte {
	w := from
	for r := from; r < len(b); r++ {
		b[w] = b[r]
		w++
		if b[r] == c && r+1 < len(b) && b[r+1] == c {
			r++
		}
	}
	return b[:w]
}

func oddBackslashes(b []byte) bool {
	n := 0
	for i := len(b) - 1; i >= 0 && b[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}
