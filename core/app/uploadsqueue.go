package app

import (
	"context"
	"sync"
	"time"

	"deskwatch/core"
)

const (
	postsAtOnce   = 16 // arriving, waiting or being taken
	postsOfOne    = 12 // of them one user's, so that no collector keeps the others out
	postsWaiting  = 8  // arrived, and waiting for their turn
	postRetryTime = 5 * time.Second
)

// uploadQueue lets one post be taken at a time and a few wait; the others are to come again.
type uploadQueue struct {
	mu              sync.Mutex
	inside, waiting int
	of              map[string]int // of those inside, by user
	busy            chan struct{}  // made at first use; holds a token while a post is taken
}

// enter lets a post of a user arrive.
func (q *uploadQueue) enter(user string) (leave func(), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.inside >= postsAtOnce || q.of[user] >= postsOfOne {
		return nil, queueFull(nil)
	}
	if q.of == nil {
		q.of = map[string]int{}
	}
	q.inside++
	q.of[user]++
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.inside--
		if q.of[user]--; q.of[user] == 0 {
			delete(q.of, user)
		}
	}, nil
}

// turn waits until no other post is being taken. Of two that wait either may be the next.
func (q *uploadQueue) turn(ctx context.Context) (end func(), err error) {
	q.mu.Lock()
	if q.busy == nil {
		q.busy = make(chan struct{}, 1)
	}
	end = func() { <-q.busy }
	select {
	case q.busy <- struct{}{}:
		q.mu.Unlock()
		return end, nil
	default:
	}
	if q.waiting >= postsWaiting {
		q.mu.Unlock()
		return nil, queueFull(nil)
	}
	q.waiting++
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.waiting--
	}()
	select {
	case q.busy <- struct{}{}:
		return end, nil
	case <-ctx.Done():
		return nil, queueFull(ctx.Err())
	}
}

func queueFull(cause error) error {
	return &core.Error{Code: core.CodeBusy, Op: "app.post", Message: "The desk takes as many posts as it can at the moment. Nothing was kept. Send it again in a few seconds.", Err: cause, RetryAfter: postRetryTime}
}
