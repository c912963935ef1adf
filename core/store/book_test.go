package store

import (
	"path/filepath"
	"testing"

	"deskwatch/core/coretest"
	"deskwatch/core/orders"
)

func TestBookKeepsTheContract(t *testing.T) {
	coretest.OrderBookContract(t, func(t *testing.T) orders.OrderBook {
		return NewBook(openAt(t, filepath.Join(t.TempDir(), BookFile), KindBook))
	})
}
