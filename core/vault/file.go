package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"deskwatch/core"
)

// file is the encrypted file: a JSON object of name and secret, encrypted by age to an X25519
// identity of its own (age-encryption.org/v1). An empty secret means: removed.
type file struct {
	path, key string
}

func newFile(dataDir, keyDir, id string) *file {
	return &file{
		path: filepath.Join(dataDir, "secrets.age"),
		// The folder's id is escaped so that it can never lead out of keyDir.
		key: filepath.Join(keyDir, "secrets-"+url.QueryEscape(id)+".key"),
	}
}

// errLost is the cause of a file whose key is missing or is another one.
var errLost = errors.New("the key does not fit")

func (f *file) get(name string) (secret core.Secret, found bool, err error) {
	all, err := f.read()
	if err != nil {
		return core.Secret{}, false, err
	}
	text, found := all[name]
	return core.NewSecret(text), found, nil
}

// put stores the secret; a file that cannot be read any more is set aside, not overwritten.
func (f *file) put(name string, secret core.Secret) error {
	all, err := f.read()
	if errors.Is(err, errLost) {
		err = f.setAside()
	}
	if err != nil {
		return err
	}
	if all == nil {
		all = map[string]string{}
	}
	all[name] = secret.Reveal()
	return f.write(all)
}

// forget removes the entry, the empty one of a removed secret included.
func (f *file) forget(name string) error {
	all, err := f.read()
	if errors.Is(err, errLost) {
		return f.setAside()
	}
	if err != nil {
		return err
	}
	if _, found := all[name]; !found {
		return nil
	}
	delete(all, name)
	if len(all) == 0 {
		if err := os.Remove(f.path); err != nil {
			return f.cannotWrite(err)
		}
		return nil
	}
	return f.write(all)
}

func (f *file) read() (map[string]string, error) {
	sealed, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, core.NewError(core.CodeDenied, "vault.read", fmt.Sprintf("The encrypted passwords in %s cannot be read. Check the permissions of the file.", f.path), err)
	}
	identity, err := f.identity()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, f.lost("its key "+f.key+" is missing", err)
	}
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return nil, f.lost("the key "+f.key+" does not open it", err)
	}
	var all map[string]string
	if err := json.NewDecoder(plain).Decode(&all); err != nil {
		return nil, f.lost("it is damaged", err)
	}
	return all, nil
}

func (f *file) lost(why string, cause error) error {
	return core.NewError(core.CodeUnavailable, "vault.read",
		fmt.Sprintf("The stored passwords in %s cannot be read: %s. Bring the key back, or enter the password anew in Settings; the old file is then kept beside it.", f.path, why),
		errors.Join(errLost, cause))
}

// setAside keeps an unreadable file, and a key that is none, under another name.
func (f *file) setAside() error {
	if err := os.Rename(f.path, f.path+".unreadable"); err != nil {
		return f.cannotWrite(err)
	}
	if _, err := f.identity(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(f.key, f.key+".unreadable"); err != nil {
			return f.cannotWrite(err)
		}
	}
	return nil
}

func (f *file) write(all map[string]string) error {
	identity, err := f.identity()
	if errors.Is(err, fs.ErrNotExist) {
		identity, err = f.newIdentity()
	}
	if err != nil {
		return err
	}
	text, err := json.Marshal(all)
	if err != nil {
		return f.cannotWrite(err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, identity.Recipient())
	if err != nil {
		return f.cannotWrite(err)
	}
	if _, err := w.Write(text); err != nil {
		return f.cannotWrite(err)
	}
	if err := w.Close(); err != nil {
		return f.cannotWrite(err)
	}
	if err := place(f.path, sealed.Bytes(), os.Rename); err != nil {
		return f.cannotWrite(err)
	}
	return nil
}

// identity reads the key. Its error is fs.ErrNotExist when there is none, errLost when it is none.
func (f *file) identity() (*age.X25519Identity, error) {
	text, err := os.ReadFile(f.key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, core.NewError(core.CodeDenied, "vault.key", fmt.Sprintf("The key %s cannot be read. Check the permissions of the file.", f.key), err)
	}
	identity, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		// The cause quotes the key, so it is left out.
		return nil, f.lost("the key "+f.key+" is damaged", nil)
	}
	return identity, nil
}

func (f *file) newIdentity() (*age.X25519Identity, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, f.cannotWrite(err)
	}
	if err := os.MkdirAll(filepath.Dir(f.key), 0o700); err != nil {
		return nil, f.cannotWrite(err)
	}
	err = place(f.key, []byte(identity.String()+"\n"), func(tmp, path string) error {
		// A link never replaces what is there: of two processes that make the key at the
		// same time, the second takes the first one's. Where there are no links, it renames.
		err := os.Link(tmp, path)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return errors.Join(err, os.Remove(tmp))
		}
		return os.Rename(tmp, path)
	})
	if errors.Is(err, fs.ErrExist) {
		return f.identity()
	}
	if err != nil {
		return nil, f.cannotWrite(err)
	}
	return identity, nil
}

func (f *file) cannotWrite(cause error) error {
	return core.NewError(core.CodeDenied, "vault.write",
		fmt.Sprintf("The password could not be stored in %s. What was stored before is kept. Check the free space and the permissions of the folder and of %s.", filepath.Dir(f.path), filepath.Dir(f.key)), cause)
}

// place writes the content beside path and has move bring it there, so that after a crash the
// file is whole, old or new. Only the user may read it: os.CreateTemp makes files of mode 0600.
func place(path string, content []byte, move func(tmp, path string) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".secrets-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(content)
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = move(tmp.Name(), path)
	}
	if err == nil {
		return nil
	}
	if rerr := os.Remove(tmp.Name()); !errors.Is(rerr, fs.ErrNotExist) {
		err = errors.Join(err, rerr)
	}
	return err
}
