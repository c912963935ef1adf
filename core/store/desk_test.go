package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glebarez/sqlite"

	"deskwatch/core"
)

// noon is when things happen in the desk's tests.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newDesk(t *testing.T) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), DeskFile), KindDesk)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code core.Code) {
	t.Helper()
	if core.ErrorCode(err) != code {
		t.Errorf("error %v, want code %q", err, code)
	}
	if code != "" && !strings.HasSuffix(core.ErrorMessage(err), ".") {
		t.Errorf("%q is no sentence", core.ErrorMessage(err))
	}
}

// olderDesk makes a desk file as the first n migrations left it, with what fill puts in.
func olderDesk(t *testing.T, path string, n int, fill string) {
	t.Helper()
	old, err := sql.Open(sqlite.DriverName, dsn(path, nil))
	must(t, err)
	texts, err := migrations(KindDesk)
	must(t, err)
	conn, err := old.Conn(t.Context())
	must(t, err)
	for range n {
		_, err := migrateOnce(t.Context(), conn, KindDesk, texts[:n])
		must(t, err)
	}
	_, err = conn.ExecContext(t.Context(), fill)
	must(t, err)
	must(t, conn.Close())
	must(t, old.Close())
}

// plan returns how SQLite answers a query.
func plan(t *testing.T, db *DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.rsql.Query("EXPLAIN QUERY PLAN "+query, args...)
	must(t, err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		must(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	must(t, rows.Err())
	return strings.Join(steps, "; ")
}

func TestTheDeskSyncsEveryCommit(t *testing.T) {
	var sync int
	must(t, newDesk(t).wsql.QueryRow("PRAGMA synchronous").Scan(&sync))
	if sync != 2 {
		t.Errorf("synchronous is %d, want 2 (full)", sync)
	}
}

func TestSettingsAreReplacedGroupByGroup(t *testing.T) {
	db := newDesk(t)
	s := NewSettings(db)
	ctx := t.Context()
	if groups, err := s.LoadSettings(ctx); err != nil || len(groups) != 1 || !json.Valid(groups["installation"]) {
		t.Fatalf("a new folder has %q, %v; want its id only", groups, err)
	}
	must(t, s.SaveSettings(ctx, map[string][]byte{"mail": []byte(`{"port":25}`), "general": []byte(`{}`)}))
	must(t, s.SaveSettings(ctx, map[string][]byte{"mail": []byte(`{"port":587}`)}))
	must(t, s.SaveSettings(ctx, nil))
	groups, err := s.LoadSettings(ctx)
	must(t, err)
	if len(groups) != 3 || string(groups["mail"]) != `{"port":587}` || string(groups["general"]) != `{}` {
		t.Errorf("loaded %q", groups)
	}
}

func TestACancelledCallChangesNothing(t *testing.T) {
	db := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantCode(t, NewSettings(db).SaveSettings(ctx, map[string][]byte{"mail": []byte(`{}`)}), core.CodeCanceled)
	groups, err := NewSettings(db).LoadSettings(t.Context())
	if err != nil || len(groups["mail"]) != 0 {
		t.Errorf("kept %q, %v", groups, err)
	}
}

func TestJobsRememberTheirLastRunOverARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), DeskFile)
	ctx := t.Context()
	db, err := Open(ctx, path, KindDesk)
	must(t, err)
	m := NewScheduleMemory(db)
	if at, err := m.LastRun(ctx, "rule 1"); err != nil || !at.IsZero() {
		t.Fatalf("never ran: %v, %v", at, err)
	}
	local := noon.In(time.FixedZone("CET", 3600)).Add(1234567 * time.Nanosecond)
	must(t, m.SetLastRun(ctx, "rule 1", noon.Add(-time.Hour)))
	must(t, m.SetLastRun(ctx, "rule 1", local))
	must(t, db.Close())
	at, err := NewScheduleMemory(openAt(t, path, KindDesk)).LastRun(ctx, "rule 1")
	must(t, err)
	if !at.Equal(noon.Add(time.Millisecond)) || at.Location() != time.UTC {
		t.Errorf("last run %v, want it to the millisecond in UTC", at)
	}
}

func TestAMappingIsFoundByTheHeaderInAnyCaseAndSpacing(t *testing.T) {
	m := NewMappings(newDesk(t))
	ctx := t.Context()
	header := []string{"Order ID", "Customer", "Status"}
	saved := core.SavedMapping{
		Map:              map[core.Field]string{core.FieldID: "Order ID", core.FieldLine: "-"},
		StatusRules:      []core.StatusRule{{Column: "Order ID", Prefix: "C", Status: core.StatusCancelled}},
		DateFormat:       "day-first",
		CustomerPatterns: []string{`\d{6}`},
	}
	must(t, m.SaveMapping(ctx, header, core.SavedMapping{DateFormat: "iso"}))
	must(t, m.SaveMapping(ctx, header, saved))
	for _, h := range [][]string{header, {"\ufeff order  id", "CUSTOMER ", "status"}} {
		got, ok, err := m.Mapping(ctx, h)
		must(t, err)
		if !ok || got.Map[core.FieldID] != "Order ID" || got.Map[core.FieldLine] != "-" || got.DateFormat != "day-first" ||
			len(got.StatusRules) != 1 || got.StatusRules[0] != saved.StatusRules[0] || got.CustomerPatterns[0] != `\d{6}` {
			t.Errorf("%q: %+v, %v", h, got, ok)
		}
	}
	for _, h := range [][]string{{"Order ID", "Customer"}, {"Order IDCustomer", "", "Status"}, {"Customer", "Order ID", "Status"}, nil} {
		if _, ok, err := m.Mapping(ctx, h); ok || err != nil {
			t.Errorf("%q is taken for the header (%v)", h, err)
		}
	}
}

func TestOnlyTheNewestMappingsAreKept(t *testing.T) {
	db := newDesk(t)
	m := NewMappings(db)
	ctx := t.Context()
	must(t, m.SaveMapping(ctx, []string{"first"}, core.SavedMapping{}))
	must(t, m.SaveMapping(ctx, []string{"used again"}, core.SavedMapping{}))
	// As if a thousand more had been saved.
	_, err := db.wsql.Exec("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'mappings'", keptMappings-2)
	must(t, err)
	must(t, m.SaveMapping(ctx, []string{"used again"}, core.SavedMapping{}))
	must(t, m.SaveMapping(ctx, []string{"last"}, core.SavedMapping{}))
	for name, want := range map[string]bool{"first": false, "used again": true, "last": true} {
		if _, ok, err := m.Mapping(ctx, []string{name}); ok != want || err != nil {
			t.Errorf("%q kept: %v, want %v (%v)", name, ok, want, err)
		}
	}
}
