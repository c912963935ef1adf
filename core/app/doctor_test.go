package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskwatch/core"
	"deskwatch/core/store"
)

func (d *desk) findings(t *testing.T) map[string]core.Finding {
	t.Helper()
	found := map[string]core.Finding{}
	for _, f := range d.Doctor(t.Context()) {
		if f.Message == "" {
			t.Errorf("%s: nothing is said", f.Check)
		}
		found[f.Check] = f
	}
	return found
}

func TestTheDoctorFindsASoundFolderSound(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	found := d.findings(t)
	for _, check := range []string{"data folder", "desk database", "order book", "rules", "mail", "secrets", "outbox"} {
		if f, ok := found[check]; !ok || !f.OK {
			t.Errorf("%s: %+v", check, f)
		}
	}
}

func TestTheDoctorNamesADamagedDatabase(t *testing.T) {
	for file, check := range map[string]string{store.BookFile: "order book", store.DeskFile: "desk database"} {
		t.Run(file, func(t *testing.T) {
			d := filledAndStopped(t)
			damage(t, filepath.Join(d.dir, file), 5)
			d.App = d.open(t)
			found := d.findings(t)
			if f := found[check]; f.OK || !strings.Contains(f.Message, "damaged") {
				t.Errorf("%s: %+v", check, f)
			}
		})
	}
}

func TestADatabaseTooDamagedToOpenIsNamed(t *testing.T) {
	for _, file := range []string{store.BookFile, store.DeskFile} {
		t.Run(file, func(t *testing.T) {
			d := filledAndStopped(t)
			damage(t, filepath.Join(d.dir, file), 0)
			_, err := New(t.Context(), Config{DataDir: d.dir, KeyDir: d.keys})
			wantError(t, err, core.CodeInvalid, filepath.Join(d.dir, file)+" is damaged")
			if open := openFiles(t, d.dir); len(open) > 0 {
				t.Errorf("left open: %q", open)
			}
		})
	}
}

// filledAndStopped is a desk with some orders and their alerts, closed again.
func filledAndStopped(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	var lines []string
	for i := range 10 {
		lines = append(lines, troubled(fmt.Sprintf("customer_%d", i), "2023-05", 20)...)
	}
	d.imports(t, lines...)
	d.check(t, core.CheckRequest{SendBacklog: true, Limit: 10}, 10, "")
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

// damage overwrites a database behind its header: all of it, or the last of so many parts.
func damage(t *testing.T, path string, parts int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from := 100
	if parts > 0 {
		from = len(text) / parts * (parts - 1)
	}
	for i := from; i < len(text); i++ {
		text[i] = 0xa5
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
