package main

import (
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) alertsCommand() *cobra.Command {
	return group("alerts", "rules and alert runs", s.alertsRunCommand(), s.rulesCommand(), s.ruleSetCommand())
}

func (s *session) alertsRunCommand() *cobra.Command {
	req := core.CheckRequest{Cause: "command"}
	cmd := &cobra.Command{Use: "run", Short: "check the rules and queue the mails that are due", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if req.Limit < 0 {
				return usageError{fmt.Errorf("--limit is %d; it must be 1 or more", req.Limit)}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				done := reportPhase(s.stderr, "Looking for breaches")
				r, err := desk.RunCheck(cmd.Context(), req)
				done()
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) { printCheck(w, r, req.DryRun) })
			})
		}}
	fl := cmd.Flags()
	fl.BoolVar(&req.DryRun, "dry-run", false, "decide and report, queue nothing")
	fl.IntVar(&req.Limit, "limit", 0, "queue at most this many alerts, instead of each rule's cap")
	fl.BoolVar(&req.SendBacklog, "send-backlog", false, "also mail what was there before a rule's first run")
	fl.Int64Var(&req.RuleID, "rule", 0, "only this rule (default: every enabled one)")
	return cmd
}

func printCheck(w io.Writer, r core.CheckResult, dryRun bool) {
	verb := "queued"
	if dryRun {
		verb = "would be queued"
	}
	fmt.Fprintf(w, "%d breaches, %d %s.\n", r.Breaches, r.Queued, verb)
	reasons := make([]string, 0, len(r.Skipped))
	for reason := range r.Skipped {
		reasons = append(reasons, string(reason))
	}
	sort.Strings(reasons)
	for _, reason := range reasons {
		line(w, "  not queued: "+reason, r.Skipped[core.Reason(reason)])
	}
	if r.BaselineFirst {
		fmt.Fprintln(w, "This was a rule's first run: what was there already is taken as known. To mail it: deskwatchd alerts run --send-backlog")
	}
}

func (s *session) rulesCommand() *cobra.Command {
	return &cobra.Command{Use: "rules", Short: "list the rules", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				rules, err := desk.Rules(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(rules, func(w io.Writer) {
					line(w, "ID", "NAME", "ENABLED", "STATUSES", "THRESHOLD", "DAYS", "STEP", "CAP", "TO CUSTOMER", "TO")
					for _, r := range rules {
						line(w, r.ID, r.Name, r.Enabled, r.Statuses, r.Threshold, r.Days, r.Step, r.Cap, r.ToCustomer, strings.Join(r.ToFixed, ","))
					}
				})
			})
		}}
}

func (s *session) ruleSetCommand() *cobra.Command {
	return &cobra.Command{Use: "set RULE KEY=VALUE...", Args: usageArgs(cobra.MinimumNArgs(2)),
		Short: "change a rule: name enabled statuses threshold days step cap to_customer to_fixed on_import schedule",
		Long: "Change a rule. The keys are name, enabled, statuses, threshold, days (0: orders of a calendar month; 2 to 366: of\n" +
			"any so many days in a row), step, cap, to_customer, to_fixed (addresses separated by commas), on_import, and\n" +
			"schedule: off, minutes:N, hourly:MM, daily:HH:MM or monthly:DAY:HH:MM.",
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usageError{fmt.Errorf("%q is not the number of a rule", args[0])}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				rule, err := findRule(cmd, desk, id)
				if err != nil {
					return err
				}
				for _, pair := range args[1:] {
					key, value, ok := strings.Cut(pair, "=")
					if !ok {
						return usageError{fmt.Errorf("%q is not written as key=value", pair)}
					}
					if err := setRuleField(&rule, key, value); err != nil {
						return usageError{err}
					}
				}
				saved, err := desk.SaveRule(cmd.Context(), rule)
				if err != nil {
					return err
				}
				return s.print(saved, func(w io.Writer) { fmt.Fprintf(w, "Rule %d is saved.\n", saved.ID) })
			})
		}}
}

func findRule(cmd *cobra.Command, desk *app.App, id int64) (core.Rule, error) {
	rules, err := desk.Rules(cmd.Context())
	if err != nil {
		return core.Rule{}, err
	}
	for _, r := range rules {
		if r.ID == id {
			return r, nil
		}
	}
	return core.Rule{}, core.NewError(core.CodeNotFound, "alerts.set", fmt.Sprintf("There is no rule %d. deskwatchd alerts rules lists them.", id), nil)
}

func setRuleField(r *core.Rule, key, value string) (err error) {
	switch key {
	case "name":
		r.Name = value
	case "enabled":
		r.Enabled, err = strconv.ParseBool(value)
	case "statuses":
		r.Statuses, err = core.ParseStatusSet(value)
	case "threshold":
		r.Threshold, err = strconv.Atoi(value)
	case "days":
		r.Days, err = strconv.Atoi(value)
	case "step":
		r.Step, err = strconv.Atoi(value)
	case "cap":
		r.Cap, err = strconv.Atoi(value)
	case "to_customer":
		r.ToCustomer, err = strconv.ParseBool(value)
	case "to_fixed":
		r.ToFixed = strings.FieldsFunc(value, func(c rune) bool { return c == ',' || c == ' ' })
	case "on_import":
		r.OnImport, err = strconv.ParseBool(value)
	case "schedule":
		r.Schedule, err = parseSchedule(value)
	default:
		return fmt.Errorf("a rule has no %q", key)
	}
	return err
}

// parseSchedule reads off, minutes:N, hourly:MM, daily:HH:MM and monthly:DAY:HH:MM.
func parseSchedule(text string) (core.Schedule, error) {
	kind, rest, _ := strings.Cut(text, ":")
	sch := core.Schedule{Kind: core.ScheduleKind(kind)}
	targets, known := map[core.ScheduleKind][]*int{
		core.ScheduleOff:     nil,
		core.ScheduleMinutes: {&sch.Minutes},
		core.ScheduleHourly:  {&sch.Minute},
		core.ScheduleDaily:   {&sch.Hour, &sch.Minute},
		core.ScheduleMonthly: {&sch.Day, &sch.Hour, &sch.Minute},
	}[sch.Kind]
	var parts []string
	if rest != "" {
		parts = strings.Split(rest, ":")
	}
	wrong := fmt.Errorf("schedule %q is not one of off, minutes:N, hourly:MM, daily:HH:MM, monthly:DAY:HH:MM", text)
	if !known || len(parts) != len(targets) {
		return sch, wrong
	}
	for i, target := range targets {
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return sch, wrong
		}
		*target = n
	}
	return sch, nil
}
