package settings

import (
	"context"
	"errors"
	"strings"
	"testing"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

func (d *fakeDesk) ServerState() core.ServerState { return d.server.state }

func (d *fakeDesk) Uploads(_ context.Context, limit int) ([]core.Upload, error) {
	d.server.asked = append(d.server.asked, limit)
	return d.server.uploads[:min(limit, len(d.server.uploads))], d.server.err
}

func (d *fakeDesk) SaveUpload(_ context.Context, id int64, path string) error {
	d.server.saved = append(d.server.saved, path)
	return d.server.err
}

func (d *fakeDesk) NewServerCertificate(context.Context) error {
	d.server.renewed++
	return d.server.err
}

func (d *fakeDesk) Seat() core.Seat { return d.server.seat }

// fakeServer is what the fake desk says of the REST server.

type fakeServer struct {
	state   core.ServerState
	uploads []core.Upload
	seat    core.Seat
	err     error
	asked   []int
	saved   []string
	renewed int
}

type fakeServerView struct {
	server  serverShown
	uploads []core.Upload
	more    bool
	lists   int // shown
	err     error
	seat    outcome
}

func (v *fakeServerView) showServer(s serverShown) { v.server = s }

func (v *fakeServerView) showUploads(list []core.Upload, more bool) {
	v.uploads, v.more = list, more
	v.lists++
}

func (v *fakeServerView) showUploadsError(err error) { v.err = err }

func (v *fakeServerView) showSeat(o outcome) { v.seat = o }

func startedServer(t *testing.T, d *fakeDesk) (*fakeView, *fakeServerView, *kittest.Host, *serverPresenter) {
	t.Helper()
	v, sv, h := &fakeView{}, &fakeServerView{}, &kittest.Host{}
	p := newPresenter(d, h, async.Inline{})
	p.start(v)
	s := newServerPresenter(p)
	s.start(sv)
	t.Cleanup(func() { s.close(); p.close() })
	return v, sv, h, s
}

func TestLettingOthersInBringsACertificateAndTakesItAwayAgain(t *testing.T) {
	_, _, _, s := startedServer(t, &fakeDesk{set: core.DefaultSettings()})
	s.setReach(true)
	if got := s.draft.Server; got.Address != "0.0.0.0:8750" || got.TLS != core.TLSGenerated || got.InsecureHTTP {
		t.Errorf("with others: %+v", got)
	}
	s.setReach(false)
	if got := s.draft.Server; got.Address != "127.0.0.1:8750" || got.TLS != core.TLSOff {
		t.Errorf("alone again: %+v", got)
	}
	s.setReach(true)
	s.setProtection(protectInsecure)
	if got := s.draft.Server; got.TLS != core.TLSOff || !got.InsecureHTTP {
		t.Errorf("insecure: %+v", got)
	}
	s.setReach(false)
	if got := s.draft.Server; got.InsecureHTTP || got.TLS != core.TLSOff {
		t.Errorf("what was allowed for others stays allowed: %+v", got)
	}
	s.setProtection(protectGenerated)
	s.setReach(true)
	s.setReach(false)
	if got := s.draft.Server.TLS; got != core.TLSGenerated {
		t.Errorf("a certificate that was chosen is taken away: %s", got)
	}
}

func TestThePortIsChangedWithinTheAddress(t *testing.T) {
	v, _, _, s := startedServer(t, &fakeDesk{set: core.DefaultSettings()})
	s.setAddress("[::1]:8750")
	s.setPort(" 9000 ")
	if got := s.draft.Server.Address; got != "[::1]:9000" || reachesOthers(got) {
		t.Errorf("address %q", got)
	}
	for _, text := range []string{"", "12a", "0", "65536"} {
		if s.setPort(text); v.form.Problems["server.port"] == "" || s.draft.Server.Address != "[::1]:9000" {
			t.Errorf("%q: problems %v, address %s", text, v.form.Problems, s.draft.Server.Address)
		}
	}
	if s.setAddress("desk.company.com:8751"); len(v.form.Problems) != 0 || !reachesOthers(s.draft.Server.Address) {
		t.Errorf("problems %v", v.form.Problems)
	}
}

func TestWhoReachesAnAddress(t *testing.T) {
	for address, others := range map[string]bool{
		"127.0.0.1:1": false, "127.9.9.9:1": false, "[::1]:1": false, "LOCALHOST:1": false, "[::ffff:127.0.0.1]:1": false,
		"0.0.0.0:1": true, ":1": true, "[::]:1": true, "10.0.0.5:1": true, "desk:1": true, "10.0.0.5": true, "127.0.0.1": false,
	} {
		if got := reachesOthers(address); got != others {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestTheServersStandingIsOneSentence(t *testing.T) {
	running := core.ServerState{Running: true, Since: noon}
	for _, c := range []struct {
		st            core.ServerState
		on, elsewhere bool
		says          string
		tone          kit.Tone
	}{
		{running, true, false, "Running since today 12:00.", kit.ToneGood},
		{running, false, false, "Running since", kit.ToneGood}, // by the command line
		{core.ServerState{Running: true, Since: noon, Problem: "Nobody can sign in."}, true, false, "Running since today 12:00. Nobody can sign in.", kit.ToneWarn},
		{core.ServerState{Problem: "The port is taken."}, true, false, "Not running: The port is taken.", kit.ToneBad},
		{core.ServerState{}, true, true, "Not running in this window", kit.ToneMuted},
		{core.ServerState{}, true, false, "Switched on", kit.ToneMuted},
		{core.ServerState{}, false, false, "Switched off", kit.ToneMuted},
	} {
		if got := serverStanding(c.st, c.on, c.elsewhere, noon); !strings.HasPrefix(got.Text, c.says) || got.Tone != c.tone {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestThePageFollowsTheServerAndItsPosts(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	d.status.Watching = true
	_, v, _, s := startedServer(t, d)
	if v.server.URL != "" || v.server.CanRenew {
		t.Errorf("before: %+v", v.server)
	}
	d.server.state = core.ServerState{Running: true, URL: "http://127.0.0.1:8750", Since: noon}
	for i := range 60 {
		d.server.uploads = append(d.server.uploads, core.Upload{ID: int64(i), Status: 200})
	}
	s.load()
	if v.server.URL != "http://127.0.0.1:8750" || len(v.uploads) != uploadsFirst || !v.more {
		t.Errorf("then: %+v, %d uploads, more %v", v.server, len(v.uploads), v.more)
	}
	s.moreUploads()
	if len(v.uploads) != uploadsFirst+uploadsMore || !v.more {
		t.Errorf("%d uploads", len(v.uploads))
	}
	if s.moreUploads(); len(v.uploads) != 60 || v.more {
		t.Errorf("%d uploads, more %v", len(v.uploads), v.more)
	}
	if s.hear(core.MarksChanged{}); len(d.server.asked) != 4 {
		t.Errorf("asked %v", d.server.asked)
	}
	before := v.lists
	if s.load(); v.lists != before {
		t.Error("the same list is built again")
	}
	d.server.err = errors.New("away")
	if s.load(); v.err == nil {
		t.Error("nobody hears that the list cannot be read")
	}
	d.server.err = nil
	if s.load(); v.lists != before+1 {
		t.Error("the list does not come back")
	}
}

func TestTheOneUploadMoreIsShown(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	d.server.uploads = make([]core.Upload, uploadsFirst+1)
	_, v, _, s := startedServer(t, d)
	if s.moreUploads(); len(v.uploads) != uploadsFirst+1 || v.more {
		t.Errorf("%d uploads, more %v", len(v.uploads), v.more)
	}
}

func TestTheAddressForOthersIsNotLocalhost(t *testing.T) {
	everywhere, here := core.ServerSettings{Address: "0.0.0.0:8750"}, core.ServerSettings{Address: "127.0.0.1:8750"}
	named := core.ServerSettings{Address: ":8750", Hosts: []string{"desk.acme.com", "desk"}}
	for _, c := range []struct {
		address, computer, want string
		set                     core.ServerSettings
	}{
		{"https://localhost:8750", "vm", "https://vm:8750", everywhere},
		{"https://localhost:8750", "vm", "https://desk.acme.com:8750", named},
		{"https://localhost:8750", "", "https://localhost:8750", everywhere},
		{"http://localhost:8750", "vm", "http://localhost:8750", here},
		{"https://10.0.0.5:8750", "vm", "https://10.0.0.5:8750", everywhere},
		{"", "vm", "", everywhere},
	} {
		if got := addressFor(c.address, c.set, c.computer); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if got := collectCommand("https://vm:1", "AB:CD", true); !strings.HasSuffix(got, " --to https://vm:1 --fingerprint AB:CD") {
		t.Errorf("%q", got)
	}
	if got := collectCommand("https://vm:1", "AB:CD", false); strings.Contains(got, "AB") {
		t.Errorf("%q", got)
	}
}

func TestANewCertificateIsMadeOnlyWhenConfirmed(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	_, _, h, s := startedServer(t, d)
	ended := 0
	s.newCertificate(func() { ended++ })
	if d.server.renewed != 0 || !h.Questions[0].Danger {
		t.Fatal("made without a yes")
	}
	h.Answer = true
	s.newCertificate(func() { ended++ })
	if d.server.renewed != 1 || ended != 2 || len(h.Toasts) != 1 {
		t.Errorf("made %d, ended %d, toasts %q", d.server.renewed, ended, h.Toasts)
	}
	d.server.err = core.NewError(core.CodeForbidden, "", "Your role may not.", nil)
	if s.newCertificate(func() {}); len(h.Failures) != 1 || len(h.Toasts) != 1 {
		t.Errorf("failures %v", h.Failures)
	}
}

func TestAPostSaysHowItEnded(t *testing.T) {
	ok := core.Upload{At: noon, User: "madrid", Agent: "sf/1", Address: "10.0.0.5", Size: 2_400_000, Status: 200,
		SnapshotCounts: core.SnapshotCounts{Tickets: 5000, New: 12, Changed: 3}}
	if got := uploadHead(ok, noon) + "|" + uploadText(ok); got != "today 12:00 · madrid · sf/1 · 10.0.0.5 · 2.4 MB|5,000 read, 12 new, 3 changed." {
		t.Errorf("%q", got)
	}
	for status, tone := range map[int]kit.Tone{200: kit.ToneGood, 400: kit.ToneBad, 413: kit.ToneBad, 429: kit.ToneWarn, 503: kit.ToneWarn} {
		if _, got := uploadResult(core.Upload{Status: status}); got != tone {
			t.Errorf("%d: %v", status, got)
		}
	}
	if got := uploadText(core.Upload{Status: 400, Reason: "It is not JSON."}); got != "It is not JSON." {
		t.Errorf("%q", got)
	}
}

// asRole opens a group of the window of somebody with a role.

func TestTheAdvancedAddressComesIntoSightWithItsProblem(t *testing.T) {
	tab := asRole(t, "", groupServer)
	if tab.server.more.inside.Visible() {
		t.Fatal("not folded away")
	}
	tab.p.edit("server.hosts", func(*core.Settings) string { return "No name." })
	if !tab.server.more.inside.Visible() {
		t.Error("what stops Save is out of sight")
	}
}

// buttons finds the buttons inside o.

// disabled finds what is locked inside o.
