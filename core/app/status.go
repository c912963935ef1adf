package app

import (
	"context"
	"fmt"
	"time"

	"deskwatch/core"
)

// Status gathers what the status line shows.
func (a *App) Status(ctx context.Context) (core.DeskStatus, error) {
	s := a.settings.Current()
	st := core.DeskStatus{MailMode: s.Mail.Mode, MailHost: s.Mail.Host, DataDir: a.dataDir}
	if st.Paused = a.paused(); st.Paused {
		st.PausedUntil = s.Alerts.PausedUntil
	}
	var err error
	if err = a.bookStatus(ctx, &st); err != nil {
		return st, err
	}
	if st.Outbox, err = a.queue.Counts(ctx); err != nil {
		return st, err
	}
	return st, a.watchStatus(ctx, &st)
}

// bookStatus asks the embedded book; of a book on a server it tells what is known, because the
// status line waits for no server.
func (a *App) bookStatus(ctx context.Context, st *core.DeskStatus) (err error) {
	o := a.book.now()
	st.BookKind = o.place.kind
	if o.remote == nil {
		if st.Book, err = a.book.Counts(ctx); err != nil {
			return err
		}
		st.BookCounted = a.now()
		st.Sample, err = a.hasSample(ctx)
		return err
	}
	st.BookPlace = o.place.name
	if st.OldBook, err = a.oldBook(ctx, o); err != nil {
		return err
	}
	if a.counted.start() {
		a.background(a.keepCounting)
	}
	st.Book, st.Sample, st.BookCounted = a.counted.last()
	var why error
	if st.BookDown, why = o.remote.trouble(); !st.BookDown.IsZero() {
		st.BookTrouble, st.BookDenied = core.ErrorMessage(why), core.ErrorCode(why) == core.CodeDenied
	}
	return nil
}

func (a *App) watchStatus(ctx context.Context, st *core.DeskStatus) error {
	a.watch.mu.Lock()
	runner := a.watch.runner
	st.Watching, st.WatcherNote = runner != nil, a.watch.note
	a.watch.mu.Unlock()
	var err error
	if st.LastCheck, err = a.memory.LastRun(ctx, checkMark); err != nil || runner == nil {
		return err
	}
	rules, err := a.ledger.Rules(ctx)
	if err != nil {
		return err
	}
	for _, r := range rules {
		if next := runner.Next(ruleJob(r.ID)); !next.IsZero() && (st.NextCheck.IsZero() || next.Before(st.NextCheck)) {
			st.NextCheck = next
		}
	}
	return nil
}

// doctorVaultWait bounds how long the doctor waits for the vault.
const doctorVaultWait = 5 * time.Second

// Doctor checks what Deskwatch stands on. It changes nothing.
func (a *App) Doctor(ctx context.Context) []core.Finding {
	if err := a.allow(ctx, core.ReadSettings); err != nil {
		return []core.Finding{{Check: "doctor", Message: core.ErrorMessage(err)}}
	}
	var list []core.Finding
	add := func(check string, err error, fine string) {
		f := core.Finding{Check: check, OK: err == nil, Message: fine}
		if err != nil {
			f.Message = core.ErrorMessage(err)
		}
		list = append(list, f)
	}
	add("data folder", nil, a.dataDir)
	add("desk database", a.desk.IntegrityCheck(ctx), "sound")
	counts, err := a.checkBook(ctx)
	add("order book", err, fmt.Sprintf("sound: %d orders of %d customers, %d clients", counts.Orders, counts.Customers, counts.Clients))
	rules, err := a.ledger.Rules(ctx)
	enabled := 0
	for _, r := range rules {
		if r.Enabled {
			enabled++
		}
	}
	add("rules", err, fmt.Sprintf("%d, of which %d enabled", len(rules), enabled))
	list = append(list, a.mailFinding())
	add("ticket pool", a.checkPool(ctx), "sound")
	add("reply clock", a.clockTrouble(), "in force, with its holidays")
	list = append(list, a.serverFinding(ctx))
	vaultCtx, cancel := context.WithTimeout(ctx, doctorVaultWait)
	defer cancel()
	set, where, err := a.SecretState(vaultCtx, core.SecretSMTP)
	word := "no mail password is stored"
	if set {
		word = "a mail password is stored"
	}
	add("secrets", err, word+"; secrets live in "+where)
	out, err := a.queue.Counts(ctx)
	if err == nil && out[core.DeliveryDead]+out[core.DeliveryHeld] > 0 {
		add("outbox", core.NewError(core.CodeConflict, "app.doctor", fmt.Sprintf("%d mails are held and %d were given up. Look at them with outbox list.", out[core.DeliveryHeld], out[core.DeliveryDead]), nil), "")
	} else {
		add("outbox", err, fmt.Sprintf("%d queued, %d to be tried again, %d sent", out[core.DeliveryQueued], out[core.DeliveryFailed], out[core.DeliverySent]))
	}
	return list
}

func (a *App) mailFinding() core.Finding {
	m := a.settings.Current().Mail
	f := core.Finding{Check: "mail", OK: true, Message: "sandbox: mails stay inside Deskwatch"}
	if m.Mode == core.MailSMTP {
		f.Message = fmt.Sprintf("by SMTP through %s, port %d", m.Host, m.Port)
	}
	for _, p := range a.CheckSettings(a.settings.Current()) {
		f.OK, f.Message = false, p.Message
	}
	return f
}
