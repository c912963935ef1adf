package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

// maxSecretBytes bounds what settings secret reads.
const maxSecretBytes = 4096

func (s *session) settingsCommand() *cobra.Command {
	show := &cobra.Command{Use: "show", Short: "show the settings", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				return s.print(desk.Settings(), func(w io.Writer) {
					for _, v := range desk.SettingsList() {
						line(w, v.Name, v.Value)
					}
				})
			})
		}}
	set := &cobra.Command{Use: "set NAME=VALUE...", Short: "change settings, such as mail.mode=smtp mail.host=mail.example.org", Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				notes, err := desk.SetSettings(cmd.Context(), args)
				if err != nil {
					return err
				}
				for _, n := range notes {
					fmt.Fprintln(s.stderr, n)
				}
				return s.print(desk.Settings(), func(w io.Writer) { fmt.Fprintln(w, "The settings are saved.") })
			})
		}}
	secret := &cobra.Command{Use: "secret NAME", Short: "store a secret read from standard input; smtp is the mail server's password, order-book the order database's", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] != core.SecretSMTP && args[0] != core.SecretOrderBook {
				return usageError{fmt.Errorf("there is no secret called %q; the mail password is called %s, the order database's %s", args[0], core.SecretSMTP, core.SecretOrderBook)}
			}
			text, err := io.ReadAll(io.LimitReader(s.stdin, maxSecretBytes))
			if err != nil {
				return core.NewError(core.CodeInvalid, "settings.secret", "The secret could not be read from standard input. Nothing was stored.", err)
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				return desk.SetSecret(cmd.Context(), args[0], core.NewSecret(strings.TrimRight(string(text), "\r\n")))
			})
		}}
	return group("settings", "show and change the settings", show, set, secret)
}
