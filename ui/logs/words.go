package logs

import (
	"strconv"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func lineKey(l core.LogLine) string { return strconv.FormatUint(l.Seq, 10) }

func lineTime(l core.LogLine) string { return l.Time.Local().Format("15:04:05.000") }

func fullTime(l core.LogLine) string { return l.Time.Local().Format("2006-01-02 15:04:05.000") }

// wholeLine is a line as it is copied: everything the log knows of it.
func wholeLine(l core.LogLine) string {
	return strings.Join([]string{fullTime(l), l.Level, l.Where, l.Text}, "  ")
}

func levelWord(l core.LogLine) string {
	switch l.Level {
	case "DEBUG":
		return kit.T("Debug")
	case "INFO":
		return kit.T("Info")
	case "WARN":
		return kit.T("Warning")
	case "ERROR":
		return kit.T("Error")
	}
	return l.Level
}

func levelStyle(l core.LogLine) kit.Style {
	switch l.Level {
	case "WARN":
		return kit.Style{Tone: kit.ToneWarn, Chip: true}
	case "ERROR":
		return kit.Style{Tone: kit.ToneBad, Chip: true}
	case "INFO":
		return kit.Style{Tone: kit.ToneNormal, Chip: true}
	}
	return kit.Style{Tone: kit.ToneMuted, Chip: true}
}

func mono(core.LogLine) kit.Style { return kit.Style{Mono: true} }

func where(core.LogLine) kit.Style { return kit.Style{Mono: true, Tone: kit.ToneMuted} }
