package app

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/maphash"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"deskwatch/core"
	"deskwatch/core/source"
)

const (
	// casesInMemory is how large a document may be whose cases are kept in memory; those of a
	// larger one are read from its file each time.
	casesInMemory = 32 << 20
	// casesKeys bounds by how many values one case is found.
	casesKeys = 32
	// longestAgent is how many characters of an agent's name are kept.
	longestAgent = 200
)

// postedCases is where the cases of every product stand in a posted document.
type postedCases struct {
	size     int64
	shift    int64 // of the mark of the encoding in front
	seed     maphash.Seed
	products map[string]*productCases // by folded name
	said     func(name string) string
}

// productCases are the cases of one product.
type productCases struct {
	cases []caseAt
	keys  []uint64 // of all cases, one after the other
	whole []byte   // all cases as a list, where they are kept in memory
	tag   string
}

// caseAt is where a case stands: in whole, or else in the document.
type caseAt struct {
	begin   int64
	length  int32
	keysEnd int32 // its keys end there
}

// openPosted reads the tickets of a posted document; cases is filled meanwhile.
func (a *App) openPosted(s core.Source, file *os.File) (source.Stream, *postedCases, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, nil, unreadable(file.Name(), err)
	}
	words, err := ticketDictionary(s.Mapping, s.Mapping.DateFormat)
	if err != nil {
		return nil, nil, err
	}
	cases := &postedCases{size: info.Size(), seed: maphash.MakeSeed(), products: map[string]*productCases{}}
	in := bufio.NewReaderSize(file, 64<<10)
	head, _ := in.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		cases.shift = 3
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return nil, nil, core.NewError(core.CodeInvalid, "app.post", "The post is written in UTF-16. Nothing was kept. Send it in UTF-8, as JSON is to be sent.", nil)
	}
	stream, err := source.OpenJSON(in, s.Name, words, nil)
	if err != nil {
		return nil, nil, err
	}
	traced := stream.(source.Traced)
	cases.said = traced.Said
	return casesNoted{traced, cases}, cases, nil
}

// casesNoted is a stream of tickets whose cases are noted as they go by.
type casesNoted struct {
	source.Traced
	cases *postedCases
}

func (c casesNoted) Next() (core.Ticket, error) {
	t, err := c.Traced.Next()
	if err == nil {
		c.cases.add(t, c.Origin())
	}
	return t, err
}

// add notes a case under the product it was grouped by, or else under its own.
func (c *postedCases) add(t core.Ticket, o source.Origin) {
	name := o.Group
	if name == "" {
		name = t.Product
	}
	name = productKey(name)
	p := c.products[name]
	if p == nil {
		p = new(productCases)
		c.products[name] = p
	}
	first := len(p.keys)
	for _, value := range caseKeys(t, o.Record) {
		if value = retainKey(value); value != "" && len(p.keys)-first < casesKeys {
			p.keys = append(p.keys, maphash.String(c.seed, value))
		}
	}
	p.cases = append(p.cases, caseAt{begin: c.shift + o.Begin, length: int32(o.End - o.Begin), keysEnd: int32(len(p.keys))})
}

// productKey and retainKey are how products, and values to find cases by, are compared.
func productKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }
func retainKey(text string) string  { return strings.ToLower(strings.TrimSpace(text)) }

// caseKeys are the values by which a case is found: its id, its number, who owns it, and what
// stands in a field of its own whose name has "retain" in it.
func caseKeys(t core.Ticket, record map[string]any) []string {
	keys := []string{t.ID, t.Number, t.Owner}
	for name, value := range record {
		lower := strings.ToLower(name)
		owner := strings.HasPrefix(lower, "owner")
		if !owner && !strings.Contains(lower, "retain") {
			continue
		}
		switch v := value.(type) {
		case map[string]any:
			for inner, value := range v {
				if owner && (strings.EqualFold(inner, "id") || strings.EqualFold(inner, "name")) {
					keys = append(keys, plainText(value))
				}
			}
		case []any:
			for _, item := range v {
				keys = append(keys, plainText(item))
			}
		default:
			keys = append(keys, plainText(v))
		}
	}
	return keys
}

// plainText is a JSON text or number as text; "" for everything else.
func plainText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// finish makes the answers that are kept in memory.
func (c *postedCases) finish(document io.ReaderAt) error {
	if c.size > casesInMemory {
		return nil
	}
	text := make([]byte, c.size)
	if _, err := document.ReadAt(text, 0); err != nil && err != io.EOF {
		return core.NewError(core.CodeUnavailable, "app.post", "The post cannot be read back from the data folder of this desk. Nothing was kept. Send it again.", err)
	}
	for _, p := range c.products {
		length := 1
		for _, at := range p.cases {
			length += int(at.length) + 1
		}
		p.whole = make([]byte, 0, length)
		for i, at := range p.cases {
			p.whole = append(p.whole, listMark(i))
			p.cases[i].begin = int64(len(p.whole))
			p.whole = append(p.whole, text[at.begin:at.begin+int64(at.length)]...)
		}
		p.whole = append(p.whole, ']')
		p.cases, p.keys = slices.Clip(p.cases), slices.Clip(p.keys)
		sum := sha256.Sum256(p.whole)
		p.tag = hex.EncodeToString(sum[:])
	}
	return nil
}

// listMark stands in front of the item i of a list.
func listMark(i int) byte {
	if i == 0 {
		return '['
	}
	return ','
}

// agent is the agent as the post names it.
func (c *postedCases) agent() string {
	if c == nil || c.said == nil {
		return ""
	}
	name := []rune(c.said("agentname"))
	return string(name[:min(len(name), longestAgent)])
}

// retained returns the cases that carry one of the values, and which of the values some case
// carries; all cases when no value is carried by any.
func (c *postedCases) retained(p *productCases, values []string) (cases []caseAt, narrowedBy []string) {
	asked := map[uint64]string{}
	for _, v := range values {
		switch v = retainKey(v); v {
		case "", "true", "false", "1", "0":
		default:
			asked[maphash.String(c.seed, v)] = v
		}
	}
	if len(asked) == 0 {
		return p.cases, nil
	}
	found, from := map[string]bool{}, int32(0)
	for _, at := range p.cases {
		has := false
		for _, key := range p.keys[from:at.keysEnd] {
			if v, ok := asked[key]; ok {
				has, found[v] = true, true
			}
		}
		if from = at.keysEnd; has {
			cases = append(cases, at)
		}
	}
	if len(found) == 0 {
		return p.cases, nil
	}
	for v := range found {
		narrowedBy = append(narrowedBy, v)
	}
	slices.Sort(narrowedBy)
	return cases, narrowedBy
}

// tagOf is the tag of some cases of a product.
func tagOf(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		io.WriteString(h, strconv.Quote(part)) //nolint:errcheck // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil))
}

// caseList reads cases, one after the other, as a JSON list.
type caseList struct {
	from  io.ReaderAt
	cases []caseAt
	ends  []int64 // of each case in the list
	size  int64
}

func newCaseList(from io.ReaderAt, cases []caseAt) *caseList {
	l := &caseList{from: from, cases: cases, ends: make([]int64, len(cases))}
	for i, at := range cases {
		l.size += 1 + int64(at.length)
		l.ends[i] = l.size
	}
	l.size++
	return l
}

func (l *caseList) ReadAt(p []byte, off int64) (n int, err error) {
	i, _ := slices.BinarySearch(l.ends, off+1)
	for ; n < len(p) && i < len(l.cases); i++ {
		at := l.cases[i]
		inside := off - (l.ends[i] - int64(at.length)) // -1 is the mark in front
		if inside < 0 {
			p[n] = listMark(i)
			n, off, inside = n+1, off+1, 0
		}
		part := p[n:min(len(p), n+int(int64(at.length)-inside))]
		got, err := l.from.ReadAt(part, at.begin+inside)
		if n, off = n+got, off+int64(got); err != nil && got < len(part) {
			return n, err
		}
	}
	if n < len(p) && off == l.size-1 {
		p[n] = ']'
		n++
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
