package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) serveCommand() *cobra.Command {
	return &cobra.Command{Use: "serve", Short: "watch: run the schedules and send mail until stopped", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if err := desk.StartWatching(cmd.Context()); err != nil {
					return err
				}
				fmt.Fprintf(s.stderr, "Deskwatch %s is watching %s. Stop it with Ctrl-C.\n", app.Version, desk.DataDir())
				<-cmd.Context().Done()
				return nil
			})
		}}
}

func (s *session) doctorCommand() *cobra.Command {
	return &cobra.Command{Use: "doctor", Short: "check the data folder, the order book, mail and secrets", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				findings := desk.Doctor(cmd.Context())
				if err := s.print(findings, func(w io.Writer) {
					for _, f := range findings {
						mark := "ok"
						if !f.OK {
							mark = "WRONG"
						}
						line(w, mark, f.Check, f.Message)
					}
				}); err != nil {
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
