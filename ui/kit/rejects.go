package kit

import (
	"strings"

	"deskwatch/core"
)

// RejectLines says of the first rows that cannot be read why, a line each, and how many more
// there are.
func RejectLines(list []core.Reject) string {
	var lines []string
	for _, r := range list[:min(5, len(list))] {
		lines = append(lines, T("Line %d: %s", r.Line, r.Reason))
	}
	if n := len(list) - len(lines); n > 0 {
		lines = append(lines, N("and %s more of these rows", "and %s more of these rows", int64(n)))
	}
	return strings.Join(lines, "\n")
}
