package users

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// newToken is the dialog a token is made in.
type newToken struct {
	p      *tokens
	asked  *kit.Asked
	owners []core.User
	scopes []core.Scope // behind the words of scope
	busy   bool

	user, scope, expiry *choice
	name                *kit.Answer
	scopeField          *kit.Field
	nameField           *kit.Field
	problem             *kit.Prose
}

// openNewToken asks for a token of the user with that name first.
func openNewToken(p *tokens, first string) {
	owners := p.Owners()
	if kit.Asking(p.host.Window()) || !p.state.MayEdit {
		return
	}
	if len(owners) == 0 {
		p.host.Toast(kit.ToneWarn, kit.T("A token belongs to a user: add the user first."))
		return
	}
	d := newNewToken(p, owners, first)
	content := kit.Wide(560, container.NewVBox(d.nameField, kit.NewField(kit.T("User"), d.user, ""), d.scopeField,
		kit.NewField(kit.T("Expires"), d.expiry, ""), d.problem))
	d.asked = kit.Ask(p.host.Window(), kit.T("New token"), kit.T("Make token"), content, d.name, func() bool { d.make(); return false })
	d.asked.Answers(d.name)
	in := keys{enter: d.asked.Yes, leave: d.asked.Leave}
	d.user.keys, d.scope.keys, d.expiry.keys = in, in, in
}

func newNewToken(p *tokens, owners []core.User, first string) *newToken {
	d := &newToken{p: p, owners: owners, problem: kit.NewProse("", kit.ToneBad)}
	d.problem.Hide()
	d.name = kit.NewAnswer(kit.T("Such as: collector in Madrid"))
	d.nameField = kit.NewField(kit.T("What for"), d.name, "")
	d.name.OnChanged = func(string) { d.nameField.SetProblem("") }
	d.scope = newChoice(nil, func(at int) {
		if at >= 0 {
			d.scopeField.SetHint(scopeMeans(d.scopes[at]))
		}
	})
	d.scopeField = kit.NewField(kit.T("Scope"), d.scope, "")
	words := []string{}
	for _, days := range expiries {
		words = append(words, expiryName(days))
	}
	d.expiry = newChoice(words, func(int) {})
	names := []string{}
	for _, u := range owners {
		names = append(names, u.Name+" ("+kit.RoleName(u.Role)+")")
	}
	d.user = newChoice(names, d.offer)
	at := slices.IndexFunc(owners, func(u core.User) bool { return u.Name == first })
	if at < 0 { // tokens are for programs
		at = slices.IndexFunc(owners, func(u core.User) bool { return u.Role == core.RoleCollector })
	}
	d.user.SetSelectedIndex(max(0, at))
	return d
}

// offer offers what suits a user: a collector posts for ever, a person's token ends.
func (d *newToken) offer(at int) {
	if at < 0 {
		return
	}
	role := d.owners[at].Role
	d.scopes = scopesFor(role)
	words := []string{}
	for _, s := range d.scopes {
		words = append(words, scopeName(s))
	}
	d.scope.SetOptions(words)
	usual, days := core.ScopeRead, 90
	if role == core.RoleCollector {
		usual, days = core.ScopeUpload, 0
	}
	d.scope.SetSelectedIndex(max(0, slices.Index(d.scopes, usual)))
	d.expiry.SetSelectedIndex(slices.Index(expiries[:], days))
}

func (d *newToken) make() {
	if d.busy {
		return
	}
	name := strings.TrimSpace(d.name.Text)
	if name == "" {
		d.nameField.SetProblem(kit.T("Say which program it is for."))
		return
	}
	d.busy = true
	d.asked.Enable(false)
	d.problem.Hide()
	t := core.NewToken{User: d.owners[d.user.SelectedIndex()].Name, Name: name, Scopes: []core.Scope{d.scopes[d.scope.SelectedIndex()]},
		Expires: d.p.expires(expiries[d.expiry.SelectedIndex()])}
	d.p.Create(t, func(problem string) {
		d.busy = false
		d.asked.Enable(true)
		if problem != "" {
			d.problem.Set(problem, kit.ToneBad)
			d.problem.Show()
			return
		}
		d.asked.Leave()
	})
}
