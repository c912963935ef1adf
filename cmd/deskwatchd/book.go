package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

// bookCommand is about where the orders are kept.
func (s *session) bookCommand() *cobra.Command {
	cmd := group("book", "where the orders are kept: show, test, indexes, copy", s.bookTestCommand(), s.bookIndexesCommand(), s.bookCopyCommand())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return s.withDesk(cmd.Context(), func(desk *app.App) error {
			b := desk.BookSettings()
			shown := map[string]any{"kind": b.Kind, "place": desk.BookPlace()}
			return s.print(shown, func(w io.Writer) { line(w, b.Kind, desk.BookPlace()) })
		})
	}
	return cmd
}

func (s *session) bookTestCommand() *cobra.Command {
	return &cobra.Command{Use: "test", Short: "connect to the order book and say what is wrong with it", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				r, err := desk.TestOrderBook(cmd.Context(), desk.BookSettings(), nil)
				if err != nil {
					return err
				}
				if err := s.print(bookReport(r), func(w io.Writer) { printReport(w, r) }); err != nil || r.OK() {
					return err
				}
				return core.NewError(core.CodeConflict, "book.test", "Deskwatch cannot work with this order book as it is: see the lines marked WRONG.", nil)
			})
		}}
}

// reportJSON has the latency as milliseconds, and lists that are never null.
type reportJSON struct {
	core.BookReport
	Latency  float64        `json:"latency"`
	Findings []core.Finding `json:"findings"`
	Missing  []string       `json:"missing_indexes"`
	OK       bool           `json:"ok"`
}

func bookReport(r core.BookReport) reportJSON {
	return reportJSON{
		BookReport: r, Latency: float64(r.Latency.Microseconds()) / 1000, OK: r.OK(),
		Findings: append([]core.Finding{}, r.Findings...), Missing: append([]string{}, r.Missing...),
	}
}

func printReport(w io.Writer, r core.BookReport) {
	line(w, "server", r.Server)
	line(w, "version", r.Version)
	line(w, "latency", r.Latency.Round(10*time.Microsecond))
	line(w, "orders", r.Orders)
	line(w, "clients", r.Clients)
	printFindings(w, r.Findings)
	for _, m := range r.Missing {
		line(w, "index", m)
	}
	if len(r.Missing) > 0 {
		fmt.Fprintln(w, "Make the missing indexes with: deskwatchd orders book indexes --create")
	}
}

func printFindings(w io.Writer, list []core.Finding) {
	for _, f := range list {
		mark := "ok"
		if !f.OK {
			mark = "WRONG"
		}
		line(w, mark, f.Check, f.Message)
	}
}

func (s *session) bookIndexesCommand() *cobra.Command {
	var create bool
	cmd := &cobra.Command{Use: "indexes", Short: "list the indexes the order database lacks, and make them with --create", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if create {
					var p core.Progress
					done := report(s.stderr, &p)
					err := desk.CreateBookIndexes(cmd.Context(), &p)
					done()
					if err != nil {
						return err
					}
				}
				r, err := desk.TestOrderBook(cmd.Context(), desk.BookSettings(), nil)
				if err != nil {
					return err
				}
				missing := append([]string{}, r.Missing...)
				return s.print(map[string]any{"missing_indexes": missing}, func(w io.Writer) {
					if len(missing) == 0 {
						fmt.Fprintln(w, "No index is missing.")
					}
					for _, m := range missing {
						fmt.Fprintln(w, m)
					}
				})
			})
		}}
	cmd.Flags().BoolVar(&create, "create", false, "make the missing indexes; it takes a while on a large collection and may be stopped")
	return cmd
}

func (s *session) bookCopyCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{Use: "copy", Short: "copy the embedded order book into MongoDB and compare both", Args: usageArgs(cobra.NoArgs),
		Long: "Copy the embedded order book into the MongoDB of the settings, or of --to-uri, and compare both. The embedded\n" +
			"book stays, and so do the settings: deskwatchd settings set order_book.kind=mongodb switches.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				var p core.Progress
				done := report(s.stderr, &p)
				r, err := desk.CopyOrdersTo(cmd.Context(), core.NewSecret(to), &p)
				done()
				if err != nil {
					return err
				}
				if err := s.print(r, func(w io.Writer) {
					fmt.Fprintf(w, "%s is copied to %s.\n", r.From, r.To)
					line(w, "  new orders", r.Wrote.OrdersNew)
					line(w, "  changed", r.Wrote.OrdersChanged)
					line(w, "  unchanged", r.Wrote.OrdersUnchanged)
					line(w, "  clients added", r.Added)
					printFindings(w, r.Findings)
					line(w, "  seconds", fmt.Sprintf("%.1f", r.Seconds))
				}); err != nil || r.Equal {
					return err
				}
				return core.NewError(core.CodeConflict, "book.copy", "The orders are copied, but the two books differ: see the lines marked WRONG.", nil)
			})
		}}
	cmd.Flags().StringVar(&to, "to-uri", "", "the database to copy to, such as mongodb://user:password@host/database (default: as in the settings)")
	return cmd
}
