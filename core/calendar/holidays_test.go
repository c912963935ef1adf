package calendar

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"deskwatch/core"
)

var spring = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// file wraps events, each given by its lines, in a calendar.
func file(events ...string) string {
	var sb strings.Builder
	sb.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n")
	for _, e := range events {
		sb.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	return sb.String() + "END:VCALENDAR\r\n"
}

// in lists the holidays of a year, as 05-01.
func in(list []Holiday, year string) string {
	var days []string
	for _, h := range list {
		if rest, ok := strings.CutPrefix(h.Day.String(), year+"-"); ok {
			days = append(days, rest)
		}
	}
	return strings.Join(days, " ")
}

func TestHolidaysAreTheDaysAnEventCoversWhole(t *testing.T) {
	madrid, err := Zone("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"one day":                {file("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260502\nSUMMARY:Labour Day"), "05-01"},
		"without VALUE":          {file("DTSTART:20260501\nSUMMARY:x"), "05-01"},
		"without an end":         {file("DTSTART;VALUE=DATE:20260501"), "05-01"},
		"ends on its own day":    {file("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501"), "05-01"},
		"several days":           {file("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227"), "12-24 12-25 12-26"},
		"a duration":             {file("DTSTART;VALUE=DATE:20261224\nDURATION:P2D"), "12-24 12-25"},
		"midnight to midnight":   {file("DTSTART;TZID=Europe/Madrid:20260501T000000\nDTEND;TZID=Europe/Madrid:20260502T000000"), "05-01"},
		"to a minute before":     {file("DTSTART:20260501T000000\nDTEND:20260502T235900"), "05-01 05-02"},
		"midnight told in UTC":   {file("DTSTART:20260430T220000Z\nDTEND:20260501T220000Z"), "05-01"},
		"a zone of Windows":      {file("DTSTART;TZID=Romance Standard Time:20260501T000000\nDTEND;TZID=Romance Standard Time:20260502T000000"), "05-01"},
		"hours are no holiday":   {file("DTSTART:20260501T090000\nDTEND:20260501T170000", "DTSTART;VALUE=DATE:20260502"), "05-02"},
		"over a day and a half":  {file("DTSTART:20260430T120000\nDTEND:20260502T000000"), "05-01"},
		"cancelled":              {file("DTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED", "DTSTART;VALUE=DATE:20260502"), "05-02"},
		"every year":             {file("DTSTART;VALUE=DATE:20000101\nRRULE:FREQ=YEARLY"), "01-01"},
		"fourth Thursday":        {file("DTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), "11-26"},
		"Easter Monday":          {file("DTSTART;VALUE=DATE:20200413\nRRULE:FREQ=YEARLY;BYEASTER=1"), "04-06"},
		"every year, several":    {file("DTSTART;VALUE=DATE:20201224\nDTEND;VALUE=DATE:20201227\nRRULE:FREQ=YEARLY;INTERVAL=2"), "12-24 12-25 12-26"},
		"until before":           {file("DTSTART;VALUE=DATE:20200106\nRRULE:FREQ=YEARLY;UNTIL=20250106", "DTSTART;VALUE=DATE:20260102"), "01-02"},
		"until that very day":    {file("DTSTART;VALUE=DATE:20200106\nRRULE:FREQ=YEARLY;UNTIL=20260106T120000Z"), "01-06"},
		"except some":            {file("DTSTART;VALUE=DATE:20200601\nRRULE:FREQ=MONTHLY\nEXDATE;VALUE=DATE:20260101,20260201\nEXDATE;VALUE=DATE:20260301\nEXDATE;VALUE=DATE:20260601,20260701,20260801,20260901,20261001,20261101,20261201"), "04-01 05-01"},
		"and some more":          {file("DTSTART;VALUE=DATE:20260101\nRDATE;VALUE=DATE:20260202,20260203"), "01-01 02-02 02-03"},
		"one of them moved":      {file("UID:a\nDTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY", "UID:a\nRECURRENCE-ID;VALUE=DATE:20260501\nDTSTART;VALUE=DATE:20260504"), "05-04"},
		"one of them cancelled":  {file("UID:a\nDTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY", "UID:a\nRECURRENCE-ID;VALUE=DATE:20260501\nDTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED"), ""},
		"two calendars, a mark":  {"\ufeff" + file("DTSTART;VALUE=DATE:20260101") + file("DTSTART;VALUE=DATE:20260106"), "01-01 01-06"},
		"bare line ends, folded": {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DA\n TE:20260101\nEND:VEVENT\nEND:VCALENDAR\n", "01-01"},
	} {
		list, err := ReadHolidays(strings.NewReader(tt.text), madrid, spring)
		if got := in(list, "2026"); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, tt.want)
		}
	}
}

func TestAHolidayHasItsName(t *testing.T) {
	list, err := ReadHolidays(strings.NewReader(file("SUMMARY:Corpus\\, and more\nDTSTART;VALUE=DATE:20260604", "SUMMARY:bad \\q\nDTSTART;VALUE=DATE:20260605")), time.UTC, spring)
	if err != nil || len(list) != 2 || list[0].Name != "Corpus, and more" || list[1].Name != `bad \q` {
		t.Errorf("%v, %v", list, err)
	}
}

func TestARecurrenceWithoutEndIsFollowedFiftyYears(t *testing.T) {
	list, err := ReadHolidays(strings.NewReader(file("DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY")), time.UTC, spring)
	if err != nil || len(list) < 36_500 || len(list) > 36_530 || list[0].Day != day(t, "1976-03-10") {
		t.Errorf("%d days, %v", len(list), err)
	}
}

func TestAFileThatIsNoCalendarIsRefusedInWords(t *testing.T) {
	deep := strings.Repeat("BEGIN:A\r\n", 50_000)
	for name, text := range map[string]string{
		"empty":            "",
		"something else":   "PK\x03\x04 not a calendar",
		"half":             file("DTSTART;VALUE=DATE:20260501")[:60],
		"open parameter":   "BEGIN:VCALENDAR\r\nX;A=b",
		"no events":        file(),
		"no day":           file("DTSTART:20260501T090000\nDTEND:20260501T100000"),
		"no start":         file("SUMMARY:x"),
		"a bad date":       file("DTSTART;VALUE=DATE:20261350\nSUMMARY:x"),
		"a bad rule":       file("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=SOMETIMES"),
		"a strange rule":   file("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;BYEASTER=100000"),
		"many rules":       file(slices.Repeat([]string{"DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;COUNT=1"}, maxRules+1)...),
		"a rule by minute": file("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=MINUTELY"),
		"too often":        file(strings.Split(strings.Repeat("DTSTART;VALUE=DATE:19800101\nRRULE:FREQ=DAILY|", 4), "|")[:4]...),
		"too large":        file("X-A:" + strings.Repeat("\n a", maxHolidayFile/3)),
		"a long line":      file("DTSTART;X=" + strings.Repeat("a\n b", maxHolidayLine/4) + ":20260501"),
		"nested":           "BEGIN:VCALENDAR\r\n" + deep,
	} {
		list, err := ReadHolidays(strings.NewReader(text), time.UTC, spring)
		if m := core.ErrorMessage(err); core.ErrorCode(err) != core.CodeInvalid || list != nil || !strings.Contains(m, "holidays file") {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
	if _, err := ReadHolidays(iotest.ErrReader(errors.New("cable")), time.UTC, spring); core.ErrorCode(err) != core.CodeUnavailable {
		t.Errorf("a disk that fails: %v", err)
	}
}
