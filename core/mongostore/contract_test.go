package mongostore

import (
	"flag"
	"os"
	"testing"

	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
	"deskwatch/core/orders"
)

var _ orders.OrderBook = (*Book)(nil)

// Tests here wait for timeouts and pauses more than they compute, so more of them run at once
// than there are processors.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestBookKeepsTheContract(t *testing.T) {
	t.Parallel()
	coretest.OrderBookContract(t, func(t *testing.T) orders.OrderBook { return bookAt(t, mongotest.Start(t)) })
}
