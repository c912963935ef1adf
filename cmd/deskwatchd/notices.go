package main

import (
	"io"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) noticesCommand() *cobra.Command {
	return group("notices", "what people were told of tickets", s.noticesListCommand())
}

func (s *session) noticesListCommand() *cobra.Command {
	q := core.NoticeQuery{Limit: 100}
	cmd := &cobra.Command{Use: "list", Short: "list what people were and are to be told, newest first", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.Notices(cmd.Context(), q)
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "AT", "KIND", "TO", "VIA", "TOLD", "TEXT")
					for _, n := range list {
						told := n.How
						if n.Told.IsZero() {
							told = "waits"
						}
						line(w, n.At.Local().Format("2006-01-02 15:04:05"), n.Kind, n.Person, n.Via, told, n.Text)
					}
				})
			})
		}}
	cmd.Flags().IntVar(&q.Limit, "limit", q.Limit, "how many at most, up to 1000")
	return cmd
}
