package vault

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/zalando/go-keyring"
)

// Keyring is the desktop's store of passwords. Get and Delete answer keyring.ErrNotFound for
// what is not there. Calls may block for as long as a person takes to unlock it, or for ever.
type Keyring interface {
	// Probe reports whether there is a keyring at all, without having anybody unlock it
	// where that can be told apart.
	Probe() error
	Set(service, account, secret string) error
	Get(service, account string) (string, error)
	Delete(service, account string) error
}

// ring gives the calls to a keyring a time limit.
type ring struct {
	keyring Keyring
	turn    chan struct{} // one call at a time; a hanging one keeps its turn
}

func newRing(k Keyring) *ring { return &ring{keyring: k, turn: make(chan struct{}, 1)} }

var errNoAnswer = errors.New("the keyring did not answer in time")

// do runs call and waits for it at most for limit. The keyring's calls cannot be stopped, so
// one that hangs is left behind; it keeps its turn, so that there is never more than one.
func (r *ring) do(ctx context.Context, limit time.Duration, call func(Keyring) error) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case r.turn <- struct{}{}:
	case <-timer.C:
		return errNoAnswer
	case <-ctx.Done():
		return ctx.Err()
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-r.turn }()
		done <- call(r.keyring)
	}()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errNoAnswer
	case <-ctx.Done():
		return ctx.Err()
	}
}

// desktop is the operating system's keyring.
type desktop struct{}

func (desktop) Probe() error {
	// Without a session bus the library would start one of its own.
	if runtime.GOOS == "linux" && !sessionBus() {
		return errors.New("there is no session bus")
	}
	return probeService()
}

func (desktop) Set(service, account, secret string) error {
	return keyring.Set(service, account, secret)
}

func (desktop) Get(service, account string) (string, error) { return keyring.Get(service, account) }

func (desktop) Delete(service, account string) error { return keyring.Delete(service, account) }

// sessionBus reports whether this process can find a D-Bus session.
func sessionBus() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	_, err := os.Stat(filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "bus"))
	return err == nil
}
