package mongostore

import (
	"strings"
	"sync/atomic"
	"time"

	"deskwatch/core"
)

// link is what the book knows about its way to the server.
type link struct {
	address
	hosts      []string // "db1:27017"
	tls        bool
	authSource string
	wait       time.Duration // for finding a server
	closed     atomic.Bool   // what fails now fails because of that
	checks     *heartbeats
}

// where names the servers for a sentence.
func (l *link) where() string {
	switch {
	case l == nil || len(l.hosts) == 0:
		return "MongoDB"
	case l.Scheme == core.MongoSchemeSRV:
		return "MongoDB at " + l.Hosts[0]
	case len(l.hosts) > 3:
		return "MongoDB at " + strings.Join(l.hosts[:3], ", ") + " and others"
	}
	return "MongoDB at " + strings.Join(l.hosts, ", ")
}

// clean is address.clean for a book that was not opened.
func (l *link) clean(err error) error {
	if l == nil {
		return err
	}
	return l.address.clean(err)
}
