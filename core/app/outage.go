package app

import (
	"errors"
	"sync"
)

// outage remembers whether it was told that a job cannot run because the order database is away,
// so that it is told once and not for each try.
type outage struct {
	mu   sync.Mutex
	told bool
}

// first reports whether this is the first failure of the outage.
func (o *outage) first() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	first := !o.told
	o.told = true
	return first
}

// end is called when the database is back, or another one is in use.
func (o *outage) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.told = false
}

// joinErrors is errors.Join that leaves a single error as it is.
func joinErrors(first, second error) error {
	switch {
	case first == nil:
		return second
	case second == nil:
		return first
	}
	return errors.Join(first, second)
}
