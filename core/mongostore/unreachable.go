package mongostore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/description"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"deskwatch/core"
)

// unreachable says why no server took the question, from what the driver last saw of them.
func (b *Book) unreachable(e topology.ServerSelectionError) explained {
	known := 0
	failed := description.Server{}
	for _, s := range e.Desc.Servers {
		if s.Kind != description.Unknown {
			known++
		} else if failed.LastError == nil {
			failed = s
		}
	}
	switch {
	case known > 0 && e.Desc.Kind&description.TopologyKindReplicaSet != 0:
		return explained{core.CodeUnavailable, "The replica set " + e.Desc.SetName + " has no primary now: it is electing one, or too few of its members are up.", "Try again in a minute."}
	case known > 0 || len(e.Desc.Servers) == 0:
		return explained{core.CodeUnavailable, b.link.where() + " answers, but is not what the connection string asks for.", "Check replicaSet and directConnection in it, in Settings, Order book."}
	}
	if errors.Is(failed.LastError, context.Canceled) {
		failed.LastError = b.link.checks.failure(failed.Addr.String())
	}
	return b.met(failed.Addr.String(), failed.LastError)
}

// met says what was met on the way to a server; nil is a silence. Its connection's id may
// stand for the server: "db1:27017[-5]".
func (b *Book) met(server string, err error) explained {
	server = serverOf(server)
	host, _, splitErr := net.SplitHostPort(server)
	if splitErr != nil {
		host = server
	}
	secured := b.link != nil && b.link.tls
	no := func(why, do string) explained {
		return explained{core.CodeUnavailable, "MongoDB at " + server + " cannot be reached: " + why + ".", do}
	}
	if e, insecure := insecurity(host, err); insecure {
		return e
	}
	var lookup *net.DNSError
	switch {
	case errors.As(err, &lookup):
		words, do := lookupWords(lookup)
		return no(words, do)
	case errors.Is(err, syscall.ECONNREFUSED):
		return no("the connection was refused", "Check that the server runs, and the port in Settings, Order book.")
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return no("there is no way to it from here", "Check the network connection.")
	case err == nil || mongo.IsTimeout(err) || isTimeout(err):
		if secured {
			return no("it does not answer", "Check the network connection, and that the server speaks TLS on this port.")
		}
		return no("it does not answer", "Check the network connection, and the host and port in Settings, Order book.")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		if secured {
			return no("it closed the connection at once", "Perhaps it does not speak TLS on this port, or wants a certificate of ours.")
		}
		return no("it closed the connection at once", "If the server wants TLS, put tls=true into the connection string in Settings, Order book.")
	case isForeign(err):
		return explained{core.CodeUnavailable, "What answers at " + server + " is not a MongoDB server.", "Check the host and port in Settings, Order book."}
	case strings.Contains(err.Error(), "tls: "): // crypto/tls has no type for most of what goes wrong in a handshake
		return explained{core.CodeUnavailable, "MongoDB at " + server + " and this machine could not agree on TLS.", "Check the TLS options of the connection string in Settings, Order book."}
	}
	return no("the server did not greet as MongoDB does", doAddress)
}

// insecurity is about certificates: nothing was sent to a server whose name is in doubt.
func insecurity(host string, err error) (explained, bool) {
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	refused := func(what, do string) (explained, bool) {
		return explained{core.CodeUnavailable, what + " Nothing was sent to it.", do}, true
	}
	switch {
	case errors.As(err, &name):
		return refused("The certificate of the MongoDB server is for "+names(name.Certificate)+", not "+host+".", "Use that name in the connection string in Settings, Order book.")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return refused("The certificate of the MongoDB server "+host+" has expired or is not valid yet.", "Check this machine's clock, or tell whoever runs the server.")
	case errors.As(err, &unknown):
		return refused("The certificate of the MongoDB server "+host+" is signed by nobody this machine trusts.", "Name its authority's certificate in the connection string (tlsCAFile=/path/ca.pem), in Settings, Order book.")
	case errors.As(err, &verification), errors.As(err, &invalid):
		return refused("The certificate of the MongoDB server "+host+" cannot be trusted.", "Tell whoever runs the server.")
	case errors.As(err, &record):
		return refused("The MongoDB server "+host+" does not speak TLS on this port.", "Take tls=true out of the connection string in Settings, Order book, if the network may be trusted, or tell whoever runs the server.")
	}
	return explained{}, false
}

// names are those a certificate is for, the first three of them.
func names(c *x509.Certificate) string {
	list := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	if len(list) == 0 {
		return "no name at all"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.Join(list[:min(len(list), 3)], ", "))
}

func lookupWords(e *net.DNSError) (why, do string) {
	if e.IsNotFound {
		return "there is no server named " + e.Name, doAddress
	}
	return "the name " + e.Name + " could not be looked up", "Check the network connection."
}

// isConnecting reports whether err is about making a connection, not about using one.
func isConnecting(err error) bool {
	return strings.Contains(err.Error(), "during connection handshake") // topology.ConnectionError keeps it private
}

// isForeign reports whether the answer was no message of MongoDB's protocol. The first four
// bytes of a message are its length; what another protocol says is far too long or too short.
func isForeign(err error) bool {
	text := err.Error()
	for _, is := range []string{"length of read message too large", "malformed message length", "malformed OP_", "unknown opcode", "insufficient bytes", "invalid header", "length read from wire"} {
		if strings.Contains(text, is) {
			return true
		}
	}
	return false
}

func isTimeout(err error) bool {
	var timed net.Error
	return errors.As(err, &timed) && timed.Timeout()
}
