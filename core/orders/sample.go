package orders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"deskwatch/core"
)

const (
	sampleSeed      = 2718
	sampleFile      = "Sample data"
	cleanUpTime     = 10 * time.Second // for taking back what a failed load had added
	importsLookedAt = 1000             // the most OrderBook.Imports lists
)

// LoadSample fills an empty book with the sample orders, as one import of kind
// core.ImportSample, and with their clients. A book with orders, or with clients that are not the sample's own,
// fails with core.CodeConflict. When it fails or is cancelled half-way the book is empty as before.
func LoadSample(ctx context.Context, book OrderBook, now time.Time, progress *core.Progress) (core.ImportResult, error) {
	if progress == nil {
		progress = new(core.Progress)
	}
	progress.SetPhase("Loading sample data")
	if err := mustBeEmpty(ctx, book); err != nil {
		return core.ImportResult{}, err
	}
	data := Sample(sampleSeed, now)
	progress.SetTotal(int64(len(data.Rows)))
	// The clients go first, because taking them back leaves no trace, and an undone import does.
	if _, err := book.AddClients(ctx, data.Clients); err != nil {
		return core.ImportResult{}, err
	}
	result, err := importSample(ctx, book, data.Rows, now, progress)
	if err != nil {
		cleanUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
		defer cancel()
		if _, again := book.RemoveClients(cleanUp, core.OriginSample); again != nil {
			return core.ImportResult{}, core.NewError(core.ErrorCode(err), "orders.sample",
				"The sample data could not be loaded, and its clients could not be taken back. Choose Remove sample data to clear them.", err)
		}
		return core.ImportResult{}, err
	}
	return result, nil
}

func mustBeEmpty(ctx context.Context, book OrderBook) error {
	counts, err := book.Counts(ctx)
	if err != nil {
		return err
	}
	own := sampleIdentities()
	strangers := int64(0)
	for q := (core.ClientQuery{Limit: 1000}); counts.Clients > 0; {
		page, err := book.Clients(ctx, q)
		if err != nil {
			return err
		}
		for _, c := range page.Clients {
			if !slices.Contains(own, c.Customer) {
				strangers++
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if counts.Orders == 0 && strangers == 0 {
		return nil
	}
	return core.NewError(core.CodeConflict, "orders.sample", fmt.Sprintf(
		"Sample data is for an empty data folder only, and this one holds %d orders and %d clients. Nothing was changed. Start Deskwatch with another --data folder to try the sample data.",
		counts.Orders, counts.Clients), nil)
}

// importSample puts the rows through one import. Its result says 0 seconds: the caller has the clock.
func importSample(ctx context.Context, book OrderBook, rows []core.OrderRow, now time.Time, progress *core.Progress) (core.ImportResult, error) {
	imp, err := book.Begin(ctx, ImportStart{File: sampleFile, Kind: core.ImportSample, At: now, HasLines: true, Progress: progress})
	if err != nil {
		return core.ImportResult{}, err
	}
	result, err := fillImport(ctx, imp, rows, progress)
	if err != nil {
		if back := imp.Rollback(); back != nil {
			return core.ImportResult{}, core.NewError(core.ErrorCode(err), "orders.sample",
				"The sample data could not be loaded, and taking it back failed. Start Deskwatch again; the order book repairs itself then.", back)
		}
		return core.ImportResult{}, err
	}
	return result, nil
}

func fillImport(ctx context.Context, imp Import, rows []core.OrderRow, progress *core.Progress) (core.ImportResult, error) {
	result := core.ImportResult{Rows: int64(len(rows)), UnrecognisedCustomers: unrecognised(rows)}
	for part := range slices.Chunk(rows, batchRows) {
		if err := imp.Put(ctx, part); err != nil {
			return result, err
		}
		progress.Add(int64(len(part)))
	}
	var err error
	if result.ImportCounts, err = imp.Settle(ctx); err != nil {
		return result, err
	}
	result.ImportID, err = imp.Commit(ctx, result.Rows, 0)
	return result, err
}

func unrecognised(rows []core.OrderRow) int64 {
	seen := map[string]bool{}
	for _, r := range rows {
		if !r.Recognised {
			seen[r.Customer] = true
		}
	}
	return int64(len(seen))
}

// RemoveSample takes the sample import back and removes the clients of origin sample. It
// returns the sample's recognised customers, so that their alerts can be forgotten. What a
// person changed is the person's: a client edited by hand stays. Sample orders that a later import
// changed fail with core.CodeConflict, as Undo does; without sample data it fails with
// core.CodeNotFound. It may be called again after a cancel and goes on where it stopped.
func RemoveSample(ctx context.Context, book OrderBook, now time.Time, progress *core.Progress) (core.UndoResult, []string, error) {
	if progress == nil {
		progress = new(core.Progress)
	}
	progress.SetPhase("Removing sample data")
	imports, err := book.Imports(ctx, importsLookedAt)
	if err != nil {
		return core.UndoResult{}, nil, err
	}
	var result core.UndoResult
	undone := false
	for _, imp := range imports {
		if imp.Kind != core.ImportSample || imp.State != core.ImportDone {
			continue
		}
		one, err := book.Undo(ctx, imp.ID, now, progress)
		if err != nil {
			return result, nil, err
		}
		undone = true
		result = core.UndoResult{ImportID: one.ImportID, Removed: result.Removed + one.Removed, Restored: result.Restored + one.Restored}
	}
	clients, err := book.RemoveClients(ctx, core.OriginSample)
	if err != nil {
		return result, nil, err
	}
	if !undone && clients == 0 {
		return core.UndoResult{}, nil, core.NewError(core.CodeNotFound, "orders.sample", "There is no sample data to remove. Nothing was changed.", nil)
	}
	return result, sampleIdentities(), nil
}

// sampleIdentities are the recognised customers LoadSample uses, whatever the day it ran.
func sampleIdentities() []string {
	var ids []string
	for _, c := range sampleCustomers(sampleSeed) {
		if c.recognised {
			ids = append(ids, c.identity)
		}
	}
	return ids
}
