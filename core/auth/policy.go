package auth

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"deskwatch/core"
)

// How many characters a password has. They are counted as Unicode's in the form NFC, in which
// passwords are hashed.
const (
	leastCharacters = 12
	mostCharacters  = 256
	// leastOwn is how many characters have to be the user's own idea: see effort.
	leastOwn = 8
)

// The sentences of CheckPassword.
const (
	tooShort   = "A password has 12 characters or more. A few words that have nothing to do with each other are good and easy to remember."
	tooLong    = "A password has 256 characters at most."
	unreadable = "This password has characters that cannot be typed everywhere, such as a tab or a line break. Leave them out."
	tooClose   = "This password is too close to the user's own name or e-mail address. Choose one that nobody would think of."
	ours       = "This password is too close to the name of this program. Choose one that nobody would think of."
	tooCommon  = "This password is one of the commonest, or made of common ones, repetitions, years or keys in a row. A few words that have nothing to do with each other are better."
)

//go:embed common/passwords.txt
var commonList string

// commonPasswords is the list of common/README.md, and how long its longest is.
var commonPasswords = sync.OnceValues(func() (map[string]bool, int) {
	set, longest := map[string]bool{}, 0
	for line := range strings.Lines(commonList) {
		line = strings.TrimSpace(line)
		set[line] = true
		longest = max(longest, len(line))
	}
	return set, longest
})

// CheckPassword says in one sentence for people why password will not do for u, or "". It asks
// for length and for an idea, as NIST SP 800-63B does, and for no kinds of characters.
func (s *Service) CheckPassword(u core.User, password core.Secret) string {
	text := password.Reveal()
	if len(text) > mostTyped {
		return tooLong
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return unreadable
	}
	switch n := utf8.RuneCountInString(normal(text)); {
	case n < leastCharacters:
		return tooShort
	case n > mostCharacters:
		return tooLong
	}
	own := ownWords(u)
	letters := squeeze(text)
	if leansOn(letters, own) {
		return tooClose
	}
	if leansOn(letters, []string{"deskwatch"}) {
		return ours
	}
	if effort(text, own) < leastOwn {
		return tooCommon
	}
	return ""
}

// ownWords are what everybody knows of a user: the names and what stands before the @ of the
// address, as a whole and word by word, the longest first.
func ownWords(u core.User) []string {
	local, _, _ := strings.Cut(u.Email, "@")
	var words []string
	for _, name := range []string{u.Name, u.DisplayName, local} {
		parts := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, w := range append(parts, name) {
			if w = squeeze(w); utf8.RuneCountInString(w) >= 3 {
				words = append(words, w)
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(words)
}

// leansOn reports whether letters hold some of the words, longest first, and too little else.
func leansOn(letters string, words []string) bool {
	rest := letters
	for _, w := range words {
		rest = strings.ReplaceAll(rest, w, "")
	}
	return len(rest) < len(letters) && utf8.RuneCountInString(rest) < leastOwn
}

// squeeze is what is left of a text for comparing it with a name: letters and digits in lower
// case, and letters for the signs that are written instead of them.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, unmask('i').Replace(fold(text)))
}

func fold(text string) string { return strings.ToLower(normal(text)) }
