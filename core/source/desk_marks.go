package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"deskwatch/core"
)

// markedAtOnce is how many tickets one request may mark (core.MarkRequest).
const markedAtOnce = 1000

// Marks returns what people said on that desk, by the keys its tickets and customers have here.
// known is the tag of what was returned before, "" for none; without a change since, changed is
// false and nothing else is said.
func (d *Desk) Marks(ctx context.Context, known string) (marks core.SharedMarks, tag string, changed bool, err error) {
	answer, err := d.tell(ctx, http.MethodGet, d.address.JoinPath(deskMarks), nil, known)
	if err != nil {
		return marks, "", false, d.fault(ctx, err)
	}
	if answer.status == http.StatusNotModified {
		return marks, known, false, nil
	}
	var there core.SharedMarks
	if err := json.Unmarshal(answer.body, &there); err != nil {
		return marks, "", false, noDesk(err)
	}
	for _, m := range there.Attention {
		m.Key = hereTicket(d.src.Name, m.Key)
		marks.Attention = append(marks.Attention, m)
	}
	for _, f := range there.Flags {
		if f.Customer.Source == core.OrdersSource {
			continue // of that desk's orders: this one may have others
		}
		f.Customer = hereCustomer(d.src.Name, f.Customer)
		marks.Flags = append(marks.Flags, f)
	}
	return marks, answer.header.Get("ETag"), true, nil
}

// Mark acknowledges or snoozes tickets there, or takes that back. Its Tickets are the keys they
// have here. done is how many of the first of them were marked: all, but for an error.
func (d *Desk) Mark(ctx context.Context, m core.MarkRequest) (done int, err error) {
	return d.inParts(ctx, m.Tickets, deskMarks, func(keys []core.TicketKey) any {
		m.Tickets = keys
		return m
	})
}

// Assign gives tickets an owner there, "" takes it back. keys are the ones they have here.
func (d *Desk) Assign(ctx context.Context, keys []core.TicketKey, owner string) (done int, err error) {
	return d.inParts(ctx, keys, deskAssign, func(keys []core.TicketKey) any {
		return struct {
			Tickets []core.TicketKey `json:"tickets"`
			Owner   string           `json:"owner"`
		}{keys, owner}
	})
}

// inParts posts what body makes of the keys tickets have there, as many at once as are allowed.
func (d *Desk) inParts(ctx context.Context, here []core.TicketKey, path string, body func(there []core.TicketKey) any) (done int, err error) {
	for part := range slices.Chunk(here, markedAtOnce) {
		there := make([]core.TicketKey, len(part))
		for i, k := range part {
			var ok bool
			if there[i], ok = TicketThere(k); !ok {
				return done, core.NewError(core.CodeNotFound, "source.mark", "The ticket "+k.String()+" is none of the other Deskwatch. Nothing was changed.", nil)
			}
		}
		if err := d.change(ctx, http.MethodPost, d.address.JoinPath(path), body(there)); err != nil {
			return done, err
		}
		done += len(part)
	}
	return done, nil
}

// Flag says a person's word on a customer there. Its Customer is the key it has here.
func (d *Desk) Flag(ctx context.Context, f core.ToughFlag) error {
	address, there, err := d.flagAddress(f.Customer)
	if err != nil {
		return err
	}
	f.Customer = there
	return d.change(ctx, http.MethodPut, address, f)
}

// Unflag takes it back.
func (d *Desk) Unflag(ctx context.Context, customer core.CustomerKey) error {
	address, _, err := d.flagAddress(customer)
	if err != nil {
		return err
	}
	return d.change(ctx, http.MethodDelete, address, nil)
}

func (d *Desk) flagAddress(customer core.CustomerKey) (*url.URL, core.CustomerKey, error) {
	there, ok := CustomerThere(customer)
	if !ok {
		return nil, there, core.NewError(core.CodeNotFound, "source.flag", "The customer "+customer.String()+" is none of the other Deskwatch. Nothing was changed.", nil)
	}
	return d.address.JoinPath(deskCustomers, url.PathEscape(there.Source), url.PathEscape(there.ID), "flag"), there, nil
}

// change changes something there, and says it for a person who waits when it could not.
func (d *Desk) change(ctx context.Context, method string, address *url.URL, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return core.NewError(core.CodeInternal, "source.change", "The change could not be put into words for the other Deskwatch. Nothing was changed.", err)
	}
	if body == nil {
		text = nil
	}
	_, err = d.tell(ctx, method, address, text, "")
	return d.notChanged(ctx, err)
}

// tell asks one question once: what may have been done is not done again.
func (d *Desk) tell(ctx context.Context, method string, address *url.URL, body []byte, known string) (answer reply, err error) {
	err = d.signed(ctx, func(authorization string) error {
		req, err := http.NewRequest(method, address.String(), bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", authorization)
		if len(body) > 0 {
			req.Header.Set("Content-Type", "application/json")
		}
		if known != "" {
			req.Header.Set("If-None-Match", known)
		}
		answer, err = d.exchange(ctx, req)
		return err
	})
	return answer, err
}

// notChanged makes a sentence of why something could not be changed there.
func (d *Desk) notChanged(ctx context.Context, err error) error {
	const op = "source.change"
	var r *refusal
	var told *core.Error
	switch {
	case err == nil:
		return nil
	case d.distrust(err) != nil:
		return d.distrust(err)
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return core.NewError(core.CodeCanceled, op, "Telling the other Deskwatch was stopped as you asked. Whether it took the change is seen at the next look.", ctx.Err())
	case errors.As(err, &r):
		return d.notChangedFor(r)
	case errors.As(err, &told) && told.Code != core.CodeUnavailable:
		return err
	}
	return core.NewError(core.CodeUnavailable, op, "The other Deskwatch, which these tickets come from, cannot be reached. Nothing was changed. Try again when it answers.", d.quiet(err))
}

func (d *Desk) notChangedFor(r *refusal) error {
	const op = "source.change"
	says := "The other Deskwatch says: “" + r.words + "”"
	if r.words == "" {
		says = "The other Deskwatch did not take the change. Nothing was changed."
	}
	switch {
	case r.status == http.StatusForbidden:
		return core.NewError(core.CodeForbidden, op, says, r)
	case r.status == http.StatusNotFound:
		return core.NewError(core.CodeNotFound, op, says, r)
	case r.status == http.StatusConflict:
		return core.NewError(core.CodeConflict, op, says, r)
	case r.status == http.StatusTooManyRequests, r.status >= 500:
		return core.NewError(core.CodeUnavailable, op, says+" Try again later.", r)
	}
	return core.NewError(core.CodeInvalid, op, says, r)
}
