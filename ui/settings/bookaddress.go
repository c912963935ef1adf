package settings

import (
	"net/url"
	"strings"
)

// splitPassword takes the password out of a MongoDB connection string: what stands between the
// first colon and the last @ of "mongodb://user:password@host/…". A password that was pasted
// without percent-encoding, with an @, a slash or a question mark in it, is taken out whole.
func splitPassword(uri string) (clean, password string, found bool) {
	scheme, rest := "", uri
	if i := strings.Index(uri, "://"); i >= 0 {
		scheme, rest = uri[:i+3], uri[i+3:]
	}
	before, _, _ := strings.Cut(rest, "?")
	at := strings.LastIndexByte(before, '@')
	if at < 0 && strings.Contains(before, ":") && !isPort(before[strings.LastIndexByte(before, ':')+1:]) {
		at = strings.LastIndexByte(rest, '@') // the question mark is part of the password
	}
	if at < 0 {
		return uri, "", false
	}
	user, password, found := strings.Cut(rest[:at], ":")
	if !found {
		return uri, "", false
	}
	if plain, err := url.PathUnescape(password); err == nil {
		password = plain
	}
	return scheme + user + rest[at:], password, true
}

// isPort reports whether a host list may end in s behind its last colon.
func isPort(s string) bool {
	port, _, _ := strings.Cut(s, "/")
	return port == "" || strings.Trim(port, "0123456789") == ""
}

// isBlank reports whether a password is only the place for one, as a database's own page shows
// connection strings: "<password>".
func isBlank(password string) bool {
	return password == "" || strings.HasPrefix(password, "<") && strings.HasSuffix(password, ">")
}
