package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) predictTrainCommand() *cobra.Command {
	return &cobra.Command{Use: "train", Short: "train a model on the tickets whose end is known, and let it predict if it is better", Args: usageArgs(cobra.NoArgs),
		Long: "Train a model on the desk's own tickets whose end is known: rated, or escalated. It predicts from then on if it\n" +
			"is better than the one before on recent tickets. That no model may predict is an answer and no failure: the exit\n" +
			"status is 0, \"accepted\" says no and \"reason\" why.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				var p core.Progress
				done := report(s.stderr, &p)
				r, err := desk.TrainModel(cmd.Context(), &p)
				done()
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) { printTraining(w, r) })
			})
		}}
}

func printTraining(w io.Writer, r core.TrainingResult) {
	verb := "not accepted: "
	if r.Accepted {
		verb = "accepted: "
	}
	fmt.Fprintln(w, verb+r.Text)
	if r.Version > 0 {
		line(w, "model", r.Version)
	}
	line(w, "tickets whose end is known", r.Tickets)
	line(w, "seconds", fmt.Sprintf("%.1f", r.Seconds))
	if r.Measured != nil {
		fmt.Fprintln(w, "\nOn tickets it had not seen:")
		printMeasured(w, *r.Measured)
	}
}

// printMeasured writes how good predictions were, what a lead asks first in front.
func printMeasured(w io.Writer, m core.Measured) {
	line(w, "tickets", fmt.Sprintf("%d, %d ended badly", m.Tickets, m.Bad))
	if !m.From.IsZero() {
		line(w, "from, to", moment(m.From), moment(m.To))
	}
	line(w, "listed, at most "+strconv.Itoa(m.Capacity)+" a day", fmt.Sprintf("%d of the %d bad ends, and %d that ended well", m.Right, m.Bad, m.Warned-m.Right))
	line(w, "bad in the riskiest tenth", percent(m.Top))
	line(w, "work saved for 4 of 5 bad ends", percent(m.Reduction))
	line(w, "AUC", fmt.Sprintf("%.3f (95 %%: %.3f to %.3f)", m.AUC, m.AUCLow, m.AUCHigh))
	line(w, "average precision", fmt.Sprintf("%.3f", m.AveragePrecision))
	line(w, "Brier score", fmt.Sprintf("%.4f", m.Brier))
	line(w, "calibration error", fmt.Sprintf("%.4f", m.ECE))
	for _, b := range m.Calibration {
		line(w, "  predicted "+percent(b.Predicted), fmt.Sprintf("%s of %d ended badly (95 %%: %s to %s)", percent(b.Observed), b.Count, percent(b.Low), percent(b.High)))
	}
	for _, at := range m.Moments {
		line(w, "  "+momentWords(at.Moment), fmt.Sprintf("%d tickets, %d bad, AUC %.3f (95 %%: %.3f to %.3f)", at.Tickets, at.Bad, at.AUC, at.AUCLow, at.AUCHigh))
	}
}

// percent is a share as people write it.
func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
