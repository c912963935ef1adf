package tickets

import (
	"slices"
	"testing"
	"time"

	"deskwatch/core"
)

func TestAtRiskAreTheRiskiestWhoseEndIsNotKnown(t *testing.T) {
	day := daysBefore(1)
	x := deskOf(t,
		Fact{Status: core.TicketOpen, Created: day, FirstReply: day, Updated: day, Owner: 1, Priority: core.PriorityHigh},
		Fact{Status: core.TicketOpen, Created: day, FirstReply: day, Updated: day, Owner: 1, Priority: core.PriorityUrgent},
		Fact{Status: core.TicketOpen, Created: day, FirstReply: day, Updated: day, Owner: 1, Priority: core.PriorityUrgent, Escalated: true},
		Fact{Status: core.TicketOpen, Created: day, FirstReply: day, Updated: day, Owner: 1, Priority: core.PriorityUrgent, Rating: 1},
		Fact{Status: core.TicketOpen, Created: day, FirstReply: day, Updated: day, Priority: core.PriorityUrgent}, // nobody's
		Fact{Status: core.TicketOpen, Created: day, FirstReply: day, Updated: day, Priority: core.PriorityUrgent}, // snoozed
		Fact{Status: core.TicketClosed, Created: day, FirstReply: day, Closed: day, Priority: core.PriorityUrgent},
		Fact{Status: core.TicketOpen, Created: day, FirstReply: day, Updated: day, Owner: 1},
	)
	x.SetAttention(map[uint32][]core.Attention{2: {{Kind: core.Acknowledge}}, 5: {{Kind: core.Snooze, Until: noon.Add(-time.Hour)}}, 6: {{Kind: core.Snooze}}})
	if nos := x.AtRisk(10, 10); !slices.Equal(nos, []uint32{5, 2, 1}) {
		t.Errorf("at risk are %v, want 5, 2 and 1: acknowledged ones and those whose snooze ended too", nos)
	}
	if nos := x.AtRisk(10, 2); !slices.Equal(nos, []uint32{5, 2}) {
		t.Errorf("of two places %v are taken", nos)
	}
	if nos := x.AtRisk(90, 10); len(nos) != 0 {
		t.Errorf("above the bar are %v", nos)
	}
}
