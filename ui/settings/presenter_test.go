package settings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

type fakeDesk struct {
	status  core.DeskStatus
	set     core.Settings
	saves   []core.Settings
	saveErr error
	secrets []core.Secret
	report  core.SendReport
	tested  core.MailSettings
	testPw  *core.Secret
	paused  []bool
	until   time.Time
	removed int

	secretNames []string
	order       []string // of what was stored
	bookReport  core.BookReport
	bookErr     error
	bookTested  []core.OrderBookSettings
	clocks      []core.ClockSettings // of examples
	clockErr    error
	users       []core.User
	bookPw      *core.Secret
	indexed     int
	oldRemoved  int
	server      fakeServer
	model       core.ModelState
	modelErr    error
	train       func() (core.TrainingResult, error)
	copyOrders  func(ctx context.Context, p *core.Progress) (core.CopyResult, error)
}

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func (d *fakeDesk) Settings() core.Settings { return d.set }
func (d *fakeDesk) CheckSettings(s core.Settings) []core.SettingProblem {
	if s.Mail.Mode == core.MailSMTP && s.Mail.Host == "" {
		return []core.SettingProblem{{Name: "mail.host", Message: "Name the mail server."}}
	}
	if s.OrderBook.Database == "" {
		return []core.SettingProblem{{Name: "order_book.database", Message: "Name the database."}}
	}
	return nil
}
func (d *fakeDesk) SaveSettings(_ context.Context, s core.Settings) error {
	d.saves, d.order = append(d.saves, s), append(d.order, "settings")
	return d.saveErr
}
func (d *fakeDesk) SetSecret(_ context.Context, name string, s core.Secret) error {
	d.secretNames, d.order = append(d.secretNames, name), append(d.order, name)
	d.secrets = append(d.secrets, s)
	return nil
}
func (d *fakeDesk) SecretState(_ context.Context, name string) (bool, string, error) {
	return slices.Contains(d.secretNames, name), "the keyring", nil
}
func (d *fakeDesk) SendTestMail(_ context.Context, m core.MailSettings, pw *core.Secret, _ string) (core.SendReport, error) {
	d.tested, d.testPw = m, pw
	return d.report, nil
}
func (d *fakeDesk) TestOrderBook(_ context.Context, s core.OrderBookSettings, pw *core.Secret) (core.BookReport, error) {
	d.bookTested, d.bookPw = append(d.bookTested, s), pw
	return d.bookReport, d.bookErr
}
func (d *fakeDesk) CreateBookIndexes(context.Context, *core.Progress) error {
	d.indexed++
	return d.bookErr
}
func (d *fakeDesk) CopyOrders(ctx context.Context, p *core.Progress) (core.CopyResult, error) {
	return d.copyOrders(ctx, p)
}
func (d *fakeDesk) RemoveEmbeddedBook(context.Context) (core.RemovedBook, error) {
	d.oldRemoved++
	d.status.OldBook = false
	return core.RemovedBook{Bytes: 1_200_000, Counts: core.BookCounts{Orders: 120_201}}, nil
}
func (d *fakeDesk) SetPaused(_ context.Context, p bool, until time.Time) error {
	d.paused, d.until = append(d.paused, p), until
	return nil
}
func (d *fakeDesk) Status(context.Context) (core.DeskStatus, error) { return d.status, nil }
func (d *fakeDesk) Doctor(context.Context) []core.Finding {
	return []core.Finding{{Check: "folder", OK: true}}
}
func (d *fakeDesk) LoadSample(context.Context, *core.Progress) (core.ImportResult, error) {
	return core.ImportResult{}, nil
}
func (d *fakeDesk) RemoveSample(context.Context) (core.UndoResult, error) {
	d.removed++
	return core.UndoResult{}, nil
}
func (d *fakeDesk) ClockExample(s core.ClockSettings) (string, error) {
	d.clocks = append(d.clocks, s)
	return "Friday 16:30 + 1 h → Monday 09:30", d.clockErr
}
func (d *fakeDesk) ModelState(context.Context) (core.ModelState, error) { return d.model, d.modelErr }
func (d *fakeDesk) TrainModel(context.Context, *core.Progress) (core.TrainingResult, error) {
	return d.train()
}
func (d *fakeDesk) Users(context.Context) ([]core.User, error) { return d.users, nil }
func (d *fakeDesk) Subscribe(int) (<-chan core.Event, func())  { return nil, func() {} }
func (d *fakeDesk) Now() time.Time                             { return noon }
func (d *fakeDesk) DataDir() string                            { return "/data" }
func (d *fakeDesk) Version() string                            { return "1" }

type fakeView struct {
	set      core.Settings
	form     formState
	secrets  map[string]secretState
	book     bookState
	test     string
	tone     kit.Tone
	findings []core.Finding
	names    []string
	example  outcome
}

func (v *fakeView) showExample(o outcome)    { v.example = o }
func (v *fakeView) showNames(names []string) { v.names = names }

func (v *fakeView) showSettings(s core.Settings) { v.set = s }
func (v *fakeView) showForm(f formState)         { v.form = f }
func (v *fakeView) showBook(s bookState)         { v.book = s }
func (v *fakeView) showSecret(name string, s secretState) {
	if v.secrets == nil {
		v.secrets = map[string]secretState{}
	}
	v.secrets[name] = s
}
func (v *fakeView) showStatus(core.DeskStatus)       {}
func (v *fakeView) showTest(s string, t kit.Tone)    { v.test, v.tone = s, t }
func (v *fakeView) showFindings(list []core.Finding) { v.findings = list }

func started(t *testing.T) (*fakeDesk, *fakeView, *kittest.Host, *presenter) {
	t.Helper()
	d, v, h := &fakeDesk{set: core.DefaultSettings()}, &fakeView{}, &kittest.Host{}
	d.set.Orders.Statuses = map[string]core.Status{"lost": core.StatusCancelled, "gone": core.StatusReturned}
	p := newPresenter(d, h, async.Inline{})
	p.start(v)
	t.Cleanup(p.close)
	return d, v, h, p
}

func host(name string) func(*core.Settings) string {
	return func(s *core.Settings) string { s.Mail.Host = name; return "" }
}

func TestAProblemIsShownAsTypedAndStopsSaving(t *testing.T) {
	d, v, _, p := started(t)
	if v.form.Dirty {
		t.Error("dirty before anything was typed")
	}
	p.edit("mail.mode", func(s *core.Settings) string { s.Mail.Mode = core.MailSMTP; return "" })
	p.save()
	if v.form.Problems["mail.host"] == "" || len(d.saves) != 0 {
		t.Fatalf("problems %v, %d saves; want the host named and none", v.form.Problems, len(d.saves))
	}
	p.edit("mail.host", host("smtp.test"))
	p.save()
	if len(d.saves) != 1 || d.saves[0].Mail.Host != "smtp.test" || v.form.Dirty {
		t.Fatalf("saves %v, dirty %v", d.saves, v.form.Dirty)
	}
}

func TestATextThatIsNoNumberKeepsTheOldValueAndStopsSaving(t *testing.T) {
	d, v, _, p := started(t)
	p.edit("mail.port", func(*core.Settings) string { return "Write a whole number." })
	p.save()
	if !v.form.Dirty || v.form.Problems["mail.port"] == "" || len(d.saves) != 0 {
		t.Fatalf("form %+v, %d saves", v.form, len(d.saves))
	}
	p.revert()
	if v.form.Dirty || len(v.form.Problems) != 0 || v.set.Mail.Port != 587 {
		t.Fatalf("after revert: %+v", v.form)
	}
}

func TestAFailedSaveKeepsWhatWasTyped(t *testing.T) {
	d, v, h, p := started(t)
	d.saveErr = errors.New("disk full")
	p.edit("mail.host", host("smtp.test"))
	p.setPassword(core.SecretSMTP, "hunter2")
	p.save()
	if len(h.Failures) != 1 || !v.form.Dirty || v.form.Saving || len(d.secrets) != 0 {
		t.Fatalf("failures %v, form %+v, %d secrets", h.Failures, v.form, len(d.secrets))
	}
}

func TestThePasswordIsStoredOnSaveAndNeverShown(t *testing.T) {
	d, v, _, p := started(t)
	p.setPassword(core.SecretSMTP, "hunter2")
	if !v.form.Dirty || !v.secrets[core.SecretSMTP].Draft || len(d.secrets) != 0 {
		t.Fatalf("form %+v, secret %+v", v.form, v.secrets)
	}
	if s := fmt.Sprintf("%+v %+v %#v", v.form, v.secrets, p.passwords); strings.Contains(s, "hunter2") {
		t.Error("the password can be printed: " + s)
	}
	p.save()
	if len(d.secrets) != 1 || d.secrets[0].Reveal() != "hunter2" || !v.secrets[core.SecretSMTP].Set || v.secrets[core.SecretSMTP].Draft || v.form.Dirty {
		t.Fatalf("secrets %d, %+v, dirty %v", len(d.secrets), v.secrets, v.form.Dirty)
	}
}

func TestWhatSomebodyElseSavesIsTakenOverWithoutLosingWhatIsTyped(t *testing.T) {
	_, v, _, p := started(t)
	p.edit("mail.host", host("typed.test"))
	p.edit("orders.statuses", func(s *core.Settings) string { delete(s.Orders.Statuses, "lost"); return "" })
	other := core.DefaultSettings()
	other.General.Theme = "dark"
	other.Alerts.Paused = true
	other.Orders.Statuses = map[string]core.Status{"lost": core.StatusCancelled, "gone": core.StatusReturned, "new": core.StatusOther}
	p.hear(core.SettingsChanged{Settings: other})
	s := v.set
	if s.General.Theme != "dark" || !s.Alerts.Paused || s.Mail.Host != "typed.test" {
		t.Errorf("theme %s, paused %v, host %s", s.General.Theme, s.Alerts.Paused, s.Mail.Host)
	}
	if _, lost := s.Orders.Statuses["lost"]; lost || len(s.Orders.Statuses) != 2 {
		t.Errorf("statuses %v, want gone and new", s.Orders.Statuses)
	}
	if !v.form.Dirty {
		t.Error("the typed host is still not saved")
	}
}

func TestATestMailUsesTheDraftAndShowsTheServersReply(t *testing.T) {
	d, v, _, p := started(t)
	d.report = core.SendReport{Outcome: core.OutcomeNoService, Reply: "535 wrong password"}
	p.edit("mail.host", host("draft.test"))
	p.setPassword(core.SecretSMTP, "pw")
	done := 0
	p.sendTest("me@company.com", func() { done++ })
	if d.tested.Host != "draft.test" || d.testPw == nil || !strings.Contains(v.test, "535 wrong password") || v.tone != kit.ToneBad {
		t.Errorf("tested %+v, shown %q", d.tested, v.test)
	}
	p.sendTest("nobody", func() { done++ })
	if done != 2 || strings.Contains(v.test, "535") {
		t.Errorf("an address that is none was sent to, or the button stays busy (%d)", done)
	}
}

func TestPausingForAnHourEndsAnHourFromNow(t *testing.T) {
	d, _, _, p := started(t)
	p.pause(true, time.Hour)
	if !d.until.Equal(noon.Add(time.Hour)) {
		t.Errorf("paused until %v", d.until)
	}
	p.pause(false, 0)
	if len(d.paused) != 2 || d.paused[1] || !d.until.IsZero() {
		t.Errorf("resumed: %v until %v", d.paused, d.until)
	}
}

func TestSampleDataIsRemovedOnlyWhenConfirmed(t *testing.T) {
	d, _, h, p := started(t)
	p.removeSample(func() {})
	if d.removed != 0 {
		t.Fatal("removed without a yes")
	}
	h.Answer = true
	p.removeSample(func() {})
	if d.removed != 1 || len(h.Questions) != 2 {
		t.Fatalf("removed %d times after %d questions", d.removed, len(h.Questions))
	}
}

func TestTryPatternsSaysWhatAnImportWouldMakeOfAValue(t *testing.T) {
	patterns := core.DefaultCustomerPatterns()
	for value, want := range map[string]string{
		"my-shop_123":              "with the name my-shop",
		" my-shop_1 ":              "with the name my-shop",
		"x my-shop_1y":             "Not recognised",
		"5f2b1c0d9e8a7b6c5d4e3f2a": "Recognised by [A-Za-z0-9]{24}.",
		"":                         "",
	} {
		if got, _ := tryPatterns(append([]string{"("}, patterns...), value); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}
