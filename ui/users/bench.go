package users

import (
	"context"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// bench is what every presenter of this tab works with. Its fields are set once by the tab.
type bench struct {
	desk Desk
	host kit.Host
	ui   async.Dispatcher // drops calls once the tab is closed
	ctx  context.Context  // ends with the tab
	// showOnce puts a text over the window that is shown this one time.
	showOnce func(title, sentence, text string)
}

// mayEdit reports whether who sits here may change users and tokens.
func (b *bench) mayEdit() bool { return b.host.May(core.EditUsers) }

// sits reports whether this user is signed in at this window.
func (b *bench) sits(id int64) bool {
	s := b.desk.Seat()
	return s.Required && s.Actor.UserID == id
}

// do runs one piece of work off the UI goroutine, then done on it.
func do[T any](b *bench, work func(context.Context) (T, error), done func(T, error)) {
	async.Run(b.ctx, b.ui, work, done)
}

// nothing has work without an answer go where one is expected.
func nothing(work func(context.Context) error) func(context.Context) (struct{}, error) {
	return func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }
}
