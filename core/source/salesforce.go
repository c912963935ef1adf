package source

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// salesforcePath is where the REST API's queries are (Salesforce REST API Developer Guide,
// "Query"). Version 60.0 is supported until 2027 at least, and newer ones only add.
const salesforcePath = "/services/data/v60.0/query"

// salesforce asks one organisation. The sign-in is golang.org/x/oauth2's; the questions are
// asked with net/http because go-salesforce v3, looked at for this, takes no context, holds all pages at
// once, drops the server's words about a refused sign-in and its Retry-After, and goes on for
// ever when a page is not the last and names no next one.
type salesforce struct {
	*web
	src      core.Source
	remote   Remote
	address  *url.URL
	instance *url.URL // where this sign-in's questions go
	token    string
}

// OpenSalesforce signs in and asks for what changed since a time, zero for everything. Pages are
// fetched as the stream is read, one held at a time; ctx ends the stream, too. Nothing is asked
// before the first Next.
//
// Wrong credentials end it with core.CodeDenied and the server's own words, a limit of requests
// with core.CodeUnavailable and RetryAt.
func OpenSalesforce(ctx context.Context, src core.Source, r Remote, d *tickets.Dictionary, since time.Time) (Stream, error) {
	address, err := parseAddress(src.Address, false)
	if err != nil {
		return nil, err
	}
	query, err := soqlSince(src.Query, since)
	if err != nil {
		return nil, err
	}
	s := &salesforce{web: newWeb("Salesforce", r), src: src, remote: r, address: address}
	records := newRecordReader(src.Name, d)
	return &pages{
		format: "Salesforce query",
		close:  s.web.close,
		fetch: func(next string) ([]byte, error) {
			if next == "" {
				next = salesforcePath + "?q=" + url.QueryEscape(query)
			}
			return s.fetch(ctx, next)
		},
		open: func(body []byte) (page, error) {
			return salesforcePage{newJSONStream(bytes.NewReader(body), records, nil)}, nil
		},
	}, nil
}

// fetch gets one page, with a new sign-in when the old one has run out.
func (s *salesforce) fetch(ctx context.Context, path string) ([]byte, error) {
	fresh := false
	if s.token == "" {
		if err := s.signIn(ctx); err != nil {
			return nil, err
		}
		fresh = true
	}
	for {
		body, err := s.page(ctx, func() (*http.Request, error) { return s.request(path) })
		if err == nil {
			return body, nil
		}
		var r *refusal
		if fresh || !errors.As(err, &r) || r.status != http.StatusUnauthorized {
			return nil, s.fault(ctx, err)
		}
		if err := s.signIn(ctx); err != nil {
			return nil, err
		}
		fresh = true
	}
}

// request asks for a path of the instance. One that leads elsewhere would hand the token to
// whoever it names.
func (s *salesforce) request(path string) (*http.Request, error) {
	u, err := s.instance.Parse(path)
	if err != nil || u.Scheme != s.instance.Scheme || u.Host != s.instance.Host || u.User != nil || !strings.HasPrefix(u.Path, "/services/data/") {
		return nil, core.NewError(core.CodeInvalid, "source.salesforce", "Salesforce named a next page that is not its own. Nothing was kept. Check the address of this source.", err)
	}
	req, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	return req, nil
}

// signIn gets a token (RFC 6749: 4.4 with client credentials, 4.3 with a password).
func (s *salesforce) signIn(ctx context.Context) error {
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.client)
	endpoint := s.address.JoinPath("/services/oauth2/token").String()
	var token *oauth2.Token
	var err error
	if s.src.Grant == core.GrantPassword {
		c := oauth2.Config{ClientID: s.src.ClientID, ClientSecret: s.remote.ClientSecret.Reveal(), Endpoint: oauth2.Endpoint{TokenURL: endpoint, AuthStyle: oauth2.AuthStyleInParams}}
		token, err = c.PasswordCredentialsToken(ctx, s.src.User, s.remote.Secret.Reveal())
	} else {
		c := clientcredentials.Config{ClientID: s.src.ClientID, ClientSecret: s.remote.Secret.Reveal(), TokenURL: endpoint, AuthStyle: oauth2.AuthStyleInParams}
		token, err = c.Token(ctx)
	}
	if err != nil {
		return s.signInFault(ctx, err)
	}
	s.token = token.AccessToken
	s.hide(s.token)
	name, _ := token.Extra("instance_url").(string)
	if name == "" {
		name = s.address.Scheme + "://" + s.address.Host
	}
	if s.instance, err = parseAddress(name, false); err != nil {
		return core.NewError(core.CodeInvalid, "source.salesforce", "Salesforce signed in and named no usable address to ask at. Nothing was kept. Check the address of this source.", err)
	}
	return nil
}

func (s *salesforce) signInFault(ctx context.Context, err error) error {
	var answer *oauth2.RetrieveError
	if ctx.Err() != nil || !errors.As(err, &answer) || answer.Response == nil {
		var netErr *url.Error
		if ctx.Err() == nil && !errors.As(err, &netErr) {
			// The library read an answer that has no token in it; its text may hold the answer's.
			return core.NewError(core.CodeInvalid, "source.salesforce", "What answers at "+s.address.Host+" does not sign in as Salesforce does. Nothing was kept. Check the address of this source.", nil)
		}
		return s.fault(ctx, err)
	}
	r := s.refused(answer.Response.StatusCode, answer.Response.Header, answer.Body)
	if r.status == http.StatusBadRequest {
		// Salesforce says so of wrong credentials (RFC 6749, 5.2).
		r.status = http.StatusUnauthorized
	}
	return s.refusedFault(r)
}

// salesforcePage is an answer to a query.
type salesforcePage struct{ *jsonStream }

func (p salesforcePage) records() int { return p.index }

func (p salesforcePage) next() (next string, err error) {
	if done, ok := p.meta["done"].(bool); !ok || done {
		if !ok {
			return "", core.NewError(core.CodeInvalid, "source.salesforce", "The answer is none to a query of Salesforce. Nothing was kept. Check the address of this source.", nil)
		}
		return "", nil
	}
	next, _ = p.meta["nextRecordsUrl"].(string)
	if next == "" {
		return "", core.NewError(core.CodeInvalid, "source.salesforce", "Salesforce says that there is more and not where. Nothing was kept. It is tried again at the next run.", nil)
	}
	return next, nil
}
