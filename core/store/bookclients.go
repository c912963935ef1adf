package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
)

type clientRow struct {
	Customer       string `gorm:"primaryKey"`
	Name           string
	Email          string
	Identification string
	Origin         string
	CreatedAt      int64 `gorm:"autoCreateTime:false"`
	Orders         int64 `gorm:"->"` // read only, counted by the query
}

func (clientRow) TableName() string { return "clients" }

func (r clientRow) client() core.Client {
	return core.Client{
		Customer: r.Customer, Name: r.Name, Email: r.Email, Identification: r.Identification,
		Origin: core.ClientOrigin(r.Origin), CreatedAt: fromMillis(r.CreatedAt), Orders: r.Orders,
	}
}

// clientSelect lists clients k with the number of their orders.
const clientSelect = `SELECT k.*, (SELECT count(*) FROM customers c JOIN orders o ON ` + ofCustomer + ` WHERE c.identity = k.customer) AS orders
	FROM clients k `

// Clients pages through the clients.
func (b *Book) Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error) {
	const op = "store.clients"
	limit := clamp(q.Limit, 100, 1000)
	pattern := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(q.Text) + "%"
	const match = `WHERE (k.customer LIKE @pattern ESCAPE '\' OR k.name LIKE @pattern ESCAPE '\' OR k.email LIKE @pattern ESCAPE '\') `
	args := map[string]any{"pattern": pattern, "after": q.After, "limit": limit + 1}
	var page core.ClientPage
	var rows []clientRow
	db := b.db.Reader().WithContext(ctx)
	if err := db.Raw("SELECT count(*) FROM clients k "+match, args).Scan(&page.Total).Error; err != nil {
		return page, fault(op, "", err)
	}
	if err := db.Raw(clientSelect+match+"AND k.customer > @after ORDER BY k.customer LIMIT @limit", args).Scan(&rows).Error; err != nil {
		return page, fault(op, "", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].Customer
	}
	for _, r := range rows {
		page.Clients = append(page.Clients, r.client())
	}
	return page, nil
}

// AddClients adds those that are not there.
func (b *Book) AddClients(ctx context.Context, clients []core.Client) (int64, error) {
	rows := make([]clientRow, len(clients))
	for i, c := range clients {
		rows[i] = clientRow{
			Customer: c.Customer, Name: c.Name, Email: c.Email, Identification: c.Identification,
			Origin: string(c.Origin), CreatedAt: toMillis(c.CreatedAt),
		}
	}
	var added int64
	err := b.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if len(rows) == 0 {
			return nil
		}
		// The driver looks parameters up one by one; short batches keep that cheap.
		r := tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, 50)
		added = r.RowsAffected
		return r.Error
	})
	if err != nil {
		return 0, fault("store.clients", "No client was added.", err)
	}
	return added, nil
}

// UpdateClient changes one client.
func (b *Book) UpdateClient(ctx context.Context, customer string, patch core.ClientPatch) (core.Client, error) {
	const op = "store.clients"
	var row clientRow
	err := b.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		set := map[string]any{"origin": string(core.OriginHand)}
		for column, v := range map[string]*string{"name": patch.Name, "email": patch.Email, "identification": patch.Identification} {
			if v != nil {
				set[column] = *v
			}
		}
		r := tx.Model(&clientRow{}).Where("customer = ?", customer).Updates(set)
		if r.Error != nil {
			return r.Error
		}
		if r.RowsAffected == 0 {
			return core.NewError(core.CodeNotFound, op, "There is no client "+customer+".", nil)
		}
		return tx.Raw(clientSelect+"WHERE k.customer = ?", customer).Scan(&row).Error
	})
	if err != nil {
		return core.Client{}, fault(op, "", err)
	}
	return row.client(), nil
}

// RemoveClients removes the clients of one origin.
func (b *Book) RemoveClients(ctx context.Context, origin core.ClientOrigin) (int64, error) {
	r := b.db.Writer().WithContext(ctx).Where("origin = ?", string(origin)).Delete(&clientRow{})
	return r.RowsAffected, fault("store.clients", "", r.Error)
}

// importRow is an import as the file keeps it.
type importRow struct {
	ID              int64
	File            string
	Kind            string
	At              int64
	UndoneAt        *int64
	Rows            int64
	Rejected        int64
	OrdersNew       int64
	OrdersChanged   int64
	OrdersUnchanged int64
}

// Imports lists imports, newest first.
func (b *Book) Imports(ctx context.Context, limit int) ([]core.ImportRecord, error) {
	var rows []importRow
	err := b.db.Reader().WithContext(ctx).Table("imports").Order("id DESC").Limit(min(max(limit, 1), 1000)).Find(&rows).Error
	if err != nil {
		return nil, fault("store.imports", "", err)
	}
	list := make([]core.ImportRecord, len(rows))
	for i, r := range rows {
		list[i] = core.ImportRecord{
			ID: r.ID, File: r.File, Kind: r.Kind, At: fromMillis(r.At), State: core.ImportDone, Rows: r.Rows, Rejected: r.Rejected,
			ImportCounts: core.ImportCounts{OrdersNew: r.OrdersNew, OrdersChanged: r.OrdersChanged, OrdersUnchanged: r.OrdersUnchanged},
		}
		if r.UndoneAt != nil {
			t := time.UnixMilli(*r.UndoneAt).UTC()
			list[i].State, list[i].UndoneAt = core.ImportUndone, &t
		}
	}
	return list, nil
}
