package mongostore

import (
	"testing"

	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
	"deskwatch/core/orders"
)

var _ orders.OrderBook = (*Book)(nil)

func TestBookKeepsTheContract(t *testing.T) {
	coretest.OrderBookContract(t, func(t *testing.T) orders.OrderBook { return bookAt(t, mongotest.Start(t)) })
}
