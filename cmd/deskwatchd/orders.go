package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

// maxListedIDs is how many order ids a breach lists; its count is exact beyond that.
const maxListedIDs = 1000

func (s *session) ordersCommand() *cobra.Command {
	return group("orders", "the order book: import, undo, seed, breaches",
		s.importCommand(), s.undoCommand(), s.seedCommand(), s.breachesCommand(), s.bookCommand())
}

func (s *session) importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{Use: "import FILE", Short: "read an orders CSV into the order book", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			req, err := f.request(args[0])
			if err != nil {
				return usageError{err}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error { return s.importFile(cmd.Context(), desk, req) })
		}}
	f.bind(cmd.Flags())
	return cmd
}

func (s *session) importFile(ctx context.Context, desk *app.App, req core.ImportRequest) error {
	var p core.Progress
	done := report(s.stderr, &p)
	r, err := desk.Import(ctx, req, &p)
	done()
	if err != nil {
		return err
	}
	return s.print(r, func(w io.Writer) {
		verb := "imported as number " + strconv.FormatInt(r.ImportID, 10)
		if req.DryRun {
			verb = "nothing written (dry run)"
		}
		fmt.Fprintf(w, "%s: %d rows read, %s\n", req.Path, r.Rows, verb)
		line(w, "  new orders", r.OrdersNew)
		line(w, "  changed", r.OrdersChanged)
		line(w, "  unchanged", r.OrdersUnchanged)
		line(w, "  rejected rows", r.Rejected)
		for _, reason := range r.RejectReasons {
			line(w, "    "+reason.Reason, reason.Count)
		}
		if r.RejectsFile != "" {
			line(w, "  rejects kept in", r.RejectsFile)
		}
		line(w, "  unrecognised customers", r.UnrecognisedCustomers)
		for _, st := range r.UnknownStatuses {
			line(w, fmt.Sprintf("  unknown status %q", st.Raw), st.Count)
		}
		line(w, "  read as", fmt.Sprintf("%s, %s, header on line %d, dates %s", r.Detected.Encoding, r.Detected.Delimiter, r.Detected.HeaderLine, r.Detected.DateFormat))
		for _, c := range r.Columns {
			line(w, "    "+string(c.Field), c.Column, c.Why)
		}
		line(w, "  seconds", fmt.Sprintf("%.1f", r.Seconds))
	})
}

func (s *session) undoCommand() *cobra.Command {
	return &cobra.Command{Use: "undo ID", Short: "take back one import, restoring what it overwrote", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return usageError{fmt.Errorf("%q is not the number of an import", args[0])}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				var p core.Progress
				done := report(s.stderr, &p)
				r, err := desk.UndoImport(cmd.Context(), id, &p)
				done()
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) {
					fmt.Fprintf(w, "Import %d is undone: %d orders removed, %d restored.\n", r.ImportID, r.Removed, r.Restored)
				})
			})
		}}
}

func (s *session) seedCommand() *cobra.Command {
	return &cobra.Command{Use: "seed", Short: "create a client for every recognised customer that has none", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				var p core.Progress
				done := report(s.stderr, &p)
				r, err := desk.SeedClients(cmd.Context(), &p)
				done()
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) {
					fmt.Fprintf(w, "%d clients created, %d were there, %d customers skipped.\n", r.Created, r.Existing, r.SkippedN)
					for _, sk := range r.Skipped {
						line(w, "  "+strconv.Quote(sk.Name), sk.Reason)
					}
				})
			})
		}}
}

func (s *session) breachesCommand() *cobra.Command {
	var statuses, from, to string
	var threshold, days int
	cmd := &cobra.Command{Use: "breaches", Short: "list customers whose orders went wrong too often in a month", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			q, err := breachQuery(statuses, from, to, threshold, days)
			if err != nil {
				return usageError{err}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				done := reportPhase(s.stderr, "Looking for breaches")
				list, err := desk.Breaches(cmd.Context(), q)
				done()
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "MONTH", "CUSTOMER", "NAME", "COUNT", "ORDERS")
					for _, b := range list {
						line(w, b.Period, strconv.Quote(b.Customer), b.Name, b.Count, strings.Join(b.OrderIDs, " "))
					}
				})
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&statuses, "statuses", "cancelled,returned", "which statuses count, separated by commas")
	fl.IntVar(&threshold, "min", 3, "how many distinct orders in one month, or in --days")
	fl.IntVar(&days, "days", 0, "count over so many days in a row, 2 to 366, instead of a calendar month")
	fl.StringVar(&from, "from", "", "first month, such as 2023-01")
	fl.StringVar(&to, "to", "", "last month, such as 2023-06")
	return cmd
}

func breachQuery(statuses, from, to string, threshold, days int) (q core.BreachQuery, err error) {
	q.Threshold, q.Days, q.OrderIDs = threshold, days, maxListedIDs
	if threshold < 1 {
		return q, fmt.Errorf("--min is %d; it must be 1 or more", threshold)
	}
	if days != 0 && (days < 2 || days > 366) {
		return q, fmt.Errorf("--days is %d; it must be between 2 and 366", days)
	}
	if q.Statuses, err = core.ParseStatusSet(statuses); err != nil {
		return q, err
	}
	for text, month := range map[string]*core.Month{from: &q.From, to: &q.To} {
		if text == "" {
			continue
		}
		if *month, err = core.ParseMonth(text); err != nil {
			return q, err
		}
	}
	return q, nil
}
