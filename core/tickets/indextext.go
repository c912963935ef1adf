package tickets

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// bitset has a bit for every ticket, by number.
type bitset []uint64

func (b bitset) with(no uint32) bitset {
	for int(no>>6) >= len(b) {
		b = append(b, make([]uint64, maskWords)...)
	}
	b[no>>6] |= 1 << (no & 63)
	return b
}

func (b bitset) has(no uint32) bool {
	w := int(no >> 6)
	return w < len(b) && b[w]>>(no&63)&1 == 1
}

// chunk copies the bits of a chunk's tickets.
func (b bitset) chunk(n int, out *mask) {
	if from := n * maskWords; from < len(b) {
		copy(out[:], b[from:])
	}
}

// textMatches remembers which tickets the words searched for lately are in, so that only the
// word being typed is looked up.
type textMatches struct {
	pool Pool

	mu      sync.Mutex
	age     int          // grows when a text may have changed
	entries []*textMatch // those used last are last
}

// textMatch is never changed.
type textMatch struct {
	match string
	bits  bitset
	upTo  uint32 // for the tickets with numbers up to this
}

// mostMatchBytes bounds what is remembered: 16 words of a million tickets.
const mostMatchBytes = 2 << 20

// forget drops what is remembered: the text of a ticket that was looked at may have changed. New
// tickets need it not.
func (t *textMatches) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.age++
	t.entries = nil
}

// of returns the tickets with numbers up to last that match. The bits belong to the cache.
func (t *textMatches) of(ctx context.Context, match string, last uint32) (bitset, error) {
	t.mu.Lock()
	age, known := t.age, &textMatch{match: match}
	if i := slices.IndexFunc(t.entries, func(e *textMatch) bool { return e.match == match }); i >= 0 {
		known = t.entries[i]
		t.entries = append(slices.Delete(t.entries, i, i+1), known)
	}
	t.mu.Unlock()
	if known.upTo >= last {
		return known.bits, nil
	}
	bits := make(bitset, (int(last)>>chunkBits+1)*maskWords)
	copy(bits, known.bits)
	if err := t.read(ctx, match, known.upTo, last, bits); err != nil {
		return nil, err
	}
	t.remember(age, &textMatch{match, bits, last})
	return bits, nil
}

// manyTickets are searched through in parts at the same time: a word that a third of a million
// tickets have takes SQLite a tenth of a second to list.
const (
	manyTickets = 200_000
	mostParts   = 4
)

// read sets the bits of the tickets above after and up to last that match.
func (t *textMatches) read(ctx context.Context, match string, after, last uint32, bits bitset) error {
	parts := 1
	if last-after > manyTickets {
		parts = min(runtime.GOMAXPROCS(0), mostParts)
	}
	// A part ends with a chunk, so that no two write to one word.
	size := ((last-after)/uint32(parts)>>chunkBits + 1) << chunkBits
	errs := make([]error, parts)
	var all sync.WaitGroup
	for i := range parts {
		from := after
		if i > 0 {
			from = (after>>chunkBits)<<chunkBits + uint32(i)*size - 1
		}
		to := min((after>>chunkBits)<<chunkBits+uint32(i+1)*size-1, last)
		if i == parts-1 {
			to = last
		}
		all.Go(func() { errs[i] = t.readPart(ctx, match, from, to, bits) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// readPart stops the pool when it has come behind the part.
func (t *textMatches) readPart(ctx context.Context, match string, from, to uint32, bits bitset) error {
	if from >= to {
		return nil
	}
	part, stop := context.WithCancel(ctx)
	defer stop()
	over := false
	err := t.pool.Match(part, match, from, func(no uint32) {
		if no > to {
			over = true
			stop()
			return
		}
		bits[no>>6] |= 1 << (no & 63)
	})
	if over && ctx.Err() == nil {
		return nil
	}
	return err
}

func (t *textMatches) remember(age int, m *textMatch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if age != t.age {
		return
	}
	t.entries = append(slices.DeleteFunc(t.entries, func(e *textMatch) bool { return e.match == m.match }), m)
	size := 0
	for _, e := range t.entries {
		size += len(e.bits) * 8
	}
	for size > mostMatchBytes && len(t.entries) > 1 {
		size -= len(t.entries[0].bits) * 8
		t.entries = slices.Delete(t.entries, 0, 1)
	}
}

// fullText is a value in the syntax of SQLite FTS5: one string, so that nothing in it is an
// operator (https://www.sqlite.org/fts5.html, "FTS5 Strings" and "FTS5 Prefix Queries").
func (v *queryValue) fullText() string {
	match := `"` + strings.ReplaceAll(v.text, `"`, `""`) + `"`
	if v.prefix {
		match += " *"
	}
	return match
}
