package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"deskwatch/core"
)

// The schema of each file is the numbered SQL files of its folder, 0001_….sql upwards. A
// file that was ever released is never changed; a change of the schema is a new number.
//
//go:embed migrations
var migrationFiles embed.FS

// migrations returns the texts of one kind in the order they are applied: text n brings the
// schema from version n to n+1.
func migrations(kind Kind) ([]string, error) {
	names, err := fs.Glob(migrationFiles, path.Join("migrations", string(kind), "*.sql")) // sorted
	if err != nil {
		return nil, err
	}
	var texts []string
	for i, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s is out of order: want number %d", name, i+1)
		}
		text, err := fs.ReadFile(migrationFiles, name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	return texts, nil
}

// migrate applies what the file lacks, each migration in a transaction of its own together
// with its number.
func migrate(ctx context.Context, db *sql.DB, kind Kind) (err error) {
	texts, err := migrations(kind)
	if err != nil {
		return err
	}
	// Foreign keys are off meanwhile, as SQLite wants it for rebuilding a table that others
	// refer to, and are checked before each commit. The pragma belongs to the connection.
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() {
		_, on := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys=on")
		err = errors.Join(err, on, conn.Close())
	}()
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys=off"); err != nil {
		return err
	}
	for {
		done, err := migrateOnce(ctx, conn, kind, texts)
		if done || err != nil {
			return err
		}
	}
}

// migrateOnce applies the next migration; done when there is none. It reads the version
// first without a lock, so that opening a file that is up to date never waits for a writer,
// and again under the lock, because another process may have been quicker.
func migrateOnce(ctx context.Context, conn *sql.Conn, kind Kind, texts []string) (done bool, err error) {
	version, err := schemaVersion(ctx, conn, kind, len(texts))
	if err != nil || version == len(texts) {
		return true, err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return true, err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to roll back
	version, err = schemaVersion(ctx, tx, kind, len(texts))
	if err != nil || version == len(texts) {
		return true, err
	}
	if _, err := tx.ExecContext(ctx, texts[version]); err != nil {
		return true, fmt.Errorf("migration %d: %w", version+1, err)
	}
	var broken int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil {
		return true, err
	}
	if broken > 0 {
		return true, fmt.Errorf("migration %d leaves %d broken references", version+1, broken)
	}
	stamp := fmt.Sprintf("PRAGMA user_version=%d; PRAGMA application_id=%d", version+1, kind.info().application)
	if _, err := tx.ExecContext(ctx, stamp); err != nil {
		return true, err
	}
	return false, tx.Commit()
}

type queryRower interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// schemaVersion returns the version of the file and refuses one that is not ours.
func schemaVersion(ctx context.Context, q queryRower, kind Kind, newest int) (int, error) {
	const op = "store.open"
	var version int
	var application, tables int64
	err := q.QueryRowContext(ctx, `SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_user_version, pragma_application_id`).Scan(&version, &application, &tables)
	info := kind.info()
	switch {
	case err != nil:
		return 0, err
	case application != info.application && (tables > 0 || version > 0):
		return 0, core.NewError(core.CodeInvalid, op, fmt.Sprintf("The file that should hold Deskwatch's %s belongs to another program. It was left as it is; choose another data folder.", info.people), nil)
	case version > newest:
		return 0, core.NewError(core.CodeNewer, op, fmt.Sprintf("The %s was written by a newer Deskwatch. Nothing was changed; install the newer program, or choose another data folder.", info.people), fmt.Errorf("schema %d, this program knows %d", version, newest))
	}
	return version, nil
}
