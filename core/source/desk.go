package source

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"deskwatch/core"
)

// The paths of another Deskwatch's REST server.
const (
	deskTickets   = "/api/v1/tickets"
	deskMarks     = "/api/v1/marks"
	deskAssign    = "/api/v1/assign"
	deskCustomers = "/api/v1/customers"
	deskEvents    = "/api/v1/events"
	deskToken     = "/token"
)

const (
	// longLived is how the text of a long-lived token begins. Such a one is used as it is.
	longLived = "dwt_"
	// refusedFor is how long a refused sign-in is not tried again: several questions may be asked at
	// once, and a few wrong passwords keep the user out.
	refusedFor = 5 * time.Second
	// renewBefore is how long before its end a token is no longer used, at most.
	renewBefore = time.Minute
	// defaultSilence is after how long without a word, not even a comment, a stream of events is
	// dead: a server says something every 15 seconds.
	defaultSilence = 45 * time.Second
)

// Desk asks another Deskwatch. It signs in with the password of the source, keeps the token it
// gets for as long as it is good, and signs in anew when the server no longer takes it. Its
// methods may be called from any goroutine; Close releases its connections.
//
// A ticket of that desk is known here under the name of the source and, as its id, the source and
// the id it has there, with a colon between; so is a customer.
//
// Errors are *core.Error: core.CodeDenied when the sign-in or the certificate is refused, and
// trying again without a change of the source is of no use; core.CodeForbidden when the user may
// not do this; core.CodeUnavailable when the server cannot be reached.
type Desk struct {
	*web
	src     core.Source
	address *url.URL
	secret  string
	silence time.Duration
	lasting *http.Client // for what has no end

	signing  sync.Mutex // guards what follows: one sign-in at a time
	token    string
	renewAt  time.Time
	signedIn bool  // with this secret, at least once
	refused  error // the last sign-in
	at       time.Time
}

// NewDesk returns a client of the desk a source names. It asks nothing yet.
func NewDesk(src core.Source, r Remote) (*Desk, error) {
	address, err := parseAddress(src.Address, src.InsecureHTTP)
	if err != nil {
		return nil, err
	}
	trust, err := pinned(src.Fingerprint)
	if err != nil {
		return nil, err
	}
	d := &Desk{web: newWeb("The other Deskwatch", r), src: src, address: address, secret: r.Secret.Reveal(), silence: r.Silence}
	if d.silence == 0 {
		d.silence = defaultSilence
	}
	if trust != nil {
		d.client.Transport.(*http.Transport).TLSClientConfig = trust
	}
	d.lasting = &http.Client{Transport: d.client.Transport, CheckRedirect: d.client.CheckRedirect}
	return d, nil
}

// CheckDesk says what is wrong with where a source's desk is.
func CheckDesk(src core.Source) error {
	d, err := NewDesk(src, Remote{})
	if err == nil {
		d.Close()
	}
	return err
}

// Close releases the connections that are not in use.
func (d *Desk) Close() { d.close() }

// signed runs a question with what it is signed in by. One that the server no longer takes is
// replaced, once.
func (d *Desk) signed(ctx context.Context, ask func(authorization string) error) error {
	for fresh := false; ; fresh = true {
		authorization, err := d.authorization(ctx)
		if err != nil {
			return err
		}
		err = ask(authorization)
		var r *refusal
		if err == nil || !errors.As(err, &r) || r.status != http.StatusUnauthorized {
			return err
		}
		if d.longLived() {
			return d.refusedSignIn(r)
		}
		d.forget(authorization)
		if fresh {
			return d.refusedSignIn(r)
		}
	}
}

func (d *Desk) longLived() bool { return strings.HasPrefix(d.secret, longLived) }

// authorization is what a question is signed in by.
func (d *Desk) authorization(ctx context.Context) (string, error) {
	if d.longLived() {
		return "Bearer " + d.secret, nil
	}
	d.signing.Lock()
	defer d.signing.Unlock()
	now := d.now().Round(0) // the clock of the wall goes on while the machine sleeps
	if d.token != "" && now.Before(d.renewAt) {
		return "Bearer " + d.token, nil
	}
	if since := now.Sub(d.at); d.refused != nil && since >= 0 && since < refusedFor {
		return "", d.refused
	}
	err := d.signIn(ctx, now)
	if d.refused = nil; core.ErrorCode(err) == core.CodeDenied {
		d.refused, d.at = err, now
	}
	return "Bearer " + d.token, err
}

// forget drops a token that the server no longer takes.
func (d *Desk) forget(authorization string) {
	d.signing.Lock()
	defer d.signing.Unlock()
	if authorization == "Bearer "+d.token {
		d.token = ""
	}
}

// signIn gets a token for the password. d.signing is held.
func (d *Desk) signIn(ctx context.Context, now time.Time) error {
	d.token = ""
	body, err := d.page(ctx, func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodPost, d.address.JoinPath(deskToken).String(), nil)
		if err == nil {
			req.SetBasicAuth(d.src.User, d.secret)
		}
		return req, err
	})
	var r *refusal
	switch {
	case errors.As(err, &r) && r.status == http.StatusUnauthorized:
		return d.refusedSignIn(r)
	case errors.As(err, &r) && (r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed):
		return noDesk(r)
	case err != nil:
		return d.fault(ctx, err)
	}
	var issued struct {
		Token    string  `json:"token"`
		Duration float64 `json:"duration"` // seconds
	}
	if err := json.Unmarshal(body, &issued); err != nil || issued.Token == "" || issued.Duration <= 0 {
		return noDesk(err)
	}
	lasts := time.Duration(min(issued.Duration, longestWait.Seconds()) * float64(time.Second))
	d.token, d.renewAt, d.signedIn = issued.Token, now.Add(lasts-min(lasts/5, renewBefore)), true
	d.hide(d.token)
	return nil
}

func noDesk(cause error) error {
	return core.NewError(core.CodeInvalid, "source.desk", "What answers at this address is not a Deskwatch server. Nothing was kept. Check the address of this source.", cause)
}

// refusedSignIn says what to do about a sign-in that is refused.
func (d *Desk) refusedSignIn(r *refusal) error {
	const op = "source.sign in"
	said := ""
	if r.words != "" {
		said = " It says: “" + r.words + "”"
	}
	switch {
	case d.longLived():
		return core.NewError(core.CodeDenied, op, "The other Deskwatch no longer takes the token of this source."+said+" Nothing was changed. Enter a new one under Settings, Sources.", r)
	case d.signedIn:
		return core.NewError(core.CodeDenied, op, "The other Deskwatch no longer takes the password of “"+d.src.User+"”: it was changed, or the user was disabled."+said+" Nothing was changed. Enter the new password under Settings, Sources.", r)
	}
	return core.NewError(core.CodeDenied, op, "The other Deskwatch refuses the sign-in of “"+d.src.User+"”."+said+" Nothing was changed. Check the user and enter the password anew under Settings, Sources.", r)
}

// fault makes a sentence of what ended a question.
func (d *Desk) fault(ctx context.Context, err error) error {
	if err := d.distrust(err); err != nil {
		return err
	}
	return d.web.fault(ctx, err)
}
