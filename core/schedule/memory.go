// Package schedule runs named jobs on time with gocron: one run of a job at a time, panics
// become reports, and what was missed while the machine slept is caught up once.
package schedule

import (
	"context"
	"time"
)

// Memory remembers when a job last ran, over restarts.
type Memory interface {
	LastRun(ctx context.Context, job string) (time.Time, error) // zero: never
	SetLastRun(ctx context.Context, job string, at time.Time) error
}
