package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
)

const (
	// triedTickets is how many tickets a test reads.
	triedTickets = 200
	// tryAtMost bounds a test: a person waits for it.
	tryAtMost = time.Minute
)

// TestSource reads the first tickets of a source, saved or not, keeps nothing, and says what it
// met. A nil secret is the stored one.
func (a *App) TestSource(ctx context.Context, s core.Source, secret, clientSecret *core.Secret) (sentence string, err error) {
	if err := a.allow(ctx, core.EditSources); err != nil {
		return sentence, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return "", err
	}
	defer end()
	if s, err = checkedSource(s); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, tryAtMost)
	defer cancel()
	switch s.Kind {
	case core.SourceFolder:
		return a.tryFolder(ctx, s)
	case core.SourceCollector:
		return "There is nothing to ask: a collector sends its tickets by itself.", nil
	}
	remote, err := a.remoteOf(ctx, s, secret, clientSecret)
	if err != nil {
		return "", err
	}
	stream, err := openToTry(ctx, s, remote)
	if err != nil {
		return "", err
	}
	defer func() { err = joinErrors(err, stream.Close()) }()
	what, err := tried(stream)
	if err != nil {
		return "", err
	}
	return "It answers. " + what, nil
}

// openToTry opens a source that is a server, saved or not.
func openToTry(ctx context.Context, s core.Source, r source.Remote) (source.Stream, error) {
	if s.Kind == core.SourceDesk {
		return tryDesk(ctx, s, r)
	}
	return openSalesforce(ctx, s, r, time.Time{})
}

// tryFolder reads the newest file of a folder.
func (a *App) tryFolder(ctx context.Context, s core.Source) (sentence string, err error) {
	files, err := source.Files(s.Folder)
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "The folder is there. No ticket file (.json, .ndjson, .csv, .tsv, also .gz) is in it yet.", nil
	}
	preview, err := a.PreviewTickets(ctx, core.TicketImportRequest{Path: filepath.Join(s.Folder, files[0].Name), Source: s.Name, Mapping: s.Mapping})
	if err != nil {
		return "", err
	}
	sentence = fmt.Sprintf("The folder is there, with ticket files: %d. The newest is %q (%s).", len(files), files[0].Name, preview.Format)
	if len(preview.Tickets) > 0 {
		sentence += " " + firstTicket(preview.Tickets[0])
	}
	return sentence, nil
}

// tried reads the beginning of a stream and says what is in it.
func tried(s source.Stream) (string, error) {
	seen := &seenRecords{Stream: s}
	var first core.Ticket
	more := false
	for seen.tickets+seen.rejected < triedTickets {
		t, err := seen.Next()
		var r *source.Rejected
		if err == io.EOF {
			break
		}
		if err != nil && !errors.As(err, &r) {
			return "", wholeStream(err)
		}
		if err == nil && seen.tickets == 1 {
			first = t
		}
		more = seen.tickets+seen.rejected == triedTickets
	}
	if seen.tickets+seen.rejected == 0 {
		return "It has no tickets.", nil
	}
	text := fmt.Sprintf("Tickets read: %d.", seen.tickets)
	if more {
		text = fmt.Sprintf("Tickets read: %d, and there may be more.", seen.tickets)
	}
	if seen.tickets > 0 {
		text += " " + firstTicket(first)
	}
	if note := seen.note(); note != "" {
		text += " " + note
	}
	return text, nil
}

func firstTicket(t core.Ticket) string {
	return fmt.Sprintf("The first is %s, “%.60s”, %s.", t.Number, t.Subject, t.Status)
}
