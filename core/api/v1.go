package api

import (
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

const v1 = "/api/v1"

// The headings of the document.
const (
	meTag         = "Who asks"
	ticketTag     = "Tickets"
	predictionTag = "Predictions"
	customerTag   = "Customers"
	orderTag      = "Orders and alerts"
	userTag       = "Users and tokens"
	deskTag       = "The desk"
	eventTag      = "Events"
	machineTag    = "The server"
)

// Paged is what a list takes that comes in pages.
type Paged struct {
	Limit int    `query:"limit" default:"100" doc:"How many at most, 1 to 1000; more and less are taken for these"`
	After string `query:"after" maxLength:"2000" doc:"next of the page before"`
}

// maxPage is how many items a page has at most.
const maxPage = 1000

func (p Paged) limit() int { return max(1, min(p.Limit, maxPage)) }

// number reads After where it is a number; 0 without one.
func (p Paged) number() (int64, error) {
	if p.After == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(p.After, 10, 64)
	if err != nil || n < 0 {
		return 0, core.NewError(core.CodeInvalid, "api.page", "after is not the next of a page before. Begin with the first page.", err)
	}
	return n, nil
}

// body is an answer with nothing but a body.
type body[T any] struct{ Body T }

func answerWith[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

// nothing is an answer without a body.
type nothing struct{}

func done(err error) (*nothing, error) { return nil, err }

// orEmpty makes a list that is not null in JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// nextNumber is the cursor behind the last item of a full page.
func nextNumber[T any](list []T, limit int, id func(T) int64) string {
	if len(list) < limit {
		return ""
	}
	return strconv.FormatInt(id(list[len(list)-1]), 10)
}

// dayIn reads a day of a query, as 2026-03-31; zero for none.
func dayIn(name, text string) (core.Day, error) {
	if text == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, core.NewError(core.CodeInvalid, "api.day", name+" is not a day. Write it as year, month and day, such as 2026-03-31.", err)
	}
	return core.DayOf(t), nil
}

// monthIn reads a month of a query, as 2026-03; zero for none.
func monthIn(text string) (core.Month, error) {
	if text == "" {
		return 0, nil
	}
	return core.ParseMonth(text)
}

// statusesIn reads order statuses, with commas between; none for none.
func statusesIn(text string) (core.StatusSet, error) {
	if strings.TrimSpace(text) == "" {
		return 0, nil
	}
	return core.ParseStatusSet(text)
}
