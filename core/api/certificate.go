package api

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"deskwatch/core"
)

// goodFor is how long a certificate the desk makes for itself is good: those who pinned it have
// no other way to notice a change than by hand.
const goodForYears = 10

// NewCertificate makes a certificate for these names and addresses, signed by itself: ECDSA on
// P-256. It returns certificate and key as PEM, one after the other.
func NewCertificate(names []string, now time.Time) (core.Secret, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return core.Secret{}, cannotMake(err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return core.Secret{}, cannotMake(err)
	}
	t := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Deskwatch"},
		// A clock a little behind does not refuse it.
		NotBefore: now.Add(-time.Hour).UTC(), NotAfter: now.AddDate(goodForYears, 0, 0).UTC(),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else if name != "" && !slices.Contains(t.DNSNames, strings.ToLower(name)) {
			t.DNSNames = append(t.DNSNames, strings.ToLower(name))
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, &t, &t, &key.PublicKey, key)
	if err != nil {
		return core.Secret{}, cannotMake(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return core.Secret{}, cannotMake(err)
	}
	var b bytes.Buffer
	for _, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: der}, {Type: "PRIVATE KEY", Bytes: private}} {
		if err := pem.Encode(&b, block); err != nil {
			return core.Secret{}, cannotMake(err)
		}
	}
	return core.NewSecret(b.String()), nil
}

func cannotMake(err error) error {
	return core.NewError(core.CodeInternal, "api.certificate", "A certificate could not be made. Nothing was changed.", err)
}

// ParseCertificate reads what NewCertificate made.
func ParseCertificate(s core.Secret) (*tls.Certificate, error) {
	text := []byte(s.Reveal())
	c, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, core.NewError(core.CodeInvalid, "api.certificate", "The certificate this desk made for itself cannot be read. Make a new one in Settings, REST server.", err)
	}
	return &c, nil
}

// Fingerprint is the SHA-256 of the certificate, in hex with colons.
func Fingerprint(c *tls.Certificate) string {
	if c == nil || len(c.Certificate) == 0 {
		return ""
	}
	sum := sha256.Sum256(c.Certificate[0])
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// FileCertificate is a certificate and its key in files, read again when they change: what renews
// it need not know this server.
type FileCertificate struct {
	cert, key string
	now       func() time.Time

	mu      sync.Mutex
	looked  time.Time
	changed [2]time.Time
	read    *tls.Certificate
}

const (
	// lookAgain is how often the files are looked at, at most.
	lookAgain = 10 * time.Second
	// largestPEM is how large one of the files may be; a long chain takes some KB.
	largestPEM = 1 << 20
)

// NewFileCertificate takes the certificate of these files.
func NewFileCertificate(cert, key string, now func() time.Time) *FileCertificate {
	return &FileCertificate{cert: cert, key: key, now: now}
}

// Get returns the certificate. While changed files cannot be read, such as between the writing of
// the two, the one before stays in use.
func (f *FileCertificate) Get() (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if f.read != nil && now.Sub(f.looked) < lookAgain && !now.Before(f.looked) {
		return f.read, nil
	}
	f.looked = now
	changed, err := f.modified()
	if err == nil && f.read != nil && changed == f.changed {
		return f.read, nil
	}
	var c tls.Certificate
	if err == nil {
		c, err = tls.LoadX509KeyPair(f.cert, f.key)
	}
	switch {
	case err == nil:
		f.read, f.changed = &c, changed
	case f.read == nil:
		return nil, core.NewError(core.CodeInvalid, "api.certificate", fmt.Sprintf("The certificate %s and the key %s cannot be used together. Both have to be PEM, and readable for this program. The REST server was not started.", f.cert, f.key), err)
	}
	return f.read, nil
}

func (f *FileCertificate) modified() (times [2]time.Time, err error) {
	for i, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return times, err
		}
		if !info.Mode().IsRegular() || info.Size() > largestPEM { // reading it might never end
			return times, fmt.Errorf("%s is no file of at most %d bytes", path, largestPEM)
		}
		times[i] = info.ModTime()
	}
	return times, nil
}
