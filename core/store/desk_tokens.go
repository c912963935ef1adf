package store

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// endedTokens is how many of those that were revoked or have expired are kept to be looked at.
const endedTokens = 1000

type tokenRow struct {
	ID       int64 `gorm:"primaryKey"`
	UserID   int64
	Name     string
	Start    string
	Hash     []byte
	Scopes   string
	Created  int64
	Expires  int64
	LastUsed int64
	Revoked  int64
	UserName string `gorm:"->"` // of the users, where it is joined
}

func (tokenRow) TableName() string { return "tokens" }

func (r tokenRow) token() (core.Token, error) {
	t := core.Token{
		ID: r.ID, UserID: r.UserID, UserName: r.UserName, Name: r.Name, Start: r.Start,
		Created: fromMillis(r.Created), Expires: fromMillis(r.Expires), LastUsed: fromMillis(r.LastUsed), Revoked: fromMillis(r.Revoked),
	}
	return t, json.Unmarshal([]byte(r.Scopes), &t.Scopes)
}

// Tokens lists the tokens of all users, revoked and expired ones too, newest first.
func (s *Users) Tokens(ctx context.Context) ([]auth.KeptToken, error) {
	const op = "store.tokens"
	var rows []tokenRow
	err := s.db.Reader().WithContext(ctx).Raw("SELECT t.*, u.name AS user_name FROM tokens t JOIN users u ON u.id = t.user_id ORDER BY t.id DESC").Scan(&rows).Error
	if err != nil {
		return nil, fault(op, "", err)
	}
	list := make([]auth.KeptToken, len(rows))
	for i, r := range rows {
		t, err := r.token()
		if err != nil {
			return nil, fault(op, "", err)
		}
		list[i] = auth.KeptToken{Token: t, Hash: r.Hash}
	}
	return list, nil
}

// AddToken keeps a token; its user must exist, else it fails with core.CodeNotFound.
func (s *Users) AddToken(ctx context.Context, t auth.KeptToken) (core.Token, error) {
	const op = "store.add token"
	scopes, err := json.Marshal(t.Scopes)
	if err != nil {
		return core.Token{}, fault(op, "", err)
	}
	row := tokenRow{
		UserID: t.UserID, Name: t.Name, Start: t.Start, Hash: t.Hash, Scopes: string(scopes),
		Created: toMillis(t.Created), Expires: toMillis(t.Expires), LastUsed: toMillis(t.LastUsed), Revoked: toMillis(t.Revoked),
	}
	var user userRow
	err = s.change(ctx, op, func(tx *gorm.DB) error {
		if err := find(tx, op, t.UserID, &user); err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM tokens WHERE id IN (
			SELECT id FROM tokens WHERE revoked <> 0 OR expires BETWEEN 1 AND ? ORDER BY id DESC LIMIT -1 OFFSET ?)`, row.Created, endedTokens).Error
	})
	if err != nil {
		return core.Token{}, err
	}
	row.UserName = user.Name
	kept, err := row.token()
	return kept, fault(op, "", err)
}

// RevokeToken ends a token; one that was revoked before keeps its time, and one that does not
// exist fails with core.CodeNotFound.
func (s *Users) RevokeToken(ctx context.Context, id int64, at time.Time) error {
	const op = "store.revoke token"
	return s.change(ctx, op, func(tx *gorm.DB) error {
		res := tx.Exec("UPDATE tokens SET revoked = iif(revoked = 0, ?, revoked) WHERE id = ?", toMillis(at), id)
		return oneRow(res, core.NewError(core.CodeNotFound, op, "There is no such token, or not any more. Nothing was changed.", gorm.ErrRecordNotFound))
	})
}

// TokenUsed notes when a token was last used.
func (s *Users) TokenUsed(ctx context.Context, id int64, at time.Time) error {
	err := s.db.Writer().WithContext(ctx).Exec("UPDATE tokens SET last_used = ? WHERE id = ?", toMillis(at), id).Error
	return fault("store.token used", "", err)
}

type endedRow struct {
	Session string `gorm:"primaryKey"`
	Expires int64
}

func (endedRow) TableName() string { return "ended_sessions" }

// EndSession remembers until it expires that a signed token was signed out.
func (s *Users) EndSession(ctx context.Context, session string, expires time.Time) error {
	return s.change(ctx, "store.end session", func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO ended_sessions (session, expires) VALUES (?, ?) ON CONFLICT DO NOTHING", session, toMillis(expires)).Error
	})
}

// EndedSessions lists the ended sessions that expire after now, and forgets the others.
func (s *Users) EndedSessions(ctx context.Context, now time.Time) (map[string]time.Time, error) {
	const op = "store.ended sessions"
	var rows []endedRow
	if err := s.db.Reader().WithContext(ctx).Find(&rows).Error; err != nil {
		return nil, fault(op, "", err)
	}
	ended := map[string]time.Time{}
	for _, r := range rows {
		if r.Expires > toMillis(now) {
			ended[r.Session] = fromMillis(r.Expires)
		}
	}
	if len(ended) == len(rows) {
		return ended, nil // nothing to forget, so nobody waits for a writer
	}
	err := s.db.Writer().WithContext(ctx).Where("expires <= ?", toMillis(now)).Delete(&endedRow{}).Error
	return ended, fault(op, "", err)
}
