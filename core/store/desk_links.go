package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
)

type linkRow struct {
	Source        string `gorm:"primaryKey"`
	CustomerID    string `gorm:"primaryKey"`
	OrderCustomer string `gorm:"primaryKey"`
	State         string
	Basis         string
	Confidence    int
	Why           string
	At            int64
}

func (linkRow) TableName() string { return "customer_links" }

// linkKey is the two customers of a link.
type linkKey struct{ source, customer, order string }

func (r linkRow) key() linkKey { return linkKey{r.Source, r.CustomerID, r.OrderCustomer} }

func rowOfLink(l core.CustomerLink) linkRow {
	return linkRow{l.Customer.Source, l.Customer.ID, l.Order, string(l.State), string(l.Basis), l.Confidence, l.Why, toMillis(l.At)}
}

func (r linkRow) link() core.CustomerLink {
	return core.CustomerLink{
		Customer: core.CustomerKey{Source: r.Source, ID: r.CustomerID}, Order: r.OrderCustomer, State: core.LinkState(r.State),
		Basis: core.JoinBasis(r.Basis), Confidence: r.Confidence, Why: r.Why, At: fromMillis(r.At),
	}
}

// byHand reports whether a person decided about the link.
func (r linkRow) byHand() bool {
	return r.State == string(core.LinkMade) || r.State == string(core.LinkRefused)
}

// Links lists every link by its customers, refused ones too.
func (m *Marks) Links(ctx context.Context) ([]core.CustomerLink, error) {
	var rows []linkRow
	if err := m.db.Reader().WithContext(ctx).Order("source, customer_id, order_customer").Find(&rows).Error; err != nil {
		return nil, fault("store.links", "", err)
	}
	list := make([]core.CustomerLink, len(rows))
	for i, r := range rows {
		list[i] = r.link()
	}
	return list, nil
}

// SaveLinks replaces those of the same two customers, all or nothing.
func (m *Marks) SaveLinks(ctx context.Context, list []core.CustomerLink) error {
	rows := make([]linkRow, len(list))
	for i, l := range list {
		rows[i] = rowOfLink(l)
	}
	return fault("store.save links", "", m.replace(ctx, func(tx *gorm.DB) error { return insert(tx, rows) }))
}

// ReplaceFound makes list the only links that were found; what a person decided about stays as
// it is. Only what differs is written, and a link that was found before keeps its time.
func (m *Marks) ReplaceFound(ctx context.Context, list []core.CustomerLink) error {
	err := m.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var before []linkRow
		if err := tx.Find(&before).Error; err != nil {
			return err
		}
		known := make(map[linkKey]linkRow, len(before))
		for _, r := range before {
			known[r.key()] = r
		}
		found := make(map[linkKey]bool, len(list))
		var changed []linkRow
		for _, l := range list {
			row := rowOfLink(l)
			old, ok := known[row.key()]
			if found[row.key()] || old.byHand() {
				continue
			}
			found[row.key()] = true
			if ok {
				row.At = old.At
			}
			if row != old {
				changed = append(changed, row)
			}
		}
		for _, r := range before {
			if r.byHand() || found[r.key()] {
				continue
			}
			if err := tx.Delete(&r).Error; err != nil {
				return err
			}
		}
		return insert(tx.Clauses(clause.OnConflict{UpdateAll: true}), changed)
	})
	return fault("store.replace links", "", err)
}
