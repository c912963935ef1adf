package tickets

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"deskwatch/core"
)

func TestAProblemSaysWhatIsWrongAndWhere(t *testing.T) {
	w := newWorld(t, 1, 300, 9)
	for _, c := range []struct{ text, part, says string }{
		{"prodct:spark", "prodct:", "Did you mean “product:”"},
		{"status:new statsu:x", "statsu:", "Did you mean “status:”"},
		{"-pri:high", "pri:", "Did you mean “priority:”"},
		{"colour:red", "colour:", "put them in quotes"},
		{"risk:>many", ">many", "not a number"},
		{"orders:-3", "-3", "not a number"},
		{"risk:99999999999", "99999999999", "not a number"},
		{"risk:5..>7", "5..>7", "not a number"},
		{"satisfaction:bad", "bad", "not a number"},
		{"created:>2024-13", ">2024-13", "not a date"},
		{"created:2024-02-31 spark", "2024-02-31", "not a date"},
		{"created:soon spark", "soon", "not a date"},
		{"created:20 spark", "20", "not a date"},
		{"created:1815", "1815", "not a date"},
		{"due:<1x", "<1x", "such as <1h"},
		{`spark "job lost`, `"job lost`, "not closed"},
		{`product:"Spark`, `"Spark`, "not closed"},
		{"tough:maybe", "maybe", "yes, no, or a number"},
		{"escalated:2", "2", "yes or no"},
		{"priority:>=red", ">=red", "none, low, normal, high, urgent"},
		{"priority:hi", "hi", "none, low, normal, high, urgent"},
		{"clock:blue", "blue", "amber"},
		{"is:mine", "mine", "unowned"},
		{"status:new,nwe", "nwe", `new, open, pending, held, resolved, closed, other, `},
		{"status:nwe", "nwe", `"Awaiting Info"`},
		{strings.Repeat("a", longestQuery+1), "", "too long"},
		{strings.Repeat("a ", mostClauses+1), "a ", "too many"},
		{`"` + strings.Repeat("a ", mostClauses+1) + `"`, "", "too many"},
		{strings.Repeat("a.", mostClauses+1), "", "too many"},
	} {
		p := w.index.CheckQuery(c.text)
		if p == nil || !strings.Contains(p.Message, c.says) {
			t.Errorf("%.60s: %+v does not say %q", c.text, p, c.says)
			continue
		}
		if got := c.text[p.Start:p.End]; c.part != "" && got != c.part {
			t.Errorf("%.60s: the problem is said to be with %q, not %q", c.text, got, c.part)
		}
		if _, err := w.index.Order(t.Context(), core.TicketQuery{Text: c.text}); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%.60s: finding with it gives %v", c.text, err)
		}
	}
}

func TestWhatIsHalfTypedIsLeftOutAndSaid(t *testing.T) {
	w := newWorld(t, 2, 300, 9)
	open := w.order(t, "is:open", "number")
	for _, more := range []string{"due:", "product:,", "risk:>", "created:>", "created:20", "created:2024-0", "updated:yest", "priority:>=", "status: ", "created:2024-01..2", "++"} {
		o, err := w.index.Order(t.Context(), core.TicketQuery{Text: "is:open " + more, Sort: "number"})
		if err != nil || len(o.Notes) != 1 || !slices.Equal(o.Nos, open) {
			t.Errorf("%s: %d of %d tickets, notes %q, %v", more, len(o.Nos), len(open), o.Notes, err)
		}
	}
	for _, more := range []string{"-", "or", "or or", " \t\u200b", "\x00"} {
		o, err := w.index.Order(t.Context(), core.TicketQuery{Text: "is:open " + more, Sort: "number"})
		if err != nil || len(o.Notes) != 0 || !slices.Equal(o.Nos, open) {
			t.Errorf("%q: %d of %d tickets, notes %q, %v", more, len(o.Nos), len(open), o.Notes, err)
		}
	}
}

func TestFiltersThatMeanTheSame(t *testing.T) {
	w := newWorld(t, 3, 2000, 9)
	w.marked()
	w.pool.find = func(text string) []uint32 {
		if strings.EqualFold(text, "T-5") {
			return []uint32{5}
		}
		return nil
	}
	for _, c := range [][2]string{
		{"spark job", `job "spark"`},
		{"STATUS:New", "status:new"},
		{"status:new or status:open", "status:new,open"},
		{"-status:new,open", "-status:new -status:open"},
		{"“job lost”", `"job lost"`},
		{"state:new", "status:new"},
		{"assignee:ann", "owner:ann"},
		{"rating:1..2", "rating:<3"},
		{"risk:>20%", "risk:>=21"},
		{"created:2024-5", "created:2024-05-01..2024-05-31"},
		{"satisfaction:<90", "risk:>10"},
		{"satisfaction:none", "is:closed"},
		{"csat:none", "rating:none"},
		{"due:<1h", "due:<60m"},
		{"owner:=bob", "owner:bob"},
		{"tough:true", "is:tough"},
		{"is:overdue", "clock:red"},
		{"status:AWAITING-info", `status:"Awaiting Info"`},
		{"number:t-5", "number:T-5"},
	} {
		a, b := w.order(t, c[0], ""), w.order(t, c[1], "")
		if !slices.Equal(a, b) || len(a) == 0 {
			t.Errorf("%s finds %d tickets and %s %d", c[0], len(a), c[1], len(b))
		}
	}
}

func TestDaysAreThoseOfTheZone(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("no time zones on this machine: ", err)
	}
	// The night in which the clocks went forward: the day had 23 hours.
	now := time.Date(2024, 3, 11, 1, 0, 0, 0, time.UTC)
	q, wrong := ParseQuery("created:today", now, zone)
	if wrong != nil {
		t.Fatal(wrong.Message)
	}
	v := q.groups[0][0].values[0]
	from, end := time.Unix(v.lo, 0).In(zone), time.Unix(v.hi+1, 0).In(zone)
	if from.Format("01-02 15:04") != "03-10 00:00" || end.Format("01-02 15:04") != "03-11 00:00" || end.Sub(from) != 23*time.Hour {
		t.Errorf("today is from %v to %v", from, end)
	}
}

func TestNoWordBecomesSyntaxOfTheFullText(t *testing.T) {
	for _, c := range [][2]string{
		{"AND", `"AND"`}, {"NEAR(a", `"NEAR(a"`}, {"a^b", `"a^b"`}, {"col-umn", `"col-umn"`}, {"pri*", `"pri" *`}, {`"exact wo"*`, `"exact wo" *`}, {"a*b", `"a*b"`},
		{"http://x.com/a", `"http://x.com/a"`}, {"a(b", `"a(b"`}, {"{a}", `"{a}"`},
	} {
		q, wrong := ParseQuery(c[0], noon, time.UTC)
		if wrong != nil || len(q.groups) != 1 || q.groups[0][0].values[0].fullText() != c[1] {
			t.Errorf("%s becomes %+v, %v", c[0], q, wrong)
		}
	}
}

func TestCompletion(t *testing.T) {
	w := newWorld(t, 4, 3000, 9)
	for _, c := range []struct{ text, first string }{ // the cursor is at |
		{"|", "status:|"},
		{"sta|", "status:|"},
		{"status:new pr|", "status:new priority:|"},
		{"-to|", "-tough:|"},
		{"cl|ock:red", "clock:|red"},
		{"status:aw|", `status:"Awaiting Info"|`},
		{"status:new,re|", "status:new,resolved|"},
		{"product:spark,k|", "product:spark,Kafka|"},
		{`product:"sp|`, `product:"Spark`},
		{`product:"sp|ark" x`, `product:"Spark`},
		{"owner:m|", "owner:me|"},
		{"owner:jo|", "owner:Joanna|"},
		{"source:|", "source:"},
		{"due:o|", "due:overdue|"},
		{"customer:glo|", "customer:"},
		{"priority:>|", "priority:>=high|"},
		{"tough:|", "tough:yes|"},
		{"sat|", "satisfaction:|"},
		{"satisfaction:<|", "satisfaction:<30|"},
	} {
		cursor := strings.IndexByte(c.text, '|')
		text := strings.Replace(c.text, "|", "", 1)
		list := w.index.Complete(text, cursor)
		if len(list) == 0 || len(list) > mostCompletions {
			t.Errorf("%s: %d completions", c.text, len(list))
			continue
		}
		got := text[:list[0].Start] + list[0].Text + "|" + text[list[0].End:]
		if !strings.HasPrefix(got, c.first) {
			t.Errorf("%s becomes %s, not %s", c.text, got, c.first)
		}
		if wrong := w.index.CheckQuery(strings.Replace(got, "|", "", 1)); wrong != nil {
			t.Errorf("%s becomes %s: %s", c.text, got, wrong.Message)
		}
	}
	for _, text := range []string{"colour:r", "zz", `"wor`, "risk:x"} {
		if list := w.index.Complete(text, len(text)); len(list) != 0 {
			t.Errorf("%s goes on with %+v", text, list)
		}
	}
	counts := w.index.Complete("product:", 8)
	if len(counts) != 4 || counts[0].Hint < counts[1].Hint || counts[3].Text != "none" {
		t.Errorf("products are offered as %+v", counts)
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, a := range asks() {
		f.Add(a.text, 3)
	}
	f.Add(`status:new,open product:"Spark EE" priority:>=high tough:yes due:<1h risk:>70 orders:>=3 owner:me created:>2024-01-01 -word "exact words"`, 60)
	f.Add(`-“ or created:..,>=" due:9999y,99999w`, 9)
	w := newWorld(f, 5, 70, 5)
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		q, wrong := ParseQuery(text, noon, time.UTC)
		if (q == nil) == (wrong == nil) {
			t.Fatal("neither a query nor a problem")
		}
		if wrong == nil {
			wrong = w.index.CheckQuery(text)
		} else if w.index.CheckQuery(text) == nil {
			t.Fatal("the index sees no problem")
		}
		if wrong != nil {
			if wrong.Message == "" || wrong.Start < 0 || wrong.End < wrong.Start || wrong.End > len(text) || !utf8.ValidString(wrong.Message) && utf8.ValidString(text) {
				t.Fatalf("problem %+v", wrong)
			}
		} else {
			for _, group := range q.groups {
				for i := range group {
					for j := range group[i].values {
						checkFullText(t, group[i].values[j].fullText())
					}
				}
			}
			if _, err := w.index.Order(t.Context(), core.TicketQuery{Text: text}); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range w.index.Complete(text, cursor) {
			if c.Start < 0 || c.End < c.Start || c.End > len(text) || c.Text == "" {
				t.Fatalf("completion %+v", c)
			}
		}
	})
}

// checkFullText says that a match is one string of FTS5 and nothing else.
func checkFullText(t *testing.T, match string) {
	t.Helper()
	inner := strings.TrimSuffix(match, " *")
	if len(inner) < 2 || inner[0] != '"' || inner[len(inner)-1] != '"' || strings.Contains(strings.ReplaceAll(inner[1:len(inner)-1], `""`, ""), `"`) || !utf8.ValidString(match) {
		t.Fatalf("match %q", match)
	}
}
