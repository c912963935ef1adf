package source

import (
	"errors"
	"io"
)

// errTooLong ends the reading of JSON with a value that is longer than may be held.
var errTooLong = errors.New("a value is longer than 16 MiB")

// readAtOnce bounds how far a decoder reads ahead.
const readAtOnce = 64 << 10

// recordedReader hands bytes to a decoder, keeps those of the record at hand, so that a rejected
// one can be shown as it came, and stops one that is too long to be held.
type recordedReader struct {
	r        io.Reader
	progress func(int64)
	begin    int64  // offset of the record at hand
	base     int64  // offset of kept[0]
	kept     []byte // from base to what was handed out last
}

func newRecordedReader(r io.Reader, progress func(int64)) *recordedReader {
	return &recordedReader{r: r, progress: progress}
}

// mark says that what begins at offset is a new record, or part of one.
func (c *recordedReader) mark(offset int64) {
	c.begin = offset
	// Moved down only now and then: each time would copy what was read ahead for every record.
	if done := offset - c.base; done > readAtOnce {
		c.kept = c.kept[:copy(c.kept, c.kept[done:])]
		c.base = offset
	}
}

// since is what came from the last mark to offset. It lasts until the next mark.
func (c *recordedReader) since(offset int64) []byte {
	raw := c.kept[c.begin-c.base : offset-c.base]
	for len(raw) > 0 && (raw[0] == ',' || raw[0] == ':' || raw[0] <= ' ') { // the decoder stops before these
		raw = raw[1:]
	}
	return raw
}

func (c *recordedReader) Read(p []byte) (int, error) {
	end := c.base + int64(len(c.kept))
	if end-c.begin > maxValue {
		return 0, errTooLong
	}
	n, err := c.r.Read(p[:min(len(p), readAtOnce)])
	c.kept = append(c.kept, p[:n]...)
	if c.progress != nil && n > 0 {
		c.progress(end + int64(n))
	}
	return n, err
}
