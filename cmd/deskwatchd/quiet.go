package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// weekdays are the names of the days, from Sunday.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// parseQuiet reads "DAYS" or "DAYS FROM-TO": days as "mon-fri", "sat,sun" or "daily", times as
// "18:00-08:00", which ends on the next day. Without times the whole days are meant.
func parseQuiet(text string) ([]core.QuietFrame, error) {
	wrong := fmt.Errorf(`--quiet %q is not written like "mon-fri 18:00-08:00"`, text)
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 || len(words) > 2 {
		return nil, wrong
	}
	from, to := 0, 24*60
	if len(words) == 2 {
		first, last, ok := strings.Cut(words[1], "-")
		if from, to = wallMinute(first), wallMinute(last); !ok || from < 0 || from == 24*60 || to < 0 || from == to {
			return nil, wrong
		}
	}
	var frames []core.QuietFrame
	for _, part := range strings.Split(words[0], ",") {
		first, last, isRange := strings.Cut(part, "-")
		if part == "daily" {
			first, last, isRange = "sun", "sat", true
		}
		if !isRange {
			last = first
		}
		begin, end := slices.Index(weekdays(), first), slices.Index(weekdays(), last)
		if begin < 0 || end < 0 {
			return nil, wrong
		}
		for day := begin; ; day = (day + 1) % 7 {
			frames = append(frames, core.QuietFrame{Day: time.Weekday(day), From: from, To: to})
			if day == end {
				break
			}
		}
	}
	return frames, nil
}

// wallMinute reads "18:00" up to "24:00" as minutes since midnight; -1 for anything else.
func wallMinute(text string) int {
	h, m, ok := strings.Cut(text, ":")
	hour, err := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	if !ok || err != nil || err2 != nil || len(m) != 2 || minute > 59 || hour*60+minute > 24*60 {
		return -1
	}
	return int(hour*60 + minute)
}

// quietText writes quiet hours as parseQuiet reads them, a day each.
func quietText(frames []core.QuietFrame) string {
	parts := make([]string, len(frames))
	for i, f := range frames {
		parts[i] = fmt.Sprintf("%s %02d:%02d-%02d:%02d", weekdays()[f.Day], f.From/60, f.From%60, f.To/60, f.To%60)
	}
	return strings.Join(parts, "; ")
}
