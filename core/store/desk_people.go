package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"deskwatch/core"
	"deskwatch/core/notify"
)

// People is the notify.People of the desk file.
type People struct{ db *DB }

var _ notify.People = (*People)(nil)

// NewPeople returns the people in db, which is of KindDesk.
func NewPeople(db *DB) *People { return &People{db} }

type personRow struct {
	ID      int64 `gorm:"primaryKey"`
	Name    string
	NameKey string
	Value   string
}

func (personRow) TableName() string { return "people" }

// nameKey is what makes two names the same.
func nameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func (r personRow) person() (core.Person, error) {
	var p core.Person
	if err := json.Unmarshal([]byte(r.Value), &p); err != nil {
		return p, fmt.Errorf("person %d: %w", r.ID, err)
	}
	p.ID, p.Name = r.ID, r.Name
	return p, nil
}

// People lists the people by name.
func (p *People) People(ctx context.Context) ([]core.Person, error) {
	const op = "store.people"
	var rows []personRow
	if err := p.db.Reader().WithContext(ctx).Order("name_key").Find(&rows).Error; err != nil {
		return nil, fault(op, "", err)
	}
	list := make([]core.Person, len(rows))
	for i, r := range rows {
		person, err := r.person()
		if err != nil {
			return nil, fault(op, "", err)
		}
		list[i] = person
	}
	return list, nil
}

// SavePerson adds the person when the ID is 0 and replaces it otherwise; one that does not
// exist fails with core.CodeNotFound, a name another one has with core.CodeConflict. Names are
// told apart without case.
func (p *People) SavePerson(ctx context.Context, person core.Person) (core.Person, error) {
	const op = "store.save person"
	value, err := json.Marshal(person)
	if err != nil {
		return person, fault(op, "", err)
	}
	row := personRow{person.ID, person.Name, nameKey(person.Name), string(value)}
	err = p.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var others int64
		if err := tx.Model(&personRow{}).Where("name_key = ? AND id <> ?", row.NameKey, row.ID).Count(&others).Error; err != nil {
			return err
		}
		if others > 0 {
			return core.NewError(core.CodeConflict, op, fmt.Sprintf("Somebody called %s is there already. Nothing was changed; choose another name.", person.Name), nil)
		}
		if row.ID == 0 {
			return tx.Create(&row).Error
		}
		res := tx.Select("*").Updates(&row)
		if res.Error == nil && res.RowsAffected == 0 {
			return noPerson(op)
		}
		return res.Error
	})
	if err != nil {
		return person, fault(op, "", err)
	}
	stored, err := row.person()
	return stored, fault(op, "", err)
}

// DeletePerson removes a person; one that does not exist fails with core.CodeNotFound. What
// they were told stays.
func (p *People) DeletePerson(ctx context.Context, id int64) error {
	const op = "store.delete person"
	res := p.db.Writer().WithContext(ctx).Where("id = ?", id).Delete(&personRow{})
	if res.Error == nil && res.RowsAffected == 0 {
		return noPerson(op)
	}
	return fault(op, "", res.Error)
}

func noPerson(op string) error {
	return core.NewError(core.CodeNotFound, op, "This person is not in the list any more. Nothing was changed.", gorm.ErrRecordNotFound)
}
