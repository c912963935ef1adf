package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// cost is what one hash costs: memory in KiB, passes and lanes.
type cost struct{ memory, passes, lanes uint32 }

// today is what new hashes cost: the first recommendation of the OWASP Password Storage Cheat
// Sheet for argon2id that keeps to 19 MiB (m=19456, t=2, p=1). One lane keeps a hash on one core.
var today = cost{memory: 19 * 1024, passes: 2, lanes: 1}

// What a stored hash may ask for, so that a changed database cannot stop the desk.
const (
	mostMemory = 128 * 1024 // KiB
	mostPasses = 32
	mostLanes  = 8
	mostWork   = 1 << 20 // memory times passes, about 30 times that of today
	saltBytes  = 16
	sumBytes   = 32
)

// kept is a password's hash as it is stored.
type kept struct {
	cost
	salt, sum []byte
}

// String writes k in the PHC string format, as the reference implementation of argon2 does:
// github.com/P-H-C/phc-string-format.
func (k kept) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, k.memory, k.passes, k.lanes, b64(k.salt), b64(k.sum))
}

// parse reads what String writes, and nothing else.
func parse(text string) (kept, error) {
	var k kept
	parts := strings.Split(text, "$")
	if len(text) > 400 || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return k, fmt.Errorf("no argon2id hash of version %d", argon2.Version)
	}
	params := strings.Split(parts[3], ",")
	if len(params) != 3 {
		return k, fmt.Errorf("%d parameters instead of 3", len(params))
	}
	for i, p := range []struct {
		name string
		into *uint32
		most uint64
	}{{"m=", &k.memory, mostMemory}, {"t=", &k.passes, mostPasses}, {"p=", &k.lanes, mostLanes}} {
		text, ok := strings.CutPrefix(params[i], p.name)
		n, err := strconv.ParseUint(text, 10, 32)
		if !ok || err != nil || strconv.FormatUint(n, 10) != text || n < 1 || n > p.most {
			return k, fmt.Errorf("parameter %d is not %s1..%d", i+1, p.name, p.most)
		}
		*p.into = uint32(n)
	}
	if k.memory < 8*k.lanes || k.memory*k.passes > mostWork {
		return k, fmt.Errorf("m=%d,t=%d,p=%d is no cost to hash by", k.memory, k.passes, k.lanes)
	}
	var err error
	if k.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil || len(k.salt) < 8 || len(k.salt) > 64 {
		return k, fmt.Errorf("salt of %d bytes (%w)", len(k.salt), err)
	}
	if k.sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil || len(k.sum) < 16 || len(k.sum) > 64 {
		return k, fmt.Errorf("hash of %d bytes (%w)", len(k.sum), err)
	}
	if k.String() != text { // such as a line break, which base64 skips
		return k, fmt.Errorf("not written as it has to be")
	}
	return k, nil
}

// make hashes a password with a new salt.
func (c cost) make(password string) kept {
	k := kept{cost: c, salt: make([]byte, saltBytes)}
	rand.Read(k.salt)
	k.sum = k.of(password, sumBytes)
	return k
}

// of is the hash of a password in so many bytes.
func (k kept) of(password string, bytes int) []byte {
	return argon2.IDKey([]byte(password), k.salt, k.passes, k.memory, uint8(k.lanes), uint32(bytes))
}

// matches compares in constant time.
func (k kept) matches(password string) bool {
	return subtle.ConstantTimeCompare(k.of(password, len(k.sum)), k.sum) == 1
}

// normal is a password as it is hashed and counted: in Unicode's form NFC, because the same key
// gives "é" as one character on one machine and as two on another. Nothing else is changed.
func normal(password string) string { return norm.NFC.String(password) }
