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
	// sweepTime bounds one statement that touches all documents of an import.
	sweepTime = 10 * time.Minute
)

const phaseWaiting = "Waiting for the database"

// attemptTime bounds one question or one bulk of writes, as the settings promise.
func (b *Book) attemptTime() time.Duration {
	return 10 * time.Duration(max(b.opt.Settings.TimeoutSeconds, 1)) * time.Second
}

// patiently does a step of a change, again with growing pauses while the trouble is one that
// passes. The step must be one that may be done twice, since nobody knows whether a write
// whose answer was lost happened.
func (h *hold) patiently(ctx context.Context, each time.Duration, do func(ctx context.Context) error) error {
	var since time.Time
	for pause := h.patience / firstPause; ; pause = min(2*pause, h.patience/longestPause) {
		attempt, cancel := context.WithTimeout(ctx, each)
		err := do(attempt)
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case h.lost.Load():
			return h.lostFault()
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

// there takes out of a bulk's error that documents were there already, and says which: a
// repeated write finds what the first try wrote.
func there(err error) (which []int, _ error) {
	const duplicateKey = 11000
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil || len(bulk.WriteErrors) == 0 {
		return nil, err
	}
	for _, w := range bulk.WriteErrors {
		if w.Code != duplicateKey {
			return nil, err
		}
		which = append(which, w.Index)
	}
	return which, nil
}

// written is there for those who write what never changes.
func written(err error) error {
	_, err = there(err)
	return err
}
