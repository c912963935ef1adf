package source

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func tlsServer(h http.Handler) *httptest.Server {
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	s.TLS = &tls.Config{}
	s.StartTLS()
	return s
}

func TestACertificateIsTrustedByItsFingerprintOnly(t *testing.T) {
	f := newFakeDesk(t, tlsServer)
	f.tickets = viewsOf(1)
	shown := Fingerprint(f.Certificate().Raw)
	src := f.source()
	ask := func() error {
		_, err := end(openDesk(t, src, deskRemote(secretWord)).Tickets(t.Context(), time.Time{}))
		return err
	}
	err := ask()
	wantFault(t, err, core.CodeDenied, "Its fingerprint is "+shown)
	wantFault(t, err, core.CodeDenied, "nobody this machine knows has signed it")
	if core.FingerprintIn(err) != shown {
		t.Errorf("%q in the error, %q shown", core.FingerprintIn(err), shown)
	}
	for _, written := range []string{shown, strings.ToLower(strings.ReplaceAll(shown, ":", "")), " " + strings.ReplaceAll(shown, ":", " ")} {
		src.Fingerprint = written
		if err := ask(); err != nil {
			t.Errorf("pinned as %q: %v", written, err)
		}
	}
	if f.signIns != 3 {
		t.Errorf("%d sign-ins: a password went to a certificate nobody trusts", f.signIns)
	}
	other := strings.Repeat("AB:", 31) + "AB"
	src.Fingerprint = other
	err = ask()
	wantFault(t, err, core.CodeDenied, "another certificate")
	wantFault(t, err, core.CodeDenied, shown)
	wantFault(t, err, core.CodeDenied, other)
	if f.signIns != 3 {
		t.Error("a password went to another certificate than the one pinned")
	}
}

func TestAFingerprintIsCheckedWhenItIsEntered(t *testing.T) {
	for _, bad := range []string{"AB", "xyz", strings.Repeat("AB:", 32) + "AB", strings.Repeat("G", 64)} {
		_, err := CheckFingerprint(bad)
		wantFault(t, err, core.CodeInvalid, "no fingerprint")
	}
	if text, err := CheckFingerprint(""); text != "" || err != nil {
		t.Errorf("%q %v", text, err)
	}
	if text, err := CheckFingerprint(strings.Repeat("ab", 32)); text != strings.Repeat("AB:", 31)+"AB" || err != nil {
		t.Errorf("%q %v", text, err)
	}
}
