package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) tokenCommand() *cobra.Command {
	return group("token", "long-lived tokens of programs, such as collectors", s.tokenCreateCommand(), s.tokenListCommand(), s.tokenRevokeCommand())
}

// createdToken is what token create prints; the text is in no other answer ever again.
type createdToken struct {
	core.Token
	Text string `json:"text"`
}

func (s *session) tokenCreateCommand() *cobra.Command {
	var n core.NewToken
	var scopes []string
	var expires string
	cmd := &cobra.Command{Use: "create USER", Short: "make a token of a user, and print it this once", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			n.User = args[0]
			for _, scope := range scopes {
				n.Scopes = append(n.Scopes, core.Scope(strings.TrimSpace(scope)))
			}
			within, err := parseWithin(expires)
			if err != nil {
				return err
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if within > 0 {
					n.Expires = desk.Now().Add(within)
				}
				t, text, err := desk.CreateToken(cmd.Context(), n)
				if err != nil {
					return err
				}
				return s.print(createdToken{t, text.Reveal()}, func(w io.Writer) {
					fmt.Fprintln(w, text.Reveal())
					fmt.Fprintf(s.stderr, "Token %d of %s. It is shown this once; keep it where the program reads it.\n", t.ID, t.UserName)
				})
			})
		}}
	cmd.Flags().StringVar(&n.Name, "name", "", `what the token is for, such as "collector in Madrid"`)
	cmd.Flags().StringSliceVar(&scopes, "scope", nil, "what it may be used for: upload, read, work or all; separated by commas")
	cmd.Flags().StringVar(&expires, "expires", "", "when it ends, such as 90d or 12h (default: never)")
	return cmd
}

func (s *session) tokenListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "list the tokens, newest first", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.Tokens(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "ID", "USER", "NAME", "BEGINS WITH", "SCOPES", "MADE", "EXPIRES", "LAST USED", "REVOKED")
					for _, t := range list {
						scopes := make([]string, len(t.Scopes))
						for i, scope := range t.Scopes {
							scopes[i] = string(scope)
						}
						line(w, t.ID, t.UserName, t.Name, t.Start, strings.Join(scopes, ","), moment(t.Created), moment(t.Expires), moment(t.LastUsed), moment(t.Revoked))
					}
				})
			})
		}}
}

func (s *session) tokenRevokeCommand() *cobra.Command {
	return &cobra.Command{Use: "revoke ID", Short: "end a token for good", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return usageError{fmt.Errorf("%q is not the id of a token; deskwatchd token list shows them", args[0])}
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if err := desk.RevokeToken(cmd.Context(), id); err != nil {
					return err
				}
				return s.print(map[string]int64{"revoked": id}, func(w io.Writer) { fmt.Fprintf(w, "Token %d is revoked.\n", id) })
			})
		}}
}

// parseWithin reads "90d", "12h" or "30m"; 0 for "".
func parseWithin(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	const day, most = 24 * time.Hour, 3650
	var within time.Duration
	var err error
	if number, isDays := strings.CutSuffix(text, "d"); isDays {
		var days uint64
		days, err = strconv.ParseUint(number, 10, 16)
		within = time.Duration(days) * day
	} else {
		within, err = time.ParseDuration(text)
	}
	if err != nil || within <= 0 || within > most*day {
		return 0, usageError{fmt.Errorf("--expires is %q; write how long it lasts, such as 90d or 12h, up to %d days", text, most)}
	}
	return within, nil
}
