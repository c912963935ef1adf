package tickets

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"deskwatch/core"
)

// Query is a filter that was understood. It is never changed and may be used by several
// goroutines.
//
// The language, where ( | ) is a choice, [ ] may be left out and { } may come again:
//
//	filter  = group { "or" group }                    a ticket of any group is found
//	group   = term { term }                           a ticket has to fit every term
//	term    = [ "-" ] ( field ":" value { "," value } | word [ "*" ] | quoted )
//	value   = [ ">" | ">=" | "<" | "<=" | "=" ] ( quoted | letters ) | value ".." value | "none"
//	quoted  = '"' anything but a quote '"'            “ and ” are quotes too
//
// "-" turns a term round, a comma means or. Upper and lower case are the same everywhere.
//
//	word, "exact words", word*    in number, subject or description: whole words, words in this
//	                              order, words that begin so
//	status:new,open               new, open, pending, held, resolved, closed, other, or the source's
//	                              own spelling
//	priority:>=high               none, low, normal, high, urgent
//	product: owner: source: channel:
//	                              a name of which a word begins so; in quotes the whole name; none
//	owner:me                      the person at this desk; an owner given on the desk wins
//	customer:acme                 in the name, the e-mail or the key; none
//	number:TS0042                 the number or the source's id
//	created: updated: closed:     2024, 2024-01, 2024-01-31, 2024-01-31T10:00, today, yesterday;
//	                              7d or <7d for the last 7 days, >7d for before them (m, h, d, w, y);
//	                              2024-01..2024-03, either end may be missing; none
//	due:<1h                       the first answer, of tickets that wait for one with the clock running:
//	                              in less than an hour or overdue; >1h, overdue, late, today, tomorrow,
//	                              dates as above, none
//	clock:amber,red               running, amber, red, stopped, met, missed, none
//	satisfaction:<50              as predicted, of tickets that are open; none of those that are done
//	risk:>70 orders:>=3 rating:<=2 reopened:>1
//	                              numbers; 20..40 for both and what is between; rating:none
//	tough:yes                     or no, or a number for the score
//	escalated: reopened: gone: snoozed: acked:
//	                              yes or no
//	is:open                       open, closed, overdue, unowned, or a field of the line above or tough
type Query struct {
	// Notes are about terms that cannot be used yet, such as a date half typed; they are left out.
	Notes  []core.Phrase
	groups [][]clause
}

// clause is one term: a ticket fits when one of its values does.
type clause struct {
	field      *queryField
	negated    bool
	values     []queryValue
	start, end int
}

// queryValue is one value. What of it counts is the field's affair.
type queryValue struct {
	text       string // as written, without quotes
	quoted     bool
	prefix     bool  // a word that ended with "*"
	none       bool  // the word none
	lo, hi     int64 // both count
	start, end int
}

// A filter longer than this was not typed by a person.
const (
	longestQuery = 4000 // bytes
	mostClauses  = 100
)

// ParseQuery reads a filter; now and loc are for words such as today. The problem is nil when
// the filter was understood.
func ParseQuery(text string, now time.Time, loc *time.Location) (*Query, *core.QueryProblem) {
	if len(text) > longestQuery {
		return nil, problem(0, len(text), "This filter is too long: at most %d characters are read.", longestQuery)
	}
	p := &queryParser{text: text, now: now.In(loc), query: &Query{}}
	if err := p.parse(); err != nil {
		return nil, err
	}
	return p.query, nil
}

type queryParser struct {
	text    string
	at      int
	now     time.Time // in the zone of the dates
	query   *Query
	group   []clause
	clauses int
}

func problem(start, end int, format string, args ...any) *core.QueryProblem {
	phrase := core.Phrase{Format: format, Args: args}
	return &core.QueryProblem{Message: phrase.String(), Phrase: phrase, Start: start, End: end}
}

func (p *queryParser) note(format string, args ...any) {
	p.query.Notes = append(p.query.Notes, core.Phrase{Format: format, Args: args})
}

func (p *queryParser) parse() *core.QueryProblem {
	for p.skipBlanks(); p.at < len(p.text); p.skipBlanks() {
		if p.clauses++; p.clauses > mostClauses {
			return tooManyParts(p.at, len(p.text))
		}
		if err := p.term(); err != nil {
			return err
		}
	}
	p.closeGroup()
	return nil
}

// closeGroup ends the terms that all have to fit. An "or" with nothing on one side is only half
// typed and does not make everything fit.
func (p *queryParser) closeGroup() {
	if len(p.group) > 0 {
		p.query.groups = append(p.query.groups, p.group)
		p.group = nil
	}
}

func (p *queryParser) term() *core.QueryProblem {
	c := clause{start: p.at}
	if strings.HasPrefix(p.text[p.at:], "-") {
		c.negated = true
		p.at++
	}
	if f, start, ok := p.fieldName(); ok {
		known := fieldByName(f)
		if known == nil {
			return unknownField(f, start, p.at)
		}
		c.field = known
		if err := p.values(&c); err != nil {
			return err
		}
		if len(c.values) > 0 {
			p.group = append(p.group, c)
		}
		return nil
	}
	v, err := p.value(false)
	if err != nil {
		return err
	}
	switch {
	case v.text == "" && !v.quoted: // a minus alone
		return nil
	case !v.quoted && !v.prefix && !c.negated && strings.EqualFold(v.text, "or"):
		p.closeGroup()
		return nil
	case !strings.ContainsFunc(v.text, wordSign):
		p.note("“%s” has no letter or digit to search for.", v.text)
		return nil
	}
	c.field, c.values, c.end = textField, []queryValue{v}, p.at
	p.group = append(p.group, c)
	// Each word of a phrase is searched for, so it costs as much as one that stands alone.
	p.clauses += len(strings.FieldsFunc(v.text, func(r rune) bool { return !wordSign(r) })) - 1
	if p.clauses > mostClauses {
		return tooManyParts(c.start, p.at)
	}
	return nil
}

func tooManyParts(start, end int) *core.QueryProblem {
	return problem(start, end, "This filter has too many parts: at most %d are read.", mostClauses)
}

func wordSign(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// fieldName reads "name:" and leaves the place behind it; an address such as http://… is no field.
func (p *queryParser) fieldName() (name string, start int, ok bool) {
	rest := p.text[p.at:]
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' })
	if end <= 0 || rest[end] != ':' || strings.HasPrefix(rest[end:], "://") {
		return "", 0, false
	}
	start = p.at
	p.at += end + 1
	return strings.ToLower(rest[:end]), start, true
}

// values reads what stands behind a field's colon.
func (p *queryParser) values(c *clause) *core.QueryProblem {
	noted := false
	for {
		v, err := p.value(true)
		if err != nil {
			return err
		}
		if v.text != "" || v.quoted {
			note, err := p.read(c.field, &v)
			if err != nil {
				return err
			}
			if note != "" {
				p.note(note, v.text)
				noted = true
			} else {
				c.values = append(c.values, v)
			}
		}
		if p.at >= len(p.text) || p.text[p.at] != ',' {
			break
		}
		p.at++
	}
	c.end = p.at
	if len(c.values) == 0 && !noted {
		p.note("“%s:” has no value yet; write it right behind the colon.", c.field.name)
	}
	return nil
}

// value reads one word or quoted text; inList says that a comma ends it. An operator in front of
// a quoted text stays in front of the text.
func (p *queryParser) value(inList bool) (queryValue, *core.QueryProblem) {
	v := queryValue{start: p.at}
	var op string
	if inList {
		for p.at < len(p.text) && strings.IndexByte("<>=", p.text[p.at]) >= 0 {
			p.at++
		}
		op = p.text[v.start:p.at]
	}
	if size := quoteSize(p.text[p.at:]); size > 0 {
		return p.quoted(v, op, size)
	}
	from := p.at
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if blank(r) || quoteSize(p.text[p.at:]) > 0 || inList && r == ',' {
			break
		}
		p.at += size
	}
	v.text = strings.ToValidUTF8(p.text[from:p.at], "")
	if cut, ok := strings.CutSuffix(v.text, "*"); ok {
		v.text, v.prefix = strings.TrimRight(cut, "*"), true
	}
	v.text = op + v.text
	v.none = strings.EqualFold(v.text, "none")
	v.end = p.at
	return v, nil
}

func (p *queryParser) quoted(v queryValue, op string, size int) (queryValue, *core.QueryProblem) {
	open := p.at
	p.at += size
	from := p.at
	for p.at < len(p.text) {
		if size := quoteSize(p.text[p.at:]); size > 0 {
			v.text, v.quoted = op+strings.ToValidUTF8(p.text[from:p.at], ""), true
			p.at += size
			if strings.HasPrefix(p.text[p.at:], "*") {
				v.prefix = true
				p.at++
			}
			v.end = p.at
			return v, nil
		}
		_, size := utf8.DecodeRuneInString(p.text[p.at:])
		p.at += size
	}
	return v, problem(open, len(p.text), "This quote is not closed. Put another \" at the end of the words.")
}

// quoteSize is how many bytes the quote at the beginning of text has; 0 when there is none.
func quoteSize(text string) int {
	for _, quote := range []string{`"`, "“", "”"} {
		if strings.HasPrefix(text, quote) {
			return len(quote)
		}
	}
	return 0
}

func (p *queryParser) skipBlanks() {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !blank(r) {
			return
		}
		p.at += size
	}
}

// blank counts what cannot be seen as a blank, so that it never becomes part of a word.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200b' || r == '\ufeff'
}
