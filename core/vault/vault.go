// Package vault keeps secrets: in the keyring of the desktop, or in an encrypted file of the
// data folder where there is no keyring that answers.
//
// The file is looked at first, because it holds a name only when that is the newer word: what
// goes into the keyring leaves the file. So a secret stored without a keyring stays readable
// when one appears, and one removed without a keyring stays removed.
package vault

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"deskwatch/core"
)

// service is the name the keyring shows the secrets under.
const service = "deskwatch"

// Options says where a vault keeps its secrets.
type Options struct {
	DataDir string // holds secrets.age
	KeyDir  string // holds the key to it; outside the data folder, in the user's own config folder
	ID      string // of the data folder, so that two of them do not share secrets

	FileOnly bool    // never ask the keyring
	Keyring  Keyring // nil: the keyring of this desktop

	// ProbeTimeout bounds the question whether a keyring answers; 0 means 3 s. CallTimeout
	// bounds every other one; 0 means 60 s, for a person may have to type the keyring's password.
	ProbeTimeout, CallTimeout time.Duration
	Now                       func() time.Time // nil: time.Now
}

// Vault keeps the secrets of one data folder. It is safe for concurrent use.
type Vault struct {
	options Options
	ring    *ring // nil: file only
	file    *file

	mu       sync.Mutex // held over a whole Set or Get: one person, few secrets
	answers  bool       // the keyring answered the probe
	askAgain time.Time  // when to probe a keyring that did not
}

// Open returns the vault. It touches neither disk nor keyring yet.
func Open(o Options) *Vault {
	if o.ProbeTimeout == 0 {
		o.ProbeTimeout = 3 * time.Second
	}
	if o.CallTimeout == 0 {
		o.CallTimeout = time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	v := &Vault{options: o, file: newFile(o.DataDir, o.KeyDir, o.ID)}
	if !o.FileOnly {
		if o.Keyring == nil {
			o.Keyring = desktop{}
		}
		v.ring = newRing(o.Keyring)
	}
	return v
}

// Set stores the secret under name, or removes it when it is zero. A keyring that fails is
// no failure: the secret goes into the encrypted file instead.
func (v *Vault) Set(ctx context.Context, name string, secret core.Secret) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.useRing(ctx) {
		err := v.ring.do(ctx, v.options.CallTimeout, func(k Keyring) error {
			if !secret.IsZero() {
				return k.Set(service, v.account(name), secret.Reveal())
			}
			if err := k.Delete(service, v.account(name)); !errors.Is(err, keyring.ErrNotFound) {
				return err
			}
			return nil
		})
		switch {
		case err == nil:
			return v.file.forget(name)
		case ctx.Err() != nil:
			return stopped(ctx)
		}
		v.lost()
	}
	// An empty entry stays behind for a removed secret: the keyring may still hold it.
	return v.file.put(name, secret)
}

// Get returns the secret under name; ok is false when there is none.
func (v *Vault) Get(ctx context.Context, name string) (secret core.Secret, ok bool, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return core.Secret{}, false, stopped(ctx)
	}
	secret, found, err := v.file.get(name)
	if err != nil || found {
		return secret, !secret.IsZero(), err
	}
	if !v.useRing(ctx) {
		return core.Secret{}, false, nil
	}
	text := make(chan string, 1) // not a plain variable: a call that was given up on may still write
	err = v.ring.do(ctx, v.options.CallTimeout, func(k Keyring) error {
		s, err := k.Get(service, v.account(name))
		text <- s
		return err
	})
	switch {
	case err == nil:
		return core.NewSecret(<-text), true, nil
	case errors.Is(err, keyring.ErrNotFound):
		return core.Secret{}, false, nil
	case ctx.Err() != nil:
		return core.Secret{}, false, stopped(ctx)
	}
	v.lost()
	return core.Secret{}, false, core.NewError(core.CodeUnavailable, "vault.get",
		"The keyring of this desktop does not answer, so the stored password could not be read. Nothing was changed. Unlock the keyring and try again, or enter the password anew in Settings.", err)
}

// Where says in words where a secret would be stored now. It may take as long as the probe,
// or as a Set or Get that is under way.
func (v *Vault) Where() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.useRing(context.Background()) {
		return "the keyring of this desktop"
	}
	return "an encrypted file in the data folder"
}

// reprobe is how long a keyring that did not answer is left in peace. It may come up later
// than Deskwatch when the desktop starts both.
const reprobe = time.Minute

// useRing reports whether a keyring answers.
func (v *Vault) useRing(ctx context.Context) bool {
	if v.ring == nil {
		return false
	}
	now := v.options.Now()
	if v.answers || now.Before(v.askAgain) {
		return v.answers
	}
	err := v.ring.do(ctx, v.options.ProbeTimeout, Keyring.Probe)
	v.answers = err == nil
	if err != nil && ctx.Err() == nil {
		v.askAgain = now.Add(reprobe)
	}
	return v.answers
}

// lost notes that the keyring stopped answering.
func (v *Vault) lost() {
	v.answers = false
	v.askAgain = v.options.Now().Add(reprobe)
}

func (v *Vault) account(name string) string { return v.options.ID + ":" + name }

func stopped(ctx context.Context) error {
	return core.NewError(core.CodeCanceled, "vault", "Stopped before the password store answered.", ctx.Err())
}
