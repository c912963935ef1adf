package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"deskwatch/core"
)

const (
	maxTickets = 1000 // of one call
	maxFound   = 20
)

// ticketColumns are what scanTicket reads.
const ticketColumns = `t.no, s.text, t.id, x.number, x.subject, t.state,
	coalesce((SELECT text FROM names WHERE no = t.raw_status), ''), coalesce((SELECT text FROM names WHERE no = t.raw_priority), ''),
	coalesce((SELECT text FROM names WHERE no = t.product), ''), coalesce(c.key, ''), coalesce(c.name, ''), coalesce(c.email, ''),
	coalesce((SELECT text FROM names WHERE no = t.owner), ''), coalesce((SELECT text FROM names WHERE no = t.channel), ''),
	t.created, t.updated, t.first_reply, t.closed`

const ticketTables = ` JOIN texts x ON x.no = t.no JOIN names s ON s.no = t.source LEFT JOIN customers c ON c.no = t.customer `

func scanTicket(scan func(...any) error, more ...any) (core.Ticket, error) {
	var t core.Ticket
	var state, created, updated, replied, closed int64
	err := scan(append([]any{&t.No, &t.Source, &t.ID, &t.Number, &t.Subject, &state, &t.RawStatus, &t.RawPriority, &t.Product,
		&t.CustomerID, &t.Customer, &t.Email, &t.Owner, &t.Channel, &created, &updated, &replied, &closed}, more...)...)
	setState(&t, state)
	t.CreatedAt, t.UpdatedAt, t.FirstReplyAt, t.ClosedAt = fromSeconds(created), fromSeconds(updated), fromSeconds(replied), fromSeconds(closed)
	return t, err
}

// Tickets returns tickets without their descriptions.
func (p *Pool) Tickets(ctx context.Context, nos []uint32) ([]core.Ticket, error) {
	const op = "store.tickets"
	if len(nos) > maxTickets {
		return nil, core.NewError(core.CodeInvalid, op, fmt.Sprintf("At most %d tickets are read at a time.", maxTickets), nil)
	}
	param, err := noParam(nos)
	if err != nil {
		return nil, fault(op, "", err)
	}
	list := make([]core.Ticket, 0, len(nos))
	err = p.list(ctx, op, func(rows *sql.Rows) error {
		t, err := scanTicket(rows.Scan)
		list = append(list, t)
		return err
	}, "SELECT "+ticketColumns+" FROM json_each(?) j CROSS JOIN tickets t ON t.no = j.value"+ticketTables+"ORDER BY j.key", param)
	return list, err
}

// Descriptions returns the descriptions of tickets that have one.
func (p *Pool) Descriptions(ctx context.Context, nos []uint32) (map[uint32]string, error) {
	const op = "store.descriptions"
	if len(nos) > maxTickets {
		return nil, core.NewError(core.CodeInvalid, op, fmt.Sprintf("At most %d tickets are read at a time.", maxTickets), nil)
	}
	param, err := noParam(nos)
	if err != nil {
		return nil, fault(op, "", err)
	}
	texts := make(map[uint32]string, len(nos))
	err = p.list(ctx, op, func(rows *sql.Rows) error {
		var no uint32
		var text string
		err := rows.Scan(&no, &text)
		texts[no] = text
		return err
	}, "SELECT x.no, x.description FROM json_each(?) j CROSS JOIN texts x ON x.no = j.value WHERE x.description <> ''", param)
	return texts, err
}

// noParam is a list of tickets as one parameter for json_each.
func noParam(nos []uint32) (string, error) {
	list := make([]int64, len(nos))
	for i, no := range nos {
		list[i] = int64(no)
	}
	return listParam(list)
}

// Ticket returns one ticket whole.
func (p *Pool) Ticket(ctx context.Context, no uint32) (core.Ticket, []core.StatusStep, error) {
	const op = "store.ticket"
	var history sql.NullString
	var began, name int64
	row := p.db.rsql.QueryRowContext(ctx, "SELECT "+ticketColumns+", x.description, t.history, t.began, coalesce(t.raw_status, 0) FROM tickets t"+ticketTables+"WHERE t.no = ?", no)
	var description string
	t, err := scanTicket(row.Scan, &description, &history, &began, &name)
	if err == sql.ErrNoRows {
		return core.Ticket{}, nil, core.NewError(core.CodeNotFound, op, fmt.Sprintf("There is no ticket with the number %d on this desk.", no), err)
	}
	if err != nil {
		return core.Ticket{}, nil, fault(op, "", err)
	}
	t.Description = description
	if !history.Valid {
		return t, []core.StatusStep{{At: fromSeconds(began), Status: t.Status, RawStatus: t.RawStatus}}, nil
	}
	steps, err := readHistory(history.String)
	if err != nil {
		return core.Ticket{}, nil, fault(op, "", err)
	}
	list, err := statusSteps(steps, func(no int64) (text string, err error) {
		if no != 0 {
			err = p.db.rsql.QueryRowContext(ctx, "SELECT text FROM names WHERE no = ?", no).Scan(&text)
		}
		return text, err
	})
	return t, list, fault(op, "", err)
}

// Find returns the tickets a person may mean: those with the key first, then those with the
// id, then those with the number, which is compared without regard to case.
func (p *Pool) Find(ctx context.Context, text string) ([]uint32, error) {
	const op = "store.find ticket"
	text = strings.TrimSpace(text)
	var found []uint32
	search := func(query string, args ...any) error {
		return p.list(ctx, op, func(rows *sql.Rows) error {
			var no uint32
			err := rows.Scan(&no)
			if len(found) < maxFound && !slices.Contains(found, no) {
				found = append(found, no)
			}
			return err
		}, query+fmt.Sprint(" LIMIT ", maxFound), args...)
	}
	for i := range len(text) { // both the source's name and the id may have colons
		if text[i] != ':' {
			continue
		}
		err := search("SELECT t.no FROM names n JOIN tickets t ON t.source = n.no WHERE n.text = ? AND t.id = ?", text[:i], text[i+1:])
		if err != nil {
			return nil, err
		}
	}
	if err := search("SELECT t.no FROM sources s CROSS JOIN tickets t ON t.source = s.name WHERE t.id = ? ORDER BY t.no", text); err != nil {
		return nil, err
	}
	err := search("SELECT no FROM texts WHERE number = ? COLLATE NOCASE ORDER BY no", text)
	return found, err
}
