package core

import (
	"context"
	"slices"
)

// Permission is one thing a role may or may not do. This file is the one place that says who may
// do what: the window, the REST server and the commands all ask Actor.May.
type Permission string

// The permissions.
const (
	PostTickets   Permission = "post tickets"                 // as a collector does
	ReadPosted    Permission = "read what collectors post"    // the last accepted post, and its cases by product
	ReadTickets   Permission = "read tickets"                 // tickets, customers, notices, the overview
	MarkTickets   Permission = "mark tickets"                 // acknowledge, snooze, assign, flag, join customers, save filters
	ReadOrders    Permission = "read orders"                  // orders, clients, breaches, rules
	SetOwnWindow  Permission = "change how this window looks" // theme and notifications of this workstation
	ImportFiles   Permission = "import files"                 // of tickets and of orders; undo, seed, edit clients
	EditAlerts    Permission = "change alerts"                // rules, mutes, the pause, checks now
	WorkMail      Permission = "read and resend mail"         // read what was sent, send again, discard
	ReadLogs      Permission = "read the log"
	ReadSettings  Permission = "read the settings"
	EditSettings  Permission = "change the settings" // mail, alerts, the reply clock, notifications
	EditSources   Permission = "change ticket sources"
	ReadUsers     Permission = "read the list of users"
	EditUsers     Permission = "change users"                                     // users and their tokens
	EditServer    Permission = "change how this desk is reached and signed in to" // REST server, signing in, order database, refused uploads
	ReadOwnSelf   Permission = "read who they are"
	StopOwnTokens Permission = "sign out"
)

// open reports whether everybody who is known may do p.
func (p Permission) open() bool { return p == ReadOwnSelf || p == StopOwnTokens || p == ReadPosted }

// May reports whether the role may do p.
func (r Role) May(p Permission) bool {
	switch r {
	case RoleAdmin:
		return true
	case RoleLead:
		return p != EditUsers && p != EditServer
	case RoleEngineer:
		return p == ReadTickets || p == MarkTickets || p == ReadOrders || p == SetOwnWindow || p.open()
	case RoleCollector:
		return p == PostTickets || p.open()
	}
	return false
}

// May reports whether a token with this scope may be used for p, if its user may.
func (s Scope) May(p Permission) bool {
	switch s {
	case ScopeAll:
		return true
	case ScopeUpload:
		return p == PostTickets || p.open()
	case ScopeRead:
		return p == ReadTickets || p == ReadOrders || p.open()
	case ScopeWork:
		return p == MarkTickets || ScopeRead.May(p)
	}
	return false
}

// Actor is who does something.
type Actor struct {
	UserID  int64   `json:"user_id"` // 0: the owner of the data folder, who is no user
	Name    string  `json:"name"`
	Role    Role    `json:"role"`
	Scopes  []Scope `json:"scopes,omitempty"` // of the token in use; none: all of the role
	Session string  `json:"-"`                // of the signed token in use
}

// FolderOwner is who may do all, because the files are theirs: a command on this machine, and
// the window where nobody has to sign in.
func FolderOwner() Actor { return Actor{Name: "owner of the data folder", Role: RoleAdmin} }

// TheDesk is who does what Deskwatch does by itself: schedules, sources, telling people.
func TheDesk() Actor { return Actor{Name: "Deskwatch", Role: RoleAdmin} }

// May reports whether the actor may do p.
func (a Actor) May(p Permission) bool {
	if !a.Role.May(p) {
		return false
	}
	return len(a.Scopes) == 0 || slices.ContainsFunc(a.Scopes, func(s Scope) bool { return s.May(p) })
}

type actorKey struct{}

// WithActor returns a context whose work is done for a.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns for whom the work of ctx is done; ok is false when nobody said.
func ActorOf(ctx context.Context) (a Actor, ok bool) {
	a, ok = ctx.Value(actorKey{}).(Actor)
	return a, ok
}
