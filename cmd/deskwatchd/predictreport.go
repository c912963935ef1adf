package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) predictListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "list the open tickets that need somebody today, at most as many as the desk can look after", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.RiskList(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					printAtRisk(w, list.Items)
					fmt.Fprintf(w, "%d of the open tickets with a satisfaction of %d or less, scored by %s\n", len(list.Items), 100-list.Bar, basisWords(list.Basis))
				})
			})
		}}
}

func (s *session) predictReportCommand() *cobra.Command {
	return &cobra.Command{Use: "report", Short: "say how good the predictions of this desk have been", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				r, err := desk.PredictionReport(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) { printPredictionReport(w, r) })
			})
		}}
}

func printPredictionReport(w io.Writer, r core.PredictionReport) {
	for _, sentence := range r.Sentences {
		fmt.Fprintln(w, sentence.Text)
	}
	fmt.Fprintln(w)
	printModel(w, r.State)
	if r.Backtest != nil {
		fmt.Fprintf(w, "\nThe model on tickets it had not seen when it was trained:\n")
		printMeasured(w, *r.Backtest)
	}
	if r.Live != nil {
		fmt.Fprintf(w, "\nWhat was really predicted while tickets were open:\n")
		printMeasured(w, *r.Live)
	}
	line(w, "\nend not known yet", r.Pending)
}

// printModel writes what predicts, and what it looks at.
func printModel(w io.Writer, m core.ModelState) {
	line(w, "predicted by", byWords(m.Basis, m.Version))
	if m.WhyText != "" {
		line(w, "why", m.WhyText)
	}
	line(w, "known ends", fmt.Sprintf("%d, %d bad; a model needs %d", m.Rated, m.Bad, m.Needed))
	if m.Version > 0 {
		line(w, "trained", moment(m.TrainedAt), fmt.Sprintf("on %d tickets created from %s to %s", m.Tickets, moment(m.From), moment(m.To)))
	}
	if m.LastTry != nil {
		line(w, "last training", moment(m.LastTry.At), m.LastTry.Text)
	}
	for _, f := range m.Features[:min(len(m.Features), shownFeatures)] {
		line(w, "looks at", percent(f.Weight), f.Name)
	}
	for _, warning := range m.Warnings {
		line(w, "warning", warning)
	}
}

// shownFeatures is how many of a model's features are printed; --json has all.
const shownFeatures = 10
