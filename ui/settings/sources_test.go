package settings

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// The page of the sources has a fake of its own; the other tests only open it.

func (d *fakeDesk) Sources(context.Context) ([]core.SourceReport, error) { return nil, nil }
func (d *fakeDesk) SaveSource(context.Context, core.Source, *core.Secret, *core.Secret) error {
	return nil
}
func (d *fakeDesk) DeleteSource(context.Context, string) error { return nil }
func (d *fakeDesk) TestSource(context.Context, core.Source, *core.Secret, *core.Secret) (string, error) {
	return "", nil
}
func (d *fakeDesk) RunSource(context.Context, string) error { return nil }

// sourceDesk records what is done to the sources.
type sourceDesk struct {
	fakeDesk
	list    []core.SourceReport
	saved   []sourceDraft
	tried   []sourceDraft
	ran     []string
	removed []string
	err     error
}

func (d *sourceDesk) Sources(context.Context) ([]core.SourceReport, error) { return d.list, nil }
func (d *sourceDesk) SaveSource(_ context.Context, s core.Source, secret, client *core.Secret) error {
	d.saved = append(d.saved, sourceDraft{s, secret, client})
	return d.err
}
func (d *sourceDesk) DeleteSource(_ context.Context, name string) error {
	d.removed = append(d.removed, name)
	return d.err
}
func (d *sourceDesk) TestSource(_ context.Context, s core.Source, secret, client *core.Secret) (string, error) {
	d.tried = append(d.tried, sourceDraft{s, secret, client})
	return "It answers.", d.err
}
func (d *sourceDesk) RunSource(_ context.Context, name string) error {
	d.ran = append(d.ran, name)
	return d.err
}

func newSources(t *testing.T) (*sourceDesk, *sourcesPage, *kittest.Host) {
	t.Helper()
	test.NewTempApp(t)
	d := &sourceDesk{list: []core.SourceReport{
		{Source: core.Source{Name: "acme", Kind: core.SourceSalesforce, Enabled: true, Minutes: 5, Address: "https://acme.example", Grant: core.GrantPassword, ClientID: "app", User: "ana",
			Mapping: core.TicketMapping{Fields: map[core.Field]string{core.FieldProduct: "Product__c"}, Statuses: map[string]core.TicketStatus{"Parked": core.TicketHeld}}},
			State: core.SourceState{LastRun: noon, LastError: "Salesforce refuses the sign-in.", Failures: 1, Tickets: 3340}},
		{Source: core.Source{Name: "file", Kind: core.SourceFile}, State: core.SourceState{Tickets: 7}},
	}}
	host := &kittest.Host{Win: test.NewTempWindow(t, nil), Answer: true}
	p := newPresenter(d, host, host.Dispatcher())
	g := newSourcesPage(newSourcesPresenter(p))
	g.p.start(g)
	t.Cleanup(func() { g.p.close(); p.close() })
	return d, g, host
}

func TestASourcesStandingIsOneSentence(t *testing.T) {
	well := core.SourceState{LastSuccess: noon, LastRun: noon, Counts: core.SnapshotCounts{Tickets: 12, New: 3, Changed: 1}}
	for says, r := range map[string]core.SourceReport{
		"Being read now":                                    {State: core.SourceState{Running: true, LastError: "x"}},
		"Failed today 12:00: It broke.":                     {State: core.SourceState{LastRun: noon, LastError: "It broke.", LastSuccess: noon}},
		"Went well today 12:00: 12 read, 3 new, 1 changed.": {State: well},
		"Not asked yet.":                                    {Source: core.Source{Kind: core.SourceSalesforce}},
		"Nothing was dropped":                               {Source: core.Source{Kind: core.SourceFolder}},
		"Nothing was sent":                                  {Source: core.Source{Kind: core.SourceCollector}},
		"Not set up here":                                   {Source: core.Source{Kind: core.SourceFile}, State: well},
	} {
		if got := sourceStanding(r, noon).Text; !strings.HasPrefix(got, says) {
			t.Errorf("%q, want %q", got, says)
		}
	}
	next := core.SourceReport{Source: core.Source{Enabled: true}, State: core.SourceState{Tickets: 1, NextRun: noon.Add(time.Hour)}}
	if got := sourceFacts(next, noon); got != "1 ticket kept. Next time today 13:00." {
		t.Errorf("%q", got)
	}
}

func TestARunIsAskedForAndItsFaultIsLeftToTheRow(t *testing.T) {
	d, g, host := newSources(t)
	ended := 0
	g.p.runNow("acme", func() { ended++ })
	d.err = core.NewError(core.CodeUnavailable, "x", "Out of order.", nil)
	g.p.runNow("acme", func() { ended++ })
	if len(d.ran) != 2 || ended != 2 || len(host.Toasts) != 1 || len(host.Failures) > 0 {
		t.Errorf("ran %v, ended %d, toasts %q, failures %v", d.ran, ended, host.Toasts, host.Failures)
	}
	d.err = core.NewError(core.CodeConflict, "x", "It is being asked already.", nil)
	if g.p.runNow("acme", func() {}); len(host.Failures) != 1 {
		t.Error("nobody says why nothing happened")
	}
}

func TestRemovingSaysThatTheTicketsStay(t *testing.T) {
	d, g, host := newSources(t)
	g.p.remove(d.list[0])
	if len(host.Questions) != 1 || !strings.Contains(host.Questions[0].Text, "stay: 3,340") || !host.Questions[0].Danger || len(d.removed) != 1 {
		t.Errorf("asked %+v, removed %v", host.Questions, d.removed)
	}
	host.Answer = false
	if g.p.remove(d.list[0]); len(d.removed) != 1 {
		t.Error("removed without a yes")
	}
}

func TestSwitchingOffKeepsEverythingElse(t *testing.T) {
	d, g, _ := newSources(t)
	g.p.enable(d.list[0].Source, false)
	want := d.list[0].Source
	want.Enabled = false
	got := d.saved[0]
	if got.secret != nil || got.client != nil || got.Enabled || got.Address != want.Address || len(got.Mapping.Statuses) != 1 {
		t.Errorf("saved %+v", got)
	}
}

func TestAFormOpenedAndSavedChangesNothing(t *testing.T) {
	d, g, _ := newSources(t)
	f := newSourceForm(g.p, d.list[0].Source)
	f.body()
	got, problem := f.draft()
	if problem != "" {
		t.Fatal(problem)
	}
	want := d.list[0].Source
	if got.Name != want.Name || got.Grant != want.Grant || got.User != want.User || got.Minutes != want.Minutes || got.Mapping.Fields[core.FieldProduct] != "Product__c" ||
		got.Mapping.Statuses["Parked"] != core.TicketHeld || got.secret != nil || !got.Enabled || got.Kind != want.Kind {
		t.Errorf("got %+v", got)
	}
}

func TestANewSourceIsReadFromItsForm(t *testing.T) {
	d, g, _ := newSources(t)
	f := newSourceForm(g.p, core.Source{Kind: core.SourceSalesforce, Enabled: true, Minutes: 5})
	f.body()
	for _, step := range []struct {
		do   func()
		says string
	}{
		{func() {}, "name"},
		{func() { f.name.SetText("acme") }, "already"},
		{func() { f.name.SetText(" sf "); f.minutes.SetText("often") }, "whole number"},
		{func() { f.minutes.SetText("10"); f.statuses.add(pair{"Parked", -1}) }, "lacks one of its sides"},
	} {
		step.do()
		if _, problem := f.draft(); !strings.Contains(problem, step.says) {
			t.Errorf("%q, want %q", problem, step.says)
		}
	}
	f.statuses.lines[0].meaning.SetSelected(kit.TicketStatus(core.TicketHeld))
	f.secret.SetText("hunter2")
	f.test(func() {})
	if len(d.tried) != 1 || d.tried[0].Name != "sf" || d.tried[0].Minutes != 10 || d.tried[0].Grant != core.GrantClient || d.tried[0].secret.Reveal() != "hunter2" || d.tried[0].client != nil {
		t.Fatalf("tried %+v", d.tried)
	}
	if f.tested.Text() != "It answers." {
		t.Errorf("told %q", f.tested.Text())
	}
	d.err = core.NewError(core.CodeDenied, "x", "Salesforce refuses the sign-in.", nil)
	if f.test(func() {}); f.tested.Text() != "Salesforce refuses the sign-in." {
		t.Errorf("told %q", f.tested.Text())
	}
}

func TestSavingClosesTheFormOnlyWhenItWentWell(t *testing.T) {
	d, g, host := newSources(t)
	openSourceForm(g.p, core.Source{Kind: core.SourceFolder, Enabled: true})
	if !kit.Asking(host.Win) {
		t.Fatal("no form")
	}
	host.Win.Canvas().Overlays().Top().Hide()
	f := newSourceForm(g.p, d.list[0].Source)
	f.asked = kit.Ask(host.Win, "x", "y", f.body(), nil, func() bool { f.save(); return false })
	d.err = core.NewError(core.CodeInvalid, "x", "No.", nil)
	if f.save(); len(host.Failures) != 1 || len(host.Toasts) > 0 {
		t.Errorf("failures %v, toasts %q", host.Failures, host.Toasts)
	}
	d.err = nil
	if f.save(); len(d.saved) != 2 || len(host.Toasts) != 1 {
		t.Errorf("saved %d, toasts %q", len(d.saved), host.Toasts)
	}
}

func TestACertificateThatATestMeetsCanBeTrusted(t *testing.T) {
	d, g, host := newSources(t)
	f := newSourceForm(g.p, core.Source{Kind: core.SourceDesk, Enabled: true, Minutes: 5})
	f.body()
	f.name.SetText("team")
	f.address.SetText("https://desk.acme.com:8750")
	f.user.SetText("ana")
	d.err = core.NewError(core.CodeDenied, "x", "It is not trusted.", &core.UntrustedCertificate{Fingerprint: "AB:CD", Err: io.EOF})
	f.test(func() {})
	if f.desk.trust.Hidden || f.tested.Text() != "It is not trusted." {
		t.Fatalf("offered %v, told %q", !f.desk.trust.Hidden, f.tested.Text())
	}
	d.err = nil
	f.desk.trust.OnTapped()
	if last := d.tried[len(d.tried)-1]; last.Fingerprint != "AB:CD" || !f.desk.trust.Hidden || f.tested.Text() != "It answers." || len(host.Questions) != 0 {
		t.Errorf("tried with %q, told %q, asked %v", last.Fingerprint, f.tested.Text(), host.Questions)
	}

	host.Answer = false
	d.err = core.NewError(core.CodeDenied, "x", "It is another one.", &core.UntrustedCertificate{Fingerprint: "EF:01", Err: io.EOF})
	f.test(func() {})
	f.desk.trust.OnTapped()
	if len(host.Questions) != 1 || !strings.Contains(host.Questions[0].Text, "EF:01") || f.desk.fingerprint.Text != "AB:CD" {
		t.Errorf("asked %v, fingerprint %q", host.Questions, f.desk.fingerprint.Text)
	}
	d.err = core.NewError(core.CodeUnavailable, "x", "It is away.", nil)
	if f.test(func() {}); !f.desk.trust.Hidden {
		t.Error("a certificate nobody showed can be trusted")
	}
}

func TestWithoutEncryptionOnlyWhereTheAddressSaysSo(t *testing.T) {
	_, g, _ := newSources(t)
	f := newSourceForm(g.p, core.Source{Kind: core.SourceDesk, Name: "team", Address: "http://10.0.0.5:8750", InsecureHTTP: true, Fingerprint: "AB"})
	f.body()
	if d, _ := f.draft(); !d.InsecureHTTP || d.Fingerprint != "AB" || !f.desk.insecureRow.Visible() {
		t.Errorf("as it was: %+v", d.Source)
	}
	f.address.SetText("https://10.0.0.5:8750")
	if d, _ := f.draft(); d.InsecureHTTP || f.desk.insecureRow.Visible() {
		t.Errorf("with https: %+v", d.Source)
	}
}

func TestADeskThatCannotBeFollowedSaysSoAndWhyOnce(t *testing.T) {
	r := core.SourceReport{Source: core.Source{Kind: core.SourceDesk, Enabled: true}, State: core.SourceState{LastSuccess: noon, LiveNote: "It is away."}}
	if got := deskTrouble(r); !strings.HasPrefix(got, "Not connected: you see what was last known") || !strings.HasSuffix(got, "It is away.") {
		t.Errorf("%q", got)
	}
	r.State.LastError = "It is away."
	if got := deskTrouble(r); got == "" || strings.Contains(got, "It is away.") {
		t.Errorf("the reason stands in the line above already: %q", got)
	}
	if r.State.Live = true; deskTrouble(r) != "" {
		t.Error("a desk that is followed is called away")
	}
}

func TestAConnectedDeskIsSaidToBe(t *testing.T) {
	r := core.SourceReport{Source: core.Source{Kind: core.SourceDesk, Enabled: true}, State: core.SourceState{LastSuccess: noon, Live: true, LiveSince: noon}}
	if got := sourceStanding(r, noon).Text; got != "Connected since today 12:00: what happens there is here at once." {
		t.Errorf("%q", got)
	}
	r.State.LastError = "It is away."
	if got := sourceStanding(r, noon).Text; !strings.HasPrefix(got, "Failed") {
		t.Errorf("%q", got)
	}
	r.State.LastError, r.Enabled = "", false
	if got := sourceStanding(r, noon).Text; !strings.HasPrefix(got, "Went well") {
		t.Errorf("%q", got)
	}
}
