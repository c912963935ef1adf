package kit

// selection is a set of row keys, or everything but a set: selecting a million rows must not
// build a million entries.
type selection struct {
	all  bool
	keys map[string]bool // the selected ones; with all, those left out
}

func newSelection() selection { return selection{keys: map[string]bool{}} }

func (s selection) has(key string) bool { return s.all != s.keys[key] }

// count is how many of n rows are selected.
func (s selection) count(n int) int {
	if s.all {
		return n - len(s.keys)
	}
	return len(s.keys)
}

func (s selection) toggle(key string) {
	if s.keys[key] {
		delete(s.keys, key)
	} else {
		s.keys[key] = true
	}
}

// materialise turns "everything but" into the plain set of the n rows there were, so that
// rows which arrive later are not selected unseen.
func (s *selection) materialise(n int, key func(int) string) {
	plain := newSelection()
	for i := range n {
		if k := key(i); s.has(k) {
			plain.keys[k] = true
		}
	}
	*s = plain
}
