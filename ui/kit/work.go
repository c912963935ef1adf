package kit

import (
	"context"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// Work runs work that takes long off the UI goroutine, then done on it. Meanwhile it stands in the
// status line with Cancel; p is its progress, cancel stops it.
func Work[T any](ctx context.Context, ui async.Dispatcher, host Host, title string, work func(context.Context, *core.Progress) (T, error), done func(T, error)) (p *core.Progress, cancel func()) {
	ctx, stop := context.WithCancel(ctx)
	p = new(core.Progress)
	ended := host.Work(title, stop, p)
	async.Run(ctx, ui, func(ctx context.Context) (T, error) { return work(ctx, p) }, func(v T, err error) {
		stop()
		ended()
		done(v, err)
	})
	return p, stop
}

// Told is done, after which a failure is told to the user unless it is only a cancel.
func Told[T any](host Host, done func(T, error)) func(T, error) {
	return func(v T, err error) {
		done(v, err)
		if err != nil && !Canceled(err) {
			host.Fail(err)
		}
	}
}

// Canceled reports whether err only says that somebody stopped the work.
func Canceled(err error) bool { return core.ErrorCode(err) == core.CodeCanceled }
