package source

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

const (
	deskRecords   = 500  // of one page: each may have a long description
	namedLetters  = 1900 // of a question for tickets by their names: it may have 2,000
	dayFormat     = "2006-01-02"
	namesDivision = "|"
)

// Tickets gives what changed since a time, zero for everything, page by page of core.TicketPage.
// Nothing is asked before the first Next; ctx ends the stream, too.
func (d *Desk) Tickets(ctx context.Context, since time.Time) Stream {
	query := ""
	if !since.IsZero() {
		// Whole days, and one more, for the other desk may be in another time zone.
		query = "updated:>=" + since.UTC().AddDate(0, 0, -1).Format(dayFormat)
	}
	return d.stream(ctx, []string{query}, deskRecords)
}

// Named gives the tickets with these keys, which are the ones of the other desk. Others may come
// with them; those it no longer has do not.
func (d *Desk) Named(ctx context.Context, keys []core.TicketKey) Stream {
	return d.stream(ctx, namedQueries(keys), deskRecords)
}

// namedQueries are questions for tickets by their keys, in the query language.
func namedQueries(keys []core.TicketKey) (list []string) {
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			list = append(list, b.String())
		}
		b.Reset()
	}
	for _, k := range keys {
		text := k.String()
		if strings.ContainsAny(text, "\"“”") { // the query language has no way to say it
			continue
		}
		if b.Len() > 0 && b.Len()+len(text) > namedLetters {
			end()
		}
		if b.Len() == 0 {
			b.WriteString("number:")
		} else {
			b.WriteByte(',')
		}
		b.WriteString(`"` + text + `"`)
	}
	end()
	return list
}

// stream asks one question after the other, each page by page.
func (d *Desk) stream(ctx context.Context, queries []string, limit int) Stream {
	asked := 0
	return &pages{
		format: "Deskwatch", close: func() {},
		fetch: func(at string) ([]byte, error) {
			if len(queries) == 0 {
				return []byte(`{"items":[]}`), nil
			}
			ask := url.Values{"limit": {strconv.Itoa(limit)}, "sort": {"updated"}, "texts": {"true"}}
			number, after, _ := strings.Cut(at, namesDivision)
			asked, _ = strconv.Atoi(number) // "" is the first
			if queries[asked] != "" {
				ask.Set("query", queries[asked])
			}
			if after != "" {
				ask.Set("after", after)
			}
			return d.get(ctx, deskTickets, ask)
		},
		open: func(body []byte) (page, error) {
			p, err := openDeskPage(body, d.src.Name)
			if err == nil {
				p.question, p.more = asked, asked+1 < len(queries)
			}
			return p, err
		},
	}
}

// get asks for one page.
func (d *Desk) get(ctx context.Context, path string, ask url.Values) (body []byte, err error) {
	u := d.address.JoinPath(path)
	u.RawQuery = ask.Encode()
	err = d.signed(ctx, func(authorization string) error {
		body, err = d.page(ctx, func() (*http.Request, error) {
			req, err := http.NewRequest(http.MethodGet, u.String(), nil)
			if err == nil {
				req.Header.Set("Authorization", authorization)
			}
			return req, err
		})
		return err
	})
	if err != nil {
		return nil, d.fault(ctx, err)
	}
	return body, nil
}

// deskPage is a core.TicketPage, read item by item, so that a ticket of a newer desk which
// cannot be understood costs itself only.
type deskPage struct {
	source   string
	Items    *[]json.RawMessage `json:"items"`
	After    string             `json:"next"`
	read     int
	question int  // it answers
	more     bool // there is another question
}

func openDeskPage(body []byte, source string) (*deskPage, error) {
	p := &deskPage{source: source}
	if err := json.Unmarshal(body, p); err != nil || p.Items == nil {
		return nil, noDesk(err)
	}
	return p, nil
}

func (p *deskPage) Next() (core.Ticket, error) {
	if p.read == len(*p.Items) {
		return core.Ticket{}, io.EOF
	}
	raw := (*p.Items)[p.read]
	p.read++
	var v core.TicketView
	err := json.Unmarshal(raw, &v)
	switch {
	case err != nil:
		return core.Ticket{}, &Rejected{Line: p.read, Reason: "The other desk sent a ticket this version does not understand: " + core.ErrorMessageOr(err), Raw: raw}
	case v.ID == "" || v.Source == "":
		return core.Ticket{}, &Rejected{Line: p.read, Reason: "There is no id.", Raw: raw}
	}
	t := v.Ticket
	key := hereTicket(p.source, v.Key())
	t.No, t.Source, t.ID = 0, key.Source, key.ID
	if customer := v.CustomerKey; customer.ID != "" {
		t.CustomerID = hereCustomer(p.source, customer).ID
	} else if t.CustomerID != "" {
		t.CustomerID = hereCustomer(p.source, core.CustomerKey{Source: v.Source, ID: t.CustomerID}).ID
	}
	// Who was given it on that desk has it, as far as this one is concerned.
	t.Owner = cmp.Or(v.Assigned, t.Owner)
	return t, nil
}

func (p *deskPage) next() (string, error) {
	switch {
	case p.After != "":
		return fmt.Sprint(p.question, namesDivision, p.After), nil
	case p.more:
		return fmt.Sprint(p.question+1, namesDivision), nil
	}
	return "", nil
}

func (p *deskPage) records() int { return p.read }

// hereTicket is the key a ticket of another desk has on this one. A source's name has no colon.
func hereTicket(source string, there core.TicketKey) core.TicketKey {
	return core.TicketKey{Source: source, ID: there.String()}
}

// TicketThere is the key a ticket of another desk has there. ok is false for a key that is none of
// such a ticket.
func TicketThere(here core.TicketKey) (there core.TicketKey, ok bool) {
	there.Source, there.ID, ok = strings.Cut(here.ID, ":")
	return there, ok && there.Source != "" && there.ID != ""
}

// hereCustomer is the key a customer of another desk's tickets has on this one.
func hereCustomer(source string, there core.CustomerKey) core.CustomerKey {
	return core.CustomerKey{Source: source, ID: there.String()}
}

// CustomerThere is the key a customer of another desk's tickets has there. ok is false for a key
// that is none of such a customer.
func CustomerThere(here core.CustomerKey) (there core.CustomerKey, ok bool) {
	there.Source, there.ID, ok = strings.Cut(here.ID, ":")
	return there, ok && there.Source != "" && there.ID != ""
}
