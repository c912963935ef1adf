package kit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number writes n grouped as the window's language does: 120,201. The translation of "1,000"
// shows the sign to group with.
func Number(n int64) string {
	digits, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	group := strings.Trim(T("1,000"), "01")
	out := ""
	for len(digits) > 3 {
		out = group + digits[len(digits)-3:] + out
		digits = digits[:len(digits)-3]
	}
	return sign + digits + out
}

// Decimal writes a number with so many digits behind its point, "0.4", or its comma.
func Decimal(v float64, digits int) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', digits, 64), ".", strings.Trim(T("0.1"), "01"), 1)
}

// Signed writes n with its sign: "+12", "−5".
func Signed(n int) string {
	if n < 0 {
		return "−" + Number(int64(-n))
	}
	return "+" + Number(int64(n))
}

// Bytes writes a size: "12.4 MB".
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return Decimal(float64(n)/1e3, 1) + " kB"
	case n < 1_000_000_000:
		return Decimal(float64(n)/1e6, 1) + " MB"
	}
	return Decimal(float64(n)/1e9, 1) + " GB"
}

// Duration writes d in its two largest units: "1 min 20 s", "3 h 5 min", "2 d 4 h".
func Duration(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return T("%d s", int(d.Seconds()))
	case d < time.Hour:
		return T("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 24*time.Hour:
		return T("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return T("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
}

// When writes a moment as people say it, in now's zone: "today 09:10", "yesterday 17:40",
// "tomorrow 08:00", "2023-06-30 12:00"; the zero time is "never".
func When(t, now time.Time) string {
	if t.IsZero() {
		return T("never")
	}
	t = t.In(now.Location())
	y, m, d := now.Date()
	switch today := time.Date(y, m, d, 0, 0, 0, 0, now.Location()); {
	case t.Before(today.AddDate(0, 0, -1)), !t.Before(today.AddDate(0, 0, 2)):
		return t.Format("2006-01-02 15:04")
	case t.Before(today):
		return T("yesterday %s", t.Format("15:04"))
	case t.Before(today.AddDate(0, 0, 1)):
		return T("today %s", t.Format("15:04"))
	}
	return T("tomorrow %s", t.Format("15:04"))
}
