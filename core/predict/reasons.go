package predict

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"deskwatch/core"
)

const reasonsGiven = 3

// group are the features that say one thing together.
type group struct {
	feature feature
	add     float64 // to the log-odds
}

// Explain says why, and what would help. owners are other people the ticket could be given to.
// A reason's points are what the satisfaction would lose or gain were it as usual.
func (s *Scorer) Explain(l *Life, at int64, owners []string) ([]core.NamedReason, []core.Help) {
	s.view.see(l, at)
	margin := s.margin()
	reasons := s.reasons(margin)
	return reasons, s.help(l, at, owners, satisfaction(s.m.curve.Risk(margin)))
}

func satisfaction(risk float64) float64 { return 100 * (1 - risk) }

func (s *Scorer) reasons(margin float64) []core.NamedReason {
	s.m.ens.Contributions(s.row, s.adds)
	s.groups = s.groups[:0]
	for i, add := range s.adds {
		f := s.m.features[i]
		if add == 0 {
			continue
		}
		if f.reason != ReasonPair && f.reason != ReasonColumn {
			f.a, f.b = -1, -1
		}
		at := slices.IndexFunc(s.groups, func(g group) bool {
			return g.feature.reason == f.reason && g.feature.a == f.a && g.feature.b == f.b
		})
		if at < 0 {
			at = len(s.groups)
			s.groups = append(s.groups, group{feature: f})
		}
		s.groups[at].add += add
	}
	slices.SortStableFunc(s.groups, func(a, b group) int { return compareDown(math.Abs(a.add), math.Abs(b.add)) })
	reasons := []core.NamedReason{}
	now := satisfaction(s.m.curve.Risk(margin))
	for _, g := range s.groups {
		points := int(math.Round(now - satisfaction(s.m.curve.Risk(margin-g.add))))
		if points == 0 || len(reasons) == reasonsGiven {
			continue
		}
		r := s.worded(g.feature, points < 0)
		r.Points = points
		reasons = append(reasons, r)
	}
	return reasons
}

// worded puts a reason in words; bad says that it takes satisfaction away.
func (s *Scorer) worded(f feature, bad bool) core.NamedReason {
	v := &s.view
	r := core.NamedReason{Reason: f.reason}
	often := "more rarely"
	if bad {
		often = "more often"
	}
	about := func(field Field, what string) {
		r.Subject = v.word(field)
		r.Text = fmt.Sprintf("%s %s ended badly %s than others", what, r.Subject, often)
	}
	switch f.reason {
	case ReasonReplyWait:
		s.wordWait(&r)
	case ReasonOwner:
		if about(FieldOwner, "tickets of"); r.Subject == "" {
			r.Text = "nobody owns it"
		}
	case ReasonTeam:
		if about(FieldTeam, "tickets of team"); r.Subject == "" {
			r.Text = "no team has it"
		}
	case ReasonCustomer:
		if about(FieldCustomer, "tickets of"); r.Subject == "" {
			r.Text = "its customer is not known"
		}
	case ReasonCategory:
		if about(FieldCategory, "tickets about"); r.Subject == "" {
			r.Text = fmt.Sprintf("tickets about this ended badly %s than others", often)
		}
	case ReasonProduct:
		about(FieldProduct, "tickets about")
	case ReasonChannel:
		about(FieldChannel, "tickets by")
	case ReasonPriority:
		about(FieldPriority, "tickets of priority")
		if v.priorities > 0 {
			r.Count = v.priorities
			r.Text = "its priority changed " + counted(v.priorities, "time", "times")
		}
	case ReasonStatus:
		about(FieldStatus, "tickets in status")
	case ReasonWords:
		r.Text = fmt.Sprintf("tickets with such words ended badly %s than others", often)
	case ReasonTone:
		r.Text = [...]string{"its text sounds angry", "its text sounds neutral", "its text sounds friendly"}[toneOf(v.life.Facts.Text.Tone)]
	case ReasonSize:
		r.Count = int(v.life.Facts.Text.Size)
		r.Text = "its text has " + counted(r.Count, "character", "characters")
	case ReasonReassigned:
		r.Count = v.owners + v.teams
		if r.Text = "it was given to another " + counted(r.Count, "time", "times"); r.Count == 0 {
			r.Text = "it was never given to another"
		}
	case ReasonReopened:
		r.Count = v.reopened
		if r.Text = "reopened " + counted(r.Count, "time", "times"); r.Count == 0 {
			r.Text = "it was never reopened"
		}
	case ReasonSilence:
		r.Count = int((v.at - v.lastStep) / daySeconds)
		r.Text = "nothing happened for " + lasting(v.at-v.lastStep)
	case ReasonAge:
		r.Count = int((v.at - v.life.Created) / daySeconds)
		r.Text = "open for " + lasting(v.at-v.life.Created)
	case ReasonChanges:
		r.Count = v.steps
		r.Text = counted(v.steps, "change", "changes") + " so far"
	case ReasonLoad:
		s.wordLoad(&r)
	case ReasonColumn:
		s.wordColumn(&r, f)
	case ReasonPair:
		r.Subject = s.valueOf(f.a) + ", " + s.valueOf(f.b)
		if s.valueOf(f.a) != "" && s.valueOf(f.b) != "" {
			r.Text = fmt.Sprintf("%s: together they ended badly %s than each alone", r.Subject, often)
		}
	}
	if r.Text == "" || strings.Contains(r.Text, "  ") { // about something empty
		missing := f.reason
		if f.reason == ReasonPair {
			missing = s.m.schema.columnName(f.a)
			if s.valueOf(f.a) != "" {
				missing = s.m.schema.columnName(f.b)
			}
		}
		r.Text = fmt.Sprintf("tickets without a known %s ended badly %s than others", missing, often)
	}
	return r
}

// wordWait compares the wait with the most particular usual that is known well enough.
func (s *Scorer) wordWait(r *core.NamedReason) {
	v := &s.view
	own, waited := math.NaN(), float64(max(v.at-v.life.Created, 0))
	if v.replied {
		if waited = v.reply; math.IsNaN(waited) {
			r.Text = "when the first reply came is not known"
			return
		}
		own = logWait(waited)
	}
	const enough = 5
	keys := keysOf(v)
	usual, whose := math.NaN(), ""
	for _, c := range [...]struct {
		of   subject
		name string
	}{{ofCustomer, "this customer's usual wait"}, {ofTopic, "the usual wait for this topic"}, {ofOwner, "this owner's usual wait"}, {ofAll, "the usual wait"}} {
		if keys[c.of] == 0 && c.of != ofAll {
			continue
		}
		if t := s.h.known(keys[c.of]); t.waits >= enough+one(v.replied) {
			usual, whose = t.usualWait(own, math.NaN(), 0), c.name
			break
		}
	}
	if !math.IsNaN(usual) {
		r.Ratio = math.Round(10*(waited+60)/math.Exp(usual)) / 10
	}
	switch {
	case !v.replied && r.Ratio >= 0.3:
		r.Text = fmt.Sprintf("no reply for %s, %s× %s", lasting(int64(waited)), times(r.Ratio), whose)
	case !v.replied:
		r.Text = "no reply yet"
	case r.Ratio > 0:
		r.Text = fmt.Sprintf("first reply took %s× %s", times(r.Ratio), whose)
	default:
		r.Text = "first reply took " + lasting(int64(waited))
	}
}

func (s *Scorer) wordLoad(r *core.NamedReason) {
	owner, desk := s.numbers[dOwnerBusy], s.numbers[dDeskBusy]
	r.Subject = s.view.word(FieldOwner)
	ratio, who := owner, r.Subject+" got"
	if owner != owner || r.Subject == "" {
		ratio, who, r.Subject = desk, "the desk got", ""
	}
	r.Ratio = math.Round(10*float64(ratio)) / 10
	r.Text = fmt.Sprintf("%s %s× the usual number of tickets lately", who, times(r.Ratio))
}

func (s *Scorer) wordColumn(r *core.NamedReason, f feature) {
	if f.a >= 0 {
		r.Subject = s.named(f.a)
	} else {
		value := "unknown"
		if x := s.view.numbers[f.b]; !math.IsNaN(x) {
			value = fmt.Sprintf("%.4g", x)
		}
		r.Subject = f.name + ": " + value
	}
	r.Text = r.Subject
}

// valueOf is the value of a column of words.
func (s *Scorer) valueOf(c int) string {
	if s.view.words[c] == "" {
		return "unknown"
	}
	return s.view.words[c]
}

// named is a column with its value.
func (s *Scorer) named(c int) string { return s.m.schema.columnName(c) + ": " + s.valueOf(c) }

// toneOf is 0 of an angry, 1 of a neutral and 2 of a friendly text; the bounds are VADER's own.
func toneOf(tone float32) int {
	switch {
	case tone <= -0.05:
		return 0
	case tone < 0.05:
		return 1
	}
	return 2
}

// times words a ratio: "0.4", "3", "12".
func times(ratio float64) string {
	if ratio >= 10 {
		return fmt.Sprintf("%.0f", ratio)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", ratio), ".0")
}

// lasting words a length of time.
func lasting(seconds int64) string {
	switch {
	case seconds >= 2*daySeconds:
		return counted(int(seconds/daySeconds), "day", "days")
	case seconds >= hourSeconds:
		return counted(int(seconds/hourSeconds), "hour", "hours")
	}
	return counted(int(seconds/60), "minute", "minutes")
}
