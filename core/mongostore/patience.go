package mongostore

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"deskwatch/core"
)

const (
	// defaultPatience is how long a change goes on trying while the database does not answer:
	// a replica set elects a new primary within some 12 seconds, a restart takes longer.
	defaultPatience = time.Minute
	firstPause      = 600 // parts of the patience
	longestPause    = 12
	// sweepTime bounds one step that touches all documents of an import, which may be millions.
	// That a server went away the driver finds out sooner.
	sweepTime = time.Hour
)

const phaseWaiting = "Waiting for the database"

// attemptTime bounds one question or one bulk of writes, as the settings promise.
func (b *Book) attemptTime() time.Duration {
	return 10 * time.Duration(max(b.opt.Settings.TimeoutSeconds, 1)) * time.Second
}

// patiently does a step of a change, while the lease is ours; see retry.
func (h *hold) patiently(ctx context.Context, each time.Duration, do func(ctx context.Context) error) error {
	return h.retry(ctx, each, func(ctx context.Context) error {
		if err := h.awake(ctx); err != nil {
			return err
		}
		return do(ctx)
	})
}

// retry does a step, again with growing pauses while the trouble is one that passes. The step
// must be one that may be done twice, since nobody knows whether a write whose answer was lost
// happened, or still will: the server goes on with what it began.
func (h *hold) retry(ctx context.Context, each time.Duration, do func(ctx context.Context) error) error {
	var since time.Time
	for pause := h.patience / firstPause; ; pause = min(2*pause, h.patience/longestPause) {
		attempt, cancel := context.WithTimeout(ctx, each)
		err := do(attempt)
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			h.unsure.Store(true)
			return ctx.Err()
		case !passes(err):
			return err
		}
		h.unsure.Store(true)
		if since.IsZero() {
			since = time.Now()
			defer h.showPhase(h.phase())
			h.showPhase(phaseWaiting)
		}
		if time.Since(since)+pause > h.patience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

func (h *hold) phase() string {
	if h.progress == nil {
		return ""
	}
	return h.progress.State().Phase
}

func (h *hold) showPhase(phase string) {
	if h.progress != nil {
		h.progress.SetPhase(phase)
	}
}

// passes reports whether trouble may be over when the same is tried again.
func passes(err error) bool {
	var already *core.Error
	var selection topology.ServerSelectionError
	switch {
	case errors.As(err, &already):
		return already.Code == core.CodeUnavailable
	case errors.Is(err, context.Canceled):
		return false
	case lost(err), mongo.IsTimeout(err), errors.As(err, &selection):
		return !errors.Is(err, topology.ErrTopologyClosed)
	}
	var labeled mongo.LabeledError
	if errors.As(err, &labeled) && (labeled.HasErrorLabel("RetryableWriteError") || labeled.HasErrorLabel("RetryableReadError")) {
		return true
	}
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return false
	}
	for _, code := range passingCodes() {
		if server.HasErrorCode(code) {
			return true
		}
	}
	return false
}

// passingCodes are those the specifications of retryable reads and writes name, and besides
// them CursorNotFound, WriteConcernFailed and the throttling of hosted databases.
func passingCodes() []int {
	return []int{6, 7, 43, 50, 64, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436, 16500}
}
