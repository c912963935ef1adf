package store

import (
	"encoding/json"
	"time"
)

// The repositories of the desk file keep times as milliseconds, 0 for the zero time.

func toMillis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// pageLimit clamps the length of a page to 1..1000, 100 when it is not said.
func pageLimit(n int) int {
	if n == 0 {
		n = 100
	}
	return min(max(n, 1), 1000)
}

// listParam is a list as one parameter for json_each, however long it is. Values are numbers
// and strings, which always marshal.
func listParam[T int64 | string](list []T) (string, error) {
	b, err := json.Marshal(list)
	return string(b), err
}
