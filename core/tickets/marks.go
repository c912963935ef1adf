package tickets

import (
	"context"

	"deskwatch/core"
)

// Marks is where the desk keeps what people say of tickets and customers. It is apart from the
// pool: tickets can be fetched again, a person's word cannot. Errors are *core.Error.
type Marks interface {
	// Attention lists every acknowledgement and snooze that is kept.
	Attention(ctx context.Context) ([]core.Attention, error)
	// SaveAttention replaces those of the same ticket and kind, all or nothing.
	SaveAttention(ctx context.Context, list []core.Attention) error
	DeleteAttention(ctx context.Context, kind core.AttentionKind, keys []core.TicketKey) error

	Flags(ctx context.Context) ([]core.ToughFlag, error)
	SaveFlag(ctx context.Context, f core.ToughFlag) error // replaces the customer's
	DeleteFlag(ctx context.Context, customer core.CustomerKey) error

	// Links lists every link, refused ones too.
	Links(ctx context.Context) ([]core.CustomerLink, error)
	// SaveLinks replaces those of the same two customers, all or nothing.
	SaveLinks(ctx context.Context, list []core.CustomerLink) error
	// ReplaceFound makes list the only links with the states sure and proposed; a link of two
	// customers a person decided about is left as it is.
	ReplaceFound(ctx context.Context, list []core.CustomerLink) error

	Filters(ctx context.Context) ([]core.SavedFilter, error) // by name
	SaveFilter(ctx context.Context, f core.SavedFilter) error
	DeleteFilter(ctx context.Context, name string) error
}
