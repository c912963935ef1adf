package tickets

import (
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// builtInFilters are the questions every desk has, in the order of the menu. Snoozed tickets are
// out of the way in all but their own and the last one.
func builtInFilters() []core.SavedFilter {
	return []core.SavedFilter{
		firstFilter(),
		{Name: kit.T("Waiting for a reply"), Text: "clock:running,amber,red snoozed:no", Sort: "due"},
		{Name: kit.T("Late"), Text: "is:overdue snoozed:no", Sort: "due"},
		{Name: kit.T("Mine"), Text: "is:open owner:me snoozed:no", Sort: "due"},
		{Name: kit.T("Tough customers"), Text: "is:open is:tough snoozed:no", Sort: "-tough"},
		{Name: kit.T("Unowned"), Text: "is:unowned snoozed:no", Sort: "due"},
		{Name: kit.T("Snoozed"), Text: "is:snoozed", Sort: "due"},
		{Name: kit.T("All tickets"), Text: "", Sort: "-updated"},
	}
}

// firstFilter is what the tab opens with: what a support lead has to look after, the reply that
// presses most on top.
func firstFilter() core.SavedFilter {
	return core.SavedFilter{Name: kit.T("Open tickets"), Text: "is:open snoozed:no", Sort: "due"}
}

// nameOf is the name of the filter in the box; "" when it has none.
func nameOf(text string, saved []core.SavedFilter) string {
	text = strings.TrimSpace(text)
	for _, f := range append(builtInFilters(), saved...) {
		if f.Text == text {
			return f.Name
		}
	}
	return ""
}

// parseSort takes a sort apart.
func parseSort(sort string) (field string, descending bool) {
	field, descending = strings.CutPrefix(sort, "-")
	return field, descending
}
