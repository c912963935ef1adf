package settings

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// formState is what the form shows besides the values.
type formState struct {
	Dirty    bool
	Saving   bool
	Problems map[string]string // by dotted name
}

// view is what the presenter drives.
type view interface {
	showSettings(s core.Settings)
	showForm(f formState)
	showSecret(name string, s secretState)
	showBook(s bookState)
	showStatus(st core.DeskStatus)
	showNames(names []string)
	showExample(o outcome)
	showTest(sentence string, tone kit.Tone)
	showFindings(list []core.Finding)
}

// presenter holds the draft of the settings until it is saved or reverted.
type presenter struct {
	desk   Desk
	host   kit.Host
	ui     async.Dispatcher
	view   view
	ctx    context.Context
	cancel context.CancelFunc
	stop   func()
	status *async.Loader[core.DeskStatus]
	names  *async.Loader[[]string] // of those who may sit here
	// example is of the clock in the draft, exampled the clock it was last asked of.
	example  *async.Loader[string]
	exampled *core.ClockSettings
	// clockOpen is set once the page that shows it was looked at.
	clockOpen bool
	fresh     *async.Coalescer

	saved, draft core.Settings
	typed        map[string]string // problems of texts that are no value at all, such as "12a"
	passwords    map[string]*password
	book         bookWork
	saving       bool
	signers      signers
}

func newPresenter(desk Desk, host kit.Host, ui async.Dispatcher) *presenter {
	p := &presenter{desk: desk, host: host, ui: ui, typed: map[string]string{}, passwords: map[string]*password{}, status: async.NewLoader[core.DeskStatus](ui),
		names: async.NewLoader[[]string](ui), example: async.NewLoader[string](ui)}
	for _, name := range passwordNames {
		p.passwords[name] = &password{}
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.fresh = async.NewCoalescer(ui, p.loadStatus)
	return p
}

func (p *presenter) start(v view) {
	p.view = v
	p.saved = cloned(p.desk.Settings())
	p.draft = cloned(p.saved)
	p.stop = async.Listen(p.ui, p.desk.Subscribe, p.hear)
	p.view.showSettings(p.draft)
	p.tell()
	if p.host.May(core.ReadSettings) {
		p.loadSecrets()
	}
	p.loadStatus()
}

func (p *presenter) close() {
	if p.stop != nil {
		p.stop()
	}
	p.fresh.Close()
	p.status.Close()
	p.names.Close()
	p.example.Close()
	p.cancel()
}

func (p *presenter) hear(e core.Event) {
	if e, ok := e.(core.SettingsChanged); ok {
		p.changedElsewhere(e.Settings)
	}
	p.fresh.Poke()
}

// changedElsewhere takes over what somebody else saved, and keeps what is being edited here.
func (p *presenter) changedElsewhere(s core.Settings) {
	old := p.saved
	p.saved = cloned(s)
	p.draft = rebased(p.draft, old, s)
	p.view.showSettings(p.draft)
	p.tell()
}

// edit changes the draft by what a person typed into the field of that name. change returns a
// problem when the text is no value at all; the draft then keeps the value it had.
func (p *presenter) edit(name string, change func(s *core.Settings) (problem string)) {
	delete(p.typed, name)
	if problem := change(&p.draft); problem != "" {
		p.typed[name] = problem
	}
	p.tell()
}

func (p *presenter) form() formState {
	f := formState{Saving: p.saving, Problems: map[string]string{}}
	f.Dirty = !same(p.draft, p.saved) || len(p.newPasswords()) > 0 || len(p.typed) > 0
	for _, pr := range p.desk.CheckSettings(p.draft) {
		if f.Problems[pr.Name] == "" {
			f.Problems[pr.Name] = pr.Message
		}
	}
	if text := lockedOut(p.draft.SignIn, p.saved.SignIn, p.signers); text != "" {
		f.Problems["sign_in.mode"] = text
	}
	for name, text := range p.typed {
		f.Problems[name] = text
	}
	return f
}

func (p *presenter) tell() {
	f := p.form()
	p.view.showForm(f)
	p.view.showBook(p.bookState())
	p.loadExample(f.Problems)
}

func (p *presenter) revert() {
	p.draft = cloned(p.saved)
	p.typed = map[string]string{}
	p.book.note = ""
	p.view.showSettings(p.draft)
	p.dropPasswords()
	p.tell()
}

// save stores the draft and the new passwords.
func (p *presenter) save() {
	if f := p.form(); p.saving || !f.Dirty || len(f.Problems) > 0 {
		return
	}
	p.saving = true
	p.tell()
	set, passwords, inUse := cloned(p.draft), p.newPasswords(), p.saved.OrderBook.Kind == core.BookMongoDB
	async.Run(p.ctx, p.ui, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.store(ctx, set, passwords, inUse)
	}, func(_ struct{}, err error) {
		p.saving = false
		if err != nil {
			p.tell()
			p.host.Fail(err)
			return
		}
		p.saved = cloned(set)
		p.bookSaved(passwords[core.SecretOrderBook])
		p.passwordsSaved(passwords)
		p.view.showSettings(p.draft)
		p.tell()
		p.host.Toast(kit.ToneGood, kit.T("The settings are saved."))
	})
}

// store stores the settings and then the passwords. That of an order database which is not in
// use yet goes first, so that the first connection has it.
func (p *presenter) store(ctx context.Context, set core.Settings, passwords map[string]*core.Secret, inUse bool) error {
	later := []string{core.SecretSMTP, core.SecretOrderBook}
	if secret := passwords[core.SecretOrderBook]; secret != nil && !inUse {
		later = later[:1]
		if err := p.desk.SetSecret(ctx, core.SecretOrderBook, *secret); err != nil {
			return err
		}
	}
	if err := p.desk.SaveSettings(ctx, set); err != nil {
		return err
	}
	for _, name := range later {
		if secret := passwords[name]; secret != nil {
			if err := p.desk.SetSecret(ctx, name, *secret); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *presenter) loadStatus() {
	p.status.Load(p.desk.Status, func(st core.DeskStatus, err error) {
		if err == nil { // the status line of the window says it when there is an error
			p.view.showStatus(st)
			p.book.old = st.OldBook
			p.view.showBook(p.bookState())
		}
	})
}

// pause stops or resumes the mailing of alerts at once; d 0 means until resumed.
func (p *presenter) pause(paused bool, d time.Duration) {
	var until time.Time
	if paused && d > 0 {
		until = p.desk.Now().Add(d)
	}
	p.run(func(ctx context.Context) error { return p.desk.SetPaused(ctx, paused, until) }, p.loadStatus)
}

// doctor has everything examined.
func (p *presenter) doctor(done func()) {
	async.Run(p.ctx, p.ui, func(ctx context.Context) ([]core.Finding, error) { return p.desk.Doctor(ctx), nil },
		func(list []core.Finding, _ error) {
			done()
			p.view.showFindings(list)
		})
}

// loadSample fills the empty order book with generated orders.
func (p *presenter) loadSample(done func()) {
	long(p, kit.T("Loading sample data"), p.desk.LoadSample, func(r core.ImportResult, err error) {
		done()
		if err != nil {
			p.host.Fail(err)
			return
		}
		p.host.ToastAction(kit.ToneGood, kit.T("Sample data is loaded: %s.", kit.N("%s order", "%s orders", r.OrdersNew)),
			kit.T("Show"), func() { p.host.Go(kit.TabOrders) })
		p.loadStatus()
	})
}

// removeSample takes exactly the sample data away.
func (p *presenter) removeSample(done func()) {
	q := kit.Question{Title: kit.T("Remove the sample data?"), Text: kit.T("The sample orders and clients and their alerts are removed. Your own orders stay."),
		Yes: kit.T("Remove sample data"), Danger: true}
	p.host.Confirm(q, func() {
		p.run(func(ctx context.Context) error { _, err := p.desk.RemoveSample(ctx); return err }, func() {
			p.host.Toast(kit.ToneGood, kit.T("The sample data is removed."))
			p.loadStatus()
		})
	})
	done()
}

// run does one thing that has no answer; ok runs when it went well.
func (p *presenter) run(work func(context.Context) error, ok func()) {
	async.Run(p.ctx, p.ui, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) },
		func(_ struct{}, err error) {
			if err != nil {
				p.host.Fail(err)
				return
			}
			ok()
		})
}

// long does one piece of work that stands in the status line with Cancel until it has ended.
func long[T any](p *presenter, title string, work func(context.Context, *core.Progress) (T, error), done func(T, error)) {
	kit.Work(p.ctx, p.ui, p.host, title, work, done)
}
