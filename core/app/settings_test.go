package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"

	"github.com/google/go-cmp/cmp"
)

func TestOneWrongPairChangesNoSetting(t *testing.T) {
	d := newDesk(t)
	before := d.Settings()
	for _, wrong := range []string{"mail.port", "mail.prot=25", "mail.port=many", "mail.port=70000", "general.log_level=loud"} {
		_, err := d.SetSettings(t.Context(), []string{"general.theme=dark", wrong})
		wantError(t, err, core.CodeInvalid, "")
		if diff := cmp.Diff(before, d.Settings()); diff != "" {
			t.Errorf("%s: %s", wrong, diff)
		}
	}
	other := d.open(t)
	if diff := cmp.Diff(before, other.Settings()); diff != "" {
		t.Errorf("stored: %s", diff)
	}
	if _, err := d.SetSettings(t.Context(), []string{"general.theme=dark", "mail.port=25"}); err != nil {
		t.Fatal(err)
	}
	again := d.open(t)
	if s := again.Settings(); s.General.Theme != "dark" || s.Mail.Port != 25 {
		t.Errorf("stored: %+v", s)
	}
}

func TestTheLogLevelTakesEffectAtOnceAndAfterAStart(t *testing.T) {
	d := newDesk(t)
	logged := func(a *App) bool {
		a.log.Debug("a detail")
		return len(a.LogLines(core.LogQuery{Text: "a detail"})) > 0
	}
	if logged(d.App) {
		t.Fatal("details are logged from the beginning")
	}
	if _, err := d.SetSettings(t.Context(), []string{"general.log_level=debug"}); err != nil {
		t.Fatal(err)
	}
	if !logged(d.App) {
		t.Error("details are not logged")
	}
	if !logged(d.open(t)) {
		t.Error("details are not logged after the next start")
	}
}

func TestTheSendersIntervalIsPlannedAnew(t *testing.T) {
	d := newDesk(t)
	if _, err := d.SetSettings(t.Context(), []string{"alerts.send_seconds=3600"}); err != nil {
		t.Fatal(err)
	}
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	within := func(low, high time.Duration) func() bool {
		return func() bool {
			next := time.Until(d.watch.runner.Next(sendJob))
			return next > low && next <= high
		}
	}
	eventually(t, "it is planned hourly", within(50*time.Minute, time.Hour))
	if _, err := d.SetSettings(t.Context(), []string{"alerts.send_seconds=600"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is planned every ten minutes", within(5*time.Minute, 10*time.Minute))
}

func TestPausingAndSettingLoseNothingOfEachOther(t *testing.T) {
	d := newDesk(t)
	for i := range 10 {
		until := d.clock.Now().Add(time.Duration(i+1) * time.Hour)
		pairs := []string{fmt.Sprintf("alerts.send_seconds=%d", 100+i)}
		var both sync.WaitGroup
		both.Go(func() {
			if err := d.SetPaused(t.Context(), true, until); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			if _, err := d.SetSettings(t.Context(), pairs); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		if s := d.Settings().Alerts; !s.PausedUntil.Equal(until) || s.SendSeconds != 100+i {
			t.Fatalf("round %d: %+v", i, s)
		}
	}
}

func TestASecretIsNowhereInClear(t *testing.T) {
	const password = "Tr0ub4dor-and-three"
	d := newDesk(t)
	sink := newSink(t, mailtest.Options{User: "ana", Password: "another"})
	if _, err := d.SetSettings(t.Context(), []string{"general.log_level=debug"}); err != nil {
		t.Fatal(err)
	}
	d.useServer(t, sink.Port())
	if _, err := d.SetSettings(t.Context(), []string{"mail.user=ana"}); err != nil {
		t.Fatal(err)
	}
	if err := d.SetSecret(t.Context(), core.SecretSMTP, core.NewSecret(password)); err != nil {
		t.Fatal(err)
	}
	set, where, err := d.SecretState(t.Context(), core.SecretSMTP)
	if err != nil || !set || where != "an encrypted file in the data folder" {
		t.Fatal(set, where, err)
	}
	d.alertQueued(t)
	if _, err := d.SendOnce(t.Context()); err != nil { // it is refused, with the secret at hand
		t.Fatal(err)
	}
	report, err := d.SendTestMail(t.Context(), d.Settings().Mail, nil, "lead@desk.internal")
	if err != nil || report.Outcome == core.OutcomeSent {
		t.Fatal(report, err)
	}
	said := fmt.Sprintf("%+v %+v %+v %+v %+v", d.SettingsList(), report, d.deliveries(t), d.Doctor(t.Context()), d.LogLines(core.LogQuery{}))
	if strings.Contains(said, password) {
		t.Error("it is said")
	}
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := files(t, d.dir)
	for _, name := range list {
		text, err := os.ReadFile(filepath.Join(d.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(password)) {
			t.Errorf("it stands in %s", name)
		}
	}
	if len(list) < 4 || !strings.Contains(strings.Join(list, " "), "secrets.age") {
		t.Errorf("looked at %q only", list)
	}
	kept, err := d.open(t).smtpPassword(t.Context())
	if err != nil || kept.Reveal() != password {
		t.Error("it is lost:", err)
	}
}
