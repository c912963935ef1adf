package settings

import (
	"context"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// testBook connects to the database of the form as it stands, saved or not.
func (p *presenter) testBook(done func()) {
	b, set, secret := &p.book, p.draft.OrderBook, p.passwords[core.SecretOrderBook].draft
	b.tested, b.secret, b.report = set, secret, nil
	if p.bookProblem() {
		b.test = outcome{kit.T("Something above cannot be used yet. Correct what is marked and try again."), kit.ToneBad}
		p.tell()
		done()
		return
	}
	b.test = outcome{kit.T("Talking to the server…"), kit.ToneMuted}
	p.tell()
	long(p, kit.T("Testing the connection"), func(ctx context.Context, _ *core.Progress) (core.BookReport, error) {
		return p.desk.TestOrderBook(ctx, set, secret)
	}, func(r core.BookReport, err error) {
		switch {
		case kit.Canceled(err):
			b.test = outcome{kit.T("The test was stopped."), kit.ToneMuted}
		case err != nil:
			b.test = outcome{kit.ErrorText(err), kit.ToneBad}
		case r.OK():
			b.report, b.test = &r, outcome{kit.T("Deskwatch can work with this database."), kit.ToneGood}
		default:
			b.report, b.test = &r, outcome{kit.T("The database answers; look at what is marked below."), kit.ToneWarn}
		}
		p.tell()
		done()
	})
}

// createIndexes makes the missing indexes, after saying which.
func (p *presenter) createIndexes() {
	if !p.bookState().CanIndex {
		return
	}
	q := kit.Question{
		Title: kit.T("Create the missing indexes?"),
		Text: kit.T("In the database %s Deskwatch creates:\n%s\nOn a large collection this may take minutes, and the server has more to do meanwhile. No document is changed.",
			p.saved.OrderBook.Database, "• "+strings.Join(p.book.report.Missing, "\n• ")),
		Yes: kit.T("Create indexes"),
	}
	p.host.Confirm(q, func() {
		p.begin()
		long(p, kit.T("Creating indexes"), noAnswer(p.desk.CreateBookIndexes), func(_ struct{}, err error) {
			p.ended()
			switch {
			case kit.Canceled(err):
				p.host.Toast(kit.ToneMuted, kit.T("Stopped. The indexes that were finished stay; test again to see which are missing."))
			case err != nil:
				p.host.Fail(err)
			default:
				p.host.Toast(kit.ToneGood, kit.T("The indexes are created."))
				p.testBook(func() {})
			}
		})
	})
}

// copyOrders copies the file's orders into the database in use, after saying what that does.
func (p *presenter) copyOrders() {
	if !p.bookState().CanCopy {
		return
	}
	set := p.saved.OrderBook
	q := kit.Question{
		Title: kit.T("Copy the orders to MongoDB?"),
		Text: kit.T("Every order and client of the file in the data folder is copied into the database %s, collections %s and %s. The file stays as it is, and so do the documents other programs wrote. Copying again adds nothing twice.",
			set.Database, set.Orders, set.Clients),
		Yes: kit.T("Copy orders"),
	}
	p.host.Confirm(q, func() {
		p.book.copied, p.book.differ, p.book.old = outcome{}, nil, false
		p.begin()
		long(p, kit.T("Copying orders to MongoDB"), p.desk.CopyOrders, func(r core.CopyResult, err error) {
			p.copyEnded(r, err)
			p.ended()
			p.host.Toast(p.book.copied.Tone, p.book.copied.Text) // it may have taken minutes
			p.loadStatus()
		})
	})
}

func (p *presenter) copyEnded(r core.CopyResult, err error) {
	b := &p.book
	if err != nil {
		b.copied = outcome{kit.ErrorText(err), kit.ToneBad}
		if kit.Canceled(err) {
			b.copied = outcome{kit.T("The copying was stopped. The file is as it was; copy again at any time."), kit.ToneMuted}
		}
		return
	}
	b.differ = r.Findings
	if !r.Equal {
		b.copied = outcome{kit.T("The copy has ended, but the file holds %s and MongoDB %s. See below what differs; the file stays.",
			kit.N("%s order", "%s orders", r.Embedded.Orders), kit.Number(r.MongoDB.Orders)), kit.ToneWarn}
		return
	}
	b.copied = outcome{kit.T("%s and %s are in both books.",
		kit.N("%s order", "%s orders", r.Embedded.Orders), kit.N("%s customer", "%s customers", r.Embedded.Customers)), kit.ToneGood}
}

// removeOldBook deletes the file of the embedded book, after saying so.
func (p *presenter) removeOldBook() {
	if !p.bookState().CanRemove {
		return
	}
	q := kit.Question{
		Title: kit.T("Remove the old file?"),
		Text:  kit.T("The order book's file in the data folder is deleted, with the orders, clients and imports in it. This cannot be taken back. MongoDB keeps its copy; settings, rules, alerts and mails stay."),
		Yes:   kit.T("Remove the old file"), Danger: true,
	}
	p.host.Confirm(q, func() {
		p.begin()
		long(p, kit.T("Removing the old file"), func(ctx context.Context, _ *core.Progress) (core.RemovedBook, error) {
			return p.desk.RemoveEmbeddedBook(ctx)
		}, func(gone core.RemovedBook, err error) {
			if err == nil {
				p.book.old = false
				p.book.copied, p.book.differ = outcome{kit.T("The old file is removed, with %s in %s. They are in MongoDB.",
					kit.N("%s order", "%s orders", gone.Counts.Orders), kit.Bytes(gone.Bytes)), kit.ToneGood}, nil
				p.host.Toast(p.book.copied.Tone, p.book.copied.Text)
			} else if !kit.Canceled(err) {
				p.host.Fail(err)
			}
			p.ended()
		})
	})
}

func (p *presenter) begin() { p.book.busy = true; p.tell() }
func (p *presenter) ended() { p.book.busy = false; p.tell() }

// noAnswer gives work that answers nothing the shape long takes.
func noAnswer(work func(context.Context, *core.Progress) error) func(context.Context, *core.Progress) (struct{}, error) {
	return func(ctx context.Context, p *core.Progress) (struct{}, error) { return struct{}{}, work(ctx, p) }
}
