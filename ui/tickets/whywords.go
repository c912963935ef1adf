package tickets

import (
	"strings"

	"deskwatch/ui/kit"
)

// whyText writes in the window's language why two customers are taken for one. A part that the
// desk words otherwise stays as it is.
func whyText(why string) string {
	parts := strings.Split(why, "; ")
	for i, p := range parts {
		p, chance := strings.CutSuffix(p, ", which may be chance")
		if x, ok := strings.CutPrefix(p, "the same id, "); ok {
			p = kit.T("the same id, %s", x)
		} else if x, ok := strings.CutPrefix(p, "the same e-mail, "); ok {
			p = kit.T("the same e-mail, %s", x)
		} else if x, ok := strings.CutPrefix(p, "e-mails of one company, "); ok {
			p = kit.T("e-mails of one company, %s", x)
		} else if x, ok := strings.CutPrefix(p, "the same name, "); ok {
			p = kit.T("the same name, %s", x)
		}
		if chance {
			p = kit.T("%s, which may be chance", p)
		}
		parts[i] = p
	}
	return strings.Join(parts, "; ")
}
