package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) outboxCommand() *cobra.Command {
	return group("outbox", "the queued, sent and failed mails", s.outboxListCommand(), s.outboxShowCommand(), s.outboxSendCommand())
}

func (s *session) outboxListCommand() *cobra.Command {
	q := core.DeliveryQuery{Limit: 100}
	var state string
	cmd := &cobra.Command{Use: "list", Short: "list the mails, newest first", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			q.State = core.DeliveryState(state)
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.Deliveries(cmd.Context(), q)
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "ID", "STATE", "TRIES", "TO", "SUBJECT", "LAST")
					for _, d := range list {
						line(w, d.ID, d.State, d.Attempts, d.Recipient, d.Subject, d.LastReply)
					}
				})
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&state, "state", "", "only queued, sending, sent, failed, held or dead")
	fl.IntVar(&q.Limit, "limit", q.Limit, "how many at most, up to 1000")
	fl.Int64Var(&q.Before, "before", 0, "only mails with a smaller id: the next page")
	fl.StringVar(&q.Text, "text", "", "only mails with this text in customer, recipient or subject")
	return cmd
}

func (s *session) outboxShowCommand() *cobra.Command {
	var id int64
	return &cobra.Command{Use: "show ID", Short: "show one mail as it was written",
		Args: usageArgs(func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("outbox show needs the id of one mail")
			}
			_, err := fmt.Sscan(args[0], &id)
			return err
		}),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				d, err := desk.Delivery(cmd.Context(), id)
				if err != nil {
					return err
				}
				shown := struct {
					core.Delivery
					Text string `json:"text"`
					HTML string `json:"html"`
				}{d.Delivery, d.Message.Text, d.Message.HTML}
				return s.print(shown, func(w io.Writer) {
					fmt.Fprintf(w, "To: %s\nSubject: %s\nMessage-ID: %s\nState: %s, %s\n\n%s\n", d.Recipient, d.Subject, d.MessageID, d.State, d.LastReply, d.Message.Text)
				})
			})
		}}
}

func (s *session) outboxSendCommand() *cobra.Command {
	return &cobra.Command{Use: "send", Short: "send the mails that are due", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				r, err := desk.SendOnce(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) {
					fmt.Fprintf(w, "%d sent, %d failed and will be tried again, %d held, %d given up, %d left.\n", r.Sent, r.Failed, r.Held, r.Dead, r.Left)
				})
			})
		}}
}
