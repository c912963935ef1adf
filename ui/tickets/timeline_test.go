package tickets

import (
	"testing"

	"deskwatch/core"
)

func TestALineOfTheTimelineSaysWhatHappened(t *testing.T) {
	for _, c := range []struct {
		e    core.TimelineEntry
		want string
	}{
		{core.TimelineEntry{Kind: "ticket", Text: "TS3 Charged: twice"}, "Opened: TS3 Charged: twice"},
		{core.TimelineEntry{Kind: "closed", Text: "TS3"}, "Closed: TS3"},
		{core.TimelineEntry{Kind: "escalated", Text: "TS3", Bad: true}, "Escalated: TS3"},
		{core.TimelineEntry{Kind: "rated", Text: "TS3: 2 of 5", Bad: true}, "Rated 2 of 5: TS3"},
		{core.TimelineEntry{Kind: "order", Text: "O-7 returned", Order: "O-7"}, "Order O-7: returned"},
		{core.TimelineEntry{Kind: "breach", Text: "2026-11: 5 orders"}, "2026-11: 5 orders at fault"},
		{core.TimelineEntry{Kind: "later", Text: "Something new"}, "Something new"},
	} {
		if got := lineText(c.e); got != c.want {
			t.Errorf("%s %q reads %q, want %q", c.e.Kind, c.e.Text, got, c.want)
		}
	}
}

func TestAFilterThatFindsNothingOffersWordsThatBeginSo(t *testing.T) {
	for text, want := range map[string]string{"charg": "charg*", "status:new charg": "status:new charg*", "charg*": "", "status:new": "", "-charg": "",
		`"charg`: "", `"two words`: "", "x": "", "": ""} {
		if got := wordBegun(text); got != want {
			t.Errorf("%q offers %q, want %q", text, got, want)
		}
	}
}
