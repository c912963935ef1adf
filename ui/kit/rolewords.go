package kit

import "deskwatch/core"

// RoleName is what a role is called in the window's language.
func RoleName(r core.Role) string {
	switch r {
	case core.RoleAdmin:
		return T("Admin")
	case core.RoleLead:
		return T("Lead")
	case core.RoleCollector:
		return T("Collector")
	}
	return T("Engineer")
}
