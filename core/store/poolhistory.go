package store

import (
	"errors"
	"strconv"
	"strings"

	"deskwatch/core"
)

// maxHistory bounds the steps kept of one ticket; of a longer history the first step and the
// newest are kept.
const maxHistory = 1000

// historyStep is one step as the pool keeps it: "at status name;", in decimal.
type historyStep struct{ at, status, name int64 }

func (h historyStep) appendTo(text string) string {
	b := make([]byte, 0, len(text)+24)
	b = append(b, text...)
	b = strconv.AppendInt(b, h.at, 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, h.status, 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, h.name, 10)
	return string(append(b, ';'))
}

// stepOf is the step to the status r has.
func stepOf(r *ticketRow, at int64) historyStep {
	return historyStep{at, r.state >> stateStatus & 7, r.rawStatus}
}

// lengthen adds to the history of old the step to the status of r at a time.
func lengthen(old, r *ticketRow, at int64) (string, error) {
	text := old.history
	if text == "" {
		text = stepOf(old, old.began).appendTo("")
	}
	steps, err := readHistory(text)
	if err != nil {
		return "", err
	}
	if n := len(steps); n >= maxHistory {
		first, rest, _ := strings.Cut(text, ";")
		_, rest, _ = strings.Cut(rest, ";")
		text = first + ";" + rest
	}
	// A source without times is seen by this machine's clock, which may be behind the source's.
	return stepOf(r, max(at, steps[len(steps)-1].at)).appendTo(text), nil
}

var errHistory = errors.New("a status history cannot be read")

func readHistory(text string) ([]historyStep, error) {
	steps := make([]historyStep, 0, strings.Count(text, ";"))
	for part := range strings.SplitSeq(strings.TrimSuffix(text, ";"), ";") {
		fields := strings.Split(part, " ")
		if len(fields) != 3 {
			return nil, errHistory
		}
		var h historyStep
		for i, n := range []*int64{&h.at, &h.status, &h.name} {
			var err error
			if *n, err = strconv.ParseInt(fields[i], 10, 64); err != nil {
				return nil, errHistory
			}
		}
		steps = append(steps, h)
	}
	return steps, nil
}

// statusSteps turns steps into what people see of them; nameOf gives a name's text.
func statusSteps(steps []historyStep, nameOf func(int64) (string, error)) ([]core.StatusStep, error) {
	list := make([]core.StatusStep, len(steps))
	for i, h := range steps {
		raw, err := nameOf(h.name)
		if err != nil {
			return nil, err
		}
		list[i] = core.StatusStep{At: fromSeconds(h.at), Status: core.TicketStatus(h.status), RawStatus: raw}
	}
	return list, nil
}
