package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tabular"
	"deskwatch/core/tickets"
)

const (
	evaluatedRows  = 3_000_000 // of one file at most; they are held in memory
	evaluatedEvery = 1 << 14   // rows between looks at ctx
)

// EvaluateFiles trains a model on one file and measures how well it predicts another, from what was
// known at the moment asked for. Nothing of the desk is read or changed. With Predictions it writes
// what was predicted of each ticket to that file, which appears whole or not at all.
func (a *App) EvaluateFiles(ctx context.Context, req core.EvaluationRequest, p *core.Progress) (core.Evaluation, error) {
	var none core.Evaluation
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return none, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return none, err
	}
	defer end()
	if p == nil {
		p = new(core.Progress)
	}
	words, err := tickets.NewDictionary(core.TicketMapping{}, time.UTC)
	if err != nil {
		return none, err
	}
	train, err := a.readTable(ctx, req.Train, words, p)
	if err != nil {
		return none, err
	}
	test, err := a.readTable(ctx, req.Test, words, p)
	if err != nil {
		return none, err
	}
	if err := findTimes(&req, train, test, words); err != nil {
		return none, err
	}
	result, scored, err := predict.EvaluateTables(ctx, req, train, test, a.now, p)
	if err != nil {
		return none, err
	}
	if one, err := sameFile(req.Train, req.Test); err == nil && one {
		result.Warnings = append([]string{"The file to measure on is the file to learn from. The figures are too good."}, result.Warnings...)
	}
	if req.Predictions != "" {
		err = writePredictions(req.Predictions, scored)
	}
	return result, err
}

func sameFile(one, other string) (bool, error) {
	a, err := os.Stat(one)
	if err != nil {
		return false, err
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b), err
}

// readTable reads a whole file of rows, packed or not.
func (a *App) readTable(ctx context.Context, path string, words *tickets.Dictionary, p *core.Progress) (t *predict.Table, err error) {
	p.SetPhase("Reading")
	file, head, err := openHead(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plain := path
	if bytes.HasPrefix(head, []byte{0x1F, 0x8B}) { // RFC 1952, 2.3.1
		info, statErr := file.Stat()
		if statErr != nil {
			return nil, unreadable(path, statErr)
		}
		if plain, err = a.unpack(ctx, file, info.Size(), p); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.Remove(plain)) }()
	}
	sheet, err := tabular.Open(plain, core.TableHints{})
	if err != nil {
		return nil, err
	}
	defer sheet.Close()
	t = &predict.Table{Name: filepath.Base(path), Columns: sheet.Header()}
	t.Closed = func(raw string) bool {
		status, _ := words.Status(raw)
		return status == core.TicketClosed || status == core.TicketResolved
	}
	t.Rows, err = sheetRows(ctx, sheet, t.Name, p)
	return t, err
}

func sheetRows(ctx context.Context, sheet *tabular.Sheet, name string, p *core.Progress) ([][]string, error) {
	rows, err := sheet.Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all [][]string
	kept := map[string]string{} // one copy of a value that comes again
	for {
		rec, err := rows.Next()
		if errors.Is(err, io.EOF) {
			if len(all) == 0 {
				return nil, core.NewError(core.CodeInvalid, "app.evaluate", fmt.Sprintf("%q has no rows. There is nothing to learn from and nothing to measure.", name), nil)
			}
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(all) == evaluatedRows {
			return nil, core.NewError(core.CodeInvalid, "app.evaluate", fmt.Sprintf("%q has more than %d rows. Choose a part of it.", name, evaluatedRows), nil)
		}
		row := make([]string, len(rec.Cells))
		for i, c := range rec.Cells {
			one, ok := kept[c]
			if !ok {
				one = strings.Clone(c)
				kept[one] = one
			}
			row[i] = one
		}
		all = append(all, row)
		if len(all)%evaluatedEvery == 0 {
			p.SetBytes(rows.BytesRead(), sheet.Size())
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
	}
}

// writePredictions writes a line for each ticket, in the order of the file measured on.
func writePredictions(path string, scored []predict.Scored) (err error) {
	failed := func(cause error) error {
		return core.NewError(core.CodeUnavailable, "app.evaluate", fmt.Sprintf("The predictions could not be written to %q. Check that the folder is there and has room.", filepath.Base(path)), cause)
	}
	out, err := os.CreateTemp(filepath.Dir(path), ".deskwatch-predictions-*")
	if err != nil {
		return failed(err)
	}
	defer os.Remove(out.Name()) // gone already once it is renamed
	defer out.Close()
	buffered := bufio.NewWriter(out)
	w := csv.NewWriter(buffered)
	if err := w.Write([]string{"key", "risk", "bad"}); err != nil {
		return failed(err)
	}
	for _, s := range scored {
		bad := "0"
		if s.Bad {
			bad = "1"
		}
		if err := w.Write([]string{s.Key, strconv.FormatFloat(s.Risk, 'g', 12, 64), bad}); err != nil {
			return failed(err)
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), buffered.Flush(), out.Close()); err != nil {
		return failed(err)
	}
	if err := os.Rename(out.Name(), path); err != nil {
		return failed(err)
	}
	return nil
}
