package core

import "errors"

// UntrustedCertificate is the cause of an error about a server whose certificate is not trusted.
type UntrustedCertificate struct {
	Fingerprint string // of what the server showed: its SHA-256, in hex with colons
	Err         error
}

// Error is for the log.
func (u *UntrustedCertificate) Error() string {
	return "certificate " + u.Fingerprint + ": " + u.Err.Error()
}

// Unwrap gives the cause.
func (u *UntrustedCertificate) Unwrap() error { return u.Err }

// FingerprintIn returns the fingerprint of the certificate that err says is not trusted; "" when
// err is about something else.
func FingerprintIn(err error) string {
	var u *UntrustedCertificate
	if errors.As(err, &u) {
		return u.Fingerprint
	}
	return ""
}
