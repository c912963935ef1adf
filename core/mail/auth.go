package mail

import (
	"encoding/base64"
	"fmt"
	"net/smtp"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"deskwatch/core"
)

// noSignIn is a server without a way to sign in that Deskwatch speaks.
type noSignIn struct{ offered string }

func (e noSignIn) Error() string { return fmt.Sprintf("no usable sign-in among %q", e.offered) }

// signIn authenticates with the first way the server offers: PLAIN, LOGIN or CRAM-MD5.
// The caller has made sure that the connection is protected or never leaves the machine.
func signIn(client *smtp.Client, user string, password core.Secret) error {
	_, offered := client.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	switch {
	case slices.Contains(ways, sasl.Plain):
		return client.Auth(saslAuth{sasl.NewPlainClient("", user, password.Reveal())})
	case slices.Contains(ways, sasl.Login):
		return client.Auth(saslAuth{sasl.NewLoginClient(user, password.Reveal())})
	case slices.Contains(ways, "CRAM-MD5"):
		return client.Auth(smtp.CRAMMD5Auth(user, password.Reveal()))
	}
	return noSignIn{offered: oneLine(offered, 100)}
}

// saslAuth lets a SASL client speak through net/smtp.
type saslAuth struct{ client sasl.Client }

func (a saslAuth) Start(*smtp.ServerInfo) (string, []byte, error) { return a.client.Start() }

func (a saslAuth) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return a.client.Next(challenge)
}

// scrub takes the password out of a server's words: some servers echo what they were told.
func scrub(words, user string, password core.Secret) string {
	if password.IsZero() {
		return words
	}
	p := password.Reveal()
	b64 := base64.StdEncoding.EncodeToString
	return strings.NewReplacer(
		b64([]byte("\x00"+user+"\x00"+p)), password.String(),
		b64([]byte(p)), password.String(),
		p, password.String(),
	).Replace(words)
}
