package tickets

import (
	"slices"
	"strings"

	"deskwatch/core"
)

// queryField is one field of the query language.
type queryField struct {
	name  string
	hint  string   // for people
	words []string // what a person may write, or what is written most
	kind  valueKind
}

// valueKind says how the values of a field are read.
type valueKind uint8

const (
	anyText valueKind = iota // the index knows what there is
	oneWord                  // one of the field's words
	yesOrNo
	yesOrNumber
	number
	priorities
	date
	dueDate
)

var yesNo = []string{"yes", "no"}

// textField is what words without a field are about.
var textField = &queryField{name: "text"}

var (
	statusField    = &queryField{name: "status", hint: "where it stands", kind: anyText}
	priorityField  = &queryField{name: "priority", hint: "how much it presses", words: []string{"urgent", "high", ">=high", "normal", "low", "none"}, kind: priorities}
	productField   = &queryField{name: "product", hint: "what it is about", kind: anyText}
	ownerField     = &queryField{name: "owner", hint: "who works on it", kind: anyText}
	customerField  = &queryField{name: "customer", hint: "name, e-mail or key", kind: anyText}
	sourceField    = &queryField{name: "source", hint: "where it comes from", kind: anyText}
	channelField   = &queryField{name: "channel", hint: "how it came in", kind: anyText}
	numberField    = &queryField{name: "number", hint: "number or id", kind: anyText}
	createdField   = &queryField{name: "created", hint: "when it was created", words: []string{"today", "yesterday", "7d", "30d", ">30d"}, kind: date}
	updatedField   = &queryField{name: "updated", hint: "when it changed last", words: []string{"today", "yesterday", "7d", "30d", ">30d"}, kind: date}
	closedField    = &queryField{name: "closed", hint: "when it was closed", words: []string{"today", "yesterday", "7d", "30d", "none"}, kind: date}
	dueField       = &queryField{name: "due", hint: "when the first reply is due", words: []string{"overdue", "<30m", "<1h", "<4h", "today", "tomorrow", "none"}, kind: dueDate}
	clockField     = &queryField{name: "clock", hint: "the first-reply clock", words: []string{"red", "amber", "running", "stopped", "met", "missed", "none"}, kind: oneWord}
	satisfiedField = &queryField{name: "satisfaction", hint: "0 bad to 100 good, as predicted", words: []string{"<30", "<50", ">=70", "none"}, kind: number}
	riskField      = &queryField{name: "risk", hint: "0 to 100 that it ends badly", words: []string{">70", ">50"}, kind: number}
	toughField     = &queryField{name: "tough", hint: "a customer with a history", words: []string{"yes", "no", ">60"}, kind: yesOrNumber}
	ordersField    = &queryField{name: "orders", hint: "cancelled or returned this month", words: []string{">=1", ">=3"}, kind: number}
	ratingField    = &queryField{name: "rating", hint: "1 bad to 5 good", words: []string{"<=2", "1", "2", "3", "4", "5", "none"}, kind: number}
	escalatedField = &queryField{name: "escalated", words: yesNo, kind: yesOrNo}
	reopenedField  = &queryField{name: "reopened", words: []string{"yes", "no", ">1"}, kind: yesOrNumber}
	goneField      = &queryField{name: "gone", hint: "missing from its source", words: yesNo, kind: yesOrNo}
	snoozedField   = &queryField{name: "snoozed", words: yesNo, kind: yesOrNo}
	ackedField     = &queryField{name: "acked", hint: "acknowledged", words: yesNo, kind: yesOrNo}
	isField        = &queryField{name: "is", hint: "short for the usual questions", words: []string{"open", "closed", "overdue", "unowned", "tough", "escalated", "reopened", "snoozed", "acked", "gone"}, kind: oneWord}
)

// queryFields lists every field, those used most first.
func queryFields() []*queryField {
	return []*queryField{
		statusField, priorityField, productField, ownerField, customerField, dueField, clockField, toughField, satisfiedField, ordersField, isField,
		createdField, updatedField, closedField, ratingField, riskField, escalatedField, reopenedField, snoozedField, ackedField, sourceField, channelField,
		numberField, goneField,
	}
}

// otherFieldNames are words people type for a field, because other programs call it so.
var otherFieldNames = map[string]*queryField{
	"state": statusField, "assignee": ownerField, "assigned": ownerField, "client": customerField, "account": customerField, "email": customerField,
	"requester": customerField, "category": productField, "id": numberField, "acknowledged": ackedField, "csat": ratingField,
}

func fieldByName(name string) *queryField {
	if i := slices.IndexFunc(queryFields(), func(f *queryField) bool { return f.name == name }); i >= 0 {
		return queryFields()[i]
	}
	return otherFieldNames[name]
}

func unknownField(name string, start, end int) *core.QueryProblem {
	best, least := "", 3 // a word with three wrong letters is another word
	for _, f := range queryFields() {
		d := editDistance(name, f.name)
		if strings.HasPrefix(f.name, name) && len(name) >= 2 {
			d = 0
		}
		if d < least && d < len(f.name)-1 {
			best, least = f.name, d
		}
	}
	if best != "" {
		return problem(start, end, "There is no field “%s”. Did you mean “%s:”? To search for the words themselves, put them in quotes.", name, best)
	}
	return problem(start, end, "There is no field “%s”. To search for the words themselves, put them in quotes.", name)
}

// editDistance counts the letters to change, add or remove to turn a into b (Levenshtein).
func editDistance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// read turns the text of a value into what the index needs; note says that the text is half typed.
func (p *queryParser) read(f *queryField, v *queryValue) (note string, err *core.QueryProblem) {
	switch f.kind {
	case oneWord:
		v.text = strings.ToLower(v.text)
		if !slices.Contains(f.words, v.text) {
			return "", oneOf(f, v, f.words)
		}
	case yesOrNo:
		return "", readYes(v)
	case yesOrNumber:
		return readYesOrNumber(v)
	case number:
		return readNumber(v)
	case priorities:
		return readPriority(f, v)
	case date:
		return p.readDateOrNone(v)
	case dueDate:
		return p.readDue(v)
	default:
		if !v.quoted {
			v.text = strings.TrimPrefix(v.text, "=")
		}
	}
	return "", nil
}

func oneOf(f *queryField, v *queryValue, words []string) *core.QueryProblem {
	return problem(v.start, v.end, "“%s” does not fit “%s:”. Use one of: %s.", v.text, f.name, strings.Join(words, ", "))
}

func readYes(v *queryValue) *core.QueryProblem {
	switch strings.ToLower(v.text) {
	case "yes", "y", "true":
		v.lo = 1
	case "no", "n", "false":
		v.lo = 0
	default:
		return problem(v.start, v.end, "“%s” does not fit here. Write yes or no.", v.text)
	}
	v.hi = v.lo
	return nil
}

func readPriority(f *queryField, v *queryValue) (string, *core.QueryProblem) {
	op, word := cutOperator(v.text)
	if word == "" {
		return "“%s” needs a priority behind it.", nil
	}
	from, to, isRange := strings.Cut(word, "..")
	lo, ok := priorityWord(from)
	hi := lo
	if isRange && ok {
		hi, ok = priorityWord(to)
	}
	if !ok || isRange && op != "" {
		names := make([]string, 0, 5)
		for _, p := range core.Priorities() {
			names = append(names, p.String())
		}
		return "", oneOf(f, v, names)
	}
	v.lo, v.hi = compared(op, lo, hi+1, 0, int64(core.PriorityUrgent))
	return "", nil
}

func priorityWord(text string) (int64, bool) {
	switch strings.ToLower(text) {
	case "medium":
		return int64(core.PriorityNormal), true
	case "critical":
		return int64(core.PriorityUrgent), true
	}
	p, err := core.ParsePriority(text)
	return int64(p), err == nil
}
