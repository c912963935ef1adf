package coretest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// MemoryUsers is an auth.Users in memory. Its zero value has no users.
type MemoryUsers struct {
	mu       sync.Mutex
	revision int64
	nextID   int64
	users    []auth.Credential
	tokens   []auth.KeptToken
	ended    map[string]time.Time
}

var _ auth.Users = (*MemoryUsers)(nil)

func memoryFault(code core.Code, message string) error {
	return core.NewError(code, "coretest.users", message+" Nothing was changed.", nil)
}

func nameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// change does what do does, unless that fails or takes the last admin away.
func (m *MemoryUsers) change(do func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	users, tokens, before := slices.Clone(m.users), slices.Clone(m.tokens), m.hasAdmin()
	err := do()
	if err == nil && before && !m.hasAdmin() {
		err = memoryFault(core.CodeConflict, "This is the last admin.")
	}
	if err != nil {
		m.users, m.tokens = users, tokens
		return err
	}
	m.revision++
	return nil
}

func (m *MemoryUsers) hasAdmin() bool {
	return slices.ContainsFunc(m.users, func(c auth.Credential) bool {
		return c.User.Role == core.RoleAdmin && c.User.Active && c.Hash != ""
	})
}

// find returns the user id, to be changed in place.
func (m *MemoryUsers) find(id int64) (*auth.Credential, error) {
	i := slices.IndexFunc(m.users, func(c auth.Credential) bool { return c.User.ID == id })
	if i < 0 {
		return nil, memoryFault(core.CodeNotFound, "There is no such user.")
	}
	return &m.users[i], nil
}

// Revision implements auth.Users.
func (m *MemoryUsers) Revision(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.revision, nil
}

// Credentials implements auth.Users.
func (m *MemoryUsers) Credentials(context.Context) ([]auth.Credential, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := slices.Clone(m.users)
	slices.SortFunc(list, func(a, b auth.Credential) int { return cmp.Compare(nameKey(a.User.Name), nameKey(b.User.Name)) })
	return list, nil
}

// SaveUser implements auth.Users.
func (m *MemoryUsers) SaveUser(_ context.Context, u core.User) (core.User, error) {
	err := m.change(func() error {
		if slices.ContainsFunc(m.users, func(c auth.Credential) bool {
			return c.User.ID != u.ID && nameKey(c.User.Name) == nameKey(u.Name)
		}) {
			return memoryFault(core.CodeConflict, "Somebody has this name.")
		}
		if u.ID == 0 {
			m.nextID++
			u.ID, u.HasPassword = m.nextID, false
			m.users = append(m.users, auth.Credential{User: u, Generation: 1})
			return nil
		}
		c, err := m.find(u.ID)
		if err != nil {
			return err
		}
		if c.User.Role != u.Role || c.User.Active && !u.Active {
			c.Generation++
		}
		u.HasPassword, u.Created, u.LastSignIn = c.User.HasPassword, c.User.Created, c.User.LastSignIn
		c.User = u
		return nil
	})
	return u, err
}

// DeleteUser implements auth.Users.
func (m *MemoryUsers) DeleteUser(_ context.Context, id int64) error {
	return m.change(func() error {
		if _, err := m.find(id); err != nil {
			return err
		}
		// The slices are copied, because what is there may have to come back.
		m.users = slices.DeleteFunc(slices.Clone(m.users), func(c auth.Credential) bool { return c.User.ID == id })
		m.tokens = slices.DeleteFunc(slices.Clone(m.tokens), func(t auth.KeptToken) bool { return t.UserID == id })
		return nil
	})
}

// SetPassword implements auth.Users.
func (m *MemoryUsers) SetPassword(_ context.Context, id int64, hash string) error {
	return m.change(func() error {
		c, err := m.find(id)
		if err != nil {
			return err
		}
		c.Hash, c.User.HasPassword = hash, hash != ""
		c.Generation++
		return nil
	})
}

// Rehash implements auth.Users.
func (m *MemoryUsers) Rehash(_ context.Context, id int64, old, hash string) error {
	return m.change(func() error {
		if c, err := m.find(id); err == nil && c.Hash == old {
			c.Hash = hash
		}
		return nil
	})
}

// SignedIn implements auth.Users.
func (m *MemoryUsers) SignedIn(_ context.Context, id int64, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, err := m.find(id); err == nil {
		c.User.LastSignIn = at
	}
	return nil
}

// AddFirstAdmin implements auth.Users.
func (m *MemoryUsers) AddFirstAdmin(_ context.Context, u core.User, hash string) (core.User, error) {
	err := m.change(func() error {
		if slices.ContainsFunc(m.users, func(c auth.Credential) bool { return c.Hash != "" || nameKey(c.User.Name) == nameKey(u.Name) }) {
			return memoryFault(core.CodeConflict, "Somebody has a password, or this name.")
		}
		m.nextID++
		u.ID, u.Role, u.Active, u.HasPassword = m.nextID, core.RoleAdmin, true, true
		m.users = append(m.users, auth.Credential{User: u, Hash: hash, Generation: 1})
		return nil
	})
	return u, err
}

// Tokens implements auth.Users.
func (m *MemoryUsers) Tokens(context.Context) ([]auth.KeptToken, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := slices.Clone(m.tokens)
	slices.Reverse(list)
	for i := range list {
		if c, err := m.find(list[i].UserID); err == nil {
			list[i].UserName = c.User.Name
		}
	}
	return list, nil
}

// AddToken implements auth.Users.
func (m *MemoryUsers) AddToken(_ context.Context, t auth.KeptToken) (core.Token, error) {
	err := m.change(func() error {
		if _, err := m.find(t.UserID); err != nil {
			return err
		}
		m.nextID++
		t.ID = m.nextID
		m.tokens = append(m.tokens, t)
		return nil
	})
	return t.Token, err
}

// RevokeToken implements auth.Users.
func (m *MemoryUsers) RevokeToken(_ context.Context, id int64, at time.Time) error {
	return m.change(func() error {
		t, err := m.token(id)
		if err == nil && t.Revoked.IsZero() {
			t.Revoked = at
		}
		return err
	})
}

// TokenUsed implements auth.Users.
func (m *MemoryUsers) TokenUsed(_ context.Context, id int64, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, err := m.token(id)
	if err == nil {
		t.LastUsed = at
	}
	return err
}

func (m *MemoryUsers) token(id int64) (*auth.KeptToken, error) {
	i := slices.IndexFunc(m.tokens, func(t auth.KeptToken) bool { return t.ID == id })
	if i < 0 {
		return nil, memoryFault(core.CodeNotFound, "There is no such token.")
	}
	return &m.tokens[i], nil
}

// EndSession implements auth.Users.
func (m *MemoryUsers) EndSession(_ context.Context, session string, expires time.Time) error {
	return m.change(func() error {
		if m.ended == nil {
			m.ended = map[string]time.Time{}
		}
		m.ended[session] = expires
		return nil
	})
}

// EndedSessions implements auth.Users.
func (m *MemoryUsers) EndedSessions(_ context.Context, now time.Time) (map[string]time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ended := map[string]time.Time{}
	for s, expires := range m.ended {
		if expires.After(now) {
			ended[s] = expires
		} else {
			delete(m.ended, s)
		}
	}
	return ended, nil
}
