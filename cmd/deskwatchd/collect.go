package main

import (
	"errors"
	"fmt"
	"io"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core/app"
)

// collectResult is what collect prints.
type collectResult struct {
	File   string `json:"file"`
	Server string `json:"server"`
	Answer string `json:"answer"`
}

func (s *session) collectCommand() *cobra.Command {
	var c app.Collector
	var password, token bool
	cmd := &cobra.Command{Use: "collect FILE", Short: "post a file of tickets to a Deskwatch server, the way an agent does", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			switch {
			case c.Address == "":
				return usageError{errors.New("where to? Say --to https://desk.example:8750")}
			case password == token:
				return usageError{errors.New("say --password-stdin or --token-stdin, one of them")}
			case token && c.User != "":
				return usageError{errors.New("a token needs no --user")}
			case c.Insecure && c.Fingerprint != "":
				return usageError{errors.New("say --fingerprint or --insecure, not both")}
			}
			if password && c.User == "" {
				me, err := user.Current()
				if err != nil {
					return usageError{errors.New("whose password is it? Say --user")}
				}
				c.User = me.Username
			}
			if c.Secret, err = s.readPassword(); err != nil {
				return err
			}
			c.Now = time.Now
			c.Waiting = func(d time.Duration) {
				fmt.Fprintf(s.stderr, "The server has too much to do; trying again in %s.\n", d.Round(time.Second))
			}
			said, err := c.Post(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return s.print(collectResult{args[0], c.Address, said}, func(w io.Writer) { fmt.Fprintln(w, said) })
		}}
	fl := cmd.Flags()
	fl.StringVar(&c.Address, "to", "", "the server, such as https://desk.example:8750")
	fl.StringVar(&c.User, "user", "", "the user to post as (default: as you are called on this machine)")
	fl.BoolVar(&password, "password-stdin", false, "read the user's password from the first line of standard input")
	fl.BoolVar(&token, "token-stdin", false, "read a token from the first line of standard input instead")
	fl.StringVar(&c.Fingerprint, "fingerprint", "", "the SHA-256 of the certificate to trust, as the server shows it")
	fl.BoolVar(&c.Insecure, "insecure", false, "trust any certificate, and post without TLS where the address says http: what is sent may be read on the way")
	return cmd
}
