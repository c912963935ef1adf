package notify

import (
	"slices"
	"strings"

	"deskwatch/core"
)

// same compares names as people do: without case and outer blanks.
func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

func contains(list []string, name string) bool {
	return strings.TrimSpace(name) != "" && slices.ContainsFunc(list, func(s string) bool { return same(s, name) })
}

// owns reports whether an owner's name, as a source spells it, is this person's.
func owns(p core.Person, owner string) bool {
	return strings.TrimSpace(owner) != "" && (same(p.Name, owner) || contains(p.OwnerNames, owner))
}

// ownerOf is who the ticket belongs to: whom the desk gave it to, until the source says so.
func ownerOf(t core.TicketView) string {
	if t.Assigned != "" {
		return t.Assigned
	}
	return t.Owner
}

// names are the people for whom yes holds, in the order of the list.
func names(people []core.Person, yes func(core.Person) bool) []string {
	var list []string
	for _, p := range people {
		if yes(p) {
			list = append(list, p.Name)
		}
	}
	return list
}

func hasRole(role core.Role) func(core.Person) bool {
	return func(p core.Person) bool { return p.Role == role }
}

func everybody(core.Person) bool { return true }
