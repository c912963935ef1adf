package users

import (
	"crypto/rand"
	"strings"
)

// The sounds a password is made of: sixteen consonants and four vowels that are not mistaken for
// one another, so that a byte gives one syllable without favouring any.
const (
	consonants = "bcdfghjkmnprstvz"
	vowels     = "aeou"
)

// passphrase is a password to read out and to type: five words of two syllables, of six bits of
// chance each. Sixty bits are beyond trying at the door, and beyond hashing with argon2id.
func passphrase() string {
	var chance [10]byte
	_, _ = rand.Read(chance[:]) // never fails: crypto/rand.Read
	var text strings.Builder
	for i, b := range chance {
		if i > 0 && i%2 == 0 {
			text.WriteByte('-')
		}
		text.WriteByte(consonants[b>>4])
		text.WriteByte(vowels[b&3])
	}
	return text.String()
}
