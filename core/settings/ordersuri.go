package settings

import (
	"net/url"
	"strconv"
	"strings"

	"deskwatch/core"
)

// The schemes of a MongoDB connection string. With the second one the name server lists the hosts.
const (
	schemePlain = "mongodb://"
	schemeSRV   = "mongodb+srv://"
)

// uriParts are the parts of a connection string as they are written:
// scheme user[:password]@ hosts [/database] [?options].
type uriParts struct {
	scheme      string
	user        string
	password    string
	hasPassword bool
	hosts       string
	rest        string // from the slash or the question mark on
}

// splitURI takes a connection string apart. A password should be written with percent signs, and
// people paste it raw: what stands before the last @ belongs to user and password.
func splitURI(uri string) (p uriParts, ok bool) {
	for _, scheme := range []string{schemePlain, schemeSRV} {
		if len(uri) >= len(scheme) && strings.EqualFold(uri[:len(scheme)], scheme) {
			p.scheme, uri, ok = scheme, uri[len(scheme):], true
		}
	}
	if !ok {
		return p, false
	}
	before := uri
	if q := strings.IndexByte(uri, '?'); q >= 0 && !rawPassword(uri[:q]) {
		before = uri[:q]
	}
	if at := strings.LastIndexByte(before, '@'); at >= 0 {
		p.user, p.password, p.hasPassword = strings.Cut(uri[:at], ":")
		uri = uri[at+1:]
	}
	if end := strings.IndexAny(uri, "/?"); end >= 0 {
		uri, p.rest = uri[:end], uri[end:]
	}
	p.hosts = uri
	return p, true
}

// rawPassword reports whether the text before the first question mark breaks off inside a
// password that was not written with percent signs: there is a colon that is no port, and no @.
func rawPassword(text string) bool {
	_, after, colon := strings.Cut(text, ":")
	_, err := strconv.Atoi(strings.TrimRight(after, "/"))
	return colon && err != nil && !strings.ContainsAny(text, "@,[")
}

// SplitPassword takes the password out of a connection string. Without one, and for a text that
// is no connection string, uri comes back as it is.
func SplitPassword(uri string) (clean string, password core.Secret) {
	p, ok := splitURI(strings.TrimSpace(uri))
	if !ok || !p.hasPassword {
		return uri, core.Secret{}
	}
	text := p.password
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	return p.scheme + userInfo(p.user) + p.hosts + p.rest, core.NewSecret(text)
}

// userInfo writes the user as a connection string wants it.
func userInfo(user string) string {
	if user == "" {
		return ""
	}
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	return url.User(user).String() + "@"
}

// OrdersURI says of a connection string which servers and, where its path says so, which
// database it names.
func OrdersURI(uri string) (user, hosts, database string) {
	p, _ := splitURI(uri)
	path, _, _ := strings.Cut(p.rest, "?")
	path = strings.TrimPrefix(path, "/")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	return p.user, strings.ToLower(p.hosts), path
}

// secretOptions are options of a connection string that hold a secret.
var secretOptions = [...]string{"tlscertificatekeyfilepassword", "sslclientcertificatekeypassword", "proxypassword"}

// CheckOrdersURI says in a sentence what is wrong with a connection string; "" for nothing.
func CheckOrdersURI(uri string) string {
	p, ok := splitURI(uri)
	if !ok {
		return "That is not the address of a MongoDB database. Write it as mongodb://user@host:27017 or mongodb+srv://user@host."
	}
	if p.hasPassword {
		return "The address has a password in it. Put it into the password field instead, where it is kept with the other secrets."
	}
	if len(uri) > maxURI {
		return "The address is too long. Use at most " + strconv.Itoa(maxURI) + " characters."
	}
	if strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "The address has a blank or a control character in it. Remove it."
	}
	if why := checkHosts(p); why != "" {
		return why
	}
	return checkOptions(p.rest)
}

func checkHosts(p uriParts) string {
	hosts := strings.Split(p.hosts, ",")
	for _, h := range hosts {
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
		if p.scheme == schemeSRV && (port != "" || len(hosts) > 1) {
			return "An address with mongodb+srv names one host and no port; the name server lists the rest."
		}
	}
	return ""
}

func checkOptions(rest string) string {
	_, query, _ := strings.Cut(rest, "?")
	options, err := url.ParseQuery(query)
	if err != nil {
		return "What follows the question mark of the address cannot be read. Write it as name=value, with & between."
	}
	for name := range options {
		for _, secret := range secretOptions {
			if strings.EqualFold(name, secret) {
				return "The option " + name + " of the address is a secret and would be kept in plain text. Use a key file without a password, or a proxy that needs none."
			}
		}
	}
	return ""
}
