package coretest

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// FreeAddress is an address of this machine nobody listens on. Its port is below those a system
// gives to connections, so that none of another test has it in the meantime.
func FreeAddress(t testing.TB) string {
	t.Helper()
	const first, last, tries = 20_000, 32_000, 100
	for range tries {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(first+rand.IntN(last-first)))
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue // taken
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return address
	}
	t.Fatalf("none of %d ports is free", tries)
	return ""
}
