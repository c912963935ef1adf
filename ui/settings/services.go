// Package settings is the Settings tab: one form per group, validated as typed.
package settings

import (
	"context"
	"time"

	"deskwatch/core"
)

// Desk is what this tab needs of the core. Methods with a ctx block and are never called on
// the UI goroutine.
type Desk interface {
	SourceDesk
	ServerDesk
	PredictionDesk
	Settings() core.Settings
	// CheckSettings lists what is wrong, by dotted name; it only computes.
	CheckSettings(s core.Settings) []core.SettingProblem
	SaveSettings(ctx context.Context, s core.Settings) error
	// SetSecret stores a secret, or removes it when it is zero.
	SetSecret(ctx context.Context, name string, secret core.Secret) error
	// SecretState says whether the secret is set, and where secrets live, in words.
	SecretState(ctx context.Context, name string) (set bool, where string, err error)
	// SendTestMail completes one real transaction with the given settings, saved or not.
	// A nil password means the stored one.
	SendTestMail(ctx context.Context, m core.MailSettings, password *core.Secret, to string) (core.SendReport, error)
	// TestOrderBook connects with the given settings, saved or not, and changes nothing there.
	// A nil password means the stored one.
	TestOrderBook(ctx context.Context, s core.OrderBookSettings, password *core.Secret) (core.BookReport, error)
	// CreateBookIndexes makes the indexes that are missing in the MongoDB of the saved settings.
	CreateBookIndexes(ctx context.Context, p *core.Progress) error
	// CopyOrders copies the embedded book into the MongoDB of the saved settings and compares
	// the counts. The embedded book stays as it is; copying again adds nothing twice.
	CopyOrders(ctx context.Context, p *core.Progress) (core.CopyResult, error)
	// RemoveEmbeddedBook removes the file of the embedded book while MongoDB is in use, and says
	// what was in it.
	RemoveEmbeddedBook(ctx context.Context) (core.RemovedBook, error)
	// ClockExample says what the clock of s, saved or not, makes of an hour that begins on a Friday
	// afternoon: "Friday 16:30 + 1 h → Monday 09:30". It reads the holidays file.
	ClockExample(s core.ClockSettings) (string, error)
	// Users lists the users by name.
	Users(ctx context.Context) ([]core.User, error)
	SetPaused(ctx context.Context, paused bool, until time.Time) error
	Status(ctx context.Context) (core.DeskStatus, error)
	Doctor(ctx context.Context) []core.Finding
	LoadSample(ctx context.Context, p *core.Progress) (core.ImportResult, error)
	RemoveSample(ctx context.Context) (core.UndoResult, error)
	Subscribe(buffer int) (events <-chan core.Event, cancel func())
	Now() time.Time
	DataDir() string
	Version() string
}
