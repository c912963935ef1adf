package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) serveCommand() *cobra.Command {
	var rest serveFlags
	cmd := &cobra.Command{Use: "serve", Short: "watch: run the schedules, send mail, and run the REST server, until stopped", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if err := rest.apply(cmd.Context(), desk); err != nil {
					return err
				}
				if err := desk.StartWatching(cmd.Context()); err != nil {
					return err
				}
				fmt.Fprintf(s.stderr, "The orders are in %s.\n", desk.BookPlace())
				fmt.Fprintf(s.stderr, "Deskwatch %s is watching %s. Stop it with Ctrl-C.\n", app.Version, desk.DataDir())
				s.tellState(cmd.Context(), desk)
				return nil
			})
		}}
	rest.add(cmd.Flags())
	return cmd
}

// tellState says, until ctx ends, when the order database goes away and when it is back, and how
// the REST server is doing.
func (s *session) tellState(ctx context.Context, desk *app.App) {
	events, cancel := desk.Subscribe(64)
	defer cancel()
	down := false
	var server core.ServerState
	for {
		s.tellServer(desk, &server)
		st, err := desk.Status(ctx)
		if err == nil && down == st.BookDown.IsZero() {
			if down = !down; down {
				fmt.Fprintf(s.stderr, "%s\nAlerts wait for it and are made up for; mails go on.\n", st.BookTrouble)
			} else {
				fmt.Fprintln(s.stderr, "The order database answers again.")
			}
		}
		for changed := false; !changed; {
			select {
			case <-ctx.Done():
				return
			case e, open := <-events:
				if !open {
					return
				}
				switch e.(type) {
				case core.StatusChanged, core.ServerChanged:
					changed = true
				}
			}
		}
	}
}

func (s *session) doctorCommand() *cobra.Command {
	return &cobra.Command{Use: "doctor", Short: "check the data folder, the order book, mail and secrets", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				findings := desk.Doctor(cmd.Context())
				if err := s.print(findings, func(w io.Writer) { printFindings(w, findings) }); err != nil {
					return err
				}
				for _, f := range findings {
					if !f.OK {
						return core.NewError(core.CodeConflict, "doctor", "Something needs attention: see the lines marked WRONG.", nil)
					}
				}
				return nil
			})
		}}
}
