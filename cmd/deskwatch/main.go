// Command deskwatch is the desktop app: a window with tabs, a tray icon and the schedules.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"deskwatch/core"
	"deskwatch/core/app"
	"deskwatch/ui"
)

// The app's identity, the same as in FyneApp.toml.
const (
	appID    = "deskwatch.desktop"
	appName  = "Deskwatch"
	appBuild = 1
)

// stopWithin bounds closing after the window has ended.
const stopWithin = 5 * time.Second

// collectFrom is by how many percent the memory in use may grow before it is collected. Most of it
// are the columns of the tickets, which hold next to no pointers and are quick to look through,
// while the usual 100 percent let garbage take as much again: scrolled through a million tickets,
// the window holds about 40 MB less with 15. A collection takes 40 ms of processor time.
const collectFrom = 15

func main() {
	debug.SetGCPercent(collectFrom)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run opens the desk and its window, and returns the exit status when both are closed.
func run(args []string, stdout, stderr io.Writer) int {
	var cfg app.Config
	fs := flag.NewFlagSet("deskwatch", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintln(stderr, "usage: deskwatch [--data DIR] [--log-level LEVEL] [--orders-uri URI] [--version] [FILE]")
		fmt.Fprintln(stderr, "FILE is a file of orders or of tickets: its import is opened.")
		fs.PrintDefaults()
	}
	fs.StringVar(&cfg.DataDir, "data", "", "the data folder (default: deskwatch in the user's config folder)")
	fs.StringVar(&cfg.LogLevel, "log-level", "", "debug, info, warn or error (default: as in the settings)")
	ordersURI := fs.String("orders-uri", "", "the MongoDB order database of this run (default: DESKWATCH_ORDERS_URI of the environment, or as in the settings)")
	version := fs.Bool("version", false, "print the version and exit")
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil || fs.NArg() > 1:
		if err == nil {
			fmt.Fprintln(stderr, "deskwatch: one file at a time")
		}
		return 2
	case *version:
		fmt.Fprintf(stdout, "deskwatch %s\n", app.Version)
		return 0
	}
	if *ordersURI == "" {
		*ordersURI = os.Getenv("DESKWATCH_ORDERS_URI")
	}
	cfg.OrdersURI = core.NewSecret(*ordersURI)
	if err := open(cfg, fs.Arg(0)); err != nil {
		fmt.Fprintf(stderr, "deskwatch: %s\n", core.ErrorMessage(err))
		return 1
	}
	return 0
}

// open runs the window until it quits. When another window of the same data folder is open,
// it brings that one to the front instead.
func open(cfg app.Config, file string) (err error) {
	if file != "" {
		if file, err = filepath.Abs(file); err != nil {
			return core.NewError(core.CodeInvalid, "deskwatch.open", "The path of the file cannot be resolved.", err)
		}
	}
	ctx, stopSignals := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stopSignals()
	cfg.Program = "deskwatch"
	desk, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() {
		stopCtx, cancel := context.WithTimeout(context.Background(), stopWithin)
		defer cancel()
		if stopErr := desk.Stop(stopCtx); err == nil {
			err = stopErr
		}
	}()
	first, err := desk.FirstOrRaise(core.Raise{Path: file})
	if err != nil || !first {
		return err
	}
	fyneapp.SetMetadata(fyne.AppMetadata{ID: appID, Name: appName, Version: app.Version, Build: appBuild})
	program := fyneapp.NewWithID(appID)
	shell := ui.New(program, desk, ui.Options{Open: file})
	// The window listens by now: what the first checks find is told.
	if err := desk.WatchWhenFree(ctx); err != nil {
		return err
	}
	// The running loop ends itself at a signal, and the shell then stops the core. This is for a
	// signal from before: asked twice the driver ends once.
	context.AfterFunc(ctx, func() { fyne.Do(program.Driver().Quit) })
	return shell.ShowAndRun()
}
