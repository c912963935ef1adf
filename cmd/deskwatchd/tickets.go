package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) ticketsCommand() *cobra.Command {
	return group("tickets", "the ticket pool: import, list, show", s.ticketImportCommand(), s.ticketListCommand(), s.ticketShowCommand())
}

func (s *session) ticketListCommand() *cobra.Command {
	var q core.TicketQuery
	cmd := &cobra.Command{Use: "list", Short: "list the tickets a filter finds", Args: usageArgs(cobra.NoArgs),
		Long: "List the tickets a filter finds. A filter is words and field:value pairs:\n" +
			"  status:new,open product:\"Spark EE\" priority:>=high tough:yes due:<1h risk:>70 orders:>=3\n" +
			"  owner:me created:>2024-01-01 -word \"exact words\"",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(q.Limit); err != nil {
				return err
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				page, err := desk.Tickets(cmd.Context(), q)
				if err != nil {
					return err
				}
				return s.print(page, func(w io.Writer) {
					line(w, "NUMBER", "SUBJECT", "CUSTOMER", "PRIORITY", "STATUS", "OWNER", "REPLY DUE", "RISK", "UPDATED")
					for _, t := range page.Items {
						line(w, t.Number, clip(t.Subject, 50), clip(t.Customer, 30), t.Priority, statusWords(t), owner(t), dueWords(t, desk.Now()), t.Risk, moment(t.UpdatedAt))
					}
					fmt.Fprintf(w, "%d of %d tickets\n", len(page.Items), page.Total)
					if page.Next != "" {
						fmt.Fprintf(w, "The next ones: --after %s\n", page.Next)
					}
				})
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&q.Text, "query", "", "the filter; empty for all")
	fl.StringVar(&q.Sort, "sort", "", "what to sort by, with - in front for descending: "+strings.Join(core.TicketSorts(), " ")+" (default -updated)")
	fl.IntVar(&q.Limit, "limit", 100, "how many to list, 1 to 1000")
	fl.StringVar(&q.After, "after", "", "go on where the page before ended: its \"next\"")
	return cmd
}

func (s *session) ticketShowCommand() *cobra.Command {
	return &cobra.Command{Use: "show ID", Short: "show one ticket by its number, its id or source:id, with its customer", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				no, err := desk.FindTicket(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				d, err := desk.TicketDetail(cmd.Context(), no)
				if err != nil {
					return err
				}
				return s.print(d, func(w io.Writer) { printTicket(w, d, desk.Now()) })
			})
		}}
}

func printTicket(w io.Writer, d core.TicketDetail, now time.Time) {
	fmt.Fprintf(w, "%s  %s\n", d.Number, d.Subject)
	line(w, "source", d.Key())
	line(w, "status", statusWords(d.TicketView), d.RawStatus)
	line(w, "priority", d.Priority, d.RawPriority)
	line(w, "product", d.Product)
	line(w, "customer", d.Customer, d.Email)
	line(w, "owner", owner(d.TicketView))
	line(w, "created", moment(d.CreatedAt))
	line(w, "updated", moment(d.UpdatedAt))
	line(w, "reply due", dueWords(d.TicketView, now))
	for _, step := range d.ClockSteps {
		line(w, "", moment(step.At), step.Text)
	}
	printExpected(w, d.Prediction)
	for _, step := range d.History {
		line(w, "was", moment(step.At), step.Status, step.RawStatus)
	}
	for _, a := range d.Attention {
		line(w, string(a.Kind), moment(a.At), a.Comment)
	}
	if d.SourceURL != "" {
		line(w, "open", d.SourceURL)
	}
	if d.Description != "" {
		fmt.Fprintf(w, "\n%s\n", d.Description)
	}
}

// statusWords is the status, and that the source has the ticket no more.
func statusWords(t core.TicketView) string {
	if t.Gone {
		return t.Status.String() + ", gone"
	}
	return t.Status.String()
}

// owner is who has the ticket: given on the desk, or as the source says.
func owner(t core.TicketView) string {
	if t.Assigned != "" {
		return t.Assigned
	}
	return t.Owner
}

func dueWords(t core.TicketView, now time.Time) string {
	switch t.Clock {
	case core.ClockRunning, core.ClockAmber:
		left := t.Due.Sub(now).Round(time.Minute)
		return fmt.Sprintf("%s, %d h %d min left", moment(t.Due), left/time.Hour, left%time.Hour/time.Minute)
	case core.ClockRed:
		return fmt.Sprintf("%s, late", moment(t.Due))
	case core.ClockNone:
		return ""
	}
	return string(t.Clock)
}

func clip(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
