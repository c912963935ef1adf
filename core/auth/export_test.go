package auth

import "time"

// SetCost makes hashing cost so much, so that tests are quick.
func (s *Service) SetCost(memory, passes uint32) {
	s.hasher.cost = cost{memory: memory, passes: passes, lanes: 1}
}

// SetElapsed puts another clock in the place of the one nobody sets. It begins at 0.
func (s *Service) SetElapsed(elapsed func() time.Duration) { s.clock.elapsed = elapsed }

// RefuseAfter is how long who is refused waits.
func (s *Service) RefuseAfter(wait time.Duration) { s.hasher.refuseAfter = wait }

// TakeSlots lets nobody hash until what it returns is called with how long that took.
func (s *Service) TakeSlots() (free func(took time.Duration)) {
	for range cap(s.hasher.slots) {
		s.hasher.slots <- struct{}{}
	}
	return func(took time.Duration) {
		for range cap(s.hasher.slots) {
			s.hasher.leave(took)
		}
	}
}

// Waiting is how many are in line to be hashed, strangers and trusted ones, and how many may be
// of each.
func (s *Service) Waiting() (strangers, trusted, most int) {
	return int(s.hasher.strangers.Load()), int(s.hasher.trusty.Load()), waitingPerSlot * cap(s.hasher.slots)
}

// ReadHash parses a stored hash and writes it again.
func ReadHash(text string) (string, error) {
	k, err := parse(text)
	return k.String(), err
}

// HashMatches reports whether a stored hash is that of a password.
func HashMatches(text, password string) (bool, error) {
	k, err := parse(text)
	return err == nil && k.matches(password), err
}

// Effort is effort.
func Effort(password string) int { return effort(password, nil) }
