package mongotest

import (
	"net"
	"sync"
	"testing"
)

// Cut is a way to a server that can be cut. Its connections share one fate.
type Cut struct {
	uri      string
	to       string
	listener net.Listener
	done     sync.WaitGroup

	mu    sync.Mutex
	moved *sync.Cond
	fate  fate
	open  map[net.Conn]bool
}

type fate int

const (
	mended fate = iota
	cut
	blackholed
	closed
)

// Proxy returns a way to the server of uri; tests connect to its URI. It is mended at first.
func Proxy(t testing.TB, uri string) *Cut {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := parse(t, uri)
	c := &Cut{to: u.Host, listener: listener, open: map[net.Conn]bool{}}
	u.Host = listener.Addr().String()
	c.uri = u.String()
	c.moved = sync.NewCond(&c.mu)
	c.done.Go(c.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		c.become(closed)
		c.done.Wait()
	})
	return c
}

// URI is the address that leads through the proxy.
func (c *Cut) URI() string { return c.uri }

// Cut closes every connection and every new one.
func (c *Cut) Cut() { c.become(cut) }

// Blackhole keeps connections open and takes new ones, but nothing passes any more.
func (c *Cut) Blackhole() { c.become(blackholed) }

// Mend lets everything pass again, also what a black hole held back.
func (c *Cut) Mend() { c.become(mended) }

func (c *Cut) become(f fate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fate = f
	if f == cut || f == closed {
		for conn := range c.open {
			_ = conn.Close()
		}
	}
	c.moved.Broadcast()
}

func (c *Cut) accept() {
	for {
		conn, err := c.listener.Accept()
		if err != nil {
			return
		}
		if !c.keep(conn) {
			continue
		}
		server, err := net.Dial("tcp", c.to)
		if err != nil {
			c.drop(conn)
			continue
		}
		if !c.keep(server) {
			c.drop(conn)
			continue
		}
		c.done.Go(func() { c.pass(server, conn) })
		c.done.Go(func() { c.pass(conn, server) })
	}
}

// keep notes a connection to be closed by a cut, or closes it when that has happened.
func (c *Cut) keep(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fate == cut || c.fate == closed {
		_ = conn.Close()
		return false
	}
	c.open[conn] = true
	return true
}

func (c *Cut) drop(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, conn)
	_ = conn.Close()
}

// pass carries bytes one way until one side ends.
func (c *Cut) pass(to, from net.Conn) {
	defer c.drop(to)
	defer c.drop(from)
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			c.waitMended()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return // io.EOF or a closed connection: both end this way
		}
	}
}

func (c *Cut) waitMended() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.fate == blackholed {
		c.moved.Wait()
	}
}
