package notify

import "deskwatch/core"

// rank orders news, the most pressing highest: by kind first, then by priority, this month's
// bad orders and the risk, which together never outweigh the next kind.
func rank(n News) int {
	t := n.Ticket
	base := map[core.NoticeKind]int{
		core.NoticeNew: 100, core.NoticeTough: 200, core.NoticeSnooze: 300, core.NoticeReplyDue: 400, core.NoticeAtRisk: 500, core.NoticeEscalation: 600,
	}[n.Kind]
	return base + 10*int(t.Priority) + 3*min(t.BadOrders, 10) + min(max(t.Risk, 0), 100)/4
}
