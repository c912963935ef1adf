package users

import (
	"cmp"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func folded(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// userColumns are the columns of the users; those that say least go first where it is narrow.
func userColumns(desk Desk) []kit.Column[core.User] {
	type row = core.User
	state := func(u row) string { word, _ := stateOf(u); return word }
	return []kit.Column[row]{
		{ID: "name", Title: kit.T("Name"), Width: 96, Weight: 1.2, Text: row.Title,
			Style: func(u row) kit.Style {
				s := kit.Style{Bold: true}
				if u.DisplayName != "" && u.DisplayName != u.Name {
					s.Note = u.Name
				}
				return s
			},
			Compare: func(a, b row) int { return folded(a.Title(), b.Title()) }},
		{ID: "role", Title: kit.T("Role"), Width: 94, Text: func(u row) string { return kit.RoleName(u.Role) },
			Compare: func(a, b row) int { return cmp.Compare(rank(a.Role), rank(b.Role)) }},
		{ID: "email", Title: kit.T("E-mail"), Width: 110, Weight: 1.4, Drop: 2, Text: func(u row) string { return u.Email },
			Compare: func(a, b row) int { return folded(a.Email, b.Email) }},
		{ID: "products", Title: kit.T("Products"), Width: 80, Weight: 0.8, Drop: 3, Text: func(u row) string { return strings.Join(u.Products, ", ") },
			Compare: func(a, b row) int { return folded(strings.Join(a.Products, ", "), strings.Join(b.Products, ", ")) }},
		{ID: "told", Title: kit.T("Told by"), Width: 112, Drop: 4, Text: toldBy, Compare: func(a, b row) int { return folded(toldBy(a), toldBy(b)) }},
		{ID: "state", Title: kit.T("State"), Width: 104, Text: state,
			Style:   func(u row) kit.Style { _, tone := stateOf(u); return kit.Style{Chip: true, Tone: tone} },
			Compare: func(a, b row) int { return folded(state(a), state(b)) }},
		{ID: "last", Title: kit.T("Last sign-in"), Width: 108, Drop: 1, Text: func(u row) string { return lastTime(u.LastSignIn, desk.Now()) },
			Style:   func(row) kit.Style { return kit.Style{Tone: kit.ToneMuted} },
			Compare: func(a, b row) int { return a.LastSignIn.Compare(b.LastSignIn) }},
	}
}

// rank orders roles, those who may most first.
func rank(r core.Role) int {
	for i, o := range core.Roles() {
		if o == r {
			return i
		}
	}
	return len(core.Roles())
}

// tokenColumns are the columns of the tokens.
func tokenColumns(p *tokens) []kit.Column[core.Token] {
	type row = core.Token
	state := func(t row) string { word, _ := tokenStateName(p.stateOf(t)); return word }
	muted := func(row) kit.Style { return kit.Style{Tone: kit.ToneMuted} }
	return []kit.Column[row]{
		{ID: "name", Title: kit.T("What for"), Width: 100, Weight: 3, Text: func(t row) string { return t.Name },
			Style:   func(row) kit.Style { return kit.Style{Bold: true} },
			Compare: func(a, b row) int { return folded(a.Name, b.Name) }},
		{ID: "user", Title: kit.T("User"), Width: 80, Weight: 1, Text: func(t row) string { return t.UserName },
			Compare: func(a, b row) int { return folded(a.UserName, b.UserName) }},
		{ID: "scopes", Title: kit.T("Scope"), Width: 100, Text: func(t row) string { return scopeNames(t.Scopes) },
			Compare: func(a, b row) int { return folded(scopeNames(a.Scopes), scopeNames(b.Scopes)) }},
		{ID: "start", Title: kit.T("Begins with"), Width: 80, Drop: 2, Text: func(t row) string { return t.Start },
			Style: func(row) kit.Style { return kit.Style{Mono: true} }},
		{ID: "created", Title: kit.T("Made"), Width: 80, Drop: 1, Style: muted, Text: func(t row) string { return kit.ShortDay(t.Created, p.desk.Now()) },
			Compare: func(a, b row) int { return a.Created.Compare(b.Created) }},
		{ID: "used", Title: kit.T("Last used"), Width: 90, Style: muted, Text: func(t row) string { return lastTime(t.LastUsed, p.desk.Now()) },
			Compare: func(a, b row) int { return a.LastUsed.Compare(b.LastUsed) }},
		{ID: "expires", Title: kit.T("Expires"), Width: 84, Style: muted,
			Text: func(t row) string {
				if t.Expires.IsZero() {
					return kit.T("never")
				}
				return kit.ShortDay(t.Expires, p.desk.Now())
			},
			Compare: func(a, b row) int { return a.Expires.Compare(b.Expires) }},
		{ID: "state", Title: kit.T("State"), Width: 112, Text: state,
			Style: func(t row) kit.Style {
				_, tone := tokenStateName(p.stateOf(t))
				return kit.Style{Chip: true, Tone: tone}
			},
			Compare: func(a, b row) int { return folded(state(a), state(b)) }},
	}
}
