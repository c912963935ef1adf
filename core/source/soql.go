package source

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// defaultSOQL asks for the standard fields of a case, and only for those: an organisation may
// have hidden or never had others, and one unknown field fails the whole query.
const defaultSOQL = "SELECT Id, CaseNumber, Subject, Description, Status, Priority, Origin, Type, Reason, IsEscalated, IsClosed, " +
	"AccountId, Account.Name, ContactId, Contact.Name, Contact.Email, SuppliedName, SuppliedEmail, OwnerId, Owner.Name, " +
	"CreatedDate, LastModifiedDate, ClosedDate FROM Case ORDER BY LastModifiedDate"

// overlap is how far before the newest change known the next run asks: a change becomes visible
// some time after the moment it is dated.
const overlap = 10 * time.Minute

// soqlPart is a clause of a query, by where its keyword begins and ends.
type soqlPart struct {
	keyword    string
	begin, end int
}

// soqlKeywords begin the clauses of a query, in the order the language wants them.
var soqlKeywords = map[string]bool{
	"select": true, "from": true, "using": true, "where": true, "with": true, "group": true, "having": true,
	"order": true, "limit": true, "offset": true, "for": true, "update": true,
}

// soqlParts finds the clauses of the query itself: not those in texts and brackets.
func soqlParts(query string) ([]soqlPart, error) {
	var parts []soqlPart
	depth := 0
	for i := 0; i < len(query); {
		c := query[i]
		switch {
		case c == '\'':
			end := textEnd(query, i)
			if end < 0 {
				return nil, core.NewError(core.CodeInvalid, "source.soql", "A text in the query has no closing quote (').", nil)
			}
			i = end
		case c == '(':
			depth++
			i++
		case c == ')':
			if depth--; depth < 0 {
				return nil, core.NewError(core.CodeInvalid, "source.soql", "The query closes a bracket it never opened.", nil)
			}
			i++
		case isWordByte(c):
			begin := i
			for i < len(query) && isWordByte(query[i]) {
				i++
			}
			if word := strings.ToLower(query[begin:i]); depth == 0 && soqlKeywords[word] {
				parts = append(parts, soqlPart{word, begin, i})
			}
		default:
			i++
		}
	}
	if depth > 0 {
		return nil, core.NewError(core.CodeInvalid, "source.soql", "The query leaves a bracket open.", nil)
	}
	return parts, nil
}

// textEnd is where a text that begins at i ends; -1 when it does not. A backslash escapes.
func textEnd(query string, i int) int {
	for j := i + 1; j < len(query); j++ {
		switch query[j] {
		case '\\':
			j++
		case '\'':
			return j + 1
		}
	}
	return -1
}

func isWordByte(c byte) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// CheckSOQL says what is wrong with a query, as far as can be told without asking Salesforce; an
// empty one is the default and right.
func CheckSOQL(query string) error {
	if strings.TrimSpace(query) == "" {
		return nil
	}
	parts, err := soqlParts(query)
	if err != nil {
		return err
	}
	if len(parts) < 2 || parts[0].keyword != "select" || parts[1].keyword != "from" || strings.TrimSpace(query[:parts[0].begin]) != "" {
		return core.NewError(core.CodeInvalid, "source.soql", "The query has to begin with SELECT … FROM.", nil)
	}
	names := map[string]bool{}
	for _, name := range strings.FieldsFunc(strings.ToLower(query[parts[0].end:parts[1].begin]), func(r rune) bool { return r == ',' || r <= ' ' }) {
		names[name] = true
	}
	if names["fields(all)"] || names["fields(standard)"] {
		return nil
	}
	for _, need := range []string{"Id", "LastModifiedDate"} {
		if !names[strings.ToLower(need)] {
			return core.NewError(core.CodeInvalid, "source.soql", fmt.Sprintf("The query has to ask for %s: without it Deskwatch cannot tell which ticket changed.", need), nil)
		}
	}
	return nil
}

// soqlSince is the query with the condition that only what changed since then is wanted, and in
// the order it changed, so that a run which is cut short by a LIMIT goes on where it ended. A
// zero time adds no condition.
func soqlSince(query string, since time.Time) (string, error) {
	if query = strings.TrimRight(strings.TrimSpace(query), "; \t\r\n"); query == "" {
		query = defaultSOQL
	}
	parts, err := soqlParts(query)
	if err != nil {
		return "", err
	}
	// The query in three: what it selects from where, how that is grouped and ordered, how much.
	upTo := begins(parts, len(query), "with", "group", "having", "order", "limit", "offset", "for", "update")
	last := max(upTo, begins(parts, len(query), "limit", "offset", "for", "update"))
	head, middle, tail := query[:upTo], query[upTo:last], query[last:]
	if !has(parts, "order") && !has(parts, "group") {
		middle = join(middle, "ORDER BY LastModifiedDate")
	}
	if since.IsZero() {
		return join(head, middle, tail), nil
	}
	// A literal date-time is not quoted in SOQL, and has whole seconds.
	condition := "LastModifiedDate >= " + since.Add(-overlap).UTC().Format("2006-01-02T15:04:05Z")
	for _, p := range parts {
		if p.keyword == "where" {
			old := strings.TrimSpace(head[p.end:])
			return join(head[:p.end], "("+old+") AND "+condition, middle, tail), nil
		}
	}
	return join(head, "WHERE "+condition, middle, tail), nil
}

func has(parts []soqlPart, keyword string) bool {
	return slices.ContainsFunc(parts, func(p soqlPart) bool { return p.keyword == keyword })
}

// begins is where the first of these clauses begins, or else.
func begins(parts []soqlPart, otherwise int, keywords ...string) int {
	for _, p := range parts {
		for _, k := range keywords {
			if p.keyword == k {
				return p.begin
			}
		}
	}
	return otherwise
}

func join(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}
