package tickets

import (
	"errors"
	"strconv"
	"time"
)

// machineTimes are the ways programs write a moment in JSON: RFC 3339, with Salesforce's zone
// without a colon, and without any zone.
var machineTimes = [...]string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700",
	"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999 Z0700",
	"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02",
}

// The years a ticket may be from.
const (
	firstYear = 1970
	lastYear  = 2199
)

// readTime reads a moment as programs write it; zone is that of one that names none.
func readTime(text string, zone *time.Location) (time.Time, error) {
	if t, ok := sinceEpoch(text); ok {
		return t, nil
	}
	for _, layout := range machineTimes {
		t, err := time.ParseInLocation(layout, text, zone)
		if err != nil {
			continue
		}
		if y := t.Year(); y < firstYear || y > lastYear {
			break
		}
		return t.UTC().Truncate(time.Second), nil
	}
	return time.Time{}, errors.New("not a time")
}

// sinceEpoch reads seconds or milliseconds since 1970, from 2001 on: shorter numbers are not
// told from a day written together.
func sinceEpoch(text string) (time.Time, bool) {
	if len(text) != 10 && len(text) != 13 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, false
	}
	if len(text) == 13 {
		n /= 1000
	}
	return time.Unix(n, 0).UTC(), true
}
