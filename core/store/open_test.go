package store

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"deskwatch/core"
)

func openAt(t *testing.T, path string, kind Kind) *DB {
	t.Helper()
	d, err := Open(context.Background(), path, kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestOpenMakesTheFileAndOpensItAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder with 100% odd ?name#", BookFile)
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		d := openAt(t, path, KindBook)
		if err := d.IntegrityCheck(context.Background()); err != nil {
			t.Fatal(err)
		}
		var sync, fk int
		var mode string
		if err := d.wsql.QueryRow("SELECT synchronous, foreign_keys, journal_mode FROM pragma_synchronous, pragma_foreign_keys, pragma_journal_mode").Scan(&sync, &fk, &mode); err != nil {
			t.Fatal(err)
		}
		if sync != 1 || fk != 1 || mode != "wal" {
			t.Fatalf("synchronous %d, foreign keys %d, journal %s", sync, fk, mode)
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
}

func TestManyOpenANewFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), BookFile)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			d, err := Open(context.Background(), path, KindBook)
			if err != nil {
				t.Error(err)
				return
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestReaderCannotWrite(t *testing.T) {
	d := openAt(t, filepath.Join(t.TempDir(), BookFile), KindBook)
	if err := d.Reader().Exec("CREATE TABLE x (a)").Error; err == nil {
		t.Fatal("the reading connection wrote")
	}
}

func TestOpenRefusesWithOneSentence(t *testing.T) {
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]struct {
		prepare func(path string)
		code    core.Code
		words   string
	}{
		"newer": {func(path string) {
			d := openAt(t, path, KindBook)
			if err := d.Writer().Exec("PRAGMA user_version=999").Error; err != nil {
				t.Fatal(err)
			}
		}, core.CodeNewer, "newer Deskwatch"},
		"text": {func(path string) { write(path, strings.Repeat("id,customer,date\n", 200)) }, core.CodeInvalid, "not a Deskwatch file"},
		"other": {func(path string) {
			openAt(t, path, KindDesk)
		}, core.CodeInvalid, "another program"},
		"folder": {func(path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, core.CodeDenied, "cannot be opened"},
		"no folder": {func(path string) {
			if err := os.Remove(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
		}, core.CodeDenied, "cannot be used"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data", BookFile)
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			c.prepare(path)
			d, err := Open(context.Background(), path, KindBook)
			if err == nil {
				_ = d.Close()
				t.Fatal("opened")
			}
			if core.ErrorCode(err) != c.code || !strings.Contains(core.ErrorMessage(err), c.words) {
				t.Fatalf("got %q: %v", core.ErrorCode(err), err)
			}
		})
	}
}

func TestAFailedMigrationLeavesTheFileAsItWas(t *testing.T) {
	d := openAt(t, filepath.Join(t.TempDir(), BookFile), KindBook)
	texts, err := migrations(KindBook)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := d.wsql.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	texts = append(texts, "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)")
	if _, err := migrateOnce(context.Background(), conn, KindBook, texts); err == nil {
		t.Fatal("a broken migration passed")
	}
	var version, half int
	if err := conn.QueryRowContext(context.Background(), "SELECT user_version, (SELECT count(*) FROM sqlite_schema WHERE name='half') FROM pragma_user_version").Scan(&version, &half); err != nil {
		t.Fatal(err)
	}
	if version != len(texts)-1 || half != 0 {
		t.Fatalf("version %d, half-made tables %d", version, half)
	}
}

func TestANewFileIsItsOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps no permissions of this kind")
	}
	path := filepath.Join(t.TempDir(), DeskFile)
	db, err := Open(t.Context(), path, KindDesk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has the permissions %o, want that nobody else reads it", filepath.Base(name), mode)
		}
	}
}
