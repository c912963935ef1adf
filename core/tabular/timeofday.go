package tabular

import "strings"

// clock is the time of day behind a date. The zero value is midnight without a zone.
type clock struct {
	hour, minute, second int
	zoned                bool // offset says how many seconds the zone is east of UTC
	odd                  bool // the zone is a word that means several, or none
	half                 byte // 'a' or 'p' where the clock has twelve hours
	offset               int
}

// hour24 is the hour of a day of 24 hours.
func (c clock) hour24() int {
	switch {
	case c.half == 'a' && c.hour == 12:
		return 0
	case c.half == 'p' && c.hour < 12:
		return c.hour + 12
	}
	return c.hour
}

// valid reports whether there is such a time; 24:00 and a leap second are.
func (c clock) valid() bool {
	return c.hour24() <= 24 && c.minute < 60 && c.second <= 60 && (c.hour24() < 24 || c.minute+c.second == 0)
}

// scanClock reads what follows a date: nothing, or a time of day with at most a zone. ok is
// false when it is something else.
func scanClock(s string) (c clock, ok bool) {
	if s == "" {
		return c, true
	}
	i := 0
	for i < len(s) && (s[i] == ' ' || s[i] == ',') {
		i++
	}
	if i < len(s) && (s[i] == 'T' || s[i] == 't' || i == 0 && (s[i] == ':' || s[i] == '_' || s[i] == '-')) {
		i++
	} else if i == 0 {
		c.zoned = s == "Z"
		return c, c.zoned
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	hour, end := number(s, i)
	if end == i || end-i > 2 || hour > 24 {
		return c, false
	}
	c.hour = hour
	i = end
	parts := 1
	for parts < 3 && i < len(s) && (s[i] == ':' || s[i] == '.' || s[i] == 'h') {
		n, end := number(s, i+1)
		if end-i != 3 || n > 60 {
			break
		}
		if parts == 1 {
			c.minute = n
		} else {
			c.second = n
		}
		i = end
		parts++
	}
	if i < len(s) && (s[i] == '.' || s[i] == ',' || s[i] == ':') && parts == 3 {
		if _, end := number(s, i+1); end > i+1 {
			i = end
		}
	}
	rest, half := trimHalfDay(strings.TrimLeft(s[i:], " \u00a0\u202f"))
	if parts == 1 && half == 0 {
		return c, false
	}
	c.half = half
	return c, c.readZone(rest)
}

// compactClock reads 1015 and 101500.
func compactClock(digits string) clock {
	c := clock{hour: two(digits), minute: two(digits[2:])}
	if len(digits) >= 6 {
		c.second = two(digits[4:])
	}
	return c
}

// trimHalfDay drops AM, PM, a. m., p.m. or h, and returns the first letter of what it dropped.
func trimHalfDay(s string) (rest string, half byte) {
	if s == "" {
		return s, 0
	}
	switch c := s[0] | 0x20; {
	case c == 'a' || c == 'p':
		rest := strings.TrimLeft(s[1:], ". \u00a0\u202f")
		if rest != "" && rest[0]|0x20 == 'm' {
			return strings.TrimLeft(rest[1:], ". "), c
		}
	case c == 'h':
		return strings.TrimLeft(strings.TrimLeft(s[1:], "rs"), ". "), c
	}
	return s, 0
}

// readZone reads nothing, Z, UTC, +02:00, GMT+0200 (CEST), +0000 UTC. A number counts more than
// a word. It reports whether s is a zone by its form.
func (c *clock) readZone(s string) bool {
	numbered := false
	for step := 0; step < 4; step++ {
		s = strings.TrimLeft(s, " ")
		if s == "" {
			return true
		}
		switch first := s[0]; {
		case isLetter(first):
			end := wordEnd(s, 0)
			if end > 5 {
				return false
			}
			if !numbered {
				c.zoned = true
				c.offset, c.odd = zoneWord(s[:end])
			}
			s = s[end:]
		case first == '+' || first == '-':
			n, end := number(s, 1)
			if end < 2 || end > 5 {
				return false
			}
			hours, minutes := n, 0
			if end > 3 {
				hours, minutes = n/100, n%100
			}
			if end < len(s) && s[end] == ':' {
				minutes, end = number(s, end+1)
			}
			c.zoned, c.odd, numbered = true, hours > 14 || minutes > 59, true
			if c.offset = hours*3600 + minutes*60; first == '-' {
				c.offset = -c.offset
			}
			s = s[end:]
		case first == '(' || first == '[':
			end := strings.IndexAny(s, ")]")
			if end < 0 {
				return false
			}
			s = s[end+1:]
		default:
			return false
		}
	}
	return s == ""
}

// zoneWord is the offset of a zone written as letters. Those of North America are RFC 5322's,
// 4.3; of the others only what means one zone. odd says that nobody can know.
func zoneWord(word string) (offset int, odd bool) {
	hours := 0
	switch strings.ToUpper(word) {
	case "Z", "UTC", "GMT", "UT", "WET":
	case "CET", "WEST":
		hours = 1
	case "CEST", "EET":
		hours = 2
	case "EEST":
		hours = 3
	case "EDT":
		hours = -4
	case "EST", "CDT":
		hours = -5
	case "CST", "MDT":
		hours = -6
	case "MST", "PDT":
		hours = -7
	case "PST":
		hours = -8
	default:
		return 0, true
	}
	return hours * 3600, false
}
