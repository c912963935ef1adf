package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	verifiedFor  = time.Minute
	mostVerified = 256
)

// verified remembers for a minute which passwords were right, because some collectors of the
// older server send theirs with every request, and hashing each time would cost them 50 ms and
// the desk a core. What is remembered is a MAC under a key that never leaves the process, over the
// user's generation as well: a new password, a new role and disabling make it useless at once. It
// makes guessing no faster, for only a right password is found, and who failed too often is
// refused before this is asked.
type verified struct {
	key   []byte
	mu    sync.Mutex
	until *simplelru.LRU[[sha256.Size]byte, time.Time]
}

func newVerified() *verified {
	v := &verified{key: make([]byte, 32), until: newLRU[[sha256.Size]byte, time.Time](mostVerified)}
	rand.Read(v.key)
	return v
}

func (v *verified) mac(c *Credential, password string) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, v.key)
	var who [16]byte
	binary.BigEndian.PutUint64(who[:8], uint64(c.User.ID))
	binary.BigEndian.PutUint64(who[8:], uint64(c.Generation))
	h.Write(who[:])
	h.Write([]byte(password))
	h.Sum(sum[:0])
	return sum
}

func (v *verified) add(c *Credential, password string, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.expire(now)
	v.until.Add(v.mac(c, password), now.Add(verifiedFor))
}

func (v *verified) has(c *Credential, password string, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.expire(now)
	return v.until.Contains(v.mac(c, password))
}

// expire drops what is too old. The oldest are those added first: Contains does not move them.
func (v *verified) expire(now time.Time) {
	for {
		_, until, ok := v.until.GetOldest()
		if !ok || now.Before(until) {
			return
		}
		v.until.RemoveOldest()
	}
}

func (v *verified) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.until.Purge()
}
