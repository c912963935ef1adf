package core

import (
	"encoding/json"
	"fmt"
	"time"
)

// Day is a calendar day without a zone, counted in days since 1970-01-01.
type Day int32

// DayOf returns the calendar day t shows in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// NewDay returns the day y-m-d; ok is false when the calendar has no such day.
func NewDay(y, m, d int) (day Day, ok bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d {
		return 0, false
	}
	return DayOf(t), true
}

// Time returns midnight UTC of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Month returns the calendar month the day lies in.
func (d Day) Month() Month { t := d.Time(); return NewMonth(t.Year(), int(t.Month())) }

// String is the ISO form, 2023-06-30.
func (d Day) String() string { return d.Time().Format("2006-01-02") }

// MarshalText writes the ISO form.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Month is a calendar month, counted as year*12 + month-1.
type Month int32

// NewMonth returns the month m (1–12) of year y.
func NewMonth(y, m int) Month { return Month(y*12 + m - 1) }

// MonthOf returns the month t shows in its own zone.
func MonthOf(t time.Time) Month { return NewMonth(t.Year(), int(t.Month())) }

// ParseMonth reads 2023-06.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return 0, NewError(CodeInvalid, "core.month", fmt.Sprintf("%q is not a month. Write it as year and month, such as 2023-06.", s), err)
	}
	return MonthOf(t), nil
}

// YearMonth returns the year and the month 1–12.
func (m Month) YearMonth() (year, month int) { return int(m) / 12, int(m)%12 + 1 }

// First and Last are the month's first and last day.
func (m Month) First() Day { y, mo := m.YearMonth(); d, _ := NewDay(y, mo, 1); return d }

// Last is the month's last day.
func (m Month) Last() Day { return (m + 1).First() - 1 }

// String is the form 2023-06.
func (m Month) String() string { y, mo := m.YearMonth(); return fmt.Sprintf("%04d-%02d", y, mo) }

// MarshalJSON writes "2023-06".
func (m Month) MarshalJSON() ([]byte, error) { return json.Marshal(m.String()) }

// UnmarshalJSON reads "2023-06".
func (m *Month) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := ParseMonth(s)
	*m = v
	return err
}
