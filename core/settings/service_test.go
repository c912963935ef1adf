package settings

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"deskwatch/core"

	"github.com/google/go-cmp/cmp"
)

// memoryRepository keeps the groups; fail is what its next calls return.
type memoryRepository struct {
	groups map[string][]byte
	saves  int
	fail   error
}

func (r *memoryRepository) LoadSettings(context.Context) (map[string][]byte, error) {
	return maps.Clone(r.groups), r.fail
}

func (r *memoryRepository) SaveSettings(_ context.Context, groups map[string][]byte) error {
	if r.fail != nil {
		return r.fail
	}
	if r.groups == nil {
		r.groups = map[string][]byte{}
	}
	r.saves++
	maps.Copy(r.groups, groups)
	return nil
}

func TestWhatIsSavedIsLoadedAgain(t *testing.T) {
	repo := &memoryRepository{}
	var published []core.Settings
	s := New(repo, func(n core.Settings) { published = append(published, n) })
	next := s.Current()
	next.Mail.Host, next.Mail.Mode, next.Orders.Statuses["lost"] = "mail.example.com", core.MailSMTP, core.StatusReturned
	next.Alerts.PausedUntil = time.Date(2023, 7, 1, 0, 0, 0, 0, time.UTC)
	if err := s.Save(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	if len(published) != 1 || published[0].Mail.Host != "mail.example.com" {
		t.Errorf("published %v", published)
	}
	if _, ok := repo.groups["general"]; ok {
		t.Error("a group nobody changed was written, over what another process may have saved")
	}
	other := New(repo, func(core.Settings) {})
	if problems, err := other.Load(t.Context()); err != nil || problems != nil {
		t.Fatal(problems, err)
	}
	if d := cmp.Diff(next, other.Current()); d != "" {
		t.Error(d)
	}
	if err := s.Save(t.Context(), next); err != nil || repo.saves != 1 || len(published) != 1 {
		t.Errorf("saving the same again: %v, %d saves, %d published", err, repo.saves, len(published))
	}
}

func TestCurrentIsACopy(t *testing.T) {
	s := New(&memoryRepository{}, func(core.Settings) {})
	s.Current().Orders.Statuses["x"] = core.StatusOther
	s.Current().Orders.CustomerPatterns[0] = "x"
	if d := cmp.Diff(core.DefaultSettings(), s.Current()); d != "" {
		t.Error(d)
	}
}

func TestLoadFallsBackToDefaultsAndSaysSo(t *testing.T) {
	for name, tt := range map[string]struct {
		groups   map[string]string
		problems string
		want     func(*core.Settings)
	}{
		"nothing stored": {nil, "", func(*core.Settings) {}},
		"unknown keys and groups": {map[string]string{"general": `{"theme":"dark","sound":"loud"}`, "space": `{}`}, "",
			func(s *core.Settings) { s.General.Theme = "dark" }},
		"broken JSON": {map[string]string{"mail": `{"port":25,`, "general": `{"theme":"dark"}`}, "mail",
			func(s *core.Settings) { s.General.Theme = "dark" }},
		"wrong type half-way": {map[string]string{"mail": `{"host":"h","port":"many"}`}, "mail", func(*core.Settings) {}},
		"null":                {map[string]string{"orders": `{"statuses":null}`}, "", func(*core.Settings) {}},
		"unusable value": {map[string]string{"alerts": `{"paused":true,"send_seconds":0}`}, "alerts.send_seconds",
			func(s *core.Settings) { s.Alerts.Paused = true }},
	} {
		repo := &memoryRepository{groups: map[string][]byte{}}
		for k, v := range tt.groups {
			repo.groups[k] = []byte(v)
		}
		s := New(repo, func(core.Settings) {})
		problems, err := s.Load(t.Context())
		var names []string
		for _, p := range problems {
			names = append(names, p.Name)
		}
		if err != nil || strings.Join(names, " ") != tt.problems {
			t.Errorf("%s: problems %v, err %v", name, problems, err)
		}
		want := core.DefaultSettings()
		tt.want(&want)
		if d := cmp.Diff(want, s.Current()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestSaveRefusesAndNamesEveryProblem(t *testing.T) {
	repo := &memoryRepository{}
	s := New(repo, func(core.Settings) { t.Error("published") })
	next := s.Current()
	next.Mail.Port, next.Mail.From = 0, "nobody"
	err := s.Save(t.Context(), next)
	if core.ErrorCode(err) != core.CodeInvalid || repo.saves != 0 {
		t.Fatalf("err %v, %d saves", err, repo.saves)
	}
	for _, name := range []string{"mail.port", "mail.from"} {
		if !strings.Contains(core.ErrorMessage(err), name) {
			t.Errorf("%q does not name %s", core.ErrorMessage(err), name)
		}
	}
}

func TestAFailedSaveChangesNothing(t *testing.T) {
	repo := &memoryRepository{fail: core.NewError(core.CodeUnavailable, "store", "The disk is full.", nil)}
	s := New(repo, func(core.Settings) { t.Error("published") })
	next := s.Current()
	next.General.Theme = "dark"
	if err := s.Save(t.Context(), next); core.ErrorCode(err) != core.CodeUnavailable {
		t.Error(err)
	}
	if s.Current().General.Theme != "system" {
		t.Error("settings that were not stored are in force")
	}
}

func TestCheckNamesTheSettingThatIsWrong(t *testing.T) {
	if p := Check(core.DefaultSettings()); p != nil {
		t.Fatalf("the defaults are refused: %v", p)
	}
	type change = func(*core.Settings)
	for _, tt := range []struct {
		name   string
		change change
	}{
		{"general.theme", func(s *core.Settings) { s.General.Theme = "pink" }},
		{"general.log_level", func(s *core.Settings) { s.General.LogLevel = "INFO" }},
		{"mail.mode", func(s *core.Settings) { s.Mail.Mode = "pigeon" }},
		{"mail.language", func(s *core.Settings) { s.Mail.Language = "xx" }},
		{"mail.tls", func(s *core.Settings) { s.Mail.TLS = "maybe" }},
		{"mail.port", func(s *core.Settings) { s.Mail.Port = 65536 }},
		{"mail.host", func(s *core.Settings) { s.Mail.Mode = core.MailSMTP }},
		{"mail.host", func(s *core.Settings) { s.Mail.Host = "smtp://mail.example.com" }},
		{"mail.host", func(s *core.Settings) { s.Mail.Host = "mail.example.com\n" }},
		{"mail.user", func(s *core.Settings) { s.Mail.User = "a\r\nb" }},
		{"mail.from", func(s *core.Settings) { s.Mail.From = "a@example.com\r\nBcc: b@example.com" }},
		{"mail.timeout_seconds", func(s *core.Settings) { s.Mail.TimeoutSeconds = 4 }},
		{"orders.customer_patterns", func(s *core.Settings) { s.Orders.CustomerPatterns = nil }},
		{"orders.customer_patterns", func(s *core.Settings) { s.Orders.CustomerPatterns[0] = "(" }},
		{"orders.customer_patterns", func(s *core.Settings) { s.Orders.CustomerPatterns[0] = " " }},
		{"orders.statuses", func(s *core.Settings) { s.Orders.Statuses[" "] = core.StatusOther }},
		{"orders.statuses", func(s *core.Settings) { s.Orders.Statuses["x"] = 77 }},
		{"alerts.send_seconds", func(s *core.Settings) { s.Alerts.SendSeconds = 4 }},
	} {
		s := core.DefaultSettings()
		tt.change(&s)
		if p := Check(s); len(p) != 1 || p[0].Name != tt.name || !strings.HasSuffix(p[0].Message, ".") {
			t.Errorf("%s: got %v", tt.name, p)
		}
	}
}

func TestEverySettingCanBeSetToWhatListShows(t *testing.T) {
	full := core.DefaultSettings()
	full.Orders.Statuses["lost"] = core.StatusReturned
	full.Alerts.Paused, full.Alerts.PausedUntil = true, time.Date(2023, 7, 1, 8, 0, 0, 0, time.UTC)
	full.Alerts.BacklogDeclined = full.Alerts.PausedUntil
	full.Mail.User = "ana"
	var got core.Settings
	var err error
	for _, e := range List(full) {
		if got, err = Set(got, e.Name, e.Value); err != nil {
			t.Fatal(e, err)
		}
	}
	if d := cmp.Diff(full, got); d != "" {
		t.Error(d)
	}
}

func TestSetByName(t *testing.T) {
	s := core.DefaultSettings()
	changed, err := Set(s, "orders.customer_patterns", `[A-Z]{3}`)
	if err != nil || len(changed.Orders.CustomerPatterns) != 1 || changed.Orders.CustomerPatterns[0] != `[A-Z]{3}` {
		t.Errorf("one pattern: %v, %v", changed.Orders.CustomerPatterns, err)
	}
	if d := cmp.Diff(core.DefaultSettings(), s); d != "" {
		t.Errorf("the given settings changed: %s", d)
	}
	for name, value := range map[string]string{
		"mail.port": "many", "mail.hostt": "x", "mail": "x", "alerts.paused": "perhaps",
		"alerts.paused_until": "tomorrow", "orders.statuses": `{"x":"gone"}`, "orders.customer_patterns": `["a"`,
	} {
		if _, err := Set(s, name, value); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}
