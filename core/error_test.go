package core

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestErrorKeepsSentenceAndCauseApart(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.1: refused")
	err := fmt.Errorf("wrapped: %w", NewError(CodeUnavailable, "mail.send", "The mail server does not answer.", cause))
	if got := ErrorMessage(err); got != "The mail server does not answer." {
		t.Errorf("message for people: %q", got)
	}
	if ErrorCode(err) != CodeUnavailable || !errors.Is(err, cause) {
		t.Errorf("code %q, cause lost", ErrorCode(err))
	}
	if !strings.Contains(err.Error(), "refused") {
		t.Errorf("the log text lacks the cause: %q", err)
	}
}

func TestErrorsOfOthersNeverReachPeople(t *testing.T) {
	if got := ErrorMessage(errors.New("SQL logic error near SELECT")); strings.Contains(got, "SQL") {
		t.Errorf("a cause's own text reached the message: %q", got)
	}
	if ErrorCode(context.Canceled) != CodeCanceled || ErrorCode(errors.New("x")) != CodeInternal || ErrorCode(nil) != "" {
		t.Error("codes of foreign errors are wrong")
	}
}

func TestSecretNeverPrintsItself(t *testing.T) {
	type login struct{ Password Secret }
	v := login{NewSecret("hunter2")}
	j, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "password", v.Password, "all", v)
	for _, text := range []string{fmt.Sprint(v), fmt.Sprintf("%+v %#v %s %q %x", v, v, v.Password, v.Password, v.Password), string(j), b.String()} {
		if strings.Contains(text, "hunter2") || strings.Contains(text, "68756e74657232") {
			t.Errorf("the secret shows in %q", text)
		}
	}
	if v.Password.Reveal() != "hunter2" {
		t.Error("Reveal lost the secret")
	}
}

func TestDaysThatDoNotExistAreRefused(t *testing.T) {
	for _, d := range [][3]int{{2023, 2, 29}, {2023, 2, 30}, {2023, 13, 1}, {2023, 4, 31}, {2023, 0, 1}, {2023, 1, 0}} {
		if got, ok := NewDay(d[0], d[1], d[2]); ok {
			t.Errorf("%v became %v", d, got)
		}
	}
	leap, ok := NewDay(2024, 2, 29)
	if !ok || leap.String() != "2024-02-29" || leap.Month().String() != "2024-02" || leap.Month().Last() != leap {
		t.Errorf("29 February 2024 became %v", leap)
	}
	if m := NewMonth(2023, 12) + 1; m.String() != "2024-01" {
		t.Errorf("the month after December 2023 is %v", m)
	}
}

func TestStatusSetSurvivesJSON(t *testing.T) {
	s := NewStatusSet(StatusReturned, StatusCancelled)
	b, err := json.Marshal(s)
	if err != nil || string(b) != `["cancelled","returned"]` {
		t.Fatalf("%s %v", b, err)
	}
	var back StatusSet
	if err := json.Unmarshal(b, &back); err != nil || back != s {
		t.Errorf("came back as %v, %v", back, err)
	}
	if _, err := ParseStatusSet(" "); ErrorCode(err) != CodeInvalid {
		t.Errorf("no status at all was accepted: %v", err)
	}
}

func TestAmountsKeepTheirDecimals(t *testing.T) {
	for a, want := range map[Amount]string{647620: "647.62", 1005: "1.005", -50: "-0.05", 0: "0.00"} {
		if a.String() != want {
			t.Errorf("%d: %s, want %s", int64(a), a, want)
		}
	}
}

func TestTimeLeftNeedsSomethingToGoBy(t *testing.T) {
	if _, ok := (ProgressState{}).TimeLeft(time.Minute); ok {
		t.Error("guessed the time left from nothing")
	}
	if left, ok := (ProgressState{Done: 25, Total: 100}).TimeLeft(10 * time.Second); !ok || left != 30*time.Second {
		t.Errorf("left %v %v, want 30 s", left, ok)
	}
}
