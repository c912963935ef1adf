package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail"
	"deskwatch/core/settings"
	"deskwatch/core/store"
	"deskwatch/core/vault"
)

// installGroup is where the data folder's own id is kept, beside the settings groups.
const installGroup = "installation"

func (a *App) openSettings(ctx context.Context, cfg Config) error {
	repo := store.NewSettings(a.desk)
	a.groups = repo
	a.settings = settings.New(repo, func(s core.Settings) { a.bus.Publish(core.SettingsChanged{Settings: s}) })
	problems, err := a.settings.Load(ctx)
	if core.ErrorCode(err) == core.CodeInvalid {
		return a.damagedDesk(err)
	}
	if err != nil {
		return err
	}
	for _, p := range problems {
		a.log.Warn("a stored setting cannot be used and is at its default", "setting", p.Name, "problem", p.Message)
	}
	if cfg.LogLevel == "" {
		if err := a.logs.SetLevel(a.settings.Current().General.LogLevel); err != nil {
			return err
		}
	}
	a.sender = carrier{func() core.MailSettings { return a.settings.Current().Mail }, a.smtpPassword}
	return a.loadInstallID(ctx, repo)
}

// loadInstallID reads the id the data folder was given when it was made: it tells its
// Message-IDs and its secrets from those of another data folder.
func (a *App) loadInstallID(ctx context.Context, repo settings.Repository) error {
	groups, err := repo.LoadSettings(ctx)
	if err != nil {
		return err
	}
	var kept struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(groups[installGroup], &kept); err != nil || kept.ID == "" {
		return a.damagedDesk(err)
	}
	a.install = kept.ID
	return nil
}

func (a *App) damagedDesk(cause error) error {
	return core.NewError(core.CodeInvalid, "app.settings", fmt.Sprintf(
		"%s is damaged and was left as it is. Restore it from a backup, or move it away to begin with empty settings and an empty outbox.", a.desk.Path()), cause)
}

// forceFileVault is the environment variable that keeps secrets out of the desktop's keyring.
const forceFileVault = "DESKWATCH_VAULT"

func (a *App) openVault(cfg Config) error {
	keyDir := cfg.KeyDir
	if keyDir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			base = a.dataDir
		}
		keyDir = filepath.Join(base, "deskwatch-key")
	}
	a.vault = vault.Open(vault.Options{
		DataDir: a.dataDir, KeyDir: keyDir, ID: a.install,
		FileOnly: strings.EqualFold(os.Getenv(forceFileVault), "file"),
	})
	return nil
}

func (a *App) smtpPassword(ctx context.Context) (core.Secret, error) {
	s, _, err := a.vault.Get(ctx, core.SecretSMTP)
	return s, err
}

// Settings returns the settings in force.
func (a *App) Settings() core.Settings { return a.settings.Current() }

// SettingsList lists every setting by its dotted name.
func (a *App) SettingsList() []settings.Entry { return settings.List(a.settings.Current()) }

// CheckSettings lists what is wrong with s.
func (a *App) CheckSettings(s core.Settings) []core.SettingProblem { return settings.Check(s) }

// SaveSettings stores settings that have nothing wrong with them and puts them in force.
//
// A password in the address of the order database goes into the vault.
func (a *App) SaveSettings(ctx context.Context, s core.Settings) error {
	return a.changeSettings(ctx, func(before core.Settings) (core.Settings, error) { return s, a.allowSettings(ctx, before, s) })
}

// allowSettings fails when the one ctx works for may not turn the settings before into after.
func (a *App) allowSettings(ctx context.Context, before, after core.Settings) error {
	for _, p := range neededFor(before, after) {
		if err := a.allow(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// neededFor is what somebody must be allowed for a change of the settings: how this window looks
// is everybody's own who has one, how the desk is reached and where its orders are is an admin's.
// Settings that do not change need what the least of them does.
func neededFor(before, after core.Settings) []core.Permission {
	var list []core.Permission
	if before.General.Theme != after.General.Theme || before.General.Notifications != after.General.Notifications {
		list = append(list, core.SetOwnWindow)
	}
	if !reflect.DeepEqual(before.Server, after.Server) || before.SignIn != after.SignIn || before.OrderBook != after.OrderBook {
		list = append(list, core.EditServer)
	}
	// All the others, those that are yet to come as well.
	after.General.Theme, after.General.Notifications = before.General.Theme, before.General.Notifications
	after.Server, after.SignIn, after.OrderBook = before.Server, before.SignIn, before.OrderBook
	if !reflect.DeepEqual(before, after) {
		list = append(list, core.EditSettings)
	}
	if list == nil {
		list = append(list, core.SetOwnWindow)
	}
	return list
}

// keepPassword puts a password in the address of the order database where secrets belong.
func (a *App) keepPassword(ctx context.Context, s *core.Settings) (kept bool, err error) {
	at := core.ParseMongoAddress(s.OrderBook.URI)
	if !at.HasPassword {
		return false, nil
	}
	clean := *s
	clean.OrderBook.URI = at.String()
	if problems := settings.Check(clean); len(problems) > 0 {
		return false, core.NewError(core.CodeInvalid, "app.settings", "The settings were not saved. "+problems[0].Name+": "+problems[0].Message, nil)
	}
	*s = clean
	if at.Password.IsZero() {
		return false, nil // it had only the place for one
	}
	return true, a.vault.Set(ctx, core.SecretOrderBook, at.Password)
}

// bookFor prepares the order book the settings after want; nil when it is the one in use.
func (a *App) bookFor(ctx context.Context, before, after core.Settings) (*openBook, error) {
	if problems := settings.Check(after); len(problems) > 0 {
		return nil, nil // Save says what is wrong
	}
	now, next := a.bookSettings(before), a.bookSettings(after)
	both := now.OrderBook.Kind == core.BookSQLite && next.OrderBook.Kind == core.BookSQLite
	if both || now.OrderBook == next.OrderBook {
		return nil, nil
	}
	return a.prepare(ctx, next)
}

// changeSettings puts in force what change makes of the settings in force; no other change
// comes between.
func (a *App) changeSettings(ctx context.Context, change func(core.Settings) (core.Settings, error)) error {
	a.saving.Lock()
	defer a.saving.Unlock()
	before := a.settings.Current()
	s, err := change(before)
	if err != nil {
		return err
	}
	newPassword, err := a.keepPassword(ctx, &s)
	if err != nil {
		return err
	}
	next, err := a.bookFor(ctx, before, s)
	if err != nil {
		return err
	}
	if err := a.settings.Save(ctx, s); err != nil {
		if next != nil {
			err = joinErrors(err, next.close())
		}
		return err
	}
	return a.settingsInForce(ctx, before, s, next, newPassword)
}

// settingsInForce does what follows from settings that came into force, next being the order book
// they want where it is another one.
func (a *App) settingsInForce(ctx context.Context, before, s core.Settings, next *openBook, newPassword bool) error {
	var err error
	switch {
	case next != nil:
		err = a.useBook(ctx, next)
	case newPassword:
		err = a.openBookAnew(ctx)
	}
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(s.Clock, before.Clock) {
		if err := a.clockChanged(ctx, s); err != nil {
			a.log.Warn("the reply clock changed without its holidays", "err", err)
			a.bus.Publish(core.JobFailed{Job: "reply clock", Message: core.ErrorMessage(err)})
		}
		// Everybody heard of the settings before the clock was made.
		a.index.Recompute()
		a.bus.Publish(core.TicketsChanged{})
	}
	if s.SignIn != before.SignIn {
		if err := a.reseat(ctx); err != nil {
			return err
		}
	}
	if s.General.LogLevel != before.General.LogLevel {
		if err := a.logs.SetLevel(s.General.LogLevel); err != nil {
			return err
		}
	}
	a.bus.Publish(core.StatusChanged{})
	a.counted.again() // what counts as a customer may have changed
	if s.Mail != before.Mail {
		a.worker.Resume()
	}
	if s.Alerts.SendSeconds != before.Alerts.SendSeconds {
		return a.planJobs(ctx)
	}
	return nil
}

// othersSettings puts in force what another process saved, such as a window beside the process
// that watches. While this process saves some itself it leaves that to the next call.
func (a *App) othersSettings(ctx context.Context) error {
	if !a.saving.TryLock() {
		return nil
	}
	defer a.saving.Unlock()
	before := a.settings.Current()
	if _, err := a.settings.Load(ctx); err != nil {
		return err
	}
	s := a.settings.Current()
	if reflect.DeepEqual(before, s) {
		return nil
	}
	a.log.Info("settings that another process saved are in force")
	next, err := a.bookFor(ctx, before, s)
	return joinErrors(err, a.settingsInForce(ctx, before, s, next, false))
}

// SetSettings changes settings given as "mail.host=mail.example.org". notes say what else was
// done, for people.
func (a *App) SetSettings(ctx context.Context, pairs []string) (notes []string, err error) {
	kept := false
	err = a.changeSettings(ctx, func(before core.Settings) (core.Settings, error) {
		s := before
		for _, pair := range pairs {
			name, value, ok := strings.Cut(pair, "=")
			if !ok {
				return s, core.NewError(core.CodeInvalid, "app.settings", "\""+pair+"\" is not written as name=value. No setting was changed.", nil)
			}
			var err error
			if s, err = settings.Set(s, name, value); err != nil {
				return s, err
			}
		}
		kept = !core.ParseMongoAddress(s.OrderBook.URI).Password.IsZero()
		return s, a.allowSettings(ctx, before, s)
	})
	if err == nil && kept {
		notes = append(notes, "The password was taken out of the address and is kept with the secrets in "+a.vault.Where()+".")
	}
	if trouble := a.clockTrouble(); err == nil && trouble != nil {
		notes = append(notes, core.ErrorMessage(trouble))
	}
	return notes, err
}

// SetSecret stores a secret, or removes it when it is zero.
func (a *App) SetSecret(ctx context.Context, name string, secret core.Secret) error {
	needed := core.EditSettings
	if slices.Contains([]string{core.SecretOrderBook, core.SecretServerTLS, core.SecretTokenKey}, name) {
		needed = core.EditServer
	}
	if err := a.allow(ctx, needed); err != nil {
		return err
	}
	if err := a.vault.Set(ctx, name, secret); err != nil {
		return err
	}
	if name != core.SecretOrderBook {
		a.worker.Resume()
		return a.secretChanged(ctx, name)
	}
	a.saving.Lock()
	defer a.saving.Unlock()
	return a.openBookAnew(ctx)
}

// openBookAnew opens the order database with the password that is stored now. The settings are
// held still.
func (a *App) openBookAnew(ctx context.Context) error {
	if a.book.now().remote == nil {
		return nil
	}
	next, err := a.prepare(ctx, a.bookSettings(a.settings.Current()))
	if err != nil {
		return err
	}
	return a.useBook(ctx, next)
}

// SecretState says whether a secret is set, and where secrets live.
func (a *App) SecretState(ctx context.Context, name string) (set bool, where string, err error) {
	if err := a.allow(ctx, core.ReadSettings); err != nil {
		return set, where, err
	}
	_, set, err = a.vault.Get(ctx, name)
	return set, a.vault.Where(), err
}

// SendTestMail completes one real transaction with the given settings, saved or not.
func (a *App) SendTestMail(ctx context.Context, m core.MailSettings, password *core.Secret, to string) (core.SendReport, error) {
	if err := a.allow(ctx, core.EditSettings); err != nil {
		return core.SendReport{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.SendReport{}, err
	}
	defer end()
	if password == nil {
		stored, err := a.smtpPassword(ctx)
		if err != nil {
			return core.SendReport{}, err
		}
		password = &stored
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(m.TimeoutSeconds)*time.Second)
	defer cancel()
	return mail.Test(ctx, m, *password, to), nil
}
