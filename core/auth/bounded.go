package auth

import (
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// newLRU is a table of so many entries; what was not asked for longest goes first. Its user
// keeps others out meanwhile.
func newLRU[K comparable, V any](size int) *simplelru.LRU[K, V] {
	return must(simplelru.NewLRU[K, V](size, nil))
}

// newCache is the same for several goroutines.
func newCache[K comparable, V any](size int) *lru.Cache[K, V] {
	return must(lru.New[K, V](size))
}

// must is for sizes that are written in this package: they are above 0.
func must[T any](table T, err error) T {
	if err != nil {
		panic(err)
	}
	return table
}
