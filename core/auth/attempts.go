package auth

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// pace is how failures slow what comes next: some are free, the next one is followed by a wait
// of a second, and each further one doubles it. Failures are forgotten one by one in time.
type pace struct {
	free   float64
	forget time.Duration // one failure
}

// Whoever guesses gets, in the long run, one try per user in five minutes and one per address in
// a minute. More failures are free to an address, because an office may share one.
var (
	userPace    = pace{free: 5, forget: 5 * time.Minute}
	addressPace = pace{free: 20, forget: time.Minute}
)

const (
	firstWait = time.Second
	mostWait  = 5 * time.Minute // nobody is kept out for longer, whatever others do
	trustFor  = 7 * 24 * time.Hour
	mostKept  = 10_000 // of each kind; those not heard of for longest go first
)

// failures are those of one user or address.
type failures struct {
	count float64
	last  time.Time
	until time.Time // the next try may come
}

func (f failures) add(p pace, now time.Time) failures {
	f.count = max(0, f.count-now.Sub(f.last).Seconds()/p.forget.Seconds()) + 1
	f.last, f.until = now, now
	if over := math.Ceil(f.count - p.free); over > 0 {
		f.until = now.Add(min(mostWait, firstWait<<int(min(over-1, 20))))
	}
	return f
}

// place is a user at an address.
type place struct{ name, address string }

// attempts slows failed sign-ins, per user and per address. A name nobody has is slowed like any
// other. Who signed in from an address before is slowed there by what failed for them there, and
// not by what others do elsewhere.
type attempts struct {
	mu        sync.Mutex
	users     *simplelru.LRU[string, failures]
	addresses *simplelru.LRU[string, failures]
	places    *simplelru.LRU[place, failures]
	trusted   *simplelru.LRU[place, time.Time] // when they last signed in
}

func newAttempts() *attempts {
	return &attempts{
		users: newLRU[string, failures](mostKept), addresses: newLRU[string, failures](mostKept),
		places: newLRU[place, failures](mostKept), trusted: newLRU[place, time.Time](mostKept),
	}
}

// at is the place of a sign-in. An IPv6 address counts with its whole network of 64 bits, which
// is what one customer of a provider gets.
func at(name, address string) place {
	if a, err := netip.ParseAddr(address); err == nil {
		a = a.Unmap().WithZone("")
		address = a.String()
		if net, err := a.Prefix(64); err == nil && a.Is6() {
			address = net.String()
		}
	}
	return place{clip(name), clip(address)}
}

// clip bounds what the tables keep of a text; no user's name is that long.
func clip(text string) string {
	if len(text) > 256 {
		return text[:256]
	}
	return text
}

// wait is how long the next try has to wait; trusted is true where what others do elsewhere does
// not count.
func (a *attempts) wait(p place, now time.Time) (wait time.Duration, trusted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	address, _ := a.addresses.Get(p.address)
	if a.trusts(p, now) {
		f, _ := a.places.Get(p)
		if p.address != "" {
			address = failures{} // others may share it
		}
		return max(0, f.until.Sub(now), address.until.Sub(now)), true
	}
	user, _ := a.users.Get(p.name)
	return max(0, user.until.Sub(now), address.until.Sub(now)), false
}

// trusts reports whether the user signed in there before. The window of this process is trusted
// from the beginning: nobody who reaches the server may keep people out of it.
func (a *attempts) trusts(p place, now time.Time) bool {
	last, ok := a.trusted.Get(p)
	return p.address == "" || ok && now.Sub(last) < trustFor
}

func (a *attempts) failed(p place, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	count(a.users, p.name, userPace, now)
	count(a.addresses, p.address, addressPace, now)
	if a.trusts(p, now) {
		count(a.places, p, userPace, now)
	}
}

func count[K comparable](table *simplelru.LRU[K, failures], key K, p pace, now time.Time) {
	f, _ := table.Get(key)
	table.Add(key, f.add(p, now))
}

// succeeded forgets what failed for the user. What failed from the address stays: else whoever
// has one password could try all others.
func (a *attempts) succeeded(p place, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.users.Remove(p.name)
	a.places.Remove(p)
	a.trusted.Add(p, now)
}
