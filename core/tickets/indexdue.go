package tickets

import "time"

// DueSince is DueSoon without the tickets whose deadline passed before since: of a pool that
// began with years of unanswered tickets it lists those that are news.
func (x *Index) DueSince(since time.Time, limit int) []uint32 {
	now := x.opt.Now()
	top := topList{limit: max(limit, 0)}
	x.mu.RLock()
	defer x.mu.RUnlock()
	from, until := seconds(since.Unix()), seconds(now.Unix())
	x.eachOpen(func(no uint32, c *chunk, i int) {
		if c.clock(i) == clockRuns && c.amber[i] <= until && c.due[i] >= from && !x.attended(no, now) {
			top.add(sortPlace{uint64(c.due[i]), no})
		}
	})
	return top.nos()
}
