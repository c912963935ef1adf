package tickets

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// rankings keep the order of names until a name changes.
type rankings struct {
	mu        sync.Mutex
	names     *ranking // of products and owners
	namesRev  int
	people    *ranking
	peopleRev int
}

// ranking is the alphabetical order of names. It is never changed.
type ranking struct {
	ranks  []uint32     // by number; 0 is none
	sorted []rankedName // by rank; [0] is none
}

type rankedName struct {
	key  uint64 // SubjectKey: most names differ in it, and numbers are compared quickly
	text string // in lower case
	no   uint32
}

func (a rankedName) compare(b rankedName) int {
	return cmp.Or(cmp.Compare(a.key, b.key), strings.Compare(a.text, b.text))
}

// ranking returns the order of products and owners, or of customers. The caller holds mu.
func (x *Index) ranking(field string) *ranking {
	r := &x.ranks
	r.mu.Lock()
	defer r.mu.Unlock()
	if field != "customer" {
		if r.names == nil || r.namesRev != x.cols.namesRev {
			r.names, r.namesRev = newRanking(len(x.cols.names), x.cols.name), x.cols.namesRev
		}
		return r.names
	}
	if r.people == nil || r.peopleRev != x.cols.people.rev {
		r.people, r.peopleRev = newRanking(len(x.cols.people.rows), x.cols.people.shownName), x.cols.people.rev
	}
	return r.people
}

// newRanking sorts n names; those that differ in upper and lower case only share a rank.
func newRanking(n int, name func(no uint32) string) *ranking {
	r := &ranking{ranks: make([]uint32, n), sorted: []rankedName{{}}}
	list := make([]rankedName, 0, n)
	for no := 1; no < n; no++ {
		if text := strings.ToLower(name(uint32(no))); text != "" {
			list = append(list, rankedName{SubjectKey(text), text, uint32(no)})
		}
	}
	slices.SortFunc(list, rankedName.compare)
	for i := range list {
		if i == 0 || list[i].text != list[i-1].text {
			r.sorted = append(r.sorted, list[i])
		}
		r.ranks[list[i].no] = uint32(len(r.sorted) - 1)
	}
	return r
}

// rank is twice a name's place, so that there is room for a name that is gone.
func (r *ranking) rank(no uint32) uint64 {
	if int(no) >= len(r.ranks) || r.ranks[no] == 0 {
		return noKey
	}
	return 2 * uint64(r.ranks[no])
}

// text is the name of a rank.
func (r *ranking) text(rank uint64) string {
	if at := rank / 2; at < uint64(len(r.sorted)) {
		return r.sorted[at].text
	}
	return ""
}

// rankOf is the rank of a name, or one between its neighbours'.
func (r *ranking) rankOf(text string) uint64 {
	at, found := slices.BinarySearchFunc(r.sorted[1:], rankedName{key: SubjectKey(text), text: text}, rankedName.compare)
	if rank := 2 * uint64(at+1); found {
		return rank
	} else {
		return rank - 1
	}
}
