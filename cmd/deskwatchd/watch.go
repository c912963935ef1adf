package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

const (
	// watchEvery is how often watch looks for events of other processes.
	watchEvery = 250 * time.Millisecond
	// watchPage is how many events it reads at once.
	watchPage = 1000
)

func (s *session) watchCommand() *cobra.Command {
	var after int64
	var silent bool
	cmd := &cobra.Command{Use: "watch", Short: "print ticket events as JSON lines, as they happen, until stopped", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error { return s.watchEvents(cmd.Context(), desk, after, !silent) })
		}}
	cmd.Flags().Int64Var(&after, "after", -1, "begin after the event with this seq; 0 for all (default: only what happens from now on)")
	cmd.Flags().BoolVar(&silent, "silent", false, "print the events of a source's first load and of a replay as well")
	return cmd
}

// watchEvents prints every event after the given one until ctx ends. Another process makes
// them, so the pool is asked, and not this process's bus.
func (s *session) watchEvents(ctx context.Context, desk *app.App, after int64, audible bool) error {
	if after < 0 {
		last, err := desk.LastTicketEvent(ctx)
		if err != nil {
			return err
		}
		after = last
	}
	fmt.Fprintln(s.stderr, "Watching for ticket events. Stop it with Ctrl-C.")
	enc := json.NewEncoder(s.stdout)
	enc.SetEscapeHTML(false)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		list, err := desk.TicketEvents(ctx, core.TicketEventQuery{After: after, Audible: audible, Limit: watchPage})
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := enc.Encode(e); err != nil {
				return core.NewError(core.CodeUnavailable, "watch", "The events could not be written out; whoever read them has gone.", err)
			}
			after = e.Seq
		}
		if len(list) == watchPage {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
