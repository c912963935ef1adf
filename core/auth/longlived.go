package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"

	"deskwatch/core"
)

const (
	tokenPrefix = "dwt_"
	tokenBytes  = 32 // of chance
	tokenStart  = len(tokenPrefix) + 6
)

var tokenLength = len(tokenPrefix) + base64.RawURLEncoding.EncodedLen(tokenBytes)

// NewTokenText makes the text of a long-lived token: the text itself, shown once, its first
// letters to tell it by, and the hash to keep. A plain SHA-256 is enough for 256 bits of chance.
func (s *Service) NewTokenText() (text core.Secret, start string, hash []byte, err error) {
	chance := make([]byte, tokenBytes)
	if _, err := rand.Read(chance); err != nil {
		return core.Secret{}, "", nil, core.NewError(core.CodeInternal, "auth.new token", "This machine gives no random numbers. No token was made.", err)
	}
	t := tokenPrefix + base64.RawURLEncoding.EncodeToString(chance)
	sum := sha256.Sum256([]byte(t))
	return core.NewSecret(t), t[:tokenStart], sum[:], nil
}

// longLived finds out who a long-lived token belongs to.
func (s *Service) longLived(ctx context.Context, op, text string) (core.Actor, error) {
	k, err := s.current(ctx)
	if err != nil {
		return core.Actor{}, err
	}
	if len(text) != tokenLength {
		return core.Actor{}, notKnown(op)
	}
	sum := sha256.Sum256([]byte(text))
	t := k.tokens[sum]
	now := s.o.Now()
	if !t.good(now) || subtle.ConstantTimeCompare(t.Hash, sum[:]) != 1 {
		return core.Actor{}, notKnown(op)
	}
	user, ok := k.signer(t.UserID)
	if !ok {
		return core.Actor{}, notKnown(op)
	}
	s.noteUse(t, now)
	in := session{started: s.clock.now().Unix(), token: t.ID, generation: user.Generation}
	return in.actor(user.User, slices.Clone(t.Scopes)), nil
}

// signedPrefix is how every signed token begins: {"alg": in base64.
const signedPrefix = "eyJhbGciOi"

// isToken reports whether a name is a token of either kind.
func isToken(name string) bool {
	return strings.HasPrefix(name, tokenPrefix) || strings.HasPrefix(name, signedPrefix) && strings.Count(name, ".") == 2
}

// token finds out who a token of either kind belongs to.
func (s *Service) token(ctx context.Context, op, text string) (core.Actor, error) {
	if strings.HasPrefix(text, tokenPrefix) {
		return s.longLived(ctx, op, text)
	}
	return s.signed(ctx, op, text)
}
