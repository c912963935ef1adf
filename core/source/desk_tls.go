package source

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"deskwatch/core"
)

// Fingerprint is the SHA-256 of a certificate in DER, as people compare it: "AB:CD:…".
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return writtenFingerprint(sum[:])
}

func writtenFingerprint(sum []byte) string {
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// CheckFingerprint returns a fingerprint as Fingerprint writes it, whether it came with colons or
// without, and "" for none.
func CheckFingerprint(text string) (string, error) {
	sum, err := readFingerprint(text)
	if err != nil || sum == nil {
		return "", err
	}
	return writtenFingerprint(sum), nil
}

func readFingerprint(text string) ([]byte, error) {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == ' ' || r == '\t' }), "")
	if text == "" {
		return nil, nil
	}
	sum, err := hex.DecodeString(text)
	if err != nil || len(sum) != sha256.Size {
		return nil, core.NewError(core.CodeInvalid, "source.fingerprint", "That is no fingerprint of a certificate. Write the 64 digits of its SHA-256, with colons or without, as the other Deskwatch shows them under Settings, REST server.", nil)
	}
	return sum, nil
}

// otherCertificate is what the handshake ends with when a server shows a certificate of which
// another fingerprint is pinned.
type otherCertificate struct{ shown string }

func (o *otherCertificate) Error() string { return "the certificate has another fingerprint" }

// pinned returns the TLS configuration of a client that trusts the certificate with this
// fingerprint and no other; nil, for what the system trusts, without one.
func pinned(fingerprint string) (*tls.Config, error) {
	want, err := readFingerprint(fingerprint)
	if want == nil || err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		// Who signed it and for which name does not matter: it is this very certificate, or it is
		// refused below.
		InsecureSkipVerify: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return errors.New("the server shows no certificate")
			}
			leaf := s.PeerCertificates[0].Raw
			if sum := sha256.Sum256(leaf); subtle.ConstantTimeCompare(sum[:], want) != 1 {
				return &otherCertificate{Fingerprint(leaf)}
			}
			return nil
		},
	}, nil
}

// distrusted reports whether a question was not asked because of the server's certificate.
func distrusted(err error) bool {
	var other *otherCertificate
	var unknown *tls.CertificateVerificationError
	return errors.As(err, &other) || errors.As(err, &unknown)
}

// distrust says why a certificate is not trusted and what to do; nil for any other error.
func (d *Desk) distrust(err error) error {
	const op = "source.certificate"
	var other *otherCertificate
	var unknown *tls.CertificateVerificationError
	switch {
	case errors.As(err, &other):
		want, _ := CheckFingerprint(d.src.Fingerprint) // checked when it was entered
		return core.NewError(core.CodeDenied, op, fmt.Sprintf("The server at %s shows another certificate than the one this source trusts. Nothing was sent to it. Its fingerprint is %s, and %s was entered. Ask its administrator whether it was changed; only then compare the new one with what that Deskwatch shows (Settings, REST server) and enter it.", d.address.Host, other.shown, want), &core.UntrustedCertificate{Fingerprint: other.shown, Err: err})
	case errors.As(err, &unknown) && len(unknown.UnverifiedCertificates) > 0:
		shown := Fingerprint(unknown.UnverifiedCertificates[0].Raw)
		return core.NewError(core.CodeDenied, op, fmt.Sprintf("The certificate of the server at %s is not trusted: %s. Nothing was sent to it. Its fingerprint is %s. Compare it with the one the other Deskwatch shows (Settings, REST server, or what serve prints), and enter it for this source when it is the same.", d.address.Host, whyUnknown(unknown.Err), shown), &core.UntrustedCertificate{Fingerprint: shown, Err: err})
	}
	return nil
}

// whyUnknown says for people what is wrong with a certificate.
func whyUnknown(err error) string {
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return "it is for another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "it has run out, or is not valid yet"
	}
	return "nobody this machine knows has signed it"
}
