package core

import (
	"net/url"
	"strings"
)

// The schemes of a MongoDB connection string. With the second one the name server lists the hosts.
const (
	MongoScheme    = "mongodb"
	MongoSchemeSRV = "mongodb+srv"
)

// MongoAddress is a MongoDB connection string taken apart:
// scheme://user:password@host,host/database?options. See the manual's "Connection Strings".
type MongoAddress struct {
	Scheme   string // in lower case; "" for none
	User     string
	Password Secret
	// HasPassword is set when a password was written, or only the place for one: nothing at all
	// after the colon, or "<password>" as a database's own page shows it.
	HasPassword bool
	Hosts       []string // as written, each perhaps with a port; at least one, which may be ""
	Database    string
	Query       string // the options as written

	rest string // from the slash or the question mark behind the hosts on
}

// ParseMongoAddress takes any text apart as well as it can be; whether it can be used is for the
// caller to say. A password should be written with percent signs, and people paste it raw, with
// @, /, ? and : in it: what stands before the last @ belongs to user and password.
func ParseMongoAddress(text string) MongoAddress {
	var a MongoAddress
	text = strings.TrimSpace(text)
	if scheme, rest, found := strings.Cut(text, "://"); found && isScheme(scheme) {
		a.Scheme, text = strings.ToLower(scheme), rest
	}
	if at := strings.LastIndexByte(text[:queryStart(text)], '@'); at >= 0 {
		user, password, found := strings.Cut(text[:at], ":")
		a.User, a.HasPassword, text = unescaped(user), found, strings.TrimSpace(text[at+1:])
		if !isPlaceholder(password) {
			a.Password = NewSecret(unescaped(password))
		}
	}
	if end := strings.IndexAny(text, "/?"); end >= 0 {
		text, a.rest = text[:end], text[end:]
	}
	a.Hosts = strings.Split(text, ",")
	path, query, _ := strings.Cut(a.rest, "?")
	a.Database, a.Query = unescaped(strings.TrimPrefix(path, "/")), query
	return a
}

// String is the connection string without its password.
func (a MongoAddress) String() string { return a.with(url.User(a.User).String()) }

// WithPassword is the connection string with another password, as a driver takes it. Without a
// user there is none to write.
func (a MongoAddress) WithPassword(p Secret) string {
	user := url.User(a.User).String()
	if user != "" {
		user += ":" + escaped(p.Reveal())
	}
	return a.with(user)
}

func (a MongoAddress) with(user string) string {
	var b strings.Builder
	if a.Scheme != "" {
		b.WriteString(a.Scheme + "://")
	}
	if user != "" {
		b.WriteString(user + "@")
	}
	b.WriteString(strings.Join(a.Hosts, ","))
	b.WriteString(strings.ReplaceAll(a.rest, "@", "%40")) // nobody shall take it for the end of a password
	return b.String()
}

// Option is the value of an option; case does not matter in its name. "" for none.
func (a MongoAddress) Option(name string) string {
	value := ""
	a.options(func(n, v string) {
		if value == "" && strings.EqualFold(n, name) {
			value = v
		}
	})
	return unescapedQuery(value)
}

// SecretOption is the name of an option that holds a password; "" when none does.
func (a MongoAddress) SecretOption() string {
	secret := ""
	a.options(func(name, _ string) {
		if secret == "" && strings.Contains(strings.ToLower(name), "password") {
			secret = name
		}
	})
	return secret
}

// Secrets are the texts of the address that must not show anywhere, as they are and as they are
// written in one.
func (a MongoAddress) Secrets() []Secret {
	texts := []string{a.Password.Reveal(), escaped(a.Password.Reveal())}
	a.options(func(name, value string) {
		if name = strings.ToLower(name); strings.Contains(name, "password") || name == "authmechanismproperties" {
			texts = append(texts, value, unescapedQuery(value))
		}
	})
	var list []Secret
	for _, text := range texts {
		if text != "" {
			list = append(list, NewSecret(text))
		}
	}
	return list
}

// SameLogin reports whether both name the same user of the same servers, so that a password for
// one of them is one for the other.
func (a MongoAddress) SameLogin(b MongoAddress) bool {
	return a.User == b.User && strings.EqualFold(strings.Join(a.Hosts, ","), strings.Join(b.Hosts, ","))
}

func (a MongoAddress) options(each func(name, value string)) {
	for _, pair := range strings.FieldsFunc(a.Query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		each(name, value)
	}
}

// queryStart is where the options begin: at the first question mark that is not part of a
// password, or the end. What follows it is written as options are, and what stands before it
// does not break off inside a password.
func queryStart(text string) int {
	first, last := strings.IndexByte(text, '@'), strings.LastIndexByte(text, '@')
	for i, r := range text {
		if r != '?' || !isQuery(text[i+1:]) {
			continue
		}
		if 0 <= first && first < i || last < i || areHosts(text[:i]) {
			return i
		}
	}
	return len(text)
}

// isQuery reports whether text is name=value pairs with & or ; between.
func isQuery(text string) bool {
	for text != "" {
		name, rest, found := strings.Cut(text, "=")
		if !found || strings.ContainsFunc(name, func(r rune) bool { return !isLetter(r) }) {
			return false
		}
		end := strings.IndexAny(rest, "&;")
		if end < 0 {
			return true
		}
		text = strings.TrimLeft(rest[end:], "&;")
	}
	return true
}

// areHosts reports whether text is hosts, with a database perhaps, whose ports are numbers.
func areHosts(text string) bool {
	hosts, _, _ := strings.Cut(text, "/")
	for _, host := range strings.Split(hosts, ",") {
		if _, after, found := strings.Cut(host, "]"); found {
			host = after // an IPv6 address has colons of its own
		}
		if _, port, _ := strings.Cut(host, ":"); strings.Trim(port, "0123456789") != "" {
			return false
		}
	}
	return true
}

func isScheme(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !isLetter(r) && !strings.ContainsRune("+-.0123456789", r) })
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

func isPlaceholder(password string) bool {
	return password == "" || strings.HasPrefix(password, "<") && strings.HasSuffix(password, ">")
}

func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

func unescapedQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// escaped writes text so that it means the same in every part of an address.
func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
