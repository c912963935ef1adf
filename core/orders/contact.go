package orders

import (
	"net/mail"
	"strings"
)

const (
	maxName  = 200 // bytes of a customer's name
	maxEmail = 254 // RFC 5321, 4.5.3.1.3, without the angle brackets
)

// mailAddress returns the address in a cell ("ana@example.com", "Ana <ana@example.com>"),
// or "" when there is not exactly one valid address in it.
func mailAddress(cell string) string {
	if len(cell) > 2*maxEmail || strings.ContainsFunc(cell, breaksLine) {
		return ""
	}
	a, err := mail.ParseAddress(cell)
	if err != nil || len(a.Address) > maxEmail || strings.ContainsAny(a.Address, " \"<>,;") {
		return ""
	}
	return a.Address
}
