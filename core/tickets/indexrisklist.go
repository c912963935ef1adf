package tickets

import "deskwatch/core"

// AtRisk lists open tickets with a risk of from or more, the riskiest first, without those that are
// escalated or rated, whose end is known already, and without snoozed ones.
func (x *Index) AtRisk(from, limit int) []uint32 {
	now := x.opt.Now()
	top := topList{limit: max(limit, 0)}
	x.eachOpen(func(no uint32, c *chunk, i int) {
		if int(c.risk[i]) >= from && c.bits[i]&bitEscalated == 0 && c.rating(i) == 0 && held(x.attention[no], core.Snooze, now) == nil {
			top.add(sortPlace{uint64(100 - c.risk[i]), no})
		}
	})
	return top.nos()
}
