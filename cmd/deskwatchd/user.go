package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) userCommand() *cobra.Command {
	return group("user", "who may use this desk, and who is told of tickets", s.userListCommand(), s.userAddCommand(), s.userSetCommand(),
		s.userPasswordCommand(), s.userActiveCommand("enable", true), s.userActiveCommand("disable", false), s.userRoleCommand(), s.userRemoveCommand())
}

func (s *session) userListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "list the users", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.Users(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "ID", "NAME", "DISPLAY NAME", "ROLE", "ACTIVE", "PASSWORD", "LAST SIGN-IN", "E-MAIL", "MAIL", "PRODUCTS", "OWNER NAMES", "QUIET")
					for _, u := range list {
						line(w, u.ID, u.Name, u.DisplayName, u.Role, yesNo(u.Active), yesNo(u.HasPassword), moment(u.LastSignIn), u.Email, yesNo(u.Mail),
							strings.Join(u.Products, ","), strings.Join(u.OwnerNames, ","), quietText(u.Quiet))
					}
				})
			})
		}}
}

// userFlags are what a command line says of a user.
type userFlags struct {
	user  core.User
	role  string
	quiet []string
}

func (f *userFlags) bind(fl *pflag.FlagSet) {
	fl.StringVar(&f.user.DisplayName, "display-name", "", "the name to show, where it is not the one to sign in with")
	fl.StringVar(&f.user.Email, "email", "", "the e-mail address")
	fl.StringVar(&f.role, "role", string(core.RoleEngineer), "admin, lead, engineer or collector")
	fl.StringSliceVar(&f.user.Products, "products", nil, "the products whose new tickets they hear of, separated by commas")
	fl.StringSliceVar(&f.user.OwnerNames, "owners", nil, "how the sources name them as owner of a ticket, separated by commas")
	fl.BoolVar(&f.user.Mail, "mail", false, "tell them by mail as well")
	fl.StringArrayVar(&f.quiet, "quiet", nil, `when they are left in peace, such as "mon-fri 18:00-08:00" or "sat,sun"; repeat for more, "" for never`)
}

// read puts what the flags say into f.user.
func (f *userFlags) read() error {
	f.user.Role = core.Role(f.role)
	for _, text := range f.quiet {
		if text == "" {
			continue
		}
		frames, err := parseQuiet(text)
		if err != nil {
			return usageError{err}
		}
		f.user.Quiet = append(f.user.Quiet, frames...)
	}
	return nil
}

// over changes u in what the flags that were given say.
func (f *userFlags) over(u core.User, fl *pflag.FlagSet) core.User {
	for name, take := range map[string]func(){
		"display-name": func() { u.DisplayName = f.user.DisplayName },
		"email":        func() { u.Email = f.user.Email },
		"role":         func() { u.Role = f.user.Role },
		"products":     func() { u.Products = f.user.Products },
		"owners":       func() { u.OwnerNames = f.user.OwnerNames },
		"mail":         func() { u.Mail = f.user.Mail },
		"quiet":        func() { u.Quiet = f.user.Quiet },
	} {
		if fl.Changed(name) {
			take()
		}
	}
	return u
}

func (s *session) userAddCommand() *cobra.Command {
	var f userFlags
	var replace, withPassword bool
	cmd := &cobra.Command{Use: "add NAME", Short: "add a user; without a password they cannot sign in, and are told of tickets all the same",
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.read(); err != nil {
				return err
			}
			var password *core.Secret
			if withPassword {
				given, err := s.readPassword()
				if err != nil {
					return err
				}
				password = &given
			}
			f.user.Name, f.user.Active = strings.TrimSpace(args[0]), true
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				if replace {
					list, err := desk.Users(cmd.Context())
					if err != nil {
						return err
					}
					if i := userIndex(list, f.user.Name); i >= 0 {
						f.user.ID = list[i].ID
					}
				}
				return s.saveUser(cmd.Context(), desk, f.user, password, "%s is a user of this desk (%s).\n")
			})
		}}
	f.bind(cmd.Flags())
	cmd.Flags().BoolVar(&replace, "replace", false, "replace the user of that name, but for the password, where there is one")
	passwordFlag(cmd, &withPassword)
	return cmd
}

func (s *session) userSetCommand() *cobra.Command {
	var f userFlags
	var rename string
	cmd := &cobra.Command{Use: "set NAME", Short: "change what the flags say of a user, and nothing else", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			given := false
			cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { given = given || f.Changed })
			if !given {
				return usageError{errors.New("what of the user should be changed? deskwatchd user set --help lists it")}
			}
			if err := f.read(); err != nil {
				return err
			}
			return s.changeUser(cmd.Context(), args[0], "%s is changed (%s).\n", func(u core.User) core.User {
				u = f.over(u, cmd.Flags())
				if cmd.Flags().Changed("name") {
					u.Name = rename
				}
				return u
			})
		}}
	f.bind(cmd.Flags())
	cmd.Flags().StringVar(&rename, "name", "", "the new name")
	return cmd
}

func (s *session) userPasswordCommand() *cobra.Command {
	var fromStdin bool
	cmd := &cobra.Command{Use: "passwd NAME", Short: "give a user a new password, read from standard input", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !fromStdin {
				return usageError{errors.New("a password is read from standard input only; say --password-stdin")}
			}
			password, err := s.readPassword()
			if err != nil {
				return err
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				u, err := findUser(cmd.Context(), desk, args[0])
				if err != nil {
					return err
				}
				return s.saveUser(cmd.Context(), desk, u, &password, "%s has a new password (%s).\n")
			})
		}}
	passwordFlag(cmd, &fromStdin)
	return cmd
}

func (s *session) userActiveCommand(use string, active bool) *cobra.Command {
	short := "let a user sign in and be told again"
	if !active {
		short = "end what a user signed in to; they neither sign in nor are told until they are enabled"
	}
	return &cobra.Command{Use: use + " NAME", Short: short, Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.changeUser(cmd.Context(), args[0], "%s is "+use+"d (%s).\n", func(u core.User) core.User {
				u.Active = active
				return u
			})
		}}
}

func (s *session) userRoleCommand() *cobra.Command {
	return &cobra.Command{Use: "role NAME ROLE", Short: "give a user another role: admin, lead, engineer or collector", Args: usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.changeUser(cmd.Context(), args[0], "%s has the role %s now.\n", func(u core.User) core.User {
				u.Role = core.Role(args[1])
				return u
			})
		}}
}

func (s *session) userRemoveCommand() *cobra.Command {
	return &cobra.Command{Use: "remove NAME", Short: "forget a user and their tokens", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				u, err := findUser(cmd.Context(), desk, args[0])
				if err != nil {
					return err
				}
				if err := desk.DeleteUser(cmd.Context(), u.ID); err != nil {
					return err
				}
				return s.print(u, func(w io.Writer) { fmt.Fprintf(w, "%s is removed.\n", u.Name) })
			})
		}}
}

// changeUser saves what change makes of the user of that name; said is told their name and role.
func (s *session) changeUser(ctx context.Context, name, said string, change func(core.User) core.User) error {
	return s.withDesk(ctx, func(desk *app.App) error {
		u, err := findUser(ctx, desk, name)
		if err != nil {
			return err
		}
		return s.saveUser(ctx, desk, change(u), nil, said)
	})
}

func (s *session) saveUser(ctx context.Context, desk *app.App, u core.User, password *core.Secret, said string) error {
	saved, err := desk.SaveUser(ctx, u, password)
	if err != nil {
		return err
	}
	return s.print(saved, func(w io.Writer) { fmt.Fprintf(w, said, saved.Name, saved.Role) })
}

func findUser(ctx context.Context, desk *app.App, name string) (core.User, error) {
	list, err := desk.Users(ctx)
	if err != nil {
		return core.User{}, err
	}
	i := userIndex(list, name)
	if i < 0 {
		return core.User{}, core.NewError(core.CodeNotFound, "user", fmt.Sprintf("Nobody on this desk is called %q. Nothing was changed; deskwatchd user list shows who is.", name), nil)
	}
	return list[i], nil
}

func userIndex(list []core.User, name string) int {
	return slices.IndexFunc(list, func(u core.User) bool { return strings.EqualFold(u.Name, strings.TrimSpace(name)) })
}

// passwordFlag is the one way a password comes in: an argument would stand in the list of
// processes.
func passwordFlag(cmd *cobra.Command, given *bool) {
	cmd.Flags().BoolVar(given, "password-stdin", false, "read the password from the first line of standard input")
}

func (s *session) readPassword() (core.Secret, error) {
	text, err := bufio.NewReader(io.LimitReader(s.stdin, maxSecretBytes)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return core.Secret{}, core.NewError(core.CodeInvalid, "user.password", "The password could not be read from standard input. Nothing was changed.", err)
	}
	text = strings.TrimRight(text, "\r\n")
	if text == "" {
		return core.Secret{}, core.NewError(core.CodeInvalid, "user.password", "There is no password on standard input. Nothing was changed; write it as the first line, such as from a file.", nil)
	}
	return core.NewSecret(text), nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
