package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"deskwatch/core"
	"deskwatch/core/auth"
	"deskwatch/core/notify"
)

// Users is the auth.Users and the notify.People of the desk file.
type Users struct{ db *DB }

var (
	_ auth.Users    = (*Users)(nil)
	_ notify.People = (*Users)(nil)
)

// NewUsers returns the users in db, which is of KindDesk.
func NewUsers(db *DB) *Users { return &Users{db} }

type userRow struct {
	ID           int64 `gorm:"primaryKey"`
	Name         string
	NameKey      string
	DisplayName  string
	Email        string
	Role         string
	Active       bool
	PasswordHash string
	Generation   int64
	Created      int64
	LastSignIn   int64
	Value        string
}

func (userRow) TableName() string { return "users" }

// told is what only telling them of tickets needs of a user.
type told struct {
	Products   []string          `json:"products"`
	OwnerNames []string          `json:"owners"`
	Mail       bool              `json:"mail"`
	Quiet      []core.QuietFrame `json:"quiet"`
}

// nameKey is what makes two names the same.
func nameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// take replaces what a person can change of a user.
func (r *userRow) take(u core.User) error {
	value, err := json.Marshal(told{u.Products, u.OwnerNames, u.Mail, u.Quiet})
	r.Name, r.NameKey, r.DisplayName, r.Email = u.Name, nameKey(u.Name), u.DisplayName, u.Email
	r.Role, r.Active, r.Value = string(u.Role), u.Active, string(value)
	return err
}

func (r userRow) user() (core.User, error) {
	var t told
	if err := json.Unmarshal([]byte(r.Value), &t); err != nil {
		return core.User{}, fmt.Errorf("user %d: %w", r.ID, err)
	}
	return core.User{
		Person: core.Person{
			ID: r.ID, Name: r.Name, Email: r.Email, Role: core.Role(r.Role), Products: t.Products, OwnerNames: t.OwnerNames, Mail: t.Mail, Quiet: t.Quiet,
		},
		DisplayName: r.DisplayName, Active: r.Active, HasPassword: r.PasswordHash != "",
		Created: fromMillis(r.Created), LastSignIn: fromMillis(r.LastSignIn),
	}, nil
}

// Revision grows with every change of a user, a token or an ended session by any process.
func (s *Users) Revision(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.rsql.QueryRowContext(ctx, "SELECT n FROM users_revision").Scan(&n)
	return n, fault("store.users revision", "", err)
}

// Credentials lists every user with what signing in needs, by name.
func (s *Users) Credentials(ctx context.Context) ([]auth.Credential, error) {
	const op = "store.credentials"
	var rows []userRow
	if err := s.db.Reader().WithContext(ctx).Order("name_key").Find(&rows).Error; err != nil {
		return nil, fault(op, "", err)
	}
	list := make([]auth.Credential, len(rows))
	for i, r := range rows {
		u, err := r.user()
		if err != nil {
			return nil, fault(op, "", err)
		}
		list[i] = auth.Credential{User: u, Hash: r.PasswordHash, Generation: r.Generation}
	}
	return list, nil
}

// People lists those who are told of tickets by name: the active users who are no collectors.
func (s *Users) People(ctx context.Context) ([]core.Person, error) {
	all, err := s.Credentials(ctx)
	if err != nil {
		return nil, err
	}
	people := []core.Person{}
	for _, c := range all {
		if c.User.Active && c.User.Role != core.RoleCollector {
			people = append(people, c.User.Person)
		}
	}
	return people, nil
}

// SaveUser adds the user without a password when the ID is 0 and replaces all but the password,
// Created and LastSignIn otherwise; one that does not exist fails with core.CodeNotFound, a name
// another one has with core.CodeConflict.
func (s *Users) SaveUser(ctx context.Context, u core.User) (core.User, error) {
	const op = "store.save user"
	var row userRow
	err := s.change(ctx, op, func(tx *gorm.DB) error {
		if u.ID != 0 {
			if err := find(tx, op, u.ID, &row); err != nil {
				return err
			}
		} else {
			row = userRow{Generation: 1, Created: toMillis(u.Created)}
		}
		if row.ID != 0 && (row.Role != string(u.Role) || row.Active && !u.Active) {
			row.Generation++
		}
		return write(tx, op, &row, u)
	})
	if err != nil {
		return u, fault(op, "", err)
	}
	kept, err := row.user()
	return kept, fault(op, "", err)
}

// AddFirstAdmin adds an active admin with a password while no user has one, or makes the user of
// that name one; else it fails with core.CodeConflict.
func (s *Users) AddFirstAdmin(ctx context.Context, u core.User, hash string) (core.User, error) {
	const op = "store.add first admin"
	var row userRow
	err := s.change(ctx, op, func(tx *gorm.DB) error {
		var others int64
		if err := tx.Model(&userRow{}).Where("password_hash <> ''").Count(&others).Error; err != nil {
			return err
		}
		if others > 0 {
			return core.NewError(core.CodeConflict, op, "Somebody has a password on this desk already. Nothing was changed; sign in, or ask an admin for a user.", nil)
		}
		err := tx.Where("name_key = ?", nameKey(u.Name)).First(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			row = userRow{Created: toMillis(u.Created)}
		} else if err != nil {
			return err
		}
		u.Role, u.Active = core.RoleAdmin, true
		row.PasswordHash = hash
		row.Generation++
		return write(tx, op, &row, u)
	})
	if err != nil {
		return u, fault(op, "", err)
	}
	kept, err := row.user()
	return kept, fault(op, "", err)
}

// find reads one user inside a change.
func find(tx *gorm.DB, op string, id int64, row *userRow) error {
	err := tx.First(row, id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return noUser(op)
	}
	return err
}

// write adds or replaces a row with what u says, when nobody else has the name.
func write(tx *gorm.DB, op string, row *userRow, u core.User) error {
	if err := row.take(u); err != nil {
		return err
	}
	var others int64
	if err := tx.Model(&userRow{}).Where("name_key = ? AND id <> ?", row.NameKey, row.ID).Count(&others).Error; err != nil {
		return err
	}
	if others > 0 {
		return core.NewError(core.CodeConflict, op, fmt.Sprintf("Somebody called %s is there already. Nothing was changed; choose another name.", u.Name), nil)
	}
	if row.ID == 0 {
		return tx.Create(row).Error
	}
	return tx.Select("*").Updates(row).Error
}

// DeleteUser removes a user and their tokens; one that does not exist fails with
// core.CodeNotFound. What they were told stays.
func (s *Users) DeleteUser(ctx context.Context, id int64) error {
	const op = "store.delete user"
	return s.change(ctx, op, func(tx *gorm.DB) error {
		res := tx.Where("id = ?", id).Delete(&userRow{})
		return oneRow(res, noUser(op))
	})
}

// SetPassword replaces the hash, "" takes the password away.
func (s *Users) SetPassword(ctx context.Context, id int64, hash string) error {
	const op = "store.set password"
	return s.change(ctx, op, func(tx *gorm.DB) error {
		res := tx.Exec("UPDATE users SET password_hash = ?, generation = generation + 1 WHERE id = ?", hash, id)
		return oneRow(res, noUser(op))
	})
}

// Rehash replaces the hash when it still is the old one.
func (s *Users) Rehash(ctx context.Context, id int64, old, hash string) error {
	return s.change(ctx, "store.rehash", func(tx *gorm.DB) error {
		return tx.Exec("UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", hash, id, old).Error
	})
}

// SignedIn notes when a user last signed in.
func (s *Users) SignedIn(ctx context.Context, id int64, at time.Time) error {
	err := s.db.Writer().WithContext(ctx).Exec("UPDATE users SET last_sign_in = ? WHERE id = ?", toMillis(at), id).Error
	return fault("store.signed in", "", err)
}

// change runs do in one transaction that raises the revision. It fails with core.CodeConflict,
// and nothing is changed, when do leaves no active admin with a password where there was one.
func (s *Users) change(ctx context.Context, op string, do func(tx *gorm.DB) error) error {
	err := s.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		before, err := admins(tx)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		after, err := admins(tx)
		if err != nil {
			return err
		}
		if before > 0 && after == 0 {
			return core.NewError(core.CodeConflict, op, "This is the last active admin with a password: without one nobody could change users any more. Nothing was changed; make somebody else an admin first.", nil)
		}
		return tx.Exec("UPDATE users_revision SET n = n + 1").Error
	})
	return fault(op, "", err)
}

// admins counts who can sign in and change users.
func admins(tx *gorm.DB) (n int64, err error) {
	err = tx.Model(&userRow{}).Where("role = ? AND active AND password_hash <> ''", string(core.RoleAdmin)).Count(&n).Error
	return n, err
}

// oneRow is missing when nothing was changed.
func oneRow(res *gorm.DB, missing error) error {
	if res.Error == nil && res.RowsAffected == 0 {
		return missing
	}
	return res.Error
}

func noUser(op string) error {
	return core.NewError(core.CodeNotFound, op, "This user is not in the list any more. Nothing was changed.", gorm.ErrRecordNotFound)
}
