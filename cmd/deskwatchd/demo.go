package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) demoCommand() *cobra.Command {
	load := &cobra.Command{Use: "load", Short: "fill an empty data folder with sample orders, clients and tickets", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				var p core.Progress
				r, err := desk.LoadSample(cmd.Context(), &p)
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) {
					fmt.Fprintf(w, "%d sample orders and %d sample tickets are loaded. deskwatchd demo remove takes exactly these away.\n", r.OrdersNew, r.SampleTickets)
				})
			})
		}}
	remove := &cobra.Command{Use: "remove", Short: "take the sample data away again", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				r, err := desk.RemoveSample(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(r, func(w io.Writer) {
					fmt.Fprintf(w, "%d sample orders are removed, and %d sample tickets are out of sight: they are kept as gone.\n", r.Removed, r.SampleTickets)
				})
			})
		}}
	return group("demo", "sample data", load, remove)
}
