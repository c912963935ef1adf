package core

import (
	"errors"
	"testing"
)

func TestTheFingerprintIsFoundInTheErrorAboutACertificate(t *testing.T) {
	cause := errors.New("signed by nobody")
	err := NewError(CodeDenied, "x", "It is not trusted.", &UntrustedCertificate{Fingerprint: "AB:CD", Err: cause})
	if got := FingerprintIn(errors.Join(errors.New("other"), err)); got != "AB:CD" || !errors.Is(err, cause) {
		t.Errorf("found %q", got)
	}
	if got := FingerprintIn(NewError(CodeDenied, "x", "No.", cause)) + FingerprintIn(nil); got != "" {
		t.Errorf("found %q", got)
	}
}
