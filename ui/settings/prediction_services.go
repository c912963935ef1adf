package settings

import (
	"context"

	"deskwatch/core"
)

// PredictionDesk is what the page of predictions needs of the core. Its methods block and are
// never called on the UI goroutine.
type PredictionDesk interface {
	// ModelState says what predicts how tickets end, and why.
	ModelState(ctx context.Context) (core.ModelState, error)
	// TrainModel trains a model on the desk's own tickets and puts it in force where it is better
	// than the one that is.
	TrainModel(ctx context.Context, p *core.Progress) (core.TrainingResult, error)
}
