package tickets

import "time"

// DueSince is DueSoon without the tickets whose deadline passed before since: of a pool that
// began with years of unanswered tickets it lists those that are news.
func (x *Index) DueSince(since time.Time, limit int) []uint32 {
	now := x.opt.Now()
	top := topList{limit: max(limit, 0)}
	from, until := seconds(since.Unix()), seconds(now.Unix())
	x.eachOpen(func(no uint32, c *chunk, i int) {
		if d := c.deadlines.at(i); c.clock(i) == clockRuns && d.amber <= until && d.due >= from && !x.attended(no, now) {
			top.add(sortPlace{uint64(d.due), no})
		}
	})
	return top.nos()
}
