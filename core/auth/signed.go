package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"deskwatch/core"
)

const (
	issuer       = "deskwatch"
	keyBytes     = 32
	longestToken = 2048 // characters of a signed token that is looked at

	// longestSession bounds how long a signed token can be renewed by itself; then a password or
	// a long-lived token has to be shown again. It is also the most that TokenSeconds may say.
	longestSession = 24 * time.Hour
	// mostSeen signed tokens are remembered as read: reading one costs 10 times what the rest of a
	// request's check does, and the signature of the same text never changes. What changes, times
	// and users, is checked every time.
	mostSeen = 1024
	// skew is how far another process's clock may be ahead.
	skew = time.Minute
)

// claims are what a signed token says (RFC 7519; auth_time as in OpenID Connect).
type claims struct {
	jwt.RegisteredClaims
	Started    int64        `json:"auth_time"`
	Generation int64        `json:"gen"`
	Scopes     []core.Scope `json:"scopes,omitempty"`
	Token      int64        `json:"tok,omitempty"`
}

// NewKey makes a key for Options.Key.
func NewKey() core.Secret {
	key := make([]byte, keyBytes)
	rand.Read(key)
	return core.NewSecret(base64.StdEncoding.EncodeToString(key))
}

// key is what signed tokens are signed with.
func (s *Service) key(ctx context.Context) ([]byte, error) {
	if key := s.signKey.Load(); key != nil {
		return *key, nil
	}
	// One at a time, for asking may make a key.
	select {
	case s.asking <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-s.asking }()
	if key := s.signKey.Load(); key != nil {
		return *key, nil
	}
	text, err := s.o.Key(ctx)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(text.Reveal())
	if err != nil || len(key) < keyBytes {
		return nil, core.NewError(core.CodeInternal, "auth.key", "The key that tokens are signed with is damaged in the vault. Nobody was signed in; remove it there, and a new one is made at the next start.", nil)
	}
	s.signKey.Store(&key)
	return key, nil
}

// Issue signs a short-lived token for a, who Basic or Bearer found out about. It may do
// what a may, no more: the scopes of a long-lived token stay, and it ends when that is revoked. A
// signed token can be renewed with itself for a day; signing out ends all that came of it.
func (s *Service) Issue(ctx context.Context, a core.Actor) (core.IssuedToken, error) {
	const op = "auth.issue"
	k, err := s.current(ctx)
	if err != nil {
		return core.IssuedToken{}, err
	}
	now := s.clock.now()
	c, ok := k.signer(a.UserID)
	if !ok {
		return core.IssuedToken{}, notKnown(op)
	}
	in := session{started: now.Unix(), generation: c.Generation}
	if a.Session != "" {
		if in, ok = parseSession(a.Session); !ok || in.generation != c.Generation {
			return core.IssuedToken{}, notKnown(op)
		}
	}
	if in.id == "" {
		in.id = rand.Text()
	}
	lifetime := min(s.lifetime(), in.ends().Sub(now))
	if in.token != 0 {
		t := k.tokenIDs[in.token]
		wall := s.o.Now()
		if !t.good(wall) || len(a.Scopes) == 0 {
			return core.IssuedToken{}, notKnown(op)
		}
		if !t.Expires.IsZero() {
			lifetime = min(lifetime, t.Expires.Sub(wall))
		}
	}
	if _, ended := k.ended[in.id]; ended || lifetime < time.Second {
		return core.IssuedToken{}, notKnown(op)
	}
	key, err := s.key(ctx)
	if err != nil {
		return core.IssuedToken{}, err
	}
	seconds := int(lifetime / time.Second)
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: strconv.FormatInt(a.UserID, 10), ID: in.id,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Duration(seconds) * time.Second)),
		},
		Started: in.started, Generation: in.generation, Scopes: slices.Clone(a.Scopes), Token: in.token,
	}).SignedString(key)
	if err != nil {
		return core.IssuedToken{}, core.NewError(core.CodeInternal, op, "The token could not be signed. Nothing was changed. Try again.", err)
	}
	return core.IssuedToken{Token: core.NewSecret(text), Seconds: seconds}, nil
}

func (s *Service) lifetime() time.Duration {
	seconds := 600
	if s.o.TokenSeconds != nil {
		seconds = s.o.TokenSeconds()
	}
	return time.Duration(min(max(seconds, 60), int(longestSession/time.Second))) * time.Second
}

// signed finds out who a signed token belongs to.
func (s *Service) signed(ctx context.Context, op, text string) (core.Actor, error) {
	k, err := s.current(ctx)
	if err != nil {
		return core.Actor{}, err
	}
	key, err := s.key(ctx)
	if err != nil {
		return core.Actor{}, err
	}
	c, err := s.read(text, key)
	if err != nil {
		return core.Actor{}, notKnown(op)
	}
	id, err := strconv.ParseInt(c.Subject, 10, 64)
	if err != nil {
		return core.Actor{}, notKnown(op)
	}
	user, ok := k.signer(id)
	_, ended := k.ended[c.ID]
	if !ok || ended || c.ID == "" || user.Generation != c.Generation {
		return core.Actor{}, notKnown(op)
	}
	if c.Token != 0 && (!k.tokenIDs[c.Token].good(s.o.Now()) || len(c.Scopes) == 0) {
		return core.Actor{}, notKnown(op)
	}
	in := session{id: c.ID, started: c.Started, token: c.Token, generation: c.Generation}
	return in.actor(user.User, slices.Clone(c.Scopes)), nil
}

// read checks signature and times of a signed token.
func (s *Service) read(text string, key []byte) (*claims, error) {
	if len(text) > longestToken {
		return nil, jwt.ErrTokenMalformed
	}
	sum := sha256.Sum256([]byte(text))
	c, ok := s.seen.Get(sum)
	if !ok {
		c = new(claims)
		if _, err := s.parser.ParseWithClaims(text, c, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
			return nil, err
		}
		if c.IssuedAt == nil {
			return nil, jwt.ErrTokenRequiredClaimMissing
		}
		s.seen.Add(sum, c)
	}
	now := s.clock.now()
	if !now.Before(c.ExpiresAt.Time) {
		return nil, jwt.ErrTokenExpired
	}
	// One issued in the future was issued before the clock was put back, and would last longer
	// than it was meant to.
	if c.IssuedAt.After(now.Add(skew)) {
		return nil, jwt.ErrTokenUsedBeforeIssued
	}
	return c, nil
}

func (s *Service) newParser() *jwt.Parser {
	return jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer),
		jwt.WithExpirationRequired(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(s.clock.now))
}

// SignOut ends the signed token in use, and every token that was got with it.
func (s *Service) SignOut(ctx context.Context, a core.Actor) error {
	const op = "auth.sign out"
	in, ok := parseSession(a.Session)
	if !ok || in.id == "" {
		return core.NewError(core.CodeInvalid, op, "This was asked without a signed token, so there is nothing to sign out. Nothing was changed. A long-lived token is revoked on the Users tab.", nil)
	}
	defer s.Changed()
	return s.o.Users.EndSession(ctx, in.id, in.ends())
}
