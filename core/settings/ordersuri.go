package settings

import (
	"net/url"
	"strconv"
	"strings"

	"deskwatch/core"
)

// CheckOrdersURI says in a sentence what is wrong with a connection string; "" for nothing.
func CheckOrdersURI(uri string) string {
	a := core.ParseMongoAddress(uri)
	if a.Scheme != core.MongoScheme && a.Scheme != core.MongoSchemeSRV {
		return "That is not the address of a MongoDB database. Write it as mongodb://user@host:27017 or mongodb+srv://user@host."
	}
	if a.HasPassword {
		return "The address has a password in it. Put it into the password field instead, where it is kept with the other secrets."
	}
	if len(uri) > maxURI {
		return "The address is too long. Use at most " + strconv.Itoa(maxURI) + " characters."
	}
	if strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "The address has a blank or a control character in it. Remove it."
	}
	if why := checkHosts(a); why != "" {
		return why
	}
	if _, err := url.ParseQuery(a.Query); err != nil {
		return "What follows the question mark of the address cannot be read. Write it as name=value, with & between."
	}
	if name := a.SecretOption(); name != "" {
		return "The option " + name + " of the address is a secret and would be kept in plain text. Use a key file without a password, or a proxy that needs none."
	}
	return ""
}

func checkHosts(a core.MongoAddress) string {
	for _, h := range a.Hosts {
		name, port := h, ""
		if i := strings.LastIndexByte(h, ':'); i >= 0 && !strings.HasSuffix(h, "]") {
			name, port = h[:i], h[i+1:]
			if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
				return "The port of a server is a number from 1 to 65535. Write the address as mongodb://user@host:27017."
			}
		}
		if name == "" || strings.ContainsAny(name, `<>"'\@`) {
			return "The address names no server. Write it as mongodb://user@host:27017, several servers with commas between."
		}
		if a.Scheme == core.MongoSchemeSRV && (port != "" || len(a.Hosts) > 1) {
			return "An address with mongodb+srv names one host and no port; the name server lists the rest."
		}
	}
	return ""
}
