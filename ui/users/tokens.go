package users

import (
	"context"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// tokensState is all the view shows of the tokens.
type tokensState struct {
	Loading bool
	Err     error
	Read    bool
	Tokens  []core.Token // newest first
	Users   []core.User
	Edition int // grows when Tokens changes
	MayEdit bool
	Off     bool // the REST server is off, so that no token can be used
	Busy    bool
}

// tokens is the presenter of the API tokens.
type tokens struct {
	*bench
	changed func()
	state   tokensState
	load    *async.Loader[tokensLoad]
}

type tokensLoad struct {
	tokens []core.Token
	users  []core.User
}

func newTokens(b *bench) *tokens {
	return &tokens{bench: b, changed: func() {}, load: async.NewLoader[tokensLoad](b.ui)}
}

// State is what the view shows now.
func (p *tokens) State() tokensState { return p.state }

// Load reads the tokens anew.
func (p *tokens) Load() {
	p.state.Loading, p.state.MayEdit, p.state.Off = true, p.mayEdit(), !p.desk.Settings().Server.Enabled
	p.changed()
	p.load.Load(func(ctx context.Context) (l tokensLoad, err error) {
		if l.tokens, err = p.desk.Tokens(ctx); err == nil {
			l.users, err = p.desk.Users(ctx)
		}
		return l, err
	}, func(l tokensLoad, err error) {
		p.state.Loading, p.state.Err = false, err
		if err == nil {
			p.state.Read, p.state.Tokens, p.state.Users = true, l.tokens, l.users
			p.state.Edition++
		}
		p.changed()
	})
}

// tokenState is whether a token can be used, and why not.
type tokenState int

const (
	tokenGood tokenState = iota
	tokenRevoked
	tokenExpired
	tokenBarred // its user is disabled
)

func (p *tokens) stateOf(t core.Token) tokenState {
	switch {
	case !t.Revoked.IsZero():
		return tokenRevoked
	case !t.Expires.IsZero() && !p.desk.Now().Before(t.Expires):
		return tokenExpired
	case slices.ContainsFunc(p.state.Users, func(u core.User) bool { return u.ID == t.UserID && !u.Active }):
		return tokenBarred
	}
	return tokenGood
}

// Owners are the users a token can be made for.
func (p *tokens) Owners() (list []core.User) {
	for _, u := range p.state.Users {
		if u.Active {
			list = append(list, u)
		}
	}
	return list
}

// scopesFor are the scopes that give a token of this role something to do, the narrowest first.
func scopesFor(r core.Role) (list []core.Scope) {
	for _, s := range core.Scopes() {
		switch s {
		case core.ScopeUpload:
			if !r.May(core.PostTickets) {
				continue
			}
		case core.ScopeRead:
			if !r.May(core.ReadTickets) {
				continue
			}
		case core.ScopeWork:
			if !r.May(core.MarkTickets) {
				continue
			}
		}
		list = append(list, s)
	}
	return list
}

// expiries are how long a token can be good for, in days; 0 is for ever.
var expiries = [...]int{0, 30, 90, 365}

// expires is when a token that is made now and good for so many days ends.
func (p *tokens) expires(days int) time.Time {
	if days == 0 {
		return time.Time{}
	}
	return p.desk.Now().AddDate(0, 0, days)
}

// Create makes a token and shows its text, once; done is told what is wrong, "" when it is made.
func (p *tokens) Create(t core.NewToken, done func(problem string)) {
	type made struct {
		token core.Token
		text  core.Secret
	}
	do(p.bench, func(ctx context.Context) (m made, err error) {
		m.token, m.text, err = p.desk.CreateToken(ctx, t)
		return m, err
	}, func(m made, err error) {
		if m.text.IsZero() {
			done(kit.ErrorText(err))
			return
		}
		if err != nil { // it was made all the same, and its text comes once
			p.host.Fail(err)
		}
		done("")
		p.showOnce(kit.T("The token %s", m.token.Name),
			kit.T("Copy it into the program now: it is kept as a hash only and cannot be shown again. The program sends it as the user name of Basic authentication, or as a Bearer token."), m.text.Reveal())
		p.Load()
	})
}

// Revoke ends a token after a yes.
func (p *tokens) Revoke(t core.Token) {
	if p.state.Busy || !p.state.MayEdit || !t.Revoked.IsZero() {
		return
	}
	p.host.Confirm(kit.Question{Title: kit.T("Revoke the token %s?", t.Name),
		Text: kit.T("The program of %s that uses it is refused from now on. This cannot be taken back: make a new token instead.", t.UserName),
		Yes:  kit.T("Revoke token"), Danger: true}, func() {
		p.state.Busy = true
		p.changed()
		do(p.bench, nothing(func(ctx context.Context) error { return p.desk.RevokeToken(ctx, t.ID) }), func(_ struct{}, err error) {
			p.state.Busy = false
			if err != nil {
				p.changed()
				p.host.Fail(err)
				return
			}
			p.host.Toast(kit.ToneGood, kit.T("The token %s is revoked.", t.Name))
			p.Load()
		})
	})
}

// Close ends what is loading.
func (p *tokens) Close() { p.load.Close() }
