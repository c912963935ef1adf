package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/alert"
	"deskwatch/core/orders"
	"deskwatch/core/tabular"
)

// previewRows is how many rows the preview shows.
const previewRows = 50

// PreviewImport shows how a file would be read, from its beginning. It writes nothing.
func (a *App) PreviewImport(ctx context.Context, req core.ImportRequest) (core.ImportPreview, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.ImportPreview{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.ImportPreview{}, err
	}
	defer end()
	f, err := a.openOrders(ctx, req)
	if err != nil {
		return core.ImportPreview{}, err
	}
	defer f.Close()
	// A date column without dates is one more thing to choose, not the end of the preview.
	undated := f.readDates(ctx)
	if undated != nil && core.ErrorCode(undated) != core.CodeInvalid {
		return core.ImportPreview{}, undated
	}
	v := core.ImportPreview{
		Path: req.Path, Size: f.sheet.Size(), Detected: f.detected(), Header: f.sheet.Header(),
		Columns: f.columns, Missing: f.missing(), Remembered: f.remembered,
		Rows: f.sample[:min(previewRows, len(f.sample))],
	}
	if f.dateFormat == "" {
		v.DateChoices = f.dates
	}
	if undated != nil && !slices.Contains(v.Missing, core.FieldDate) {
		v.Missing = append(v.Missing, core.FieldDate)
	}
	if len(v.Missing) > 0 || f.dateFormat == "" {
		return v, nil // nothing can be read before a person has chosen
	}
	reading, err := f.reading()
	if err != nil {
		return v, err
	}
	v.Read, v.Problems, err = orders.Preview(reading, v.Rows)
	return v, err
}

// Import reads an orders file into the order book, all or nothing, and keeps the rows that
// could not be read in a rejects file. With DryRun it does everything but keep it.
func (a *App) Import(ctx context.Context, req core.ImportRequest, p *core.Progress) (core.ImportResult, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.ImportResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.ImportResult{}, err
	}
	defer end()
	res, err := a.runImport(ctx, req, p, nil)
	if err != nil {
		a.log.Warn("import failed", "file", filepath.Base(req.Path), "err", err)
		return res, err
	}
	a.log.Info("import", "file", filepath.Base(req.Path), "dry_run", req.DryRun, "id", res.ImportID, "rows", res.Rows,
		"new", res.OrdersNew, "changed", res.OrdersChanged, "rejected", res.Rejected, "seconds", res.Seconds)
	if !req.DryRun {
		a.importChanged(res.ImportID)
	}
	return res, nil
}

// ForecastImport does a dry run and counts the alerts the import would raise.
func (a *App) ForecastImport(ctx context.Context, req core.ImportRequest, p *core.Progress) (core.ImportForecast, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.ImportForecast{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.ImportForecast{}, err
	}
	defer end()
	req.DryRun = true
	var alerts int
	res, err := a.runImport(ctx, req, p, func(im orders.Import) error {
		enabled := func(r core.Rule) bool { return r.Enabled }
		before, err := a.picture(ctx, a.book.Breaches, enabled) // the book as it is: the import is not visible yet
		if err != nil {
			return err
		}
		after, err := a.picture(ctx, im.Breaches, enabled)
		alerts = alert.Forecast(after, before.Breaches)
		return err
	})
	return core.ImportForecast{Result: res, Alerts: alerts}, err
}

// runImport reads, checks and settles a file, has look see the import before it is kept or,
// in a dry run, dropped.
func (a *App) runImport(ctx context.Context, req core.ImportRequest, p *core.Progress, look func(orders.Import) error) (res core.ImportResult, err error) {
	started := a.now()
	p.SetPhase("Looking at the file")
	f, err := a.openOrders(ctx, req)
	if err != nil {
		return res, err
	}
	defer f.Close()
	if err = f.readDates(ctx); err != nil {
		return res, err
	}
	if err = f.ready(); err != nil {
		return res, err
	}
	reading, err := f.reading()
	if err != nil {
		return res, err
	}
	rows, err := f.sheet.Rows(ctx)
	if err != nil {
		return res, err
	}
	defer rows.Close()
	im, err := a.book.Begin(ctx, orders.ImportStart{
		File: filepath.Base(req.Path), Kind: core.ImportFile, At: started,
		HasLines: reading.HasLines(), SizeBytes: f.sheet.Size(), Progress: p,
	})
	if err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, im.Rollback()) }()
	importer := orders.Importer{Reading: reading, Rows: countedRows{rows, p, f.sheet.Size()}, Into: im, Progress: p}
	var rejects *tabular.Rejects
	var rejectsPath string
	if !req.DryRun {
		if rejects, rejectsPath, err = a.rejectsFor(req, f); err != nil {
			return res, err
		}
		defer func() { err = errors.Join(err, rejects.Abort()) }()
		importer.Rejects = rejects
	}
	read, err := importer.Run(ctx)
	if err != nil {
		return res, err
	}
	read.Report(&res)
	res.Detected, res.Columns = f.detected(), f.columns
	if res.ImportCounts, err = im.Settle(ctx); err != nil {
		return res, err
	}
	if look != nil {
		if err = look(im); err != nil {
			return res, err
		}
	}
	if !req.DryRun {
		if err = a.keep(ctx, im, f, rejects, rejectsPath, &res); err != nil {
			return res, err
		}
		a.logDropped(res.ImportID, read)
	}
	res.Seconds = a.now().Sub(started).Seconds()
	return res, nil
}

// logDropped tells the log which cells of the imported rows were not kept and how many statuses
// not listed, for there is no other place that says so.
func (a *App) logDropped(id int64, o orders.Outcome) {
	if o.DroppedAmounts+o.DroppedEmails+o.UnlistedStatuses > 0 {
		a.log.Info("not all of the file was kept or listed", "id", id, "unreadable_amounts", o.DroppedAmounts,
			"unusable_emails", o.DroppedEmails, "unlisted_statuses", o.UnlistedStatuses)
	}
}

// countedRows tells the progress how much of the file was read.
type countedRows struct {
	*tabular.Reader
	progress *core.Progress
	size     int64
}

func (c countedRows) Next() (core.Record, error) {
	rec, err := c.Reader.Next()
	c.progress.SetBytes(c.BytesRead(), c.size)
	return rec, err
}

// keep writes the rejects file, then commits. In this order a failure of either leaves the
// book as it was: a rejects file without an import does no harm.
func (a *App) keep(ctx context.Context, im orders.Import, f *ordersFile, rejects *tabular.Rejects, rejectsPath string, res *core.ImportResult) error {
	written, err := rejects.Close()
	if err != nil {
		return err
	}
	if written > 0 {
		res.RejectsFile = rejectsPath
	}
	if res.ImportID, err = im.Commit(ctx, res.Rows, res.Rejected); err != nil {
		if written > 0 {
			err = errors.Join(err, os.Remove(rejectsPath))
		}
		return err
	}
	if err := a.remember(ctx, f); err != nil {
		a.log.Warn("the choices made for this header are not remembered", "err", err)
	}
	return nil
}

func (a *App) rejectsFor(req core.ImportRequest, f *ordersFile) (rejects *tabular.Rejects, path string, err error) {
	if path, err = a.rejectsPath(req.RejectsPath, req.Path, ".csv"); err != nil {
		return nil, "", err
	}
	return tabular.NewRejects(path, f.sheet.Header(), f.sheet.Detected().Delimiter), path, nil
}

// rejectsPath names the rejects file of an import: the one asked for, or one in the data folder
// that no earlier import has used.
func (a *App) rejectsPath(asked, file, extension string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	dir := filepath.Join(a.dataDir, "rejects")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", core.NewError(core.CodeDenied, "app.rejects", "The folder for rejected rows cannot be made in the data folder. Nothing was imported.", err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".gz")
	name = strings.TrimSuffix(name, filepath.Ext(name))
	// Names end at 255 bytes on most disks, and this one is to become longer.
	name = strings.ToValidUTF8(name[:min(len(name), 100)], "")
	return filepath.Join(dir, fmt.Sprintf("%s-%s%s", name, a.now().UTC().Format("20060102-150405.000"), extension)), nil
}

// Imports lists the imports, newest first.
func (a *App) Imports(ctx context.Context) ([]core.ImportRecord, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return nil, err
	}
	return a.book.Imports(ctx, 200)
}

// UndoImport takes back one import, restoring what it overwrote. Undoing the sample data
// removes it whole, clients and alerts included.
func (a *App) UndoImport(ctx context.Context, id int64, p *core.Progress) (core.UndoResult, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.UndoResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.UndoResult{}, err
	}
	defer end()
	imports, err := a.Imports(ctx)
	if err != nil {
		return core.UndoResult{}, err
	}
	for _, i := range imports {
		if i.ID == id && i.Kind == core.ImportSample && i.State == core.ImportDone {
			return a.RemoveSample(ctx)
		}
	}
	r, err := a.book.Undo(ctx, id, a.now(), p)
	if err != nil {
		return r, err
	}
	a.log.Info("import undone", "id", id, "removed", r.Removed, "restored", r.Restored)
	if err := a.forgetBaselines(context.WithoutCancel(ctx)); err != nil {
		a.log.Warn("the rules do not begin anew on the empty order book", "err", err)
	}
	a.bus.Publish(core.OrdersChanged{ImportID: id})
	return r, nil
}
