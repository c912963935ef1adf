package tickets

import (
	"strings"
	"unicode"
)

// keyLetters is the number of letters a sort key tells apart: none, the 26, the 10 digits, the
// space and everything else in front of or behind them. 40^12 is the highest power below 2^64.
const keyLetters = 40

// SubjectKey is a number that sorts as the first twelve letters and digits of a subject do,
// without case, accents of the western alphabets and reply marks such as "Re:". It is 0 for a
// subject without any.
func SubjectKey(subject string) uint64 {
	subject = withoutReplyMarks(subject)
	var key uint64
	n, spaced := 0, true
	for _, r := range subject {
		letter, ok := keyLetter(r)
		if !ok {
			if !spaced && n < 12 { // any run of other signs counts as one space
				key, n, spaced = key*keyLetters+1, n+1, true
			}
			continue
		}
		if n == 12 {
			break
		}
		key, n, spaced = key*keyLetters+letter, n+1, false
	}
	if key == 0 {
		return 0
	}
	for ; n < 12; n++ {
		key *= keyLetters
	}
	return key
}

// NumberKey is a number that sorts as people count ticket numbers: by up to four leading letters,
// then by all the digits that follow, read as one number, so that TS9 comes before TS10.
func NumberKey(number string) uint64 {
	const digitBits = 42 // enough for 4,398,046,511,103; 40^4 fits into what is left
	const most = 1<<digitBits - 1
	var letters, digits uint64
	n, counting := 0, false
	for _, r := range number {
		letter, ok := keyLetter(r)
		switch {
		case !ok:
			continue
		case r >= '0' && r <= '9':
			counting = true
			digits = min(digits*10+uint64(r-'0'), most)
		case counting: // an id such as 5001g00000: what follows is not counted
			return packNumber(letters, n, digits, digitBits)
		case n < 4:
			letters, n = letters*keyLetters+letter, n+1
		}
	}
	return packNumber(letters, n, digits, digitBits)
}

func packNumber(letters uint64, n int, digits uint64, digitBits int) uint64 {
	for ; n < 4; n++ {
		letters *= keyLetters
	}
	return letters<<digitBits | digits
}

// keyLetter is the place of a letter or digit in the order of sort keys, from 2; ok is false for
// any other sign. Letters beyond the western alphabets come last.
func keyLetter(r rune) (place uint64, ok bool) {
	switch {
	case r >= '0' && r <= '9':
		return 2 + uint64(r-'0'), true
	case r >= 'a' && r <= 'z':
		return 12 + uint64(r-'a'), true
	case r >= 'A' && r <= 'Z':
		return 12 + uint64(r-'A'), true
	case r < 0x80:
		return 0, false
	}
	if base := plainLetter(unicode.ToLower(r)); base != 0 {
		return 12 + uint64(base-'a'), true
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return keyLetters - 1, true
	}
	return 0, false
}

// plainLetter is a lower-case western letter without its accent; 0 for any other letter.
func plainLetter(r rune) rune {
	for _, f := range [...]struct {
		base   rune
		accent string
	}{{'a', "àáâãäåāăą"}, {'c', "çćč"}, {'d', "ďđ"}, {'e', "èéêëēęě"}, {'g', "ğ"}, {'i', "ìíîïīı"}, {'l', "ł"}, {'n', "ñńň"},
		{'o', "òóôõöøō"}, {'r', "ř"}, {'s', "śšşß"}, {'t', "ť"}, {'u', "ùúûüūů"}, {'y', "ýÿ"}, {'z', "źżž"}} {
		if strings.ContainsRune(f.accent, r) {
			return f.base
		}
	}
	return 0
}

// withoutReplyMarks cuts what mail programs put in front of a subject.
func withoutReplyMarks(subject string) string {
	for {
		subject = strings.TrimSpace(subject)
		at := strings.IndexByte(subject, ':')
		if at < 0 || at > 3 {
			return subject
		}
		switch strings.ToLower(subject[:at]) {
		case "re", "fw", "fwd", "aw", "wg", "sv", "rv":
			subject = subject[at+1:]
		default:
			return subject
		}
	}
}
