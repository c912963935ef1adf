package auth

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// effort is how many characters of a password somebody has to guess one by one. What is known or
// follows from what stands before it counts for little: a common password, a word of the user's
// own, a year, a run like aaa, abc or 321, and keys in a row count as 2 however long they are, and
// a repetition of what came right before as 1. The cheapest way to write the password counts, as
// in Wheeler's zxcvbn (USENIX Security 2016), whose estimate is finer than is needed here.
func effort(password string, own []string) int {
	text := []rune(fold(password))
	var spellings []string
	for _, one := range []rune{'i', 'l'} {
		// The same number of runes, so that places agree.
		spellings = append(spellings, unmask(one).Replace(string(text)))
	}
	known := []func(i int) []int{
		words(text, own), words([]rune(spellings[0]), own), words([]rune(spellings[1]), own),
		func(i int) []int { return year(text[i:]) },
		func(i int) []int { return run(text[i:]) },
		func(i int) []int { return keys(text[i:]) },
	}
	least := make([]int, len(text)+1) // of the text up to there
	for i := range least {
		least[i] = i
	}
	for i := range text {
		least[i+1] = min(least[i+1], least[i]+1)
		for _, lengths := range known {
			for _, n := range lengths(i) {
				least[i+n] = min(least[i+n], least[i]+2)
			}
		}
		for n := 2; n <= i && i+n <= len(text); n++ {
			if slices.Equal(text[i-n:i], text[i:i+n]) {
				least[i+n] = min(least[i+n], least[i]+1)
			}
		}
	}
	return least[len(text)]
}

// unmask undoes the signs that are written instead of letters; 1 may be an i or an l.
func unmask(one rune) *strings.Replacer {
	return strings.NewReplacer("@", "a", "4", "a", "3", "e", "0", "o", "$", "s", "5", "s", "7", "t", "!", "i", "1", string(one))
}

// words returns how long the common passwords and the user's own words are that begin at i.
func words(text []rune, own []string) func(i int) []int {
	common, longest := commonPasswords()
	whole := string(text)
	starts := make([]int, 0, len(text)+1) // of each rune, in bytes
	for i := range whole {
		starts = append(starts, i)
	}
	starts = append(starts, len(whole))
	return func(i int) (lengths []int) {
		rest := whole[starts[i]:]
		for n := 4; n <= longest && i+n <= len(text); n++ {
			if common[whole[starts[i]:starts[i+n]]] {
				lengths = append(lengths, n)
			}
		}
		for _, w := range own {
			if strings.HasPrefix(rest, w) {
				lengths = append(lengths, utf8.RuneCountInString(w))
			}
		}
		return lengths
	}
}

// year is 4 when text begins with one from 1900 to 2099.
func year(text []rune) []int {
	if len(text) < 4 || !slices.ContainsFunc([]string{"19", "20"}, func(c string) bool { return string(text[:2]) == c }) {
		return nil
	}
	if digit(text[2]) && digit(text[3]) {
		return []int{4}
	}
	return nil
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// run is how long text goes on with the same step between its characters: none, up or down.
func run(text []rune) []int {
	if len(text) < 3 {
		return nil
	}
	step := text[1] - text[0]
	if step < -1 || step > 1 {
		return nil
	}
	n := 2
	for n < len(text) && text[n]-text[n-1] == step {
		n++
	}
	if n < 3 {
		return nil
	}
	return []int{n}
}

// keyRows are keys that lie side by side, on the keyboards of most of those who will use this, and
// those that are struck one below the other.
var keyRows = []string{
	"1234567890", "qwertyuiop", "asdfghjklñ", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
	"!@#$%^&*()", "!\"·$%&/()=", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp",
}

// rows are the keyRows in both directions.
var rows = sync.OnceValue(func() (both [][]rune) {
	for _, row := range keyRows {
		forth := []rune(row)
		back := slices.Clone(forth)
		slices.Reverse(back)
		both = append(both, forth, back)
	}
	return both
})

// keys is how long text goes along a row of keys; less than 4 is chance.
func keys(text []rune) []int {
	longest := 0
	for _, row := range rows() {
		at := slices.Index(row, text[0])
		n := 0
		for at >= 0 && n < len(text) && at+n < len(row) && text[n] == row[at+n] {
			n++
		}
		longest = max(longest, n)
	}
	if longest < 4 {
		return nil
	}
	return []int{longest}
}
