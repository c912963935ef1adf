package main

import "testing"

func TestQuietHoursAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]string{
		"mon-fri 18:00-08:00": "mon 18:00-08:00; tue 18:00-08:00; wed 18:00-08:00; thu 18:00-08:00; fri 18:00-08:00",
		"sat,sun":             "sat 00:00-24:00; sun 00:00-24:00",
		"Fri-Mon 9:30-10:00":  "fri 09:30-10:00; sat 09:30-10:00; sun 09:30-10:00; mon 09:30-10:00",
		"wed 00:00-24:00":     "wed 00:00-24:00",
	} {
		frames, err := parseQuiet(text)
		if got := quietText(frames); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	if frames, err := parseQuiet("daily 22:00-06:00"); err != nil || len(frames) != 7 {
		t.Errorf("daily: %v, %v", frames, err)
	}
	for _, text := range []string{"", "mon 18:00", "mon 18:00-18:00", "someday", "mon 25:00-26:00", "mon 24:00-08:00", "mon 8:5-9:00", "mon 18:00-08:00 x", "mon-", "mon 18-08"} {
		if frames, err := parseQuiet(text); err == nil {
			t.Errorf("%q is read as %v", text, frames)
		}
	}
}
