package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"deskwatch/core"
)

func TestASecondTrainingIsToldThatOneRuns(t *testing.T) {
	ts := newTestServer(t)
	ts.desk.err = core.NewError(core.CodeConflict, "test", "A model is being trained already. Wait for it to end.", nil)
	w := ts.ask("lead", "POST", "/api/v1/predictions/train", "")
	if w.Code != http.StatusConflict {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusConflict)
}

// writeDeadline records until when an answer may leave.
type writeDeadline struct {
	*httptest.ResponseRecorder
	write time.Time
}

func (d *writeDeadline) SetWriteDeadline(t time.Time) error { d.write = t; return nil }

// TestATrainingMayTakeLongerThanOtherAnswers breaks when the connection is closed under a
// training of minutes.
func TestATrainingMayTakeLongerThanOtherAnswers(t *testing.T) {
	ts := newTestServer(t)
	for method, target := range map[string]string{http.MethodPost: "/api/v1/predictions/train", http.MethodGet: "/api/v1/predictions/model"} {
		r := httptest.NewRequest(method, target, nil)
		r.Host = "127.0.0.1:8750"
		r.SetBasicAuth("lead", "right")
		w := &writeDeadline{ResponseRecorder: httptest.NewRecorder()}
		ts.Handler().ServeHTTP(w, r)
		if left, long := time.Until(w.write), method == http.MethodPost; w.Code != http.StatusOK || (left > 10*time.Minute) != long {
			t.Errorf("%s: %d, the answer may take %v", target, w.Code, left)
		}
	}
}

func TestThePredictionsOfAFilterAreAskedFor(t *testing.T) {
	ts := newTestServer(t)
	ts.ask("engineer", "GET", "/api/v1/predictions?query=product:spark&limit=7&after=x", "")
	if got, want := ts.desk.lastAsked(), "PredictTickets product:spark 7 x"; got != want {
		t.Errorf("the desk was asked for %q, want %q", got, want)
	}
}
