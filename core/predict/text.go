package predict

import (
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/jonreiter/govader"
)

const (
	textGrams = 128 // kept of one text: about its first 64 words
	textTone  = 600 // bytes the tone is told from; a sentence costs some 25 µs
	textWords = 64 << 10
)

// Text is what is kept of a ticket's subject and description: enough to predict by, not enough to
// read it again.
type Text struct {
	Grams []uint32 // hashed words and pairs of words, ascending, each once
	Tone  float32  // -1 angry … 1 happy
	Size  int32    // characters
}

// tones loads the English lexicon of tones once; it is only read afterwards. VADER is by Hutto and
// Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text", 2014.
var tones = sync.OnceValue(govader.NewSentimentIntensityAnalyzer)

// Digest keeps of a text what Text holds: its first words and pairs of neighbouring words, lower
// case and hashed, its tone and its size. The tone is read by an English lexicon; a text in another
// language is neutral.
func Digest(subject, description string) Text {
	size := utf8.RuneCountInString(subject) + utf8.RuneCountInString(description)
	if size == 0 {
		return Text{}
	}
	t := Text{Size: int32(min(size, 1<<30))}
	if s := begin(subject, textTone); s != "" {
		if d := begin(description, textTone-len(s)); d != "" {
			s += ". " + d
		}
		t.Tone = float32(tones().PolarityScores(s).Compound)
	} else if d := begin(description, textTone); d != "" {
		t.Tone = float32(tones().PolarityScores(d).Compound)
	}
	g := gramReader{grams: make([]uint32, 0, textGrams)}
	g.read(begin(subject, textWords))
	g.last = 0 // the subject's last word and the description's first are no pair
	g.read(begin(description, textWords))
	slices.Sort(g.grams)
	t.Grams = slices.Clip(slices.Compact(g.grams))
	return t
}

// begin is the beginning of s, at most n bytes of whole characters.
func begin(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:max(n, 0)]
}

// gramReader collects the hashes of words and of pairs of words, 32-bit FNV-1a of their letters.
type gramReader struct {
	grams []uint32
	last  uint32 // the word before, 0 none
}

func (g *gramReader) read(s string) {
	const seed, prime = 2166136261, 16777619
	word := uint32(seed)
	in := false
	end := func() {
		if !in {
			return
		}
		g.add(word)
		if g.last != 0 {
			g.add((g.last^0x9e3779b9)*prime ^ word)
		}
		g.last, word, in = word, seed, false
	}
	for _, r := range s {
		if len(g.grams) >= textGrams {
			return
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if r != '\'' && r != '’' { // don't stays one word
				end()
			}
			continue
		}
		in = true
		for c := uint32(unicode.ToLower(r)); ; c >>= 8 {
			word = (word ^ c&0xff) * prime
			if c < 0x100 {
				break
			}
		}
	}
	end()
}

func (g *gramReader) add(h uint32) {
	if len(g.grams) < textGrams {
		g.grams = append(g.grams, h)
	}
}
