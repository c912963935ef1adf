package orders

import (
	"context"
	"errors"
	"fmt"
	"io"

	"deskwatch/core"
)

const (
	batchRows    = 2000
	batchBuffers = 3 // one being filled, one waiting, one being stored
)

// Importer reads a whole file into an open import. It validates on a goroutine of its own
// while the book stores the rows read before, with memory for three batches.
type Importer struct {
	Reading  Reading
	Rows     Rows
	Rejects  Rejects // nil: rejected rows are counted only, as in a dry run
	Into     Import
	Progress *core.Progress // counts rows stored or rejected; nil: nobody watches
}

// batch is what travels from the reading to the storing side.
type batch struct {
	rows []core.OrderRow
	read int64 // records it was made from, rejected ones included
}

// Run puts every good row into the import and returns the counts. Settle, Commit and
// Rollback stay with the caller; after an error the import is to be rolled back. When ctx is
// cancelled it returns core.CodeCanceled as soon as Rows answers: both goroutines have ended
// when Run returns, so that the caller may close the file.
func (im Importer) Run(ctx context.Context) (Outcome, error) {
	reader, err := im.Reading.reader()
	if err != nil {
		return Outcome{}, err
	}
	progress := im.Progress
	if progress == nil {
		progress = new(core.Progress)
	}
	progress.SetPhase("Reading")

	readCtx, stop := context.WithCancel(ctx)
	defer stop()
	free, full := make(chan []core.OrderRow, batchBuffers), make(chan batch, batchBuffers)
	for range batchBuffers {
		free <- make([]core.OrderRow, 0, batchRows)
	}
	var readErr error // written before full is closed, read after
	go func() {
		defer close(full)
		readErr = im.readAll(readCtx, reader, free, full)
	}()

	var putErr error
	for b := range full {
		if putErr == nil && len(b.rows) > 0 {
			putErr = im.Into.Put(ctx, b.rows)
		}
		if putErr != nil {
			stop() // and take what was read meanwhile, until the reading side has ended
		} else {
			progress.Add(b.read)
		}
		free <- b.rows[:0]
	}
	switch {
	case ctx.Err() != nil:
		return Outcome{}, stopped(ctx.Err())
	case putErr != nil:
		return Outcome{}, whole(putErr, "orders.put", "The orders could not be stored. The order book is as it was.")
	case readErr != nil:
		return Outcome{}, readErr
	}
	return reader.tally.outcome(), nil
}

// readAll fills batches until the file ends. The buffers go round, so sending never waits.
func (im Importer) readAll(ctx context.Context, reader *rowReader, free <-chan []core.OrderRow, full chan<- batch) error {
	for {
		var rows []core.OrderRow
		select {
		case rows = <-free:
		case <-ctx.Done():
			return ctx.Err()
		}
		b := batch{rows: rows}
		err := im.readBatch(reader, &b)
		full <- b
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// readBatch reads up to batchRows records. io.EOF says that they were the last.
func (im Importer) readBatch(reader *rowReader, b *batch) error {
	for range batchRows {
		rec, err := im.Rows.Next()
		if err == io.EOF {
			return io.EOF
		}
		if err != nil {
			return whole(err, "orders.rows", "The file could not be read to its end. The order book is as it was.")
		}
		b.rows = b.rows[:len(b.rows)+1]
		f, verdict := reader.read(rec, &b.rows[len(b.rows)-1])
		if verdict != rowGood {
			b.rows = b.rows[:len(b.rows)-1]
		}
		if verdict != rowBlank {
			b.read++
		}
		if verdict == rowBad && im.Rejects != nil {
			if err := im.Rejects.Add(rec, reader.columnName(f.field), f.reason()); err != nil {
				return whole(err, "orders.rejects", fmt.Sprintf("The rejected row of line %d could not be written to the rejects file. The order book is as it was.", rec.Line))
			}
		}
	}
	return nil
}

// whole makes sure that an error which leaves the package has a sentence for people.
func whole(err error, op, message string) error {
	var e *core.Error
	if errors.As(err, &e) {
		return err
	}
	return core.NewError(core.CodeInternal, op, message, err)
}

func stopped(cause error) error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return core.NewError(core.CodeUnavailable, "orders.import", "The import took too long and was stopped. The order book is as it was.", cause)
	}
	return core.NewError(core.CodeCanceled, "orders.import", "The import was stopped as you asked. The order book is as it was.", cause)
}
