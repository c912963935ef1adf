package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

// predictEvaluateCommand measures on files. It always prints JSON: programs read it.
func (s *session) predictEvaluateCommand() *cobra.Command {
	var req core.EvaluationRequest
	var fields []string
	var at string
	cmd := &cobra.Command{Use: "evaluate --train FILE --test FILE --map field=Column,… --label \"Column<=2\"", Short: "train on one CSV file, also a .gz, and measure how well that predicts another; prints JSON", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if req.Train == "" || req.Test == "" || req.Label == "" {
				return usageError{fmt.Errorf("predict evaluate needs --train, --test and --label")}
			}
			mapped, err := fieldPairs(fields, evaluationField)
			if err != nil {
				return usageError{err}
			}
			req.Map = map[string]string{}
			for field, column := range mapped {
				req.Map[string(field)] = column
			}
			if req.At, req.After, err = evaluationMoment(at); err != nil {
				return usageError{err}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				var p core.Progress
				done := report(s.stderr, &p)
				r, err := desk.EvaluateFiles(cmd.Context(), req, &p)
				done()
				if err != nil {
					return err
				}
				enc := json.NewEncoder(s.stdout)
				enc.SetEscapeHTML(false)
				if !s.json {
					enc.SetIndent("", "  ")
				}
				if err := enc.Encode(r); err != nil {
					return core.NewError(core.CodeInternal, "print", "The result could not be written out.", err)
				}
				return nil
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&req.Train, "train", "", "the file to learn from")
	fl.StringVar(&req.Test, "test", "", "the file to measure on")
	fl.StringArrayVar(&fields, "map", nil, "field=Column: which column a field has; repeat, or separate pairs by commas\n("+strings.Join(core.EvaluationFields(), " ")+");\nother columns are looked at as they are")
	fl.StringVar(&req.Label, "label", "", "which tickets ended badly: a column, one of <= < >= > = !=, and a value, such as \"CSAT Score<=2\"")
	fl.StringVar(&at, "at", string(core.MomentArrival), "when to predict: arrival, first-reply, or so long after the arrival, such as 24h,\nthen only tickets that are still open")
	fl.StringArrayVar(&req.Exclude, "exclude", nil, "a column not to look at; repeat")
	fl.StringVar(&req.Predictions, "predictions", "", "write what was predicted of each ticket to this CSV file: key, risk, bad")
	return cmd
}

func evaluationField(name string) (core.Field, error) {
	name = strings.TrimSpace(name)
	if !slices.Contains(core.EvaluationFields(), name) {
		return "", fmt.Errorf("there is no field %q to map; the fields are %s", name, strings.Join(core.EvaluationFields(), " "))
	}
	return core.Field(name), nil
}

func evaluationMoment(text string) (core.Moment, time.Duration, error) {
	switch m := core.Moment(strings.TrimSpace(text)); m {
	case core.MomentArrival, core.MomentReply:
		return m, 0, nil
	}
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d <= 0 {
		return "", 0, fmt.Errorf("--at %q is neither arrival nor first-reply nor a length of time such as 24h", text)
	}
	return core.MomentTime, d, nil
}
