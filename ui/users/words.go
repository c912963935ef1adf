package users

import (
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// roleMeans says in a sentence what Role.May grants, and what they are told of.
func roleMeans(r core.Role) string {
	switch r {
	case core.RoleAdmin:
		return kit.T("May do everything, users, tokens and the REST server included.")
	case core.RoleLead:
		return kit.T("May do everything but change users and how this desk is reached. Hears of replies that stay due and of likely escalations.")
	case core.RoleCollector:
		return kit.T("A program that posts tickets. It reads nothing but what collectors post, opens no window and is never told.")
	}
	return kit.T("Reads tickets, customers and orders; acknowledges, snoozes, flags and assigns. Sees neither the log nor the settings.")
}

func scopeName(s core.Scope) string {
	switch s {
	case core.ScopeUpload:
		return kit.T("Post tickets")
	case core.ScopeRead:
		return kit.T("Read")
	case core.ScopeWork:
		return kit.T("Work")
	}
	return kit.T("Everything")
}

func scopeMeans(s core.Scope) string {
	switch s {
	case core.ScopeUpload:
		return kit.T("Posts tickets as a collector does, and reads nothing else.")
	case core.ScopeRead:
		return kit.T("Reads tickets, customers and orders; changes nothing.")
	case core.ScopeWork:
		return kit.T("Reads, and acknowledges, snoozes, flags and assigns.")
	}
	return kit.T("Whatever the role of its user may. Give it to programs you trust as you trust the user.")
}

func scopeNames(list []core.Scope) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = scopeName(s)
	}
	return strings.Join(words, ", ")
}

func expiryName(days int) string {
	switch days {
	case 0:
		return kit.T("Never")
	case 30:
		return kit.T("In 30 days")
	case 90:
		return kit.T("In 90 days")
	}
	return kit.T("In a year")
}

// stateOf is what a user can do at the door.
func stateOf(u core.User) (string, kit.Tone) {
	switch {
	case !u.Active:
		return kit.T("disabled"), kit.ToneWarn
	case u.HasPassword:
		return kit.T("active"), kit.ToneGood
	case u.Role == core.RoleCollector:
		return kit.T("tokens only"), kit.ToneMuted
	}
	return kit.T("told only"), kit.ToneMuted
}

// toldBy is how a user is told.
func toldBy(u core.User) string {
	switch {
	case !u.Active || u.Role == core.RoleCollector:
		return "–"
	case u.Mail:
		return kit.T("desktop, mail")
	}
	return kit.T("desktop")
}

// lastTime is when something was last done, for a narrow column: of another year the day is enough.
func lastTime(t, now time.Time) string {
	switch {
	case t.IsZero():
		return "–"
	case t.Local().Year() != now.Local().Year():
		return kit.ShortDay(t, now)
	}
	return kit.ShortTime(t, now)
}

func tokenStateName(s tokenState) (string, kit.Tone) {
	switch s {
	case tokenRevoked:
		return kit.T("revoked"), kit.ToneMuted
	case tokenExpired:
		return kit.T("expired"), kit.ToneWarn
	case tokenBarred:
		return kit.T("user disabled"), kit.ToneWarn
	}
	return kit.T("valid"), kit.ToneGood
}
