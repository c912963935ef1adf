package tabular

import (
	"strings"
	"unicode/utf8"
)

// monthNames are the months in English and Spanish, 1 to 12. Three letters or more of a name will do.
var monthNames = [...]struct {
	name  string
	month int
}{
	{"january", 1}, {"enero", 1}, {"february", 2}, {"febrero", 2}, {"march", 3}, {"marzo", 3},
	{"april", 4}, {"abril", 4}, {"may", 5}, {"mayo", 5}, {"june", 6}, {"junio", 6}, {"july", 7}, {"julio", 7},
	{"august", 8}, {"agosto", 8}, {"september", 9}, {"septiembre", 9}, {"setiembre", 9},
	{"october", 10}, {"octubre", 10}, {"november", 11}, {"noviembre", 11}, {"december", 12}, {"diciembre", 12},
}

var weekdayNames = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"lunes", "martes", "miércoles", "miercoles", "jueves", "viernes", "sábado", "sabado", "domingo"}

// abbreviates reports whether word is at least three letters of name from its beginning.
func abbreviates(word, name string) bool {
	return len(word) >= 3 && len(word) <= len(name) && strings.EqualFold(word, name[:len(word)])
}

func monthNumber(word string) int {
	for _, m := range monthNames {
		if abbreviates(word, m.name) {
			return m.month
		}
	}
	if strings.EqualFold(word, "sept") {
		return 9
	}
	return 0
}

func isWeekday(word string) bool {
	for _, w := range weekdayNames {
		if abbreviates(word, w) {
			return true
		}
	}
	return false
}

// scanWords reads dates whose month is a word: "30 Jun 2023", "Jun 30, 2023",
// "viernes, 30 de junio de 2023", "2023-Jun-30", each with a time of day behind it.
func scanWords(s string) dateParts {
	var numbers [2]struct{ value, digits int }
	count, month := 0, 0
	wordAt := -1 // how many numbers stood before the month
	i := 0
	for i < len(s) && (count < 2 || month == 0) {
		c := s[i]
		switch {
		case c == ' ' || c == ',' || c == '-' || c == '/' || c == '.':
			i++
		case isDigit(c):
			if count == 2 {
				return dateParts{}
			}
			n, end := number(s, i)
			numbers[count].value, numbers[count].digits = n, end-i
			count++
			i = ordinalEnd(s, end)
		case isLetter(c) || c >= utf8.RuneSelf:
			end := wordEnd(s, i)
			word := s[i:end]
			m := monthNumber(word)
			switch {
			case m > 0 && (month == 0 || wordAt == 0 && isWeekday(s[:3])):
				// "mar" is March and martes; a second month word tells which.
				month, wordAt = m, count
			case count == 0 && month == 0 && isWeekday(word):
			case count > 0 && isLink(word):
			default:
				return dateParts{}
			}
			i = end
		default:
			return dateParts{}
		}
	}
	at, ok := scanClock(s[i:])
	if count < 2 || month == 0 || !ok {
		return dateParts{}
	}
	first, second := numbers[0], numbers[1]
	p := dateParts{shape: shapeDayWord, m: month, d: first.value, clock: at}
	year := second
	switch {
	case wordAt == 0:
		p.shape = shapeWordDay
	case first.digits == 4:
		p.shape, p.d, year = shapeYearFirst, second.value, first
	}
	if year.digits != 2 && year.digits != 4 || p.shape != shapeYearFirst && first.digits > 2 || second.digits > 4 {
		return dateParts{}
	}
	p.y = fullYear(year.value, year.digits)
	return p
}

// isLink are the small words inside a written date.
func isLink(word string) bool {
	return strings.EqualFold(word, "de") || strings.EqualFold(word, "del") || strings.EqualFold(word, "of")
}

func wordEnd(s string, i int) int {
	for i < len(s) && (isLetter(s[i]) || s[i] >= utf8.RuneSelf) {
		i++
	}
	return i
}

// ordinalEnd passes st, nd, rd, th and º behind a number.
func ordinalEnd(s string, i int) int {
	if strings.HasPrefix(s[i:], "º") {
		return i + len("º")
	}
	if i+2 <= len(s) && (i+2 == len(s) || !isLetter(s[i+2])) {
		switch strings.ToLower(s[i : i+2]) {
		case "st", "nd", "rd", "th":
			return i + 2
		}
	}
	return i
}
