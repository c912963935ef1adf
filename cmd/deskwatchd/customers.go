package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) customersCommand() *cobra.Command {
	return group("customers", "customers of tickets and orders: list, show, link, unlink, flag",
		s.customerListCommand(), s.customerShowCommand(), s.customerLinkCommand(), s.customerUnlinkCommand(), s.customerFlagCommand())
}

func (s *session) customerListCommand() *cobra.Command {
	var q core.CardQuery
	cmd := &cobra.Command{Use: "list", Short: "list the customers of the tickets, the toughest first", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(q.Limit); err != nil {
				return err
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				page, err := desk.CustomerCards(cmd.Context(), q)
				if err != nil {
					return err
				}
				return s.print(page, func(w io.Writer) {
					line(w, "CUSTOMER", "NAME", "E-MAIL", "TICKETS", "OPEN", "TOUGH", "BAD ORDERS", "ORDER CUSTOMERS", "PROPOSED")
					for _, c := range page.Items {
						tough := fmt.Sprint(c.Tough)
						if c.IsTough {
							tough += " tough"
						}
						line(w, c.Key, c.Name, c.Email, c.Tickets, c.Open, tough, c.BadOrders, strings.Join(c.OrderIDs, " "), c.Proposed)
					}
					if page.Next != "" {
						fmt.Fprintf(w, "%d of %d; for the next ones: --after %s\n", len(page.Items), page.Total, page.Next)
					}
				})
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&q.Text, "query", "", "only those with this in their key, name or e-mail")
	fl.BoolVar(&q.Proposed, "proposed", false, "only those with a link that waits for a person")
	fl.IntVar(&q.Limit, "limit", 100, "how many, 1 to 1000")
	fl.StringVar(&q.After, "after", "", "the page behind: what the page before gave as next")
	return cmd
}

func (s *session) customerShowCommand() *cobra.Command {
	return &cobra.Command{Use: "show KEY", Short: "show one customer: tickets, orders, links, timeline", Args: usageArgs(cobra.ExactArgs(1)),
		Long: "show KEY shows one customer. KEY is source:id, orders:identity, or an id, an e-mail or a name that only one customer has.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				key, err := desk.FindCustomer(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				card, err := desk.CustomerCard(cmd.Context(), key)
				if err != nil {
					return err
				}
				return s.print(card, func(w io.Writer) { writeCard(w, card) })
			})
		}}
}

func writeCard(w io.Writer, c core.CustomerCard) {
	line(w, "customer", c.Key)
	line(w, "name", c.Name)
	line(w, "e-mail", c.Email)
	line(w, "tickets", fmt.Sprintf("%d, %d open, %d escalated, reopened %d times", c.Tickets, c.Open, c.Escalations, c.Reopenings))
	line(w, "ratings", fmt.Sprintf("1: %d, 2: %d, 3: %d, 4: %d, 5: %d", c.Ratings[1], c.Ratings[2], c.Ratings[3], c.Ratings[4], c.Ratings[5]))
	tough := fmt.Sprintf("%d of 100", c.Tough)
	if c.IsTough {
		tough += ", tough"
	}
	line(w, "toughness", tough)
	for _, r := range c.Reasons {
		line(w, "", fmt.Sprintf("%+d %s", r.Points, r.Text))
	}
	line(w, "health", fmt.Sprintf("%d of 100, %d open tickets at risk", c.Health.Score, c.Health.AtRisk))
	for _, r := range c.Health.Reasons {
		line(w, "", fmt.Sprintf("%+d %s", r.Points, r.Text))
	}
	if f := c.Flag; f != nil {
		line(w, "flag", flagWord(f.Tough)+until(f.Until), f.Note)
	}
	for _, l := range c.Links {
		line(w, "link", fmt.Sprintf("%s is %s: %s, %d %% (%s)", l.Customer, l.Order, l.State, l.Confidence, l.Why))
	}
	if c.OrdersError != "" {
		line(w, "orders", c.OrdersError)
	} else {
		line(w, "orders", fmt.Sprintf("%d, %d cancelled or returned this month", c.Orders, c.BadOrders))
	}
	for _, b := range c.Breaches {
		line(w, "breach", fmt.Sprintf("%s: %d orders of %s", b.Period, b.Count, b.Customer))
	}
	for _, e := range c.Timeline {
		line(w, e.At.Local().Format("2006-01-02 15:04"), e.Kind+" "+e.Text)
	}
}

func flagWord(tough bool) string {
	if tough {
		return "tough"
	}
	return "fine"
}

func until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " until " + t.Add(-time.Second).Local().Format("2006-01-02") // the last day it counts
}

func (s *session) customerLinkCommand() *cobra.Command {
	return s.pairCommand("link", "say that a customer of the tickets and one of the orders are the same", "joined with", (*app.App).LinkCustomer)
}

func (s *session) customerUnlinkCommand() *cobra.Command {
	return s.pairCommand("unlink", "say that they are not the same; link takes it back", "no longer joined with", (*app.App).UnlinkCustomer)
}

func (s *session) pairCommand(use, short, done string, do func(*app.App, context.Context, core.CustomerKey, string) error) *cobra.Command {
	return &cobra.Command{Use: use + " KEY ORDER_CUSTOMER", Short: short, Args: usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				key, err := desk.FindCustomer(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if err := do(desk, cmd.Context(), key, args[1]); err != nil {
					return err
				}
				return s.printSummary(cmd.Context(), desk, key, func(w io.Writer) { fmt.Fprintf(w, "%s is %s %s.\n", key, done, args[1]) })
			})
		}}
}

// printSummary prints the customer as it is after a change: as JSON, or as the sentence of text.
func (s *session) printSummary(ctx context.Context, desk *app.App, key core.CustomerKey, text func(io.Writer)) error {
	card, err := desk.CustomerCard(ctx, key)
	if err != nil {
		return err
	}
	return s.print(card, text)
}

func (s *session) customerFlagCommand() *cobra.Command {
	var note, end string
	cmd := &cobra.Command{Use: "flag KEY tough|fine|none", Short: "say yourself whether a customer is tough; none takes it back", Args: usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			f := core.ToughFlag{Tough: args[1] == "tough", Note: note}
			if args[1] != "tough" && args[1] != "fine" && args[1] != "none" {
				return usageError{fmt.Errorf("%q is not a flag; use tough, fine or none", args[1])}
			}
			if args[1] == "none" && (note != "" || end != "") {
				return usageError{errors.New("none takes a flag back; it has no --note and no --until")}
			}
			if end != "" {
				day, err := time.ParseInLocation("2006-01-02", end, time.Local)
				if err != nil {
					return usageError{fmt.Errorf("--until is %q; write a day such as 2027-01-31", end)}
				}
				f.Until = day.AddDate(0, 0, 1) // the day itself still counts
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) (err error) {
				if f.Customer, err = desk.FindCustomer(cmd.Context(), args[0]); err != nil {
					return err
				}
				said := fmt.Sprintf("%s is flagged as %s%s.", f.Customer, flagWord(f.Tough), until(f.Until))
				if args[1] == "none" {
					said = fmt.Sprintf("%s has no flag.", f.Customer)
					err = desk.DeleteFlag(cmd.Context(), f.Customer)
				} else {
					err = desk.SaveFlag(cmd.Context(), f)
				}
				if err != nil {
					return err
				}
				return s.printSummary(cmd.Context(), desk, f.Customer, func(w io.Writer) { fmt.Fprintln(w, said) })
			})
		}}
	cmd.Flags().StringVar(&note, "note", "", "why, for your colleagues")
	cmd.Flags().StringVar(&end, "until", "", "the last day it counts, such as 2027-01-31")
	return cmd
}
