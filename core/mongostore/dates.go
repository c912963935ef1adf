package mongostore

import (
	"regexp"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
)

// calendarDays matches text that begins with a day of the calendar, 29 February in leap years
// only, and ends there or goes on with a time. Only what PCRE, JavaScript and Go read alike is
// in it; what stands for the end of the text is each reader's own, because a $ also matches
// before a last line break.
const calendarDays = `^(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))` +
	`|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)(?:[T ][0-9]{2}:[0-9]{2}|`

const serverDays = calendarDays + `(?![\s\S]))`

var goDays = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(calendarDays + `\z)`) })

// The days an order can have: those with a year of four digits.
const (
	firstDay core.Day = -719528 // 0000-01-01
	lastDay  core.Day = 2932896 // 9999-12-31
)

// span is days in a row, both ends included.
type span struct{ from, to core.Day }

func allDays() span { return span{firstDay, lastDay} }

// monthsSpan is the days of the months from..to; 0 means unbounded.
func monthsSpan(from, to core.Month) span {
	s := allDays()
	if from > 0 {
		s.from = min(from.First(), lastDay+1)
	}
	if to != 0 && to < lastDay.Month() {
		s.to = max(to.Last(), firstDay-1)
	}
	return s
}

// dated matches the documents with a day in the span, as text or as a date. Text sorts as days
// do, so both are ranges an index serves. A list of values is no day, though a list matches
// when one of its members does.
func (b *Book) dated(s span) bson.D {
	f := b.fields.Date
	text := bson.D{{Key: "$regex", Value: serverDays}}
	within := bson.D{}
	if s.from > firstDay {
		within = append(within, bson.E{Key: "$gte", Value: s.from.String()})
	}
	if s.to < lastDay {
		within = append(within, bson.E{Key: "$lt", Value: (s.to + 1).String()})
	}
	inText := bson.D{{Key: f, Value: text}}
	if len(within) > 0 {
		inText = bson.D{{Key: "$and", Value: bson.A{bson.D{{Key: f, Value: within}}, inText}}}
	}
	return bson.D{
		{Key: "$or", Value: bson.A{
			inText,
			bson.D{{Key: f, Value: bson.D{{Key: "$gte", Value: s.from.Time()}, {Key: "$lt", Value: (s.to + 1).Time()}}}},
		}},
		{Key: f, Value: noList()},
	}
}

func noList() bson.D {
	return bson.D{{Key: "$not", Value: bson.D{{Key: "$type", Value: "array"}}}}
}

// The forms of a day.
const (
	monthLength = len("2006-01")
	dayLength   = len("2006-01-02")
)

// dateText is an expression for the first n bytes of a document's date as text: its month or
// its day. A date becomes text in UTC.
func (b *Book) dateText(n int) bson.D {
	return bson.D{{Key: "$substrBytes", Value: bson.A{bson.D{{Key: "$toString", Value: "$" + b.fields.Date}}, 0, n}}}
}

// readDay reads the day at the beginning of a text that the server took for one.
func readDay(text string) (core.Day, bool) {
	if len(text) < dayLength {
		return 0, false
	}
	t, err := time.Parse(time.DateOnly, text[:dayLength])
	return core.DayOf(t), err == nil
}

// dayOf reads the day of a document, by the rule of Book.dated.
func dayOf(v bson.RawValue) (core.Day, bool) {
	if t, ok := v.TimeOK(); ok {
		day := core.DayOf(t.UTC())
		return day, day >= firstDay && day <= lastDay
	}
	text, ok := v.StringValueOK()
	if !ok || !goDays().MatchString(text) {
		return 0, false
	}
	return readDay(text)
}
