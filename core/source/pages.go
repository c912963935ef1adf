package source

import (
	"errors"
	"io"

	"deskwatch/core"
)

// page is one page of a server's tickets.
type page interface {
	Next() (core.Ticket, error)
	// next names the next page, "" behind the last; it is asked when Next has ended.
	next() (string, error)
	records() int // read so far
}

// pages is a stream of tickets that come page by page.
type pages struct {
	format string
	fetch  func(next string) ([]byte, error) // "" the first
	open   func(body []byte) (page, error)
	close  func()

	page    page
	read    int // records of the pages before
	at      string
	visited map[string]bool
	err     error // what ended the stream
}

func (p *pages) Format() string { return p.format }

func (p *pages) Close() error {
	p.close()
	return nil
}

func (p *pages) Next() (core.Ticket, error) {
	for p.err == nil {
		if p.page == nil {
			if p.err = p.load(); p.err != nil {
				break
			}
		}
		t, err := p.page.Next()
		var r *Rejected
		switch {
		case err == nil:
			return t, nil
		case errors.As(err, &r):
			r.Line += p.read
			return t, r
		case err == io.EOF:
			p.err = p.turn()
		default:
			p.err = err
		}
	}
	return core.Ticket{}, p.err
}

func (p *pages) load() error {
	body, err := p.fetch(p.at)
	if err == nil {
		p.page, err = p.open(body)
	}
	return err
}

// turn goes on to the next page; io.EOF says that there is none.
func (p *pages) turn() error {
	next, err := p.page.next()
	if err != nil {
		return err
	}
	if next == "" {
		return io.EOF
	}
	if p.visited == nil {
		p.visited = map[string]bool{}
	}
	if p.visited[next] {
		return core.NewError(core.CodeInvalid, "source.pages", "The server leads round in a circle from page to page. Nothing was kept. Tell its administrator.", nil)
	}
	p.visited[next] = true
	p.read += p.page.records()
	p.page, p.at = nil, next
	return nil
}
