package app

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// contactsFile are contacts in the way of a Spanish spreadsheet: semicolons, days first, a decimal
// comma. Three of ten agents end badly more often.
func contactsFile(from, n int) string {
	r := rand.New(rand.NewPCG(3, uint64(from)))
	var b strings.Builder
	b.WriteString("Número;Llegó & cuándo;Respondido;Agente;Importe;Encuesta;Nota\n")
	start := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	for i := from; i < from+n; i++ {
		came := start.Add(time.Duration(i) * 11 * time.Minute)
		agent := r.IntN(10)
		note := 5
		if r.Float64() < 0.1+0.4*float64(min(1, max(0, 3-agent))) {
			note = 1
		}
		fmt.Fprintf(&b, "N%d;%s;%s;Agente %d;%d,5;%s;%d\n", i, came.Format("02/01/2006 15:04"), came.Add(20*time.Minute).Format("02/01/2006 15:04"), agent, r.IntN(90), map[int]string{1: "mal", 5: "bien"}[note], note)
	}
	return b.String()
}

func packedTable(t *testing.T, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, name, b.String())
}

func contactsRequest(t *testing.T) core.EvaluationRequest {
	return core.EvaluationRequest{
		Train: packedTable(t, "train.csv.gz", contactsFile(0, 700)), Test: writeFile(t, "test.csv", contactsFile(700, 300)),
		Map:   map[string]string{"number": "número", "created": "Llegó & cuándo", "replied": "Respondido", "owner": "Agente"},
		Label: "Nota<=2", At: core.MomentReply, Exclude: []string{"Encuesta"},
	}
}

func TestFilesAreEvaluatedAsPeopleWriteThem(t *testing.T) {
	d := newDesk(t)
	req := contactsRequest(t)
	req.Predictions = filepath.Join(t.TempDir(), "risks.csv")
	e, err := d.EvaluateFiles(t.Context(), req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.RowsTrain != 700 || e.RowsTest != 300 || e.AUC < 0.6 || e.Refused || len(e.Warnings) != 0 {
		t.Errorf("%+v", e)
	}
	file, err := os.Open(req.Predictions)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) != 301 || !slices.Equal(lines[0], []string{"key", "risk", "bad"}) || lines[1][0] != "N700" {
		t.Errorf("%d lines, %v, %v", len(lines), lines[:2], err)
	}
	if left, _ := filepath.Glob(filepath.Join(d.dataDir, unpackedName)); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}

func TestASurveyInTheFileIsRefusedEvenWhereNobodyExcludesIt(t *testing.T) {
	d := newDesk(t)
	req := contactsRequest(t)
	english := func(s string) string { return strings.Replace(s, "Encuesta", "Survey answer", 1) }
	req.Train, req.Test, req.Exclude = writeFile(t, "a.csv", english(contactsFile(0, 700))), writeFile(t, "b.csv", english(contactsFile(700, 300))), nil
	e, err := d.EvaluateFiles(t.Context(), req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.AUC > 0.9 || !slices.ContainsFunc(e.Warnings, func(w string) bool { return strings.Contains(w, `"Survey answer"`) }) {
		t.Errorf("AUC %.3f, warnings %q", e.AUC, e.Warnings)
	}
}

func TestTheSameFileTwiceIsWarnedOf(t *testing.T) {
	d := newDesk(t)
	req := contactsRequest(t)
	req.Train = req.Test
	e, err := d.EvaluateFiles(t.Context(), req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Warnings) == 0 || !strings.Contains(e.Warnings[0], "is the file to learn from") {
		t.Errorf("warnings %q", e.Warnings)
	}
}

func TestFilesThatCannotBeEvaluatedAreSaidSo(t *testing.T) {
	d := newDesk(t)
	for want, change := range map[string]func(*core.EvaluationRequest){
		"There is no file":       func(r *core.EvaluationRequest) { r.Test = filepath.Join(t.TempDir(), "none.csv") },
		"has no rows":            func(r *core.EvaluationRequest) { r.Test = writeFile(t, "empty.csv", "Número;Nota;Agente\n") },
		`no column "Llegó`:       func(r *core.EvaluationRequest) { r.Test = writeFile(t, "other.csv", "a,b\n1,2\n3,4\n") },
		"could not be written":   func(r *core.EvaluationRequest) { r.Predictions = filepath.Join(t.TempDir(), "no", "risks.csv") },
		`holds no times`:         func(r *core.EvaluationRequest) { r.Map["created"] = "Agente" },
		"is not written as a co": func(r *core.EvaluationRequest) { r.Label = "Nota" },
	} {
		req := contactsRequest(t)
		change(&req)
		_, err := d.EvaluateFiles(t.Context(), req, nil)
		if code := core.ErrorCode(err); code == "" || code == core.CodeInternal || !strings.Contains(core.ErrorMessage(err), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
