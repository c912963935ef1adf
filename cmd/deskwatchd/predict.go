package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) predictCommand() *cobra.Command {
	return group("predict", "how likely tickets end badly: train, score, list, explain, report, evaluate",
		s.predictTrainCommand(), s.predictScoreCommand(), s.predictListCommand(), s.predictExplainCommand(), s.predictReportCommand(), s.predictEvaluateCommand())
}

func (s *session) predictScoreCommand() *cobra.Command {
	var q core.TicketQuery
	cmd := &cobra.Command{Use: "score", Short: "score the open tickets now, and list them, the riskiest first", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(q.Limit); err != nil {
				return err
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				var p core.Progress
				done := report(s.stderr, &p)
				_, err := desk.ScoreNow(cmd.Context(), &p)
				done()
				if err != nil {
					return err
				}
				list, err := desk.PredictTickets(cmd.Context(), q)
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					printAtRisk(w, list.Items)
					fmt.Fprintf(w, "%d of %d open tickets, scored by %s\n", len(list.Items), list.Total, basisWords(list.Basis))
					if list.Next != "" {
						fmt.Fprintf(w, "The next ones: --after %s\n", list.Next)
					}
				})
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&q.Text, "query", "", "a filter as of tickets list; empty for all open tickets")
	fl.IntVar(&q.Limit, "limit", 100, "how many to list, 1 to 1000")
	fl.StringVar(&q.After, "after", "", "go on where the page before ended: its \"next\"")
	return cmd
}

// printAtRisk writes one line a ticket, with the reason that weighs most.
func printAtRisk(w io.Writer, items []core.AtRisk) {
	line(w, "NUMBER", "SUBJECT", "CUSTOMER", "SATISFACTION", "HEAVIEST REASON")
	for _, t := range items {
		reason := ""
		if len(t.Reasons) > 0 {
			reason = reasonWords(t.Reasons[0])
		}
		line(w, cmp.Or(t.Number, t.ID), clip(t.Subject, 50), clip(t.Customer, 30), t.Satisfaction, reason)
	}
}

func (s *session) predictExplainCommand() *cobra.Command {
	return &cobra.Command{Use: "explain TICKET", Short: "say how likely one ticket ends badly, why, and what would help; by its number, its id or source:id", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				no, err := desk.FindTicket(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				p, err := desk.Prediction(cmd.Context(), no)
				if err != nil {
					return err
				}
				return s.print(p, func(w io.Writer) { printPrediction(w, args[0], p) })
			})
		}}
}

func printPrediction(w io.Writer, ticket string, p core.Prediction) {
	line(w, "ticket", ticket)
	printExpected(w, p)
	line(w, "told", moment(p.At))
	for _, h := range p.History {
		line(w, "was", fmt.Sprintf("%d  %s, %s, by %s", h.Satisfaction, moment(h.At), momentWords(h.Moment), byWords(h.Basis, h.Model)))
	}
}

// printExpected writes how a ticket is expected to end, why, and what would help.
func printExpected(w io.Writer, p core.Prediction) {
	line(w, "satisfaction", fmt.Sprintf("%d of 100, by %s", p.Satisfaction, byWords(p.Basis, p.Model)))
	for _, r := range p.Reasons {
		line(w, "", fmt.Sprintf("%+d", r.Points), r.Text)
	}
	for _, h := range p.Help {
		line(w, "would help", h.Text)
	}
}

// reasonWords are a reason and the points of satisfaction it gives or takes.
func reasonWords(r core.NamedReason) string { return fmt.Sprintf("%+d  %s", r.Points, r.Text) }

// byWords is what a prediction was made by, and the version of the model.
func byWords(b core.PredictionBasis, model int) string {
	if b == core.BasisModel && model > 0 {
		return "model " + strconv.Itoa(model)
	}
	return basisWords(b)
}

func basisWords(b core.PredictionBasis) string {
	if b == core.BasisModel {
		return "the model"
	}
	return "the stated rules"
}

// momentWords is when in its life a ticket was scored.
func momentWords(m core.Moment) string {
	switch m {
	case core.MomentArrival:
		return "on arrival"
	case core.MomentReply:
		return "after the first reply"
	case core.MomentEvent:
		return "after a change"
	case core.MomentTime:
		return "as time went by"
	case core.MomentLast:
		return "the last before the end"
	}
	return string(m)
}
