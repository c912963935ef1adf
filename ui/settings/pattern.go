package settings

import (
	"regexp"
	"strings"

	"deskwatch/ui/kit"
)

// tryPatterns says what the patterns make of one customer value, as an import would: a pattern
// has to match the whole of it.
func tryPatterns(patterns []string, value string) (sentence string, tone kit.Tone) {
	value = strings.TrimSpace(value)
	if value == "" {
		return "", kit.ToneMuted
	}
	for _, p := range patterns {
		re, err := regexp.Compile(`\A(?:` + p + `)\z`)
		if err != nil {
			continue // the field itself says what is wrong with the pattern
		}
		m := re.FindStringSubmatch(value)
		if m == nil {
			continue
		}
		if i := re.SubexpIndex("name"); i > 0 && m[i] != "" {
			return kit.T("Recognised by %s, with the name %s.", p, m[i]), kit.ToneGood
		}
		return kit.T("Recognised by %s.", p), kit.ToneGood
	}
	return kit.T("Not recognised: its orders are kept, but never become alerts."), kit.ToneWarn
}

// patternLines reads one pattern a line.
func patternLines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
