package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tabular"
	"deskwatch/core/tickets"
)

// fileSource is the source of files whose request names none.
const fileSource = "file"

// PreviewTickets shows how a ticket file would be read, from its beginning. It writes nothing.
func (a *App) PreviewTickets(ctx context.Context, req core.TicketImportRequest) (core.TicketPreview, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.TicketPreview{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.TicketPreview{}, err
	}
	defer end()
	if err := checkTicketRequest(&req); err != nil {
		return core.TicketPreview{}, err
	}
	f, err := a.openTicketFile(ctx, req, new(core.Progress))
	if err != nil {
		return core.TicketPreview{}, err
	}
	defer f.Close()
	// Time columns without times are one more thing to choose, not the end of the preview.
	undated := f.readDates(ctx)
	if undated != nil && core.ErrorCode(undated) != core.CodeInvalid {
		return core.TicketPreview{}, undated
	}
	v := core.TicketPreview{Path: req.Path, Size: f.size, Detected: f.detected(), Columns: f.columns, Missing: f.missing(), DateChoices: f.dates}
	if f.sheet != nil {
		v.Header, v.Format = f.sheet.Header(), f.format()
	}
	if undated != nil {
		v.Missing = append(v.Missing, core.FieldCreated)
	}
	if f.ready() != nil || undated != nil {
		return v, nil // nothing can be read before a person has chosen
	}
	s, err := f.stream(ctx, new(core.Progress))
	if err != nil {
		return v, err
	}
	defer s.Close()
	for range previewRows {
		t, err := s.Next()
		var rejected *source.Rejected
		switch {
		case errors.Is(err, io.EOF):
			v.Format = s.Format()
			return v, nil
		case errors.As(err, &rejected):
			v.Problems = append(v.Problems, core.Reject{Line: rejected.Line, Column: rejected.Column, Reason: rejected.Reason})
		case err != nil:
			return v, wholeStream(err)
		default:
			v.Tickets = append(v.Tickets, t)
		}
	}
	v.Format = s.Format()
	return v, nil
}

// ImportTickets takes the tickets of a file into the pool as one snapshot, all or nothing, and
// keeps the records that cannot be tickets in a rejects file. With DryRun it does everything but
// keep it.
func (a *App) ImportTickets(ctx context.Context, req core.TicketImportRequest, p *core.Progress) (core.TicketImportResult, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.TicketImportResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.TicketImportResult{}, err
	}
	defer end()
	if p == nil {
		p = new(core.Progress)
	}
	file := filepath.Base(req.Path)
	res, err := a.importTickets(ctx, req, p)
	if err != nil {
		a.log.Warn("ticket import failed", "file", file, "err", err)
		return res, err
	}
	a.log.Info("ticket import", "file", file, "source", res.Source, "dry_run", req.DryRun, "rows", res.Rows,
		"new", res.New, "changed", res.Changed, "rejected", res.Rejected, "seconds", res.Seconds)
	if !req.DryRun {
		if err := a.keepFileState(ctx, res); err != nil {
			a.log.Warn("when tickets last came from this source is not kept", "source", res.Source, "err", err)
		}
	}
	return res, nil
}

// keepFileState keeps when tickets last came from a source that is no more than its name. How the
// others are doing is for their own runs to say.
func (a *App) keepFileState(ctx context.Context, res core.TicketImportResult) error {
	if _, err := a.source(ctx, res.Source); core.ErrorCode(err) != core.CodeNotFound {
		return err
	}
	return a.changeState(ctx, res.Source, func(state *core.SourceState) {
		now := a.now()
		state.LastRun, state.LastSuccess, state.LastError, state.Failures = now, now, "", 0
		state.Counts, state.Note = res.SnapshotCounts, ""
		if res.Rejected > 0 {
			state.Note = fmt.Sprintf("Records that could not be read: %d. They are kept in %s.", res.Rejected, filepath.Base(res.RejectsFile))
		}
	})
}

func (a *App) importTickets(ctx context.Context, req core.TicketImportRequest, p *core.Progress) (res core.TicketImportResult, err error) {
	started := a.now()
	if err := checkTicketRequest(&req); err != nil {
		return res, err
	}
	p.SetPhase("Looking at the file")
	f, err := a.openTicketFile(ctx, req, p)
	if err != nil {
		return res, err
	}
	defer f.Close()
	if err := f.readDates(ctx); err != nil {
		return res, err
	}
	if err := f.ready(); err != nil {
		return res, err
	}
	s, err := f.stream(ctx, p)
	if err != nil {
		return res, err
	}
	defer s.Close()
	rejects := &rejectedTickets{reasons: map[string]int64{}}
	var rejectsPath string
	if !req.DryRun {
		if rejects.file, rejectsPath, err = a.ticketRejects(f); err != nil {
			return res, err
		}
		defer func() { err = errors.Join(err, rejects.file.Abort()) }()
	}
	noted := noteTickets(s, f.words)
	taken, written, err := a.takeFile(ctx, f.req, noted, rejects, started, p)
	if err != nil {
		if written > 0 {
			err = errors.Join(err, os.Remove(rejectsPath))
		}
		return res, err
	}
	if written > 0 {
		res.RejectsFile = rejectsPath
	}
	res.Source, res.Rows, res.SnapshotCounts, res.Baseline = req.Source, taken.Rows, taken.SnapshotCounts, taken.Baseline
	res.Rejected, res.RejectReasons, res.FirstRejects = rejects.count, mostReasons(rejects.reasons), rejects.first
	res.Format, res.Detected, res.Columns = s.Format(), f.detected(), f.columns
	res.UnknownStatuses, res.UnknownPriorities = mostWords(noted.statuses), mostWords(noted.priorities)
	res.Seconds = a.now().Sub(started).Seconds()
	return res, nil
}

// checkTicketRequest names the source.
func checkTicketRequest(req *core.TicketImportRequest) error {
	if req.Source = strings.TrimSpace(req.Source); req.Source == "" {
		req.Source = fileSource
	}
	if req.Source == core.OrdersSource || len(req.Source) > 60 || strings.ContainsFunc(req.Source, func(r rune) bool { return r == ':' || r < ' ' }) {
		return core.NewError(core.CodeInvalid, "app.tickets", fmt.Sprintf("%q cannot be the name of a source. Use another one of at most 60 letters, without a colon.", req.Source), nil)
	}
	return nil
}

// takeFile takes the stream of a file into the pool. The rejects file is finished before the
// snapshot becomes visible: in this order a failure of either leaves the pool as it was, and a
// rejects file without an import does no harm.
func (a *App) takeFile(ctx context.Context, req core.TicketImportRequest, s source.Stream, rejects *rejectedTickets, started time.Time, p *core.Progress) (taken takenStream, written int64, err error) {
	start := tickets.TakeStart{Source: req.Source, At: started, Full: req.Full, Replay: req.Replay, Silent: req.Silent}
	opt := takeOptions{Reject: rejects.add, DryRun: req.DryRun, Before: func() (err error) {
		if req.Full {
			err = rejects.full()
		}
		if err == nil {
			written, err = rejects.file.Close()
		}
		return err
	}}
	var known knownStates
	if req.Replay {
		p.SetPhase("Sorting the rows")
		held, err := inTimeOrder(ctx, s, rejects.add)
		if err != nil {
			return taken, 0, err
		}
		if !req.Full { // there a state that is left out would be missing
			if held.states, known, err = a.withoutKnown(ctx, req.Source, held.states); err != nil {
				return taken, 0, err
			}
		}
		s = held
	}
	p.SetPhase("Reading")
	taken, err = a.takeStream(ctx, start, s, opt, p)
	if req.Replay {
		taken.Rows += rejects.count + known.count() // they were met while sorting
		taken.Tickets += known.count()
		taken.Stale += known.stale
		taken.Unchanged += known.same
	}
	if err == nil && req.Full && req.DryRun {
		err = rejects.full()
	}
	return taken, written, err
}

// ticketRejects names the rejects file and prepares it.
func (a *App) ticketRejects(f *ticketFile) (rejectsFile, string, error) {
	extension := ".csv"
	if f.sheet == nil {
		extension = ".ndjson"
	}
	path, err := a.rejectsPath(f.req.RejectsPath, f.req.Path, extension)
	if err != nil {
		return nil, "", err
	}
	if f.sheet == nil {
		return &jsonRejects{path: path}, path, nil
	}
	return tableRejects{tabular.NewRejects(path, f.sheet.Header(), f.sheet.Detected().Delimiter)}, path, nil
}
