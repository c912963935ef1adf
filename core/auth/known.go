package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/text/unicode/norm"

	"deskwatch/core"
)

const (
	// lookAgain is how old what is known may be before somebody asks whether it changed; the
	// others go on with it meanwhile, until it is mostOld.
	lookAgain = 500 * time.Millisecond
	mostOld   = time.Second
)

// known is all there is to know of users and tokens, as it was read. It is never changed.
type known struct {
	revision int64
	users    map[int64]*Credential
	names    map[string]*Credential
	tokens   map[[sha256.Size]byte]*knownToken
	tokenIDs map[int64]*knownToken
	ended    map[string]time.Time
}

type knownToken struct {
	KeptToken
	noted atomic.Int64 // seconds since 1970: when its use was last noted
}

// view is what is known, and when that was seen to be so.
type view struct {
	*known
	at      time.Duration // of clock.elapsed
	changes int64         // of Service.changes
}

// nameKey is what makes two names the same.
func nameKey(name string) string { return norm.NFC.String(strings.ToLower(strings.TrimSpace(name))) }

// signer is the user id, when they may be signed in at all.
func (k *known) signer(id int64) (*Credential, bool) {
	c := k.users[id]
	return c, c != nil && c.User.Active
}

// current is what is known, no older than a second. Mostly that is at hand; twice a second one
// of those who ask looks for what other processes changed. When that fails nobody is known, for
// a user who was disabled must not get in because the disk does not answer.
func (s *Service) current(ctx context.Context) (*known, error) {
	if v := s.view.Load(); s.young(v, lookAgain) {
		return v.known, nil
	}
	select {
	case s.looking <- struct{}{}:
	default:
		if v := s.view.Load(); s.young(v, mostOld) {
			return v.known, nil
		}
		select {
		case s.looking <- struct{}{}:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	defer func() { <-s.looking }()
	v := s.view.Load()
	if s.young(v, lookAgain) {
		return v.known, nil
	}
	return s.look(ctx, v)
}

func (s *Service) young(v *view, age time.Duration) bool {
	if v == nil || v.changes != s.changes.Load() {
		return false
	}
	now := s.clock.elapsed()
	return now >= v.at && now-v.at < age
}

// look reads what changed since last, which may be nil.
func (s *Service) look(ctx context.Context, last *view) (*known, error) {
	// Both are taken before reading: what changes meanwhile is read the next time.
	v := &view{at: s.clock.elapsed(), changes: s.changes.Load()}
	revision, err := s.o.Users.Revision(ctx)
	if err != nil {
		return nil, err
	}
	if last != nil && last.revision == revision {
		v.known = last.known
	} else if v.known, err = read(ctx, s.o.Users, revision, s.o.Now()); err != nil {
		return nil, err
	} else {
		s.o.Log.Debug("users and tokens were read", slog.Int64("revision", revision), slog.Int("users", len(v.users)), slog.Int("tokens", len(v.tokens)))
	}
	s.view.Store(v)
	return v.known, nil
}

func read(ctx context.Context, users Users, revision int64, now time.Time) (*known, error) {
	credentials, err := users.Credentials(ctx)
	if err != nil {
		return nil, err
	}
	tokens, err := users.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	ended, err := users.EndedSessions(ctx, now)
	if err != nil {
		return nil, err
	}
	k := &known{
		revision: revision, ended: ended,
		users: make(map[int64]*Credential, len(credentials)), names: make(map[string]*Credential, len(credentials)),
		tokens: make(map[[sha256.Size]byte]*knownToken, len(tokens)), tokenIDs: make(map[int64]*knownToken, len(tokens)),
	}
	for i := range credentials {
		c := &credentials[i]
		k.users[c.User.ID], k.names[nameKey(c.User.Name)] = c, c
	}
	for _, t := range tokens {
		// Without scopes a token would be worth all of its user's role.
		if len(t.Hash) != sha256.Size || len(t.Scopes) == 0 || !t.Revoked.IsZero() {
			continue
		}
		kept := &knownToken{KeptToken: t}
		kept.noted.Store(t.LastUsed.Unix())
		k.tokens[[sha256.Size]byte(t.Hash)], k.tokenIDs[t.ID] = kept, kept
	}
	return k, nil
}

// good reports whether the token may be used at the time on the wall.
func (t *knownToken) good(now time.Time) bool {
	return t != nil && (t.Expires.IsZero() || now.Before(t.Expires))
}

// Changed tells the service that this process changed users or tokens: the next answer knows it.
func (s *Service) Changed() {
	s.changes.Add(1)
	s.verified.clear()
}

func notKnown(op string) error {
	return core.NewError(core.CodeSignIn, op, "This token is not good here: it is unknown, has expired or was ended. Nothing was done. Sign in again for a new one.", nil)
}
