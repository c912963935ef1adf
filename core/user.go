package core

import "time"

// Role is what a user does on the desk; it decides what they may do (Role.May).
type Role string

// The roles. They are stored: never rename one.
const (
	RoleAdmin     Role = "admin"
	RoleLead      Role = "lead"
	RoleEngineer  Role = "engineer"
	RoleCollector Role = "collector" // a program that posts tickets
)

// Roles lists the roles, those who may most first.
func Roles() []Role { return []Role{RoleAdmin, RoleLead, RoleEngineer, RoleCollector} }

// User is somebody, or a program, that is known to the desk. Who has no password cannot sign in,
// and is told of tickets all the same. A collector is never told.
type User struct {
	Person
	DisplayName string    `json:"display_name"` // "" is the name
	Active      bool      `json:"active"`       // false: neither signs in nor is told
	HasPassword bool      `json:"has_password"`
	Created     time.Time `json:"created,omitzero"`
	LastSignIn  time.Time `json:"last_sign_in,omitzero"`
}

// Title is the name to show.
func (u User) Title() string {
	if u.DisplayName != "" {
		return u.DisplayName
	}
	return u.Name
}

// Scope is what a token may be used for, within what its user's role may do.
type Scope string

// The scopes. They are stored: never rename one.
const (
	ScopeUpload Scope = "upload" // post tickets
	ScopeRead   Scope = "read"   // read tickets, customers and orders
	ScopeWork   Scope = "work"   // read, and acknowledge, snooze, flag and assign
	ScopeAll    Scope = "all"    // whatever the role may
)

// Scopes lists the scopes, the narrowest first.
func Scopes() []Scope { return []Scope{ScopeUpload, ScopeRead, ScopeWork, ScopeAll} }

// Token is a long-lived token of a user, for a program. Its text is shown once and kept nowhere;
// what is kept is a hash.
type Token struct {
	ID       int64     `json:"id"`
	UserID   int64     `json:"user_id"`
	UserName string    `json:"user"`
	Name     string    `json:"name"`  // what it is for: "collector in Madrid"
	Start    string    `json:"start"` // the first letters of its text, to tell it by
	Scopes   []Scope   `json:"scopes"`
	Created  time.Time `json:"created"`
	Expires  time.Time `json:"expires,omitzero"` // zero: never
	LastUsed time.Time `json:"last_used,omitzero"`
	Revoked  time.Time `json:"revoked,omitzero"`
}

// NewToken is what a token is made of.
type NewToken struct {
	User    string // the user's name
	Name    string
	Scopes  []Scope
	Expires time.Time // zero: never
}

// IssuedToken is a short-lived, signed token.
type IssuedToken struct {
	Token   Secret
	Seconds int // it is good for
}

// Seat is who sits at this workstation.
type Seat struct {
	FirstStart bool // no user can sign in yet, and nobody put it off: the first admin is asked for
	Required   bool // somebody has to sign in here
	Locked     bool // required, and nobody has, or nobody used the window for long: nothing is shown
	Actor      Actor
	Title      string // of the user who is signed in; "" nobody
	LockAfter  time.Duration
	LastUser   string // who signed in last, to be offered
}

// SignInMode says when this workstation wants a sign-in.
type SignInMode string

// The modes of signing in.
const (
	// SignInAuto wants a sign-in as soon as more than one user has a password, or the data folder
	// belongs to another user of this machine.
	SignInAuto   SignInMode = "auto"
	SignInAlways SignInMode = "always"
)

// SignInSettings are about signing in at the workstation.
type SignInSettings struct {
	Mode        SignInMode `json:"mode"`
	LockMinutes int        `json:"lock_minutes"` // the window locks itself when nobody used it for so long, 1..1440; 0 never
	Later       bool       `json:"later"`        // the first start's question was put off
}

// DefaultSignInSettings want a sign-in when there is somebody to tell apart.
func DefaultSignInSettings() SignInSettings { return SignInSettings{Mode: SignInAuto, LockMinutes: 15} }
