package mongostore

import (
	"errors"
	"io/fs"
	"net"
	"regexp"
	"strings"

	"deskwatch/core"
)

// address is a connection string that was looked at before the driver gets it. The driver's
// own complaints about one may quote it, password included, so they never leave this file.
type address struct {
	core.MongoAddress
	uri     string   // whole, with the password
	secrets []string // what must not show in any text
}

const exampleURI = "mongodb://user@host:27017/?tls=true"

// readAddress puts the password into the connection string, in place of one that is there.
func readAddress(uri string, password core.Secret) (address, error) {
	bad := func(words string) (address, error) {
		return address{}, core.NewError(core.CodeInvalid, "mongostore.open", words, nil)
	}
	a := address{MongoAddress: core.ParseMongoAddress(uri)}
	switch {
	case strings.TrimSpace(uri) == "":
		return bad("No MongoDB server is set. Enter its connection string in Settings, Order book; it looks like " + exampleURI + ".")
	case a.Scheme != core.MongoScheme && a.Scheme != core.MongoSchemeSRV:
		return bad("A connection string begins with mongodb:// or mongodb+srv://. Correct it in Settings, Order book; it looks like " + exampleURI + ".")
	case strings.ContainsFunc(a.String(), func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return bad("The connection string contains a blank or a line break. Remove it in Settings, Order book.")
	case a.HasPassword && a.User == "":
		return bad("The connection string has a password without a user before it. Correct it in Settings, Order book; it looks like " + exampleURI + ".")
	}
	if !password.IsZero() {
		a.Password = password
	}
	for _, s := range a.Secrets() {
		a.secrets = append(a.secrets, s.Reveal())
	}
	a.uri = a.String()
	if a.User == "" || !wantsPassword(a.Option("authMechanism")) {
		return a, nil
	}
	if a.Password.IsZero() {
		return bad("There is no password for the user " + a.User + " of the order database. Enter it in Settings, Order book.")
	}
	a.uri = a.WithPassword(a.Password)
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
	case a.Scheme == core.MongoSchemeSRV && strings.Contains(strings.ToLower(text), "srv"):
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
