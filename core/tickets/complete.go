package tickets

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"deskwatch/core"
)

// mostCompletions is how many ways to go on are shown at once.
const mostCompletions = 12

// Complete says how the filter can go on at the cursor, a byte offset: with a field, or behind a
// field's colon with one of its values, those of the most tickets first. A hint of digits only
// is the number of tickets.
func (x *Index) Complete(text string, cursor int) []core.Completion {
	cursor = min(max(cursor, 0), len(text))
	for cursor > 0 && cursor < len(text) && !utf8.RuneStart(text[cursor]) {
		cursor--
	}
	t := typedAt(text, cursor)
	if t.value < 0 {
		if t.quoted {
			return nil
		}
		return completeField(text, t.term, cursor)
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(text[t.term:cursor], "-"), ":")
	field := fieldByName(strings.ToLower(name))
	if field == nil {
		return nil
	}
	return x.completeValue(field, text, t, cursor)
}

// typed says where the things begin that are being typed.
type typed struct {
	term   int
	value  int  // -1 outside of a field's values
	quoted bool // a quote is open
}

func typedAt(text string, cursor int) typed {
	t := typed{value: -1}
	for at, r := range text[:cursor] {
		behind := at + utf8.RuneLen(r)
		switch {
		case quoteSize(text[at:]) > 0:
			t.quoted = !t.quoted
		case t.quoted:
		case blank(r):
			t.term, t.value = behind, -1
		case r == ':' && t.value < 0, r == ',' && t.value >= 0:
			t.value = behind
		}
	}
	return t
}

func completeField(text string, start, cursor int) []core.Completion {
	if strings.HasPrefix(text[start:cursor], "-") {
		start++
	}
	end := cursor
	for end < len(text) && (text[end]|0x20 >= 'a' && text[end]|0x20 <= 'z') {
		end++
	}
	if end < len(text) && text[end] == ':' {
		end++
	}
	part := strings.ToLower(text[start:cursor])
	var list []core.Completion
	for _, f := range queryFields() {
		if strings.HasPrefix(f.name, part) && len(list) < mostCompletions {
			list = append(list, core.Completion{Text: f.name + ":", Hint: f.hint, Start: start, End: end})
		}
	}
	return list
}

// offer is one value a field has, and how many tickets have it.
type offer struct {
	text  string
	count int
	fixed bool // a word of the language: never quoted
}

func (x *Index) completeValue(f *queryField, text string, t typed, cursor int) []core.Completion {
	part := text[t.value:cursor]
	if size := quoteSize(part); size > 0 {
		part = part[size:]
	}
	end := cursor
	for end < len(text) && (t.quoted || text[end] > ' ' && text[end] != ',') {
		size := quoteSize(text[end:])
		end += max(size, 1)
		if size > 0 {
			break
		}
	}
	part = strings.ToLower(part)
	var list []core.Completion
	for _, o := range x.offers(f, part) {
		lower := strings.ToLower(o.text)
		if part != "" && !strings.HasPrefix(lower, part) && (o.fixed || !wordBegins(lower, part)) || len(list) == mostCompletions {
			continue
		}
		c := core.Completion{Text: o.text, Start: t.value, End: end}
		if !o.fixed {
			c.Text = quotedIfNeeded(o.text)
		}
		if o.count > 0 {
			c.Hint = strconv.Itoa(o.count)
		}
		list = append(list, c)
	}
	return list
}

// quotedIfNeeded puts a value into quotes that would be something else without. A quote in it
// cannot be written, and is left out.
func quotedIfNeeded(value string) string {
	value = strings.Map(func(r rune) rune {
		if quoteSize(string(r)) > 0 {
			return -1
		}
		return r
	}, value)
	plain := value != "" && !strings.EqualFold(value, "none") && !strings.EqualFold(value, "me") && !strings.ContainsAny(value[:1], "<>=")
	for _, r := range value {
		plain = plain && !blank(r) && r != ',' && r != '*'
	}
	if plain {
		return value
	}
	return `"` + value + `"`
}

// offers lists the values of a field, the fixed words of numbers and dates as they stand, others
// by how many tickets have them.
func (x *Index) offers(f *queryField, part string) []offer {
	var list []offer
	for _, w := range f.words {
		list = append(list, offer{text: w, fixed: true})
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	switch f {
	case statusField:
		return x.statusOffers()
	case productField, sourceField, channelField:
		list = x.nameOffers(func(c *chunk, i int) uint32 { return f.nameOf(&x.cols.classes[c.class.at(i)]) })
	case ownerField:
		list = append([]offer{{text: "me", fixed: true}}, x.nameOffers(func(c *chunk, i int) uint32 { return c.owner.at(i) })...)
	case customerField:
		return x.customerOffers(part)
	default:
		return list
	}
	if f != sourceField {
		list = append(list, offer{text: "none", fixed: true})
	}
	return list
}

// nameOf is the shared text of a class that a field is about.
func (f *queryField) nameOf(k *class) uint32 {
	switch f {
	case sourceField:
		return k.source
	case channelField:
		return k.channel
	}
	return k.product
}

// nameOffers counts the tickets of every shared text. The caller holds mu.
func (x *Index) nameOffers(nameOf func(c *chunk, i int) uint32) []offer {
	counts := make([]int, max(len(x.cols.names), 1))
	for _, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		c.there.each(func(i int) {
			if no := nameOf(c, i); int(no) < len(counts) {
				counts[no]++
			}
		})
	}
	return byCount(counts, x.cols.name)
}

func byCount(counts []int, name func(no uint32) string) []offer {
	var list []offer
	for no, n := range counts {
		if text := name(uint32(no)); n > 0 && text != "" {
			list = append(list, offer{text: text, count: n})
		}
	}
	slices.SortFunc(list, func(a, b offer) int { return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.text, b.text)) })
	return list
}

// statusOffers lists the words of the language, then the sources' own that are none of them.
func (x *Index) statusOffers() []offer {
	counts := make([]int, len(core.TicketStatuses()))
	for _, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		c.there.each(func(i int) {
			if s := int(x.cols.classes[c.class.at(i)].status); s < len(counts) {
				counts[s]++
			}
		})
	}
	var list []offer
	for _, s := range core.TicketStatuses() {
		list = append(list, offer{text: s.String(), count: counts[s], fixed: true})
	}
	slices.SortStableFunc(list, func(a, b offer) int { return cmp.Compare(b.count, a.count) })
	return append(list, x.spellings()...)
}

// spellings lists the sources' own statuses that are no word of the language, those of the most
// tickets first. The caller holds mu.
func (x *Index) spellings() []offer {
	list := x.nameOffers(func(c *chunk, i int) uint32 { return x.cols.classes[c.class.at(i)].rawStatus })
	return slices.DeleteFunc(list, func(o offer) bool {
		_, err := core.ParseTicketStatus(o.text)
		return err == nil
	})
}

// customerOffers lists customers once something of a name is typed: there may be hundreds of
// thousands.
func (x *Index) customerOffers(part string) []offer {
	if part == "" {
		return []offer{{text: "none", fixed: true}}
	}
	marks := x.cols.people.containing(part)
	counts := make([]int, len(marks))
	for _, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		c.there.each(func(i int) {
			if no := c.customer.at(i); int(no) < len(marks) && marks[no] {
				counts[no]++
			}
		})
	}
	return byCount(counts, x.cols.people.shownName)
}
