package kit

import "testing"

func TestHoursAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " , ": "", "9-17": "09:00-17:00", "9:30 – 13.15;14-18": "09:30-13:15, 14:00-18:00", "00:00-24:00": "00:00-24:00",
		"20:00-07:00": "20:00-07:00",
	} {
		list, ok := readHours(text)
		if got := hoursText(list); !ok || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"9", "nine to five", "9-17-18", "25-26", "9:60-10", "24:01-24:30", "-", "9-17 14-18"} {
		if list, ok := readHours(text); ok {
			t.Errorf("%q is read as %v", text, list)
		}
	}
}
