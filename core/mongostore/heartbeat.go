package mongostore

import (
	"context"
	"errors"
	"strings"
	"sync"

	"go.mongodb.org/mongo-driver/v2/event"
)

// heartbeats remembers why the driver's last check of each server failed. The driver's own
// memory will not do: it sometimes cancels its own next check of a server that just failed,
// and then knows no more than "context canceled".
type heartbeats struct {
	mu     sync.Mutex
	failed map[string]error // by the server's address
}

func newHeartbeats() *heartbeats { return &heartbeats{failed: map[string]error{}} }

// monitor is what the driver tells its checks to.
func (h *heartbeats) monitor() *event.ServerMonitor {
	return &event.ServerMonitor{
		ServerHeartbeatSucceeded: func(e *event.ServerHeartbeatSucceededEvent) { h.keep(e.ConnectionID, nil) },
		ServerHeartbeatFailed:    func(e *event.ServerHeartbeatFailedEvent) { h.keep(e.ConnectionID, e.Failure) },
		// A server that left the replica set is not asked about any more.
		ServerClosed: func(e *event.ServerClosedEvent) { h.keep(string(e.Address), nil) },
	}
}

// keep takes the end of a check; nil is a success.
func (h *heartbeats) keep(connection string, failure error) {
	if errors.Is(failure, context.Canceled) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if failure == nil {
		delete(h.failed, serverOf(connection))
		return
	}
	h.failed[serverOf(connection)] = failure
}

// failure is why the last check of the server that was not canceled failed; nil where it did
// not, or none ended yet.
func (h *heartbeats) failure(server string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failed[server]
}

// serverOf takes the number of a connection off: "db1:27017[-5]".
func serverOf(connection string) string {
	server, _, _ := strings.Cut(connection, "[-")
	return server
}
