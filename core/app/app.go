// Package app puts the core together: it opens the data folder, wires the packages to each
// other, runs what runs by itself, and offers the operations the window and the commands
// call. It has no window and no command line of its own.
package app

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"deskwatch/core"
	"deskwatch/core/alert"
	"deskwatch/core/auth"
	"deskwatch/core/event"
	"deskwatch/core/logbook"
	"deskwatch/core/notify"
	"deskwatch/core/orders"
	"deskwatch/core/outbox"
	"deskwatch/core/predict"
	"deskwatch/core/schedule"
	"deskwatch/core/settings"
	"deskwatch/core/source"
	"deskwatch/core/store"
	"deskwatch/core/tickets"
	"deskwatch/core/vault"
)

// Config is what a program says when it opens the desk.
type Config struct {
	DataDir  string           // "" is the default data folder
	LogLevel string           // "" is the setting's
	Program  string           // "deskwatch" or "deskwatchd"
	Now      func() time.Time // nil is the machine's clock
	Icon     string           // of notifications: a file or a name of the icon theme; "" for none
	KeyDir   string           // where the key of the secrets file is kept; "" is the user's config folder
	// OrdersURI is a MongoDB connection string that comes before the order book of the settings,
	// for this process only; it may carry a password. Zero for none.
	OrdersURI core.Secret

	openRemote func(core.OrderBookSettings, core.Secret) (remote, error) // nil: mongostore's; for tests
}

// stopWithin bounds how long Stop waits for work to end.
const stopWithin = 5 * time.Second

// App is the opened desk. Its methods may be called from any goroutine.
type App struct {
	dataDir string
	install string
	now     func() time.Time
	log     *slog.Logger
	logs    *logbook.Book
	bus     *event.Bus

	desk     *store.DB
	book     *shelf
	ledger   alert.Ledger
	queue    outbox.Queue
	mappings orders.Mappings
	memory   schedule.Memory

	pool     tickets.Pool
	index    *tickets.Index
	marks    tickets.Marks
	registry source.Registry
	people   notify.People
	users    auth.Users
	auth     *auth.Service
	seat     seat
	notices  notify.Notices
	telling  telling

	predictions predict.Ledger
	predicting  predicting
	// trainOn is predict.Train; tests have others.
	trainOn func(context.Context, predict.Schema, []predict.Life, predict.Options, *core.Progress) (predict.Trained, error)

	customers customers

	clock replyClock

	settings *settings.Service
	vault    *vault.Vault
	sender   outbox.Sender
	checker  *alert.Checker
	// foreteller does dry runs over a book that is not the one of the rules' baselines.
	foreteller *alert.Checker
	worker     *outbox.Worker
	notifier   *notify.Notifier

	work    context.Context // ends when the desk stops; background work hangs on it
	endWork context.CancelFunc
	running sync.WaitGroup

	groups     settings.Repository // beside the settings: what this data folder is and what its order book is
	override   override
	openRemote func(core.OrderBookSettings, core.Secret) (remote, error)
	checks     turns
	counted    counted
	outage     outage

	watch        watch
	afterImport  sync.Mutex // one check of new imports at a time
	saving       sync.Mutex // one change of the settings at a time
	retryLock    time.Duration
	lookAtImport time.Duration
	pingEvery    time.Duration

	stop     sync.Once
	stopErr  error
	closing  sync.Mutex // guards the two below
	stopped  bool
	cleanups []cleanup // run last to first
	raised   chan core.Raise

	sourceRuns sourceRuns
	team       team
	server     server
	uploads    uploads

	reading     sync.Mutex // the tickets are read into memory once
	following   sync.Once
	followed    atomic.Bool                 // the tickets are followed
	checkPool   func(context.Context) error // reads the whole file of the tickets
	poked       chan struct{}               // wakes the follower
	lookAtPool  time.Duration
	retryServer time.Duration
	ownNames    atomic.Pointer[[]string] // under which the person at this workstation owns tickets
}

type cleanup struct {
	name string
	do   func() error
}

// New opens the data folder and everything in it, and starts nothing by itself.
// The error is one sentence for people. Stop releases what New opened.
func New(ctx context.Context, cfg Config) (*App, error) {
	dir, err := prepareDataDir(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	a := &App{dataDir: dir, now: cfg.Now, raised: make(chan core.Raise, 8), retryLock: retryLock, lookAtImport: lookAtImport, pingEvery: pingEvery,
		poked: make(chan struct{}, 1), lookAtPool: lookAtPool, retryServer: retryServer}
	if a.now == nil {
		a.now = time.Now
	}
	a.server.poked = make(chan struct{}, 1)
	a.predicting.busy, a.predicting.poked, a.trainOn = make(chan struct{}, 1), make(chan struct{}, 1), predict.Train
	a.work, a.endWork = context.WithCancel(core.WithActor(context.Background(), core.TheDesk()))
	if err := a.open(ctx, cfg); err != nil {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		if stopErr := a.Stop(stopCtx); stopErr != nil && a.log != nil {
			a.log.Error("closing after a failed start", "err", stopErr)
		}
		return nil, err
	}
	return a, nil
}

func (a *App) open(ctx context.Context, cfg Config) error {
	if err := a.openLog(cfg); err != nil {
		return err
	}
	a.bus = event.New()
	a.onStop("events", func() error { a.bus.Close(); return nil })
	if err := a.openStores(ctx); err != nil {
		return err
	}
	if err := a.openSettings(ctx, cfg); err != nil {
		return err
	}
	if err := a.openClock(ctx); err != nil {
		return err
	}
	if err := a.openVault(cfg); err != nil {
		return err
	}
	if err := a.openOrderBook(ctx, cfg); err != nil {
		return err
	}
	a.openAuth()
	if err := a.openSeat(ctx, cfg); err != nil {
		return err
	}
	a.wireAlerts()
	a.notifier = notify.New(notify.Options{Icon: cfg.Icon})
	a.onStop("notifications", a.notifier.Close)
	a.openTelling(cfg)
	a.log.Info("opened", "program", cfg.Program, "version", Version, "data", a.dataDir)
	return nil
}

func (a *App) openStores(ctx context.Context) error {
	var err error
	if a.desk, err = store.Open(ctx, filepath.Join(a.dataDir, store.DeskFile), store.KindDesk); err != nil {
		return err
	}
	a.onStop("desk database", a.desk.Close)
	a.ledger = store.NewLedger(a.desk)
	a.queue = store.NewQueue(a.desk)
	a.mappings = store.NewMappings(a.desk)
	a.memory = store.NewScheduleMemory(a.desk)
	a.marks = store.NewMarks(a.desk)
	a.registry = store.NewRegistry(a.desk)
	users := store.NewUsers(a.desk)
	a.people, a.users = users, users
	a.notices = store.NewNotices(a.desk)
	a.predictions = store.NewPredictions(a.desk)
	return a.openPool(ctx)
}

// onStop registers a clean-up; they run last to first.
func (a *App) onStop(name string, do func() error) {
	a.closing.Lock()
	defer a.closing.Unlock()
	a.cleanups = append(a.cleanups, cleanup{name, do})
}

// Stop ends the schedules, open work and connections, in the reverse order of their
// beginning, within ctx and five seconds at most. It is idempotent.
func (a *App) Stop(ctx context.Context) error {
	a.stop.Do(func() { a.stopErr = a.shutDown(ctx) })
	return a.stopErr
}

func (a *App) shutDown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	a.endServing(ctx) // first: what others posted may still be taken
	a.closing.Lock()
	a.stopped = true
	a.endWork()
	a.closing.Unlock()
	var errs []error
	ended := make(chan error, 1)
	go func() {
		// The schedules first: background work may wait for one of their jobs.
		err := a.stopSchedules(ctx)
		a.running.Wait()
		// Watching may have begun in the same moment.
		ended <- errors.Join(err, a.stopSchedules(ctx))
	}()
	select {
	case err := <-ended:
		errs = append(errs, err)
	case <-ctx.Done():
		errs = append(errs, core.NewError(core.CodeUnavailable, "app.stop", "Some work did not end in time and was left; what it had not finished is not kept.", ctx.Err()))
	}
	a.closing.Lock()
	cleanups := slices.Clone(a.cleanups)
	a.closing.Unlock()
	for _, c := range slices.Backward(cleanups) {
		if err := c.do(); err != nil {
			errs = append(errs, core.NewError(core.ErrorCode(err), "app.stop", "Closing the "+c.name+" failed. What was saved before is kept.", err))
		}
	}
	return errors.Join(errs...)
}

// background runs do until it returns; Stop cancels its ctx and waits for it. After Stop
// nothing is begun any more.
func (a *App) background(do func(ctx context.Context)) {
	a.closing.Lock()
	defer a.closing.Unlock()
	if a.stopped {
		return
	}
	a.running.Add(1)
	go func() {
		defer a.running.Done()
		do(a.work)
	}()
}

// begin is called by every operation that may take long, or that changes more than one
// statement can: Stop ends its context and waits for end, so that nothing goes on over closed
// databases. After Stop it fails.
func (a *App) begin(ctx context.Context) (work context.Context, end func(), err error) {
	a.closing.Lock()
	defer a.closing.Unlock()
	if a.stopped {
		return ctx, nil, core.NewError(core.CodeUnavailable, "app.begin", "Deskwatch is closing. Nothing was done.", nil)
	}
	a.running.Add(1)
	work, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(a.work, cancel)
	return work, func() {
		unhook()
		cancel()
		a.running.Done()
	}, nil
}

// DataDir is the absolute path of the data folder.
func (a *App) DataDir() string { return a.dataDir }

// Version is the program's version.
func (a *App) Version() string { return Version }

// Now is the desk's clock.
func (a *App) Now() time.Time { return a.now() }

// Subscribe returns a stream of events; the oldest are dropped when the reader is slow.
func (a *App) Subscribe(buffer int) (events <-chan core.Event, cancel func()) {
	return a.bus.Subscribe(buffer)
}
