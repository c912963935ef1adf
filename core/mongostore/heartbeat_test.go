package mongostore

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"go.mongodb.org/mongo-driver/v2/event"
	mongoaddress "go.mongodb.org/mongo-driver/v2/mongo/address"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/description"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"deskwatch/core"
)

// unreachableAfter is what a person reads when the driver checked the server at addr, with
// these ends, canceled its last check and gave up.
func unreachableAfter(addr string, ends ...error) explained {
	b := &Book{link: &link{checks: newHeartbeats()}}
	tell := b.link.checks.monitor()
	for _, end := range ends {
		if end == nil {
			tell.ServerHeartbeatSucceeded(&event.ServerHeartbeatSucceededEvent{ConnectionID: addr + "[-1]"})
			continue
		}
		tell.ServerHeartbeatFailed(&event.ServerHeartbeatFailedEvent{ConnectionID: addr + "[-1]", Failure: end})
	}
	server := description.Server{Addr: mongoaddress.Address(addr), LastError: topology.ConnectionError{Wrapped: context.Canceled}}
	return b.explain(topology.ServerSelectionError{
		Wrapped: context.DeadlineExceeded, Desc: description.Topology{Servers: []description.Server{server}},
	})
}

func TestACheckTheDriverCanceledItselfDoesNotHideWhyTheServerCannotBeReached(t *testing.T) {
	for _, tt := range []struct {
		name, addr string
		ends       []error
		words      string
	}{
		{"refused", "db1:27017", []error{syscall.ECONNREFUSED}, "MongoDB at db1:27017 cannot be reached: the connection was refused."},
		{"hung up, then canceled", "[::1]:27017", []error{syscall.ECONNRESET, context.Canceled}, "MongoDB at [::1]:27017 cannot be reached: it closed the connection at once."},
		{"well again since", "db1:27017", []error{syscall.ECONNREFUSED, nil}, "MongoDB at db1:27017 cannot be reached: it does not answer."},
		{"never a true end", "db1:27017", nil, "MongoDB at db1:27017 cannot be reached: it does not answer."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := unreachableAfter(tt.addr, tt.ends...)
			if got.what != tt.words || got.code != core.CodeUnavailable {
				t.Errorf("it says %q (%s)", got.what, got.code)
			}
		})
	}
}

func TestAServerThatLeftIsForgotten(t *testing.T) {
	h := newHeartbeats()
	h.keep("db1:27017[-3]", errors.New("down"))
	h.monitor().ServerClosed(&event.ServerClosedEvent{Address: "db1:27017"})
	if err := h.failure("db1:27017"); err != nil || len(h.failed) != 0 {
		t.Errorf("still known: %v", err)
	}
}
