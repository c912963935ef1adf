package source

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"deskwatch/core"
)

const (
	deskPath    = "/api/v1/tickets"
	deskRecords = 1000
	dayFormat   = "2006-01-02"
)

// OpenDesk asks another Deskwatch for what changed since a time, zero for everything, page by
// page of core.TicketPage. Nothing is asked before the first Next; ctx ends the stream, too. A
// ticket is known here by its source and id there, for that desk has several sources.
func OpenDesk(ctx context.Context, src core.Source, r Remote, since time.Time) (Stream, error) {
	return openDesk(ctx, src, r, since, deskRecords)
}

func openDesk(ctx context.Context, src core.Source, r Remote, since time.Time, limit int) (Stream, error) {
	address, err := parseAddress(src.Address)
	if err != nil {
		return nil, err
	}
	w := newWeb("The other Deskwatch", r)
	ask := url.Values{"limit": {strconv.Itoa(limit)}, "sort": {"updated"}}
	if !since.IsZero() {
		// Whole days, and one more, for the other desk may be in another time zone.
		ask.Set("query", "updated:>="+since.UTC().AddDate(0, 0, -1).Format(dayFormat))
	}
	return &pages{
		format: "Deskwatch", close: w.close,
		fetch: func(after string) ([]byte, error) {
			if after != "" {
				ask.Set("after", after)
			}
			u := address.JoinPath(deskPath)
			u.RawQuery = ask.Encode()
			body, err := w.page(ctx, func() (*http.Request, error) {
				req, err := http.NewRequest(http.MethodGet, u.String(), nil)
				if err == nil {
					req.SetBasicAuth(src.User, r.Secret.Reveal())
				}
				return req, err
			})
			if err != nil {
				return nil, w.fault(ctx, err)
			}
			return body, nil
		},
		open: func(body []byte) (page, error) { return openDeskPage(body, src.Name) },
	}, nil
}

// deskPage is a core.TicketPage, read item by item, so that a ticket of a newer desk which
// cannot be understood costs itself only.
type deskPage struct {
	source string
	Items  *[]json.RawMessage `json:"items"`
	After  string             `json:"next"`
	read   int
}

func openDeskPage(body []byte, source string) (*deskPage, error) {
	p := &deskPage{source: source}
	if err := json.Unmarshal(body, p); err != nil || p.Items == nil {
		return nil, core.NewError(core.CodeInvalid, "source.desk", "What answers at this address is not a Deskwatch server. Nothing was kept. Check the address of this source.", err)
	}
	return p, nil
}

func (p *deskPage) Next() (core.Ticket, error) {
	if p.read == len(*p.Items) {
		return core.Ticket{}, io.EOF
	}
	raw := (*p.Items)[p.read]
	p.read++
	var t core.Ticket
	err := json.Unmarshal(raw, &t)
	switch {
	case err != nil:
		return t, &Rejected{Line: p.read, Reason: "The other desk sent a ticket this version does not understand: " + core.ErrorMessageOr(err), Raw: raw}
	case t.ID == "" || t.Source == "":
		return t, &Rejected{Line: p.read, Reason: "There is no id.", Raw: raw}
	}
	t.No, t.ID, t.Source = 0, t.Source+":"+t.ID, p.source
	return t, nil
}

func (p *deskPage) next() (string, error) { return p.After, nil }
func (p *deskPage) records() int          { return p.read }
