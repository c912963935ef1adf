package kit

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Weekdays are the days in the order people read them here.
func Weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// WeekdayName is the day in the window's language.
func WeekdayName(d time.Weekday) string {
	switch d {
	case time.Monday:
		return T("Monday")
	case time.Tuesday:
		return T("Tuesday")
	case time.Wednesday:
		return T("Wednesday")
	case time.Thursday:
		return T("Thursday")
	case time.Friday:
		return T("Friday")
	case time.Saturday:
		return T("Saturday")
	}
	return T("Sunday")
}

// Hours is a stretch of a day, in minutes since midnight.
type Hours struct{ From, To int }

// String writes 09:00-13:30.
func (h Hours) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// oneHours reads 9-17, 9:00-17:30 and 09:00 – 24:00.
var oneHours = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?$`)

// readHours reads the stretches of one day, with commas between; none is no error.
func readHours(text string) (list []Hours, ok bool) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m := oneHours.FindStringSubmatch(part)
		if m == nil {
			return nil, false
		}
		from, fine := minutesOf(m[1], m[2])
		to, fineToo := minutesOf(m[3], m[4])
		if !fine || !fineToo {
			return nil, false
		}
		list = append(list, Hours{from, to})
	}
	return list, true
}

func minutesOf(hour, minute string) (int, bool) {
	h, err := strconv.Atoi(hour)
	if err != nil {
		return 0, false
	}
	m := 0
	if minute != "" {
		if m, err = strconv.Atoi(minute); err != nil {
			return 0, false
		}
	}
	return h*60 + m, m < 60 && h*60+m <= 24*60
}

func hoursText(list []Hours) string {
	var words []string
	for _, h := range list {
		words = append(words, h.String())
	}
	return strings.Join(words, ", ")
}
