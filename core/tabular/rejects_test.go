package tabular

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"deskwatch/core"
)

func TestRejectsReadBackAsTheyWere(t *testing.T) {
	for _, delimiter := range []string{",", ";", "tab", "|", "space"} {
		path := filepath.Join(t.TempDir(), "rejects.csv")
		r := NewRejects(path, []string{"id", "note", "day"}, delimiter)
		rows := [][]string{
			{"1", "=HYPERLINK(\"x\"), señor", "2023-02-30"}, {"2", "two\nlines; and | and \t", "30/30/30"},
			{"3", "short"}, {"4", "-1", "x", "one", "more"}, {"", " blanks ", ""},
		}
		for i, row := range rows {
			if err := r.Add(core.Record{Line: i + 10, Cells: row}, "day", "There is no such day."); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("the file is there before Close")
		}
		if n, err := r.Close(); n != 5 || err != nil {
			t.Fatalf("closed with %d, %v", n, err)
		}
		s, got, err := readAll(t, path, core.TableHints{})
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"id", "note", "day", "reject_line", "reject_column", "reject_reason"}; !reflect.DeepEqual(s.Header()[:6], want) {
			t.Fatalf("%s: header %q", delimiter, s.Header())
		}
		want := [][]string{
			{"1", "=HYPERLINK(\"x\"), señor", "2023-02-30", "10", "day", "There is no such day."},
			{"2", "two\nlines; and | and \t", "30/30/30", "11", "day", "There is no such day."},
			{"3", "short", "", "12", "day", "There is no such day."},
			{"4", "-1", "x", "13", "day", "There is no such day.", "one", "more"},
			{"", " blanks ", "", "14", "day", "There is no such day."},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read back %q", delimiter, got)
		}
	}
}

func TestRejectsOfARejectsFileHaveTheirColumnsOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "again.csv")
	r := NewRejects(path, []string{"id", "day", "reject_line", "reject_column", "reject_reason"}, ",")
	if err := r.Add(core.Record{Line: 2, Cells: []string{"1", "x", "9", "day", "old"}}, "day", "new"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if want := "id,day,reject_line,reject_column,reject_reason\n1,x,2,day,new\n"; err != nil || string(raw) != want {
		t.Errorf("wrote %q, %v", raw, err)
	}
}

func TestNothingIsLeftWithoutRejectsOrAfterAbort(t *testing.T) {
	dir := t.TempDir()
	if n, err := NewRejects(filepath.Join(dir, "none.csv"), []string{"id"}, ",").Close(); n != 0 || err != nil {
		t.Errorf("closing an empty one gave %d, %v", n, err)
	}
	r := NewRejects(filepath.Join(dir, "aborted.csv"), []string{"id"}, ",")
	if err := r.Add(core.Record{Line: 2, Cells: []string{"1"}}, "id", "why"); err != nil {
		t.Fatal(err)
	}
	if err := r.Abort(); err != nil {
		t.Error(err)
	}
	if _, err := r.Close(); err != nil {
		t.Errorf("Close after Abort: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	lost := NewRejects(filepath.Join(dir, "no", "such", "folder.csv"), []string{"id"}, ",")
	if err := lost.Add(core.Record{}, "", ""); core.ErrorCode(err) != core.CodeUnavailable || !strings.Contains(core.ErrorMessage(err), "folder.csv") {
		t.Errorf("a missing folder gave %v", err)
	}
}
