package settings

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestPredictionsAreSetByNameWithinTheirBounds(t *testing.T) {
	for _, tt := range []struct{ name, value, says string }{
		{"predict.capacity", "0", "between 1 and 200; 0"},
		{"predict.capacity", "201", "between 1 and 200; 201"},
		{"predict.capacity", "1", ""},
		{"predict.capacity", "200", ""},
		{"predict.train_days", "-1", "between 0 and 365; -1"},
		{"predict.train_days", "366", "between 0 and 365; 366"},
		{"predict.train_days", "0", ""},
		{"predict.train_days", "365", ""},
		{"predict.model", "false", ""},
	} {
		s, err := Set(core.DefaultSettings(), tt.name, tt.value)
		if err != nil {
			t.Fatal(err)
		}
		p := Check(s)
		switch {
		case tt.says == "" && p != nil:
			t.Errorf("%s=%s: got %v", tt.name, tt.value, p)
		case tt.says != "" && (len(p) != 1 || p[0].Name != tt.name || !strings.Contains(p[0].Message, tt.says)):
			t.Errorf("%s=%s: got %v, want what says %q", tt.name, tt.value, p, tt.says)
		}
		for _, e := range List(s) {
			if e.Name == tt.name && e.Value != tt.value {
				t.Errorf("%s is listed as %s, want %s", tt.name, e.Value, tt.value)
			}
		}
	}
}

func TestStoredPredictionSettingsThatCannotBeUsedFallBackToTheirDefaults(t *testing.T) {
	s, problems := decode(map[string][]byte{"predict": []byte(`{"capacity":9000,"model":false}`)})
	if want := (core.PredictionSettings{Capacity: 5, Model: false, TrainDays: 7}); s.Predict != want {
		t.Errorf("got %+v, want %+v", s.Predict, want)
	}
	if len(problems) != 1 || problems[0].Name != "predict.capacity" {
		t.Errorf("problems: %v", problems)
	}
}
