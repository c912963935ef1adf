package orders

// memo remembers at most limit answers; when it is full it forgets all and begins anew,
// which suits both repeated and sorted cells.
type memo[V any] struct {
	limit int
	seen  map[string]V
}

func newMemo[V any](limit int) memo[V] { return memo[V]{limit, make(map[string]V)} }

func (m memo[V]) get(key string) (V, bool) { v, ok := m.seen[key]; return v, ok }

func (m memo[V]) put(key string, v V) {
	if len(m.seen) >= m.limit {
		clear(m.seen)
	}
	m.seen[key] = v
}
