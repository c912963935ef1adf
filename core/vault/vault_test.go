package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"deskwatch/core"
)

// fakeRing is a keyring in memory. before, when not nil, runs before every call and may fail or hang it.
type fakeRing struct {
	mu     sync.Mutex
	stored map[string]string
	before func(call string) error
}

func (r *fakeRing) enter(call string) error {
	if r.before != nil {
		return r.before(call)
	}
	return nil
}

func (r *fakeRing) Probe() error { return r.enter("probe") }

func (r *fakeRing) Set(service, account, secret string) error {
	if err := r.enter("set"); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stored[service+"/"+account] = secret
	return nil
}

func (r *fakeRing) Get(service, account string) (string, error) {
	if err := r.enter("get"); err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.stored[service+"/"+account]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return s, nil
}

func (r *fakeRing) Delete(service, account string) error {
	if err := r.enter("delete"); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.stored[service+"/"+account]; !ok {
		return keyring.ErrNotFound
	}
	delete(r.stored, service+"/"+account)
	return nil
}

func newRingFake() *fakeRing { return &fakeRing{stored: map[string]string{}} }

func broken(string) error { return errors.New("org.freedesktop.secrets was not provided") }

func options(t *testing.T, k Keyring) Options {
	return Options{
		DataDir: t.TempDir(), KeyDir: filepath.Join(t.TempDir(), "config"), ID: "a1b2", Keyring: k,
		ProbeTimeout: 50 * time.Millisecond, CallTimeout: 50 * time.Millisecond,
	}
}

func mustSet(t *testing.T, v *Vault, secret string) {
	t.Helper()
	if err := v.Set(t.Context(), core.SecretSMTP, core.NewSecret(secret)); err != nil {
		t.Fatal(err)
	}
}

func wantSecret(t *testing.T, v *Vault, want string) {
	t.Helper()
	s, ok, err := v.Get(t.Context(), core.SecretSMTP)
	if err != nil || ok != (want != "") || s.Reveal() != want {
		t.Errorf("got %q, %v, %v; want %q", s.Reveal(), ok, err, want)
	}
}

func TestSecretsLiveInTheKeyringWhereThereIsOne(t *testing.T) {
	r := newRingFake()
	o := options(t, r)
	v := Open(o)
	wantSecret(t, v, "")
	mustSet(t, v, "hunter2")
	wantSecret(t, v, "hunter2")
	if got := r.stored["deskwatch/a1b2:smtp"]; got != "hunter2" || v.Where() != "the keyring of this desktop" {
		t.Errorf("stored %v, where %q", r.stored, v.Where())
	}
	if files, err := os.ReadDir(o.DataDir); err != nil || len(files) != 0 {
		t.Errorf("files %v, %v", files, err)
	}
	other := o
	other.ID, other.DataDir = "c3d4", t.TempDir()
	wantSecret(t, Open(other), "")
	mustSet(t, v, "")
	wantSecret(t, v, "")
	mustSet(t, v, "") // removing twice is no error
	if len(r.stored) != 0 {
		t.Errorf("stored %v", r.stored)
	}
}

func TestSecretsLiveInAnEncryptedFileWhereThereIsNoKeyring(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"none":   func(o *Options) { o.Keyring = &fakeRing{before: broken} },
		"forced": func(o *Options) { o.FileOnly = true },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRingFake()
			o := options(t, r)
			change(&o)
			v := Open(o)
			if where := v.Where(); where != "an encrypted file in the data folder" {
				t.Error(where)
			}
			mustSet(t, v, "hunter2")
			wantSecret(t, v, "hunter2")
			wantSecret(t, Open(o), "hunter2")
			if len(r.stored) != 0 {
				t.Errorf("the keyring holds %v", r.stored)
			}
			sealed, err := os.ReadFile(filepath.Join(o.DataDir, "secrets.age"))
			if err != nil || bytes.Contains(sealed, []byte("hunter2")) || bytes.Contains(sealed, []byte("smtp")) {
				t.Errorf("file %q, %v", sealed, err)
			}
			for _, dir := range []string{o.DataDir, o.KeyDir} {
				files, err := os.ReadDir(dir)
				if err != nil || len(files) != 1 {
					t.Fatalf("%s: %v, %v", dir, files, err)
				}
				info, err := files[0].Info()
				if err != nil {
					t.Fatal(err)
				}
				if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
					t.Errorf("%s has mode %v", files[0].Name(), info.Mode())
				}
			}
			mustSet(t, v, "")
			wantSecret(t, v, "")
		})
	}
}

func TestTheFileStaysReadableWhenAKeyringAppears(t *testing.T) {
	r := newRingFake()
	r.before = broken
	o := options(t, r)
	now := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	o.Now = func() time.Time { return now }
	v := Open(o)
	mustSet(t, v, "from the file")
	r.before = nil
	if v.Where() != "an encrypted file in the data folder" {
		t.Error("the keyring was asked again at once")
	}
	now = now.Add(2 * time.Minute)
	if v.Where() != "the keyring of this desktop" {
		t.Error("a keyring that came up later is not used")
	}
	wantSecret(t, v, "from the file")
	mustSet(t, v, "from the keyring")
	wantSecret(t, v, "from the keyring")
	if _, err := os.Stat(filepath.Join(o.DataDir, "secrets.age")); !os.IsNotExist(err) {
		t.Errorf("the older secret stayed in the file: %v", err)
	}
}

func TestTheNewestWordWinsWhenTheKeyringIsAwayForAWhile(t *testing.T) {
	r := newRingFake()
	o := options(t, r)
	mustSet(t, Open(o), "old")
	r.before = broken
	mustSet(t, Open(o), "new")
	r.before = nil
	wantSecret(t, Open(o), "new")
	r.before = broken
	mustSet(t, Open(o), "")
	r.before = nil
	wantSecret(t, Open(o), "") // although the keyring still holds "old"
}

func TestAKeyringThatFailsOrHangsLaterIsSaidInWords(t *testing.T) {
	for name, fail := range map[string]func(release chan struct{}) error{
		"fails": func(chan struct{}) error { return errors.New("locked") },
		"hangs": func(release chan struct{}) error { <-release; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRingFake()
			o := options(t, r)
			v := Open(o)
			mustSet(t, v, "hunter2")
			release := make(chan struct{})
			defer close(release)
			r.before = func(string) error { return fail(release) }
			start := time.Now()
			_, ok, err := v.Get(t.Context(), core.SecretSMTP)
			if ok || core.ErrorCode(err) != core.CodeUnavailable || !strings.Contains(core.ErrorMessage(err), "keyring of this desktop does not answer") {
				t.Errorf("%v, %v", ok, err)
			}
			mustSet(t, v, "kept in the file") // a keyring that fails does not keep a person from working
			wantSecret(t, v, "kept in the file")
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestAHangingKeyringHoldsNobodyUpForLong(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	calls := make(chan string, 10)
	r := newRingFake()
	r.before = func(call string) error { calls <- call; <-release; return nil }
	start := time.Now()
	o := options(t, r)
	now := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	o.Now = func() time.Time { now = now.Add(2 * time.Minute); return now } // it is asked every time
	v := Open(o)
	mustSet(t, v, "hunter2")
	mustSet(t, v, "hunter3")
	wantSecret(t, v, "hunter3")
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %s", took)
	}
	if len(calls) != 1 {
		t.Errorf("%d calls hang in the keyring", len(calls))
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := v.Get(ctx, core.SecretSMTP); core.ErrorCode(err) != core.CodeCanceled {
		t.Errorf("cancelled: %v", err)
	}
}

func TestALostKeyIsSaidInWordsAndANewPasswordStillWorks(t *testing.T) {
	for name, lose := range map[string]func(t *testing.T, key string){
		"missing": func(t *testing.T, key string) {
			if err := os.Remove(key); err != nil {
				t.Fatal(err)
			}
		},
		"damaged": func(t *testing.T, key string) {
			if err := os.WriteFile(key, []byte("AGE-SECRET-KEY-1NOT"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"another one": func(t *testing.T, key string) {
			o := options(t, nil)
			o.FileOnly = true
			mustSet(t, Open(o), "x")
			other, err := os.ReadFile(newFile(o.DataDir, o.KeyDir, o.ID).key)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(key, other, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, nil)
			o.FileOnly = true
			v := Open(o)
			mustSet(t, v, "hunter2")
			key := newFile(o.DataDir, o.KeyDir, o.ID).key
			lose(t, key)
			_, ok, err := v.Get(t.Context(), core.SecretSMTP)
			if ok || core.ErrorCode(err) != core.CodeUnavailable || !strings.Contains(core.ErrorMessage(err), "enter the password anew") || !strings.Contains(core.ErrorMessage(err), key) {
				t.Errorf("%v, %v", ok, err)
			}
			if strings.Contains(fmt.Sprint(err), "AGE-SECRET-KEY") {
				t.Errorf("the error quotes the key: %v", err)
			}
			mustSet(t, v, "anew")
			wantSecret(t, v, "anew")
			if _, err := os.Stat(filepath.Join(o.DataDir, "secrets.age.unreadable")); err != nil {
				t.Errorf("the old file was not kept: %v", err)
			}
		})
	}
}

func TestAFolderThatCannotBeWrittenIsSaidInWords(t *testing.T) {
	o := options(t, nil)
	o.FileOnly = true
	o.DataDir = filepath.Join(o.DataDir, "gone")
	err := Open(o).Set(t.Context(), core.SecretSMTP, core.NewSecret("hunter2"))
	if core.ErrorCode(err) != core.CodeDenied || !strings.Contains(core.ErrorMessage(err), "could not be stored") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}

func TestTwoProcessesThatMakeTheKeyAgreeOnOne(t *testing.T) {
	o := options(t, nil)
	f := newFile(o.DataDir, o.KeyDir, "../x")
	if filepath.Dir(f.key) != o.KeyDir {
		t.Fatalf("the id leads to %s", f.key)
	}
	first, err := f.newIdentity()
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.newIdentity()
	if err != nil || second.String() != first.String() {
		t.Errorf("the second replaced the first: %v", err)
	}
	if files, err := os.ReadDir(o.KeyDir); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}
