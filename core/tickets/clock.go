package tickets

import "deskwatch/core"

// Clock answers how a ticket's first-reply clock stands. It only computes, and is used by
// several goroutines.
type Clock interface {
	Reply(q core.ClockQuestion) core.ClockAnswer
}
