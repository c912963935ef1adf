package orders

import (
	"regexp"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// noColumn is how ImportRequest.Map says that a field has no column.
const noColumn = "-"

// orderFields are the fields of an orders file in the order the form lists them.
func orderFields() []core.Field {
	return []core.Field{
		core.FieldID, core.FieldLine, core.FieldCustomer, core.FieldDate,
		core.FieldStatus, core.FieldAmount, core.FieldName, core.FieldEmail,
	}
}

// importChoices is what the user decided about one file; zero values mean: as found.
type importChoices struct {
	Hints    core.TableHints
	Map      map[core.Field]string
	Statuses map[string]core.Status // spelling → status, assigned by the user
	Rules    []core.StatusRule
	Patterns string // one regular expression a line, as typed
}

func newChoices() importChoices {
	return importChoices{Map: map[core.Field]string{}, Statuses: map[string]core.Status{}}
}

// request is what the choices ask of the core. It shares nothing with the choices, which
// change while the request is worked on.
func (c importChoices) request(path string) core.ImportRequest {
	req := core.ImportRequest{
		Path: path, Hints: c.Hints,
		Map: make(map[core.Field]string, len(c.Map)), Statuses: make(map[string]core.Status, len(c.Statuses)),
		StatusRules: append([]core.StatusRule(nil), c.Rules...),
	}
	for k, v := range c.Map {
		req.Map[k] = v
	}
	for k, v := range c.Statuses {
		req.Statuses[k] = v
	}
	req.CustomerPatterns, _ = readPatterns(c.Patterns)
	return req
}

// readPatterns splits what was typed into regular expressions; problem says which one is none.
func readPatterns(text string) (list []string, problem string) {
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if _, err := regexp.Compile(line); err != nil {
			return nil, kit.T("%s is not a regular expression.", line)
		}
		list = append(list, line)
	}
	return list, ""
}

// delimiterName is a delimiter in words.
func delimiterName(d string) string {
	switch d {
	case ",":
		return kit.T("comma")
	case ";":
		return kit.T("semicolon")
	case "tab", "\t":
		return kit.T("tab")
	case "|":
		return kit.T("bar |")
	}
	return d
}

// dateFormatName is a date format in words.
func dateFormatName(f string) string {
	switch f {
	case "":
		return "—"
	case "iso":
		return kit.T("year first (2023-06-30)")
	case "day-first":
		return kit.T("day first (30/06/2023)")
	case "month-first":
		return kit.T("month first (06/30/2023)")
	case "excel":
		return kit.T("Excel day numbers")
	}
	return f
}

// headerName is a header line in words; -1 and 0 of a detection both mean none.
func headerName(line int) string {
	if line <= 0 {
		return kit.T("no header")
	}
	return kit.T("line %d", line)
}
