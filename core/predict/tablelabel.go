package predict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"deskwatch/core"
)

// label tells bad ends: a column compared with a value.
type label struct {
	column string
	op     string
	value  string
	number float64
	digits bool // value is a number
}

var labelOps = [...]string{"<=", ">=", "!=", "==", "<", ">", "="} // two signs before one

// readLabel reads "CSAT Score<=2". Columns whose name has such a sign itself are found, too.
func readLabel(text string, t *Table) (label, error) {
	for at := range text {
		op := ""
		for _, o := range labelOps {
			if strings.HasPrefix(text[at:], o) {
				op = o
				break
			}
		}
		if op == "" || t.column(text[:at]) < 0 {
			continue
		}
		l := label{column: t.Columns[t.column(text[:at])], op: op, value: unquoted(strings.TrimSpace(text[at+len(op):]))}
		if l.value == "" {
			break
		}
		l.number, l.digits = labelNumber(l.value)
		return l, nil
	}
	at := strings.IndexAny(text, "<>=!")
	if at <= 0 || strings.TrimSpace(strings.TrimLeft(text[at:], "<>=!")) == "" {
		return label{}, core.NewError(core.CodeInvalid, "predict.evaluate", fmt.Sprintf("The label %q is not written as a column, a comparison and a value, such as \"CSAT Score<=2\". The comparisons are <= < >= > = and !=.", text), nil)
	}
	_, err := t.need(text[:at])
	return label{}, err
}

// unquoted is a value without the quotes it may be written in.
func unquoted(s string) string {
	if n := len(s); n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	return s
}

// labelNumber is the number a value is. Yes and no are 1 and 0, as programs write them.
func labelNumber(s string) (n float64, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes":
		return 1, true
	case "false", "no":
		return 0, true
	case "":
		return 0, false
	}
	return readNumber(s)
}

// level is how bad an end is where the label compares numbers, 0 where it does not.
func (l *label) level(raw string) float32 {
	n, ok := labelNumber(raw)
	switch {
	case !l.digits || !ok:
		return 0
	case l.op[0] == '<':
		return float32(-n)
	case l.op[0] == '>':
		return float32(n)
	}
	return 0
}

// of is how a ticket whose label's cell is raw ended; a cell that says nothing tells nothing, nor does
// one that is no number where order between numbers is asked for.
func (l *label) of(raw string) Outcome {
	if raw == "" {
		return OutcomeUnknown
	}
	n, ok := labelNumber(raw)
	order := 0
	switch {
	case l.digits && ok:
		order = cmp.Compare(n, l.number)
	case l.digits && !slices.Contains([]string{"=", "==", "!="}, l.op):
		return OutcomeUnknown
	default:
		order = strings.Compare(strings.ToLower(raw), strings.ToLower(l.value))
	}
	bad := false
	switch l.op {
	case "<=":
		bad = order <= 0
	case "<":
		bad = order < 0
	case ">=":
		bad = order >= 0
	case ">":
		bad = order > 0
	case "=", "==":
		bad = order == 0
	case "!=":
		bad = order != 0
	}
	if bad {
		return OutcomeBad
	}
	return OutcomeGood
}
