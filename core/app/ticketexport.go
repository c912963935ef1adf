package app

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// exportPage is how many tickets are read at a time for an export.
const exportPage = 500

// exportedColumns are the columns of an exported file: the names of a ticket's JSON, so that the
// file imports again, and what the desk knows beside them.
var exportedColumns = []string{
	"number", "source", "id", "subject", "status", "raw_status", "priority", "product", "customer_id", "customer", "email", "owner", "assigned", "channel",
	"created_at", "updated_at", "first_reply_at", "closed_at", "escalated", "reopened", "rating", "gone", "due", "clock", "risk", "tough", "bad_orders",
}

// ExportTickets writes the tickets of a query, all of them in its order, as CSV, and returns how
// many. Times are UTC. A text that a spreadsheet would take for a formula gets an apostrophe in
// front. The file appears whole or not at all.
func (a *App) ExportTickets(ctx context.Context, q core.TicketQuery, path string, p *core.Progress) (written int, err error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return written, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	if p == nil {
		p = new(core.Progress)
	}
	p.SetPhase("Writing the file")
	order, err := a.TicketOrder(ctx, q)
	if err != nil {
		return 0, err
	}
	p.SetTotal(int64(len(order.Nos)))
	out, err := os.CreateTemp(filepath.Dir(path), ".deskwatch-tickets-*")
	if err != nil {
		return 0, exportFailed(path, err)
	}
	defer os.Remove(out.Name()) // gone already once it is renamed
	defer out.Close()
	buffered := bufio.NewWriter(out)
	w := csv.NewWriter(buffered)
	if err := w.Write(exportedColumns); err != nil {
		return 0, exportFailed(path, err)
	}
	for rest := order.Nos; len(rest) > 0; {
		page := rest[:min(exportPage, len(rest))]
		rest = rest[len(page):]
		views, err := a.TicketViews(ctx, page)
		if err != nil {
			return 0, err
		}
		for _, v := range views {
			if err := w.Write(exportedRow(v)); err != nil {
				return 0, exportFailed(path, err)
			}
		}
		written += len(views)
		p.Add(int64(len(page)))
	}
	w.Flush()
	if err := errors.Join(w.Error(), buffered.Flush(), out.Sync(), out.Close()); err != nil {
		return 0, exportFailed(path, err)
	}
	if err := os.Rename(out.Name(), path); err != nil {
		return 0, exportFailed(path, err)
	}
	a.log.Info("tickets exported", "file", filepath.Base(path), "tickets", written)
	return written, nil
}

func exportedRow(v core.TicketView) []string {
	row := []string{
		v.Number, v.Source, v.ID, v.Subject, v.Status.String(), v.RawStatus, v.Priority.String(), v.Product, v.CustomerID, v.Customer, v.Email, v.Owner, v.Assigned, v.Channel,
		written(v.CreatedAt), written(v.UpdatedAt), written(v.FirstReplyAt), written(v.ClosedAt),
		strconv.FormatBool(v.Escalated), strconv.Itoa(v.Reopened), "", strconv.FormatBool(v.Gone),
		written(v.Due), string(v.Clock), strconv.Itoa(v.Risk), strconv.Itoa(v.Tough), strconv.Itoa(v.BadOrders),
	}
	if v.Rating > 0 {
		row[20] = strconv.Itoa(v.Rating)
	}
	for i, cell := range row {
		if cell != "" && strings.IndexByte("=+-@\t\r", cell[0]) >= 0 {
			row[i] = "'" + cell
		}
	}
	return row
}

// written is a time as the file has it; "" for none.
func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func exportFailed(path string, cause error) error {
	return core.NewError(core.CodeUnavailable, "app.export", fmt.Sprintf(
		"The tickets could not be written to %q; what was there is as it was. Check that the folder exists, that you may write there and that there is room on the disk.", filepath.Base(path)), cause)
}
