package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) sourcesCommand() *cobra.Command {
	return group("sources", "where tickets come from", s.sourcesListCommand(), s.sourcesAddCommand(), s.sourcesRunCommand(), s.sourcesTestCommand(), s.sourcesRemoveCommand())
}

func (s *session) sourcesListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "list the sources and how each is doing", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.Sources(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "NAME", "KIND", "ON", "TICKETS", "LAST SUCCESS", "NEXT RUN", "LAST ERROR")
					for _, r := range list {
						line(w, r.Name, r.Kind, r.Enabled, r.State.Tickets, moment(r.State.LastSuccess), moment(r.State.NextRun), r.State.LastError)
					}
				})
			})
		}}
}

// moment writes a time for people, and nothing for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}

// sourceFlags are the flags of sources add, as written.
type sourceFlags struct {
	src                          core.Source
	kind, grant                  string
	fields, statuses, priorities []string
	secretStdin, off             bool
}

func (s *session) sourcesAddCommand() *cobra.Command {
	var f sourceFlags
	cmd := &cobra.Command{Use: "add NAME", Short: "set up a source, or change the one with this name", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			src, err := f.source(args[0])
			if err != nil {
				return usageError{err}
			}
			secret, client, err := f.secrets(s.stdin)
			if err != nil {
				return err
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if err := desk.SaveSource(cmd.Context(), src, secret, client); err != nil {
					return err
				}
				return s.print(src, func(w io.Writer) { fmt.Fprintf(w, "The source %q is saved.\n", src.Name) })
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&f.kind, "kind", "", "folder, salesforce, desk (another Deskwatch) or collector")
	fl.StringVar(&f.src.Folder, "folder", "", "the folder to watch for files of tickets")
	fl.StringVar(&f.src.Address, "address", "", "of the server, such as https://acme.my.salesforce.com or https://desk.example:8750")
	fl.StringVar(&f.grant, "grant", "", "how Salesforce is signed in to: client_credentials, or password (default: password when there is a user)")
	fl.StringVar(&f.src.User, "user", "", "the user to sign in with")
	fl.StringVar(&f.src.Fingerprint, "fingerprint", "", "of another Deskwatch's certificate, as that one shows it: no other is trusted\n(default: what this machine trusts)")
	fl.BoolVar(&f.src.InsecureHTTP, "insecure-http", false, "the password of another Deskwatch may travel readable, to an http:// address beyond this machine")
	fl.StringVar(&f.src.ClientID, "client-id", "", "the consumer key of Salesforce's connected app")
	fl.BoolVar(&f.secretStdin, "secret-stdin", false, "read the secret from standard input: the client secret, or the password\n(with the security token behind it) and on the next line the client secret;\nof another Deskwatch the password, or a token made there")
	fl.IntVar(&f.src.Minutes, "minutes", 5, "how often the source is asked, 1 to 1440; 0: only when told")
	fl.StringVar(&f.src.Query, "query", "", "SOQL; the condition on LastModifiedDate is added (default: the standard fields of every case)")
	fl.BoolVar(&f.src.Full, "full", false, "what it gives is all there is: a ticket that is missing is gone")
	fl.StringVar(&f.src.URL, "url", "", "of a ticket in the source system, such as https://acme.my.salesforce.com/{id}")
	fl.StringArrayVar(&f.fields, "map", nil, "field=Name: what the source calls a field, such as product=custom_fields.360001; repeat, or separate pairs by commas")
	fl.StringArrayVar(&f.statuses, "status", nil, "spelling=status: what a spelling means (new open pending held resolved closed other)")
	fl.StringArrayVar(&f.priorities, "priority", nil, "spelling=priority: what a spelling means (none low normal high urgent)")
	fl.StringVar(&f.src.Mapping.DateFormat, "date-format", "", "iso, day-first, month-first, or a layout such as 02.01.2006")
	fl.StringVar(&f.src.Mapping.Zone, "zone", "", "of times that name none, such as Europe/Madrid (default: this machine's)")
	fl.BoolVar(&f.off, "off", false, "keep it, and do not ask it")
	return cmd
}

// source turns the flags into a source; what is wrong with them is a usage error.
func (f *sourceFlags) source(name string) (core.Source, error) {
	src := f.src
	src.Name, src.Enabled, src.Kind, src.Grant = name, !f.off, core.SourceKind(f.kind), core.SalesforceGrant(f.grant)
	if src.Kind == "" && src.Folder != "" {
		src.Kind = core.SourceFolder
	}
	if src.Kind == "" {
		return src, errors.New("sources add needs --kind folder, salesforce, desk or collector")
	}
	if src.Kind == core.SourceSalesforce && src.Grant == "" && src.User != "" {
		src.Grant = core.GrantPassword
	}
	var err error
	if src.Mapping.Fields, err = fieldPairs(f.fields, core.ParseTicketField); err != nil {
		return src, err
	}
	if src.Mapping.Statuses, err = wordPairs("--status", f.statuses, core.ParseTicketStatus); err != nil {
		return src, err
	}
	src.Mapping.Priorities, err = wordPairs("--priority", f.priorities, core.ParsePriority)
	return src, err
}

// secrets reads the secret, and on a second line the client secret; nil for one that is not there.
func (f *sourceFlags) secrets(stdin io.Reader) (secret, client *core.Secret, err error) {
	if !f.secretStdin {
		return nil, nil, nil
	}
	text, err := io.ReadAll(io.LimitReader(stdin, maxSecretBytes))
	if err != nil {
		return nil, nil, core.NewError(core.CodeInvalid, "sources.secret", "The secret could not be read from standard input. Nothing was stored.", err)
	}
	first, second, two := strings.Cut(strings.TrimRight(string(text), "\r\n"), "\n")
	one := core.NewSecret(strings.TrimRight(first, "\r"))
	if two {
		other := core.NewSecret(strings.TrimRight(second, "\r"))
		client = &other
	}
	return &one, client, nil
}

func (s *session) sourcesRunCommand() *cobra.Command {
	return &cobra.Command{Use: "run NAME", Short: "ask a source now, or read what is new in its folder", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if err := desk.RunSource(cmd.Context(), args[0]); err != nil {
					return err
				}
				list, err := desk.Sources(cmd.Context())
				if err != nil {
					return err
				}
				for _, r := range list {
					if r.Name == args[0] {
						return s.print(r, func(w io.Writer) {
							c := r.State.Counts
							fmt.Fprintf(w, "%d tickets read: %d new, %d changed, %d as they were, %d gone. %d are kept of %q.\n", c.Tickets, c.New, c.Changed, c.Unchanged+c.Stale, c.Gone, r.State.Tickets, r.Name)
							if r.State.Note != "" {
								fmt.Fprintln(w, r.State.Note)
							}
						})
					}
				}
				return nil
			})
		}}
}

func (s *session) sourcesTestCommand() *cobra.Command {
	return &cobra.Command{Use: "test NAME", Short: "read the first tickets of a source and keep nothing", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.Sources(cmd.Context())
				if err != nil {
					return err
				}
				for _, r := range list {
					if r.Name != args[0] {
						continue
					}
					sentence, err := desk.TestSource(cmd.Context(), r.Source, nil, nil)
					if err != nil {
						return err
					}
					return s.print(map[string]string{"source": r.Name, "result": sentence}, func(w io.Writer) { fmt.Fprintln(w, sentence) })
				}
				return core.NewError(core.CodeNotFound, "sources.test", fmt.Sprintf("There is no source %q.", args[0]), nil)
			})
		}}
}

func (s *session) sourcesRemoveCommand() *cobra.Command {
	return &cobra.Command{Use: "remove NAME", Short: "forget a source and its secrets; its tickets stay", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if err := desk.DeleteSource(cmd.Context(), args[0]); err != nil {
					return err
				}
				return s.print(map[string]string{"removed": args[0]}, func(w io.Writer) {
					fmt.Fprintf(w, "The source %q is removed. The tickets that came from it stay.\n", args[0])
				})
			})
		}}
}
