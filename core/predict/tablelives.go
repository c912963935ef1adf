package predict

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// lives makes lives of a file: one for each ticket whose label is known. The outcome of a ticket is
// known when it is closed; where no column says so, a day after the last that is known of it.
func (b *bound) lives() []Life {
	if b.log {
		return b.logLives()
	}
	lives := make([]Life, 0, len(b.t.Rows))
	for i, row := range b.t.Rows {
		outcome := b.plan.label.of(cell(row, b.label))
		if outcome == OutcomeUnknown {
			continue
		}
		l := b.begin(row, i)
		l.Outcome, l.Level = outcome, b.plan.label.level(cell(row, b.label))
		l.Ended = l.Created + b.stood
		if at := b.t.time(row, b.fields["replied"]); usableReply(l.Created, at) {
			l.Steps = append(l.Steps, Step{At: at, Kind: StepReplied})
			l.Ended = max(l.Ended, at)
		}
		b.end(&l, b.t.time(row, b.fields["closed"]))
		lives = append(lives, l)
	}
	return lives
}

// usableReply reports whether a reply's time can be true.
func usableReply(created, at int64) bool { return at > 0 && !math.IsNaN(replyWait(created, at)) }

// begin is a ticket as a row has it on arrival.
func (b *bound) begin(row []string, i int) Life {
	l := Life{Key: cell(row, b.fields["number"]), Created: b.t.time(row, b.fields["created"])}
	if l.Key == "" {
		l.Key = "row " + strconv.Itoa(i+1)
	}
	now := l.Created + b.stood
	if b.log {
		now = max(now, b.t.time(row, b.fields["updated"]))
	}
	f := &l.Facts
	w := make([]string, len(b.facts))
	for k, at := range b.facts {
		w[k] = cell(row, at)
	}
	f.Customer, f.Owner, f.Team, f.Product, f.Category, f.Channel, f.Priority, f.Status = w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
	f.Words = w[len(wordsOf):]
	f.Numbers = make([]float64, len(b.numbers))
	for k := range b.numbers {
		f.Numbers[k] = b.number(row, k, l.Created, now)
	}
	subject, description := cell(row, b.fields["subject"]), cell(row, b.fields["description"])
	if subject != "" || description != "" || len(b.texts) > 0 {
		parts := []string{description}
		for _, at := range b.texts {
			parts = append(parts, cell(row, at))
		}
		f.Text = Digest(subject, strings.TrimSpace(strings.Join(parts, " ")))
	}
	return l
}

// end closes a ticket at a moment, 0 unknown, and says when its outcome was known.
func (b *bound) end(l *Life, closed int64) {
	if closed <= l.Created {
		l.Ended += daySeconds
		return
	}
	l.Ended = closed
	at, _ := slices.BinarySearchFunc(l.Steps, closed, func(s Step, at int64) int {
		if s.At <= at {
			return -1
		}
		return 1
	})
	if !closedAfter(l.Steps[:at]) {
		l.Steps = slices.Insert(l.Steps, at, Step{At: closed, Kind: StepClosed})
	}
}

// closedAfter reports whether a ticket is closed after steps.
func closedAfter(steps []Step) bool {
	for _, s := range slices.Backward(steps) {
		if s.Kind == StepClosed || s.Kind == StepReopened {
			return s.Kind == StepClosed
		}
	}
	return false
}

// logLives makes lives of an event log: the rows of a number, in the order of their time, are the
// states of one ticket.
func (b *bound) logLives() []Life {
	rows := map[string][]int{}
	var order []string
	for i, row := range b.t.Rows {
		key := cell(row, b.fields["number"])
		if key == "" {
			continue
		}
		if rows[key] == nil {
			order = append(order, key)
		}
		rows[key] = append(rows[key], i)
	}
	lives := make([]Life, 0, len(order))
	for _, key := range order {
		states := rows[key]
		b.sort(states)
		told := cell(b.t.Rows[states[len(states)-1]], b.label)
		outcome := b.plan.label.of(told)
		if outcome == OutcomeUnknown {
			continue
		}
		l := b.logLife(states)
		l.Outcome, l.Level = outcome, b.plan.label.level(told)
		lives = append(lives, l)
	}
	return lives
}

// sort orders the rows of one ticket by the time of their update. A row without one keeps its place
// behind the row before it in the file.
func (b *bound) sort(states []int) {
	at := make(map[int]int64, len(states))
	last := int64(0)
	for _, i := range states {
		if u := b.t.time(b.t.Rows[i], b.fields["updated"]); u > 0 {
			last = u
		}
		at[i] = last
	}
	slices.SortStableFunc(states, func(x, y int) int { return cmp.Compare(at[x], at[y]) })
}

// logLife is one ticket of an event log, without its outcome.
func (b *bound) logLife(states []int) Life {
	first := b.t.Rows[states[0]]
	l := b.begin(first, states[0])
	if l.Created == 0 {
		l.Created = b.t.time(first, b.fields["updated"])
	}
	words := make([]string, len(b.facts))
	for k, at := range b.facts {
		words[k] = cell(first, at)
	}
	numbers := slices.Clone(l.Facts.Numbers)
	at, replied, closed := l.Created, false, int64(0)
	done := false
	for n, i := range states {
		row := b.t.Rows[i]
		at = max(at, b.t.time(row, b.fields["updated"]))
		if c := b.t.time(row, b.fields["closed"]); c > 0 {
			closed = c
		}
		if r := b.t.time(row, b.fields["replied"]); !replied && usableReply(l.Created, r) {
			replied = true
			l.Steps = append(l.Steps, Step{At: r, Kind: StepReplied})
		}
		if n > 0 {
			b.changed(&l, row, at, words, numbers)
		}
		if d := b.done(row); d != done {
			done = d
			kind := StepReopened
			if d {
				kind = StepClosed
			}
			l.Steps = append(l.Steps, Step{At: at, Kind: kind})
		}
	}
	slices.SortStableFunc(l.Steps, func(x, y Step) int { return cmp.Compare(x.At, y.At) })
	l.Ended = at
	b.end(&l, closed)
	return l
}

// done reports whether a row's status means that the ticket is done.
func (b *bound) done(row []string) bool {
	s := cell(row, b.fields["status"])
	return s != "" && b.t.Closed != nil && b.t.Closed(s)
}

// changed adds what a row says otherwise than the rows before it.
func (b *bound) changed(l *Life, row []string, at int64, words []string, numbers []float64) {
	for k, c := range b.facts {
		if s := cell(row, c); s != words[k] {
			words[k] = s
			l.Steps = append(l.Steps, Step{At: at, Kind: StepChanged, Field: FieldCustomer + Field(k), Value: s})
		}
	}
	for k := range numbers {
		x := b.number(row, k, l.Created, at)
		if x == numbers[k] || math.IsNaN(x) && math.IsNaN(numbers[k]) {
			continue
		}
		numbers[k] = x
		value := ""
		if !math.IsNaN(x) {
			value = strconv.FormatFloat(x, 'g', -1, 64)
		}
		l.Steps = append(l.Steps, Step{At: at, Kind: StepChanged, Field: FieldCustomer + Field(len(words)+k), Value: value})
	}
}
