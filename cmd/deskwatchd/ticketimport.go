package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deskwatch/core"
	"deskwatch/core/app"
)

// ticketImportFlags are the flags of tickets import, as written.
type ticketImportFlags struct {
	fields, statuses, priorities []string
	source, zone, dateFormat     string
	delimiter, encoding, rejects string
	headerLine                   int
	replay, full, dryRun         bool
}

func (f *ticketImportFlags) bind(fl *pflag.FlagSet) {
	fl.StringArrayVar(&f.fields, "map", nil, "field=Column: which column, or which name in JSON, a field has; repeat, or separate pairs by commas\n(id number subject description status priority product customer customer_name email owner channel\ncreated updated first_reply closed escalated reopened rating; field=- for none)")
	fl.StringArrayVar(&f.statuses, "status", nil, "raw=canonical: what a spelling means (new open pending held resolved closed other)")
	fl.StringArrayVar(&f.priorities, "priority", nil, "raw=canonical: what a spelling means (none low normal high urgent)")
	fl.StringVar(&f.source, "source", "", "the name of the source the tickets are from (default: file)")
	fl.BoolVar(&f.replay, "replay", false, "the rows are an event log: take them in time order, each as a state of its ticket")
	fl.BoolVar(&f.full, "full", false, "the file holds all tickets of the source: those missing from it are gone")
	fl.StringVar(&f.dateFormat, "date-format", "", "iso, day-first, month-first, excel, or a layout such as 02.01.2006 15:04")
	fl.StringVar(&f.zone, "zone", "", "the zone of times that name none, such as Europe/Madrid (default: this machine's)")
	fl.StringVar(&f.delimiter, "delimiter", "", "one character, or tab")
	fl.StringVar(&f.encoding, "encoding", "", "utf-8, utf-16le, utf-16be or windows-1252")
	fl.IntVar(&f.headerLine, "header-line", 0, "the line the header is on; -1 when the file has none (default: found out)")
	fl.StringVar(&f.rejects, "rejects", "", "where to write the records that were rejected (default: the data folder)")
	fl.BoolVar(&f.dryRun, "dry-run", false, "read, compare and count everything, write nothing")
}

// request turns the flags into an import request; what is wrong with them is a usage error.
func (f *ticketImportFlags) request(path string) (req core.TicketImportRequest, err error) {
	req = core.TicketImportRequest{
		Path: path, Source: f.source, Full: f.full, Replay: f.replay, RejectsPath: f.rejects, DryRun: f.dryRun,
		Hints:   core.TableHints{Encoding: f.encoding, Delimiter: f.delimiter, DateFormat: f.dateFormat, HeaderLine: f.headerLine},
		Mapping: core.TicketMapping{Zone: f.zone},
	}
	if req.Mapping.Fields, err = fieldPairs(f.fields, core.ParseTicketField); err != nil {
		return req, err
	}
	if req.Mapping.Statuses, err = wordPairs("--status", f.statuses, core.ParseTicketStatus); err != nil {
		return req, err
	}
	req.Mapping.Priorities, err = wordPairs("--priority", f.priorities, core.ParsePriority)
	return req, err
}

func (s *session) ticketImportCommand() *cobra.Command {
	var f ticketImportFlags
	cmd := &cobra.Command{Use: "import FILE", Short: "take the tickets of a CSV or JSON file, also a .gz, into the ticket pool", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			req, err := f.request(args[0])
			if err != nil {
				return usageError{err}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error { return s.importTickets(cmd.Context(), desk, req) })
		}}
	f.bind(cmd.Flags())
	return cmd
}

func (s *session) importTickets(ctx context.Context, desk *app.App, req core.TicketImportRequest) error {
	var p core.Progress
	done := report(s.stderr, &p)
	r, err := desk.ImportTickets(ctx, req, &p)
	done()
	if err != nil {
		return err
	}
	return s.print(r, func(w io.Writer) { printTicketImport(w, req, r) })
}

func printTicketImport(w io.Writer, req core.TicketImportRequest, r core.TicketImportResult) {
	verb := "taken as source " + r.Source
	if req.DryRun {
		verb = "nothing written (dry run)"
	}
	fmt.Fprintf(w, "%s: %d records read, %s\n", req.Path, r.Rows, verb)
	line(w, "  new tickets", r.New)
	line(w, "  changed", r.Changed)
	line(w, "  unchanged", r.Unchanged)
	line(w, "  older than what is known", r.Stale)
	line(w, "  gone", r.Gone)
	line(w, "  events", r.Events)
	line(w, "  rejected records", r.Rejected)
	for _, reason := range r.RejectReasons {
		line(w, "    "+reason.Reason, reason.Count)
	}
	if r.RejectsFile != "" {
		line(w, "  rejects kept in", r.RejectsFile)
	}
	for _, word := range r.UnknownStatuses {
		line(w, fmt.Sprintf("  unknown status %q", word.Raw), word.Count)
	}
	for _, word := range r.UnknownPriorities {
		line(w, fmt.Sprintf("  unknown priority %q", word.Raw), word.Count)
	}
	if r.Baseline {
		line(w, "  first load of this source", "nobody is told")
	}
	read := r.Format
	if r.Detected.Encoding != "" {
		read = fmt.Sprintf("%s, %s, header on line %d, dates %s", r.Format, r.Detected.Encoding, r.Detected.HeaderLine, r.Detected.DateFormat)
	}
	line(w, "  read as", read)
	for _, c := range r.Columns {
		line(w, "    "+string(c.Field), c.Column, c.Why)
	}
	line(w, "  seconds", fmt.Sprintf("%.1f", r.Seconds))
}
