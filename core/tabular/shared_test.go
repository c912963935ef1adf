package tabular

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// sharedData finds ../shared/data beside the repository, or skips.
func sharedData(t testing.TB, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skip("no go.mod above the test")
		}
		dir = up
	}
	path := filepath.Join(append([]string{dir, "..", "shared", "data"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the shared data is not here: %s", filepath.Join(parts...))
	}
	return path
}

// readAll opens a file and returns its header and every record.
func readAll(t testing.TB, path string, hints core.TableHints) (*Sheet, [][]string, error) {
	t.Helper()
	s, err := Open(path, hints)
	if err != nil {
		return nil, nil, err
	}
	t.Cleanup(func() { s.Close() })
	r, err := s.Rows(context.Background())
	if err != nil {
		return s, nil, err
	}
	var rows [][]string
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return s, rows, r.Close()
		}
		if err != nil {
			return s, rows, err
		}
		rows = append(rows, append([]string(nil), rec.Cells...))
	}
}

// asRead is the header as the file has it, when it has one, and the records.
func asRead(s *Sheet, rows [][]string) [][]string {
	if s.raw == nil {
		return rows
	}
	return append([][]string{s.raw}, rows...)
}

func TestSpectrumCasesReadAsTheirTruth(t *testing.T) {
	dir := sharedData(t, "csv", "csv-spectrum")
	files, err := filepath.Glob(filepath.Join(dir, "csvs", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		if name == "location_coordinates" {
			continue // its truth has another telephone number than the file
		}
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, "json", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var want []map[string]string
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			s, rows, err := readAll(t, file, core.TableHints{})
			if err != nil {
				t.Fatal(err)
			}
			var got []map[string]string
			for _, row := range rows {
				m := map[string]string{}
				for i, cell := range row {
					m[s.Header()[i]] = cell
				}
				got = append(got, m)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("read %v, want %v", got, want)
			}
		})
	}
}

func TestDataCasesReadAsTheirTruth(t *testing.T) {
	dir := sharedData(t, "csv", "csv-test-data")
	files, err := filepath.Glob(filepath.Join(dir, "json", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, truth := range files {
		name := strings.TrimSuffix(filepath.Base(truth), ".json")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(truth)
			if err != nil {
				t.Fatal(err)
			}
			s, rows, err := readAll(t, filepath.Join(dir, "csv", name+".csv"), core.TableHints{})
			if name == "all-empty" {
				if core.ErrorCode(err) != core.CodeInvalid {
					t.Errorf("a file of blank lines gave %v, want a refusal", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := asRead(s, rows)
			var objects []map[string]string
			if json.Unmarshal(raw, &objects) == nil {
				if len(rows) != len(objects) {
					t.Fatalf("%d rows, want %d", len(rows), len(objects))
				}
				for i, want := range objects {
					for j, name := range s.Header() {
						if rows[i][j] != want[name] {
							t.Errorf("row %d, %s: %q, want %q", i, name, rows[i][j], want[name])
						}
					}
				}
				return
			}
			var want [][]string
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			var filled [][]string // blank lines are passed over
			for _, row := range want {
				if strings.Join(row, "") != "" {
					filled = append(filled, row)
				}
			}
			if !reflect.DeepEqual(got, filled) {
				t.Errorf("read %q, want %q", got, filled)
			}
		})
	}
}

func TestEveryMalformedCaseIsReadOrRefusedWithASentence(t *testing.T) {
	dir := sharedData(t, "csv")
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		start := time.Now()
		_, rows, err := readAll(t, path, core.TableHints{})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", filepath.Base(path), took)
		}
		if err != nil && (core.ErrorCode(err) != core.CodeInvalid || !strings.HasSuffix(core.ErrorMessage(err), ".")) {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		_ = rows
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The parts of Pollock that have to match. What does not, and why: three files hold two tables
// one under the other, of which the truth keeps the first only, while an import must not drop
// rows; the one separated by blanks has unquoted blanks inside its cells and is refused.
const (
	pollockWhole = 17
	pollockShare = 94.4
)

func TestPollockCellsMatchTheirTruth(t *testing.T) {
	dir := sharedData(t, "csv", "pollock")
	files, err := filepath.Glob(filepath.Join(dir, "csv", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	whole, refused, cells, same := 0, 0, 0, 0
	for _, file := range files {
		want := cleanRows(t, filepath.Join(dir, "clean", filepath.Base(file)))
		var got [][]string
		s, rows, err := readAll(t, file, core.TableHints{})
		if err != nil {
			refused++
			if core.ErrorCode(err) != core.CodeInvalid {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
		}
		if err == nil {
			got = asRead(s, rows)
		}
		n, ok, extra := compareRows(got, want)
		cells += n
		same += ok
		if n == ok && extra == 0 {
			whole++
		} else {
			t.Logf("%s: %d of %d cells match, %d rows too many", filepath.Base(file), ok, n, extra)
		}
	}
	share := 100 * float64(same) / float64(cells)
	fmt.Printf("pollock: %d of %d files match whole, %.1f %% of cells match (%d files refused)\n", whole, len(files), share, refused)
	if whole < pollockWhole || share < pollockShare {
		t.Errorf("want at least %d files and %.1f %%", pollockWhole, pollockShare)
	}
}

func cleanRows(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// compareRows counts the cells of the truth and those read alike at their place.
func compareRows(got, want [][]string) (cells, same, extra int) {
	for i, row := range want {
		for j, cell := range row {
			cells++
			if i < len(got) && j < len(got[i]) && (got[i][j] == cell || i == 0 && sayOnce(cell) == got[i][j]) {
				same++
			}
		}
	}
	return cells, same, max(0, len(got)-len(want))
}

// sayOnce undoes what the truth does to a header of several equal lines: "DATE DATE" is "DATE".
func sayOnce(name string) string {
	parts := strings.Fields(name)
	for _, p := range parts {
		if p != parts[0] {
			return name
		}
	}
	if len(parts) == 0 {
		return name
	}
	return parts[0]
}
