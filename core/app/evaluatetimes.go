package app

import (
	"slices"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tabular"
	"deskwatch/core/tickets"
)

const evaluatedDates = 2000 // cells of a column that tell whether it holds times

// timeColumn is how the times of a column are written.
type timeColumn struct {
	format  string            // "" it holds none, or nobody can tell which way
	choices []core.DateChoice // where several fit every cell
}

// findTimes finds out which columns of the two files hold times, and which people call the creation,
// the last update and the number. A time that names no zone is one of UTC: only the time between two
// of a file matters.
func findTimes(req *core.EvaluationRequest, train, test *predict.Table, words *tickets.Dictionary) error {
	tables := [...]*predict.Table{train, test}
	var found [len(tables)][]timeColumn
	for i, t := range tables {
		for at, name := range t.Columns {
			found[i] = append(found[i], timesOf(t, at, mappedToTime(req, name)))
		}
	}
	for i, t := range tables {
		t.Times, t.Called = make([]core.TimeRead, len(t.Columns)), map[string]string{}
		other := tables[1-i]
		for at, name := range t.Columns {
			c := found[i][at]
			same := slices.IndexFunc(other.Columns, func(n string) bool { return strings.EqualFold(n, name) })
			if c.format == "" && same >= 0 {
				c.settle(found[1-i][same : same+1])
			}
			c.settle(found[i])
			c.settle(found[1-i])
			if c.format == "" && len(c.choices) > 0 {
				c.format = c.choices[0].Format
			}
			if c.format != "" {
				var err error
				if t.Times[at], err = tabular.TimeReader(c.format, time.UTC); err != nil {
					return err
				}
			}
			field, _ := words.FieldOf(name)
			if field != core.FieldNumber && (c.format == "" || field != core.FieldCreated && field != core.FieldUpdated) {
				continue
			}
			if now, taken := t.Called[string(field)]; !taken || words.Prefer(name, now) {
				t.Called[string(field)] = name
			}
		}
	}
	return nil
}

// settle takes, of several readings that fit, the one of other columns: 01/02 is read as their 31/01 is.
func (c *timeColumn) settle(others []timeColumn) {
	for _, o := range others {
		if c.format == "" && o.format != "" && slices.ContainsFunc(c.choices, func(d core.DateChoice) bool { return d.Format == o.format }) {
			c.format = o.format
		}
	}
}

// mappedToTime reports whether somebody says that a column holds times.
func mappedToTime(req *core.EvaluationRequest, column string) bool {
	for _, field := range []core.Field{core.FieldCreated, "replied", core.FieldUpdated, core.FieldClosed} {
		if mapped, ok := req.Map[string(field)]; ok && strings.EqualFold(strings.TrimSpace(mapped), strings.TrimSpace(column)) {
			return true
		}
	}
	return false
}

// timesOf is how the times of a column are written. Plain numbers are times only where somebody says
// so; otherwise they are counts and codes.
func timesOf(t *predict.Table, at int, told bool) timeColumn {
	var d tabular.TimeDetector
	seen, marked := 0, 0
	for _, row := range t.Rows {
		if at >= len(row) {
			continue
		}
		s := strings.TrimSpace(row[at])
		if len(s) < 2 { // "?" and "-" are no times
			continue
		}
		seen++
		marked += marks(s)
		d.Add(s)
		if seen >= evaluatedDates && d.Decided() {
			break
		}
	}
	if seen == 0 || 2*marked < seen && !told {
		return timeColumn{}
	}
	format, choices, err := d.Result()
	if err != nil {
		return timeColumn{} // of other things than times
	}
	return timeColumn{format, choices}
}

// marks is 1 for a cell with a digit and one of the marks times have between their parts.
func marks(s string) int {
	if strings.ContainsAny(s, "0123456789") && strings.ContainsAny(s, "/:-. ") {
		return 1
	}
	return 0
}
