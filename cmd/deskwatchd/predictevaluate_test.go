package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// evaluate runs predict evaluate and returns what it printed.
func evaluate(t *testing.T, args ...string) core.Evaluation {
	t.Helper()
	var out, errs bytes.Buffer
	args = append([]string{"--data", t.TempDir(), "predict", "evaluate"}, args...)
	if code := run(t.Context(), args, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("%q: status %d, %s", args, code, errs.String())
	}
	var fields map[string]any
	if err := json.Unmarshal(out.Bytes(), &fields); err != nil {
		t.Fatal(err)
	}
	want := []string{"auc", "auc_ci95", "average_precision", "base_rate", "brier", "ece", "reason", "recall_at_workload_reduction_80", "refused", "rows_test", "rows_train",
		"score_rows_per_second", "top_decile_precision", "train_seconds", "warnings", "workload_reduction_at_recall_80"}
	if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
		t.Errorf("fields %q, want %q", got, want)
	}
	var e core.Evaluation
	if err := json.Unmarshal(out.Bytes(), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// parted writes the first 70 % of the tickets of a real file by time, and the rest.
func parted(t *testing.T, name, key, created string) (train, test string) {
	t.Helper()
	file, err := os.Open(unzipped(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]time.Time{}
	k, c := slices.Index(rows[0], key), slices.Index(rows[0], created)
	var keys []string
	for _, row := range rows[1:] {
		if _, seen := at[row[k]]; seen {
			continue
		}
		if at[row[k]], err = time.Parse("2/1/2006 15:04", row[c]); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, row[k])
	}
	slices.SortStableFunc(keys, func(a, b string) int { return at[a].Compare(at[b]) })
	early := map[string]bool{}
	for _, key := range keys[:len(keys)*7/10] {
		early[key] = true
	}
	parts := map[bool][][]string{true: rows[:1:1], false: rows[:1:1]}
	for _, row := range rows[1:] {
		parts[early[row[k]]] = append(parts[early[row[k]]], row)
	}
	dir := t.TempDir()
	write := func(name string, rows [][]string) string {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("train.csv", parts[true]), write("test.csv", parts[false])
}

func TestRealContactsArePredictedAboutAsWellAsMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	train, test := parted(t, "tickets/csat_first70pct.csv.gz", "Unique id", "Issue_reported at")
	e := evaluate(t, "--train", train, "--test", test, "--label", "CSAT Score<=2", "--at", "first-reply", "--exclude", "Customer Remarks", "--exclude", "Survey_response_Date",
		"--map", "number=Unique id,created=Issue_reported at,replied=issue_responded,product=Product_category,category=category,channel=channel_name", "--map", "owner=Agent_name,team=Supervisor")
	if e.RowsTrain != 8418 || e.RowsTest != 3609 || e.Refused || e.AUC < 0.705 || e.WorkloadReduction < 0.42 || e.ECE > 0.03 || e.Brier > 0.12 {
		t.Errorf("%+v", e)
	}
}

func TestRealIncidentsArePredictedAboutAsWellAsMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	train, test := parted(t, "tickets/incidents_first60pct.csv.gz", "number", "opened_at")
	for _, c := range []struct {
		label, at string
		rows      int
		auc       float64
	}{{"made_sla=false", "24h", 1750, 0.68}, {"reassignment_count>=3", "arrival", 4485, 0.775}} {
		e := evaluate(t, "--train", train, "--test", test, "--label", c.label, "--at", c.at,
			"--map", "number=number,created=opened_at,updated=sys_updated_at,closed=closed_at,customer=caller_id,category=category,channel=contact_type,priority=priority,status=incident_state,owner=assigned_to,team=assignment_group")
		if e.RowsTest != c.rows || e.Refused || e.AUC < c.auc {
			t.Errorf("%s at %s: %+v", c.label, c.at, e)
		}
		refused := strings.Join(e.Warnings, "\n")
		for _, column := range []string{"closed_code", "resolved_by", "resolved_at"} {
			if !strings.Contains(refused, `"`+column+`"`) {
				t.Errorf("%s is looked at: %q", column, e.Warnings)
			}
		}
	}
}

func TestAnEvaluationWronglyAskedForIsToldSo(t *testing.T) {
	for want, args := range map[string][]string{
		"needs --train":            {"--train", "a.csv"},
		"neither arrival nor":      {"--train", "a.csv", "--test", "b.csv", "--label", "x<=2", "--at", "noon"},
		`no field "boss" to map`:   {"--train", "a.csv", "--test", "b.csv", "--label", "x<=2", "--map", "boss=Chief"},
		"not written as field=Col": {"--train", "a.csv", "--test", "b.csv", "--label", "x<=2", "--map", "owner"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), append([]string{"--data", t.TempDir(), "predict", "evaluate"}, args...), strings.NewReader(""), &out, &errs); code != 2 || !strings.Contains(errs.String(), want) {
			t.Errorf("%q: status %d, %q; want 2 and %q", args, code, errs.String(), want)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"--data", t.TempDir(), "predict", "evaluate", "--train", "none.csv", "--test", "none.csv", "--label", "x<=2"}, strings.NewReader(""), &out, &errs); code != 1 || !strings.Contains(errs.String(), "There is no file") {
		t.Errorf("status %d, %q", code, errs.String())
	}
}
