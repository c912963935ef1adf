// Command deskwatchd is Deskwatch without a window: every command does one thing and
// exits, but serve, which watches until it is stopped. Results go to standard output,
// progress and errors to standard error. Exit status: 0 done, 1 failed, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// usageError marks what the caller wrote wrongly: exit status 2.
type usageError struct{ err error }

func (u usageError) Error() string { return u.err.Error() }
func (u usageError) Unwrap() error { return u.err }

// session is one call of the program: its streams and its global flags.
type session struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	dataDir        string
	logLevel       string
	ordersURI      string
	json           bool
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := &session{stdin: stdin, stdout: stdout, stderr: stderr}
	root := s.rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(stderr, "deskwatchd: %s\nTry: deskwatchd --help\n", core.ErrorMessageOr(usage.err))
		return 2
	}
	fmt.Fprintf(stderr, "deskwatchd: %s\n", core.ErrorMessage(err))
	return 1
}

func (s *session) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "deskwatchd",
		Short:         "Deskwatch without a window: tickets and orders in, alerts out",
		Version:       app.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usageError{errors.New("which command? deskwatchd --help lists them")}
		},
	}
	root.SetOut(s.stdout)
	root.SetErr(s.stderr)
	root.SetIn(s.stdin)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetVersionTemplate("deskwatchd {{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	flags := root.PersistentFlags()
	flags.StringVar(&s.dataDir, "data", "", "the data folder (default: deskwatch in the user's config folder)")
	flags.StringVar(&s.logLevel, "log-level", "", "debug, info, warn or error (default: as in the settings)")
	flags.StringVar(&s.ordersURI, "orders-uri", "", "the MongoDB order database of this run, such as mongodb://user:password@host/database\n(default: "+ordersURIVariable+" of the environment, or as in the settings)")
	flags.BoolVar(&s.json, "json", false, "print the result as JSON")
	root.AddCommand(s.ticketsCommand(), s.predictCommand(), s.customersCommand(), s.sourcesCommand(), s.watchCommand(), s.userCommand(), s.tokenCommand(), s.noticesCommand(), s.ordersCommand(), s.alertsCommand(),
		s.outboxCommand(), s.demoCommand(), s.settingsCommand(), s.doctorCommand(), s.serveCommand(), s.collectCommand())
	return root
}

// usageArgs turns what an argument check says into a usage error.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// checkLimit refuses a --limit no page has.
func checkLimit(n int) error {
	if n < 1 || n > 1000 {
		return usageError{fmt.Errorf("--limit is %d; it must be between 1 and 1000", n)}
	}
	return nil
}

// group is a command that only holds others.
func group(use, short string, sub ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{Use: use, Short: short, Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usageError{fmt.Errorf("%s needs one more word; deskwatchd %s --help lists them", use, use)}
		}}
	g.AddCommand(sub...)
	return g
}

// ordersURIVariable names the order database where no flag does, so that its password need not
// stand in the list of processes.
const ordersURIVariable = "DESKWATCH_ORDERS_URI"

// withDesk opens the data folder, hands the core to do and closes it again. A fault while
// closing is the command's fault only when the command itself went well.
func (s *session) withDesk(ctx context.Context, do func(*app.App) error) error {
	uri := s.ordersURI
	if uri == "" {
		uri = os.Getenv(ordersURIVariable)
	}
	desk, err := app.New(ctx, app.Config{DataDir: s.dataDir, LogLevel: s.logLevel, Program: "deskwatchd", OrdersURI: core.NewSecret(uri)})
	if err != nil {
		return err
	}
	err = do(desk)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if stopErr := desk.Stop(stopCtx); err == nil {
		err = stopErr
	}
	return err
}
