package mongostore

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"regexp"
	"strings"

	"deskwatch/core"
)

// address is a connection string that was looked at before the driver gets it. The driver's
// own complaints about one may quote it, password included, so they never leave this file.
type address struct {
	uri     string // whole, with the password
	user    string
	srv     bool
	secrets []string // what must not show in any text
}

const exampleURI = "mongodb://user@host:27017/?tls=true"

// readAddress puts the password into the connection string, in place of one that is there.
func readAddress(uri string, password core.Secret) (address, error) {
	bad := func(words string) (address, error) {
		return address{}, core.NewError(core.CodeInvalid, "mongostore.open", words, nil)
	}
	uri = strings.TrimSpace(uri)
	scheme, rest, ok := strings.Cut(uri, "://")
	scheme = strings.ToLower(scheme)
	switch {
	case uri == "":
		return bad("No MongoDB server is set. Enter its connection string in Settings, Order book; it looks like " + exampleURI + ".")
	case !ok || scheme != "mongodb" && scheme != "mongodb+srv":
		return bad("A connection string begins with mongodb:// or mongodb+srv://. Correct it in Settings, Order book; it looks like " + exampleURI + ".")
	case strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return bad("The connection string contains a blank or a line break. Remove it in Settings, Order book.")
	}
	a := address{uri: scheme + "://" + rest, srv: scheme == "mongodb+srv"}
	sign, found := "", strings.Contains(rest, "@")
	if found {
		sign, rest, _ = strings.Cut(rest, "@")
	}
	name, given, _ := strings.Cut(sign, ":")
	user, err := url.PathUnescape(name)
	spoken, err2 := url.PathUnescape(given)
	if i := strings.IndexAny(rest, "/?@"); err != nil || err2 != nil || strings.ContainsAny(sign, "/?#") || strings.Contains(given, ":") || i >= 0 && rest[i] == '@' {
		return bad("The user or password in the connection string contains a character that has to be written in another way there: @ as %40, : as %3A, / as %2F, ? as %3F, % as %25. " +
			"Or leave the password out and enter it in its own field in Settings, Order book.")
	}
	if found && user == "" {
		return bad("The connection string has an @ without a user before it. Correct it in Settings, Order book; it looks like " + exampleURI + ".")
	}
	query := optionsOf(rest)
	a.user = user
	a.secrets = append(a.secrets, given, spoken, password.Reveal(), escape(password.Reveal()))
	for name, value := range query {
		if strings.Contains(name, "password") || name == "authmechanismproperties" {
			plain, _ := url.QueryUnescape(value)
			a.secrets = append(a.secrets, value, plain)
		}
	}
	if user == "" || !wantsPassword(query["authmechanism"]) {
		return a, nil
	}
	if !password.IsZero() {
		a.uri = scheme + "://" + name + ":" + escape(password.Reveal()) + "@" + rest
	} else if given == "" {
		return bad("There is no password for the user " + user + " of the order database. Enter it in Settings, Order book.")
	}
	return a, nil
}

// wantsPassword reports whether a way to sign in needs one from us.
func wantsPassword(mechanism string) bool {
	switch strings.ToUpper(mechanism) {
	case "", "SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN":
		return true
	}
	return false
}

// optionsOf returns what stands after the ?, by lower-case name.
func optionsOf(rest string) map[string]string {
	list := map[string]string{}
	_, query, _ := strings.Cut(rest, "?")
	for _, pair := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		list[strings.ToLower(name)] = value
	}
	return list
}

// escape writes s as the user information of a connection string wants it.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// invalidOption finds the name of an option in the driver's complaint about its value.
var invalidOption = regexp.MustCompile(`invalid value for "(\w{1,60})"`)

// refuse says in words what the driver does not like about the connection string. The cause
// is kept only where its text is known to be harmless.
func (a address) refuse(err error) error {
	const op = "mongostore.open"
	invalid := func(words string, cause error) error {
		return core.NewError(core.CodeInvalid, op, words, cause)
	}
	var lookup *net.DNSError
	var file *fs.PathError
	text := err.Error()
	switch option := invalidOption.FindStringSubmatch(text); {
	case errors.As(err, &lookup):
		words, do := lookupWords(lookup)
		return core.NewError(core.CodeUnavailable, op, "MongoDB cannot be reached: "+words+". Nothing was changed. "+do, lookup)
	case errors.As(err, &file):
		return invalid("The certificate file "+file.Path+" that the connection string names cannot be read. Correct it in Settings, Order book.", file)
	case strings.Contains(text, "PEM") || strings.Contains(text, "certificate"):
		return invalid("A certificate file that the connection string names is not one. It must be in PEM form.", nil)
	case option != nil:
		return invalid("The connection string gives the option "+option[1]+" a value it cannot have. Correct it in Settings, Order book.", nil)
	case a.srv && strings.Contains(strings.ToLower(text), "srv"):
		return invalid("A connection string that begins with mongodb+srv:// names one host, without a port, whose DNS entries name the servers of its own domain. Correct it in Settings, Order book, or use mongodb://.", nil)
	case strings.Contains(text, "port must be"), strings.Contains(text, "invalid host"), strings.Contains(text, "at least 1 host"):
		return invalid("The connection string does not name a host, or gives a port that is none. Correct it in Settings, Order book; it looks like "+exampleURI+".", nil)
	case strings.Contains(text, "separator"), strings.Contains(text, "before the query"):
		return invalid("The options of the connection string begin with /? after the host. Correct it in Settings, Order book; it looks like "+exampleURI+".", nil)
	}
	return invalid("The options of the connection string cannot be used together, or one is written wrong. Correct it in Settings, Order book; it looks like "+exampleURI+".", a.clean(err))
}

// clean returns err, or only its text with stars where any error of its chain shows a secret.
func (a address) clean(err error) error {
	if err == nil {
		return nil
	}
	text, showed := err.Error(), false
	for _, s := range a.secrets {
		if len(s) < 3 {
			continue // as likely a part of a word
		}
		if showed = showed || shows(err, s); showed {
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	if !showed {
		return err
	}
	return errors.New(text)
}

// shows reports whether any error in err's tree has s in its text.
func shows(err error, s string) bool {
	if err == nil {
		return false
	}
	if strings.Contains(err.Error(), s) {
		return true
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return shows(e.Unwrap(), s)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			if shows(one, s) {
				return true
			}
		}
	}
	return false
}
