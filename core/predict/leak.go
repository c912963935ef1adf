package predict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"deskwatch/core"
	"deskwatch/core/predict/measure"
)

const (
	leakAUC  = 0.90 // of one column alone: too good to be true
	leakFar  = 0.15 // better than the next best column
	leakSole = 0.75 // and at least this good
	aloneMax = 60_000
)

// Why columns are refused that may be looked at in files that say how tickets stood on the way.
const (
	whyCounts = "it counts until the end"
	whyReply  = "it is known when somebody replies"
)

// earlier are words in the name of a column that is about tickets before this one.
var earlier = [...]string{"previous", "prior", "past", "earlier"}

// afterwards are words in the name of a column that is filled in when the ticket has ended. A column
// is refused when its name has all words of one line.
var afterwards = [...]struct{ words, why string }{
	{"survey", "it comes with the survey"},
	{"customer remark", "it is written in the survey"},
	{"customer remarks", "it is written in the survey"},
	{"customer comment", "it is written in the survey"},
	{"customer comments", "it is written in the survey"},
	{"customer feedback", "it is written in the survey"},
	{"feedback comment", "it is written in the survey"},
	{"feedback comments", "it is written in the survey"},
	{"feedback text", "it is written in the survey"},
	{"feedback score", "it is the rating"},
	{"csat", "it is the rating"},
	{"nps", "it is the rating"},
	{"rating", "it is the rating"},
	{"satisfaction", "it is the rating"},
	{"close code", "it is known when the ticket is closed"},
	{"closed", "it is known when the ticket is closed"},
	{"closure", "it is known when the ticket is closed"},
	{"closing", "it is known when the ticket is closed"},
	{"close notes", "it is known when the ticket is closed"},
	{"close time", "it is known when the ticket is closed"},
	{"close date", "it is known when the ticket is closed"},
	{"close by", "it is known when the ticket is closed"},
	{"resolved", "it is known when the ticket is resolved"},
	{"resolution", "it is known when the ticket is resolved"},
	{"resolver", "it is known when the ticket is resolved"},
	{"resolve", "it is known when the ticket is resolved"},
	{"solved", "it is known when the ticket is resolved"},
	{"solution", "it is known when the ticket is resolved"},
	{"ttr", "it is known when the ticket is resolved"},
	{"completed", "it is known when the ticket is closed"},
	{"completion", "it is known when the ticket is closed"},
	{"final", "it says how the ticket ended"},
	{"outcome", "it says how the ticket ended"},
	{"total reassignments", "it says how the ticket ended"},
	{"total reopens", "it says how the ticket ended"},
	{"total replies", "it says how the ticket ended"},
	{"total transfers", "it says how the ticket ended"},
	{"handling time", "it is known when the work is done"},
	{"handle time", "it is known when the work is done"},
	{"time spent", "it is known when the work is done"},
	{"caused by", "it is found out when the ticket is worked on"},
	{"made sla", "it says whether the target was met"},
	{"sla met", "it says whether the target was met"},
	{"sla status", "it says whether the target was met"},
	{"sla breach", "it says whether the target was met"},
	{"breached", "it says whether the target was met"},
	{"sla missed", "it says whether the target was met"},
	{"sla violated", "it says whether the target was met"},
	{"sla violation", "it says whether the target was met"},
	{"within sla", "it says whether the target was met"},
	{"first response", whyReply},
	{"first reply", whyReply},
	{"response time", whyReply},
	{"reply time", whyReply},
	{"responded", whyReply},
	{"reassignments", whyCounts},
	{"reopens", whyCounts},
	{"reopenings", whyCounts},
	{"transfers", whyCounts},
	{"reassignment count", whyCounts},
	{"reopen count", whyCounts},
	{"reopened count", whyCounts},
	{"mod count", whyCounts},
	{"update count", whyCounts},
	{"reply count", whyCounts},
	{"comment count", whyCounts},
}

// RefusedColumn says why a column of a file with one row for each ticket must not be looked at, by
// its name: it is filled in when the outcome is known, or after, or on the way there. "" it may be
// looked at.
func RefusedColumn(name string) (why string) {
	words := columnWords(name)
	has := func(w string) bool { return slices.Contains(words, w) }
	if slices.ContainsFunc(earlier[:], has) {
		return ""
	}
	for _, a := range afterwards {
		if !slices.ContainsFunc(strings.Fields(a.words), func(w string) bool { return !has(w) }) {
			return a.why
		}
	}
	return ""
}

// columnWords are the words of a column's name in lower case: of "closed_code", "ClosedCode" and
// "Closed Code" the same.
func columnWords(name string) []string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		last = r
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}

// leaks finds columns of the lives that alone say too much of the outcome: they may be filled in
// afterwards.
func leaks(f *frame, t *fitted) []core.Suspect {
	rows := f.someRows(aloneMax)
	ends := f.outcomes(rows)
	type column struct {
		name    string
		auc     float64
		missing bool
	}
	var found []column
	at := func(col []float32) []float32 { return picked(col, rows) }
	for i, x := range featuresOf(f.schema, t.enc) {
		single := x.reason != ReasonPair && x.a >= 0
		number := x.a < 0 && x.b >= 0
		if !single && !number && x.reason != ReasonWords {
			continue
		}
		col := at(t.cols[i])
		found = append(found, column{x.name, alone(col, ends), false})
		if number {
			gaps := make([]float32, len(col))
			for j, v := range col {
				gaps[j] = one(v != v)
			}
			found = append(found, column{x.name, alone(gaps, ends), true})
		}
	}
	slices.SortStableFunc(found, func(a, b column) int {
		return cmp.Or(compareDown(a.auc, b.auc), int(one(b.missing))-int(one(a.missing)))
	})
	suspects := []core.Suspect{}
	for i, c := range found {
		if slices.ContainsFunc(suspects, func(s core.Suspect) bool { return s.Name == c.name }) {
			continue // said of it already: what it says, and whether it says anything
		}
		next := 0.5
		for _, o := range found[i+1:] {
			if o.name != c.name {
				next = o.auc
				break
			}
		}
		sole := i == 0 && c.auc >= leakSole && c.auc-next >= leakFar
		if c.auc >= leakAUC || sole {
			suspects = append(suspects, core.Suspect{Name: c.name, AUC: c.auc, Filled: c.missing})
		}
	}
	return suspects
}

// leakTexts warns of suspects.
func leakTexts(list []core.Suspect) []string {
	warnings := []string{}
	for _, s := range list {
		text := "%q tells good from bad ends almost alone (AUC %.2f), which is too good to be true. Is it filled in after the outcome is known? Then leave it out."
		if s.Filled {
			text = "Whether %q is filled in tells good from bad ends almost alone (AUC %.2f). Is it filled in after the outcome is known? Then leave it out."
		}
		warnings = append(warnings, fmt.Sprintf(text, s.Name, s.AUC))
	}
	return warnings
}

// someRows are evenly spread examples, at most so many.
func (f *frame) someRows(most int) []int32 {
	step := len(f.life)/most + 1
	return f.where(func(e int32) bool { return int(e)%step == 0 })
}

// alone is how well a column alone tells bad from good, 0.5 to 1; a missing value counts as low.
func alone(col []float32, bad []bool) float64 {
	scores := make([]float64, len(col))
	for i, x := range col {
		scores[i] = float64(x)
		if x != x {
			scores[i] = -1e30
		}
	}
	a := measure.AUC(scores, bad)
	if a != a {
		return 0.5
	}
	return max(a, 1-a)
}

func compareDown(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// featureReports say how much each feature moves the predictions, and what it says alone.
func featureReports(f *frame, t *fitted) []core.FeatureReport {
	rows := f.someRows(aloneMax)
	ends := f.outcomes(rows)
	total := 0.0
	weights := t.ens.Importance()
	for _, w := range weights {
		total += w
	}
	reports := []core.FeatureReport{}
	for i, x := range featuresOf(f.schema, t.enc) {
		if weights[i] <= 0 {
			continue
		}
		reports = append(reports, core.FeatureReport{Name: x.name, Weight: weights[i] / total, AUC: alone(picked(t.cols[i], rows), ends)})
	}
	slices.SortStableFunc(reports, func(a, b core.FeatureReport) int { return compareDown(a.Weight, b.Weight) })
	return reports
}
