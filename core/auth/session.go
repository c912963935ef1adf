package auth

import (
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// session is how somebody is signed in. core.Actor carries it as a text, so that Issue and SignOut
// know it again; it says nothing that opens a door.
type session struct {
	id         string // of the signed token, which all that are got with it share; "" there is none
	started    int64  // seconds since 1970: when a password or a long-lived token was shown
	token      int64  // id of the long-lived token at its beginning; 0 a password
	generation int64  // of the user then
}

func (s session) String() string {
	return strings.Join([]string{s.id, number(s.started), number(s.token), number(s.generation)}, ".")
}

func number(n int64) string { return strconv.FormatInt(n, 36) }

func parseSession(text string) (session, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return session{}, false
	}
	s := session{id: parts[0]}
	for i, into := range []*int64{&s.started, &s.token, &s.generation} {
		n, err := strconv.ParseInt(parts[i+1], 36, 64)
		if err != nil {
			return session{}, false
		}
		*into = n
	}
	return s, true
}

// actor is the user as somebody to do work for.
func (s session) actor(u core.User, scopes []core.Scope) core.Actor {
	return core.Actor{UserID: u.ID, Name: u.Name, Role: u.Role, Scopes: scopes, Session: s.String()}
}

// ends is when no token of the session is good any more, however often it was renewed.
func (s session) ends() time.Time { return time.Unix(s.started, 0).Add(longestSession) }
