package notify

import (
	"context"
	"time"

	"deskwatch/core"
)

// People knows who is told: the active users who are no collectors, by name. Errors are *core.Error.
type People interface {
	People(ctx context.Context) ([]core.Person, error)
}

// Notices keeps what people are to be told, were told, and were not. Errors are *core.Error.
type Notices interface {
	// AddNotices stores them and returns those that are new: a notice of the same kind to the
	// same person by the same way about the same ticket is new again only when the last one is
	// older than again.
	AddNotices(ctx context.Context, list []core.Notice, again time.Duration) ([]core.Notice, error)
	// Waiting lists what waits to be told by one way, the most pressing first, at most 10,000.
	Waiting(ctx context.Context, via string) ([]core.Notice, error)
	// MarkTold records how these were told, or why not; one that was recorded before is left alone.
	MarkTold(ctx context.Context, ids []int64, how string, at time.Time) error
	// TellByMail queues mails and records that these notices were told, both or neither: no
	// crash tells twice, or not at all.
	TellByMail(ctx context.Context, mails []core.NewDelivery, ids []int64, how string, at time.Time) error
	Notices(ctx context.Context, q core.NoticeQuery) ([]core.Notice, error)
	// AtRiskMailed are the people who were told of tickets at risk by mail since a time.
	AtRiskMailed(ctx context.Context, since time.Time) (map[string]bool, error)
	// LastNotified and SetLastNotified remember up to which ticket event people were told.
	LastNotified(ctx context.Context) (seq int64, ok bool, err error)
	SetLastNotified(ctx context.Context, seq int64) error
}
