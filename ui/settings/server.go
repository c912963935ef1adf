package settings

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// serverGroup is the page of the REST server.
type serverGroup struct {
	p *serverPresenter

	standing  *kit.Prose
	url       *copyLine
	reach     *widget.RadioGroup
	protect   *widget.RadioGroup
	offered   []protection // behind the words of protect
	warning   *kit.Prose
	files     *fyne.Container
	print     *copyLine
	renew     *kit.Busy
	renewing  *kit.Field
	renewable bool
	more      *folded

	uploads *uploadList
	example *copyLine
}

// The places of the reach choice.
const (
	reachHere = iota
	reachOthers
)

func (t *Tab) buildServer() fyne.CanvasObject {
	g := &t.server
	g.p = newServerPresenter(t.p)
	g.standing = kit.NewProse("", kit.ToneMuted)
	g.url = newCopyLine(kit.T("Address to use"))
	g.uploads = newUploadList(g.p)
	sentence := kit.T("Collectors post tickets to it, and other workstations and programs read from it. It runs in the process that watches.")
	posted := kit.Section(kit.T("What collectors posted"), "", g.uploads.pane.Container)
	posted.Hidden = !t.host.May(core.EditServer)
	return container.NewVBox(
		kit.Section(kit.T("REST server"), sentence, t.adminNote(), g.standing, g.url.field,
			t.toggle("server.enabled", kit.T("REST server"), kit.T("Let collectors and programs connect"), "", func(s *core.Settings) *bool { return &s.Server.Enabled }),
			t.buildReach(), t.buildPort(), t.buildProtection(), g.warning, g.files, g.print.field, g.renewing,
			t.buildServerMore()),
		posted,
		t.buildCollectorHint(),
	)
}

func (t *Tab) buildReach() *kit.Field {
	g := &t.server
	g.reach = widget.NewRadioGroup([]string{kit.T("This computer only"), kit.T("Other machines too")}, nil)
	g.reach.Required = true
	g.reach.OnChanged = t.typed(func(word string) { g.p.setReach(word == g.reach.Options[reachOthers]) })
	f := kit.NewField(kit.T("Who can connect"), g.reach, "")
	t.bind("server.reach", f, func(s core.Settings) {
		at := reachHere
		if reachesOthers(s.Server.Address) {
			at = reachOthers
		}
		g.reach.SetSelected(g.reach.Options[at])
	})
	return f
}

func (t *Tab) buildPort() *kit.Field {
	e := widget.NewEntry()
	e.OnChanged = t.typed(t.server.p.setPort)
	f := kit.NewField(kit.T("Port"), e, "")
	t.bind("server.port", f, func(s core.Settings) {
		_, port := splitListen(s.Server.Address)
		if _, wrong := t.p.typed["server.port"]; !wrong && strings.TrimSpace(e.Text) != port {
			e.SetText(port)
		}
	})
	return f
}

func (t *Tab) buildProtection() *kit.Field {
	g := &t.server
	g.protect = widget.NewRadioGroup(nil, nil)
	g.protect.Required = true
	g.protect.OnChanged = t.typed(func(word string) {
		if i := slices.Index(g.protect.Options, word); i >= 0 {
			g.p.setProtection(g.offered[i])
		}
	})
	f := kit.NewField(kit.T("Encryption"), g.protect, "")
	t.bind("server.tls", f, func(s core.Settings) { t.offerProtections(s.Server) }, "server.insecure_http")
	g.warning = kit.NewProse(kit.T("Without encryption everybody on the way can read the passwords and tickets that are sent. Choose it only in a network in which you trust every machine."), kit.ToneWarn)
	g.warning.Hide()
	g.files = container.NewVBox(
		t.file("server.cert_file", kit.T("Certificate"), kit.T("PEM, with the certificates of its authority behind it."), []string{".pem", ".crt", ".cer"}, func(s *core.Settings) *string { return &s.Server.CertFile }),
		t.file("server.key_file", kit.T("Its key"), kit.T("PEM, without a password."), []string{".pem", ".key"}, func(s *core.Settings) *string { return &s.Server.KeyFile }))
	g.print = newCopyLine(kit.T("Fingerprint"))
	g.print.written = parted
	g.renew = kit.NewBusy(kit.T("Make a new certificate…"), "", theme.ViewRefreshIcon(), g.p.newCertificate)
	g.renewing = kit.NewField("", container.NewHBox(g.renew), "")
	return f
}

// offerProtections offers the choices there are for the reach of s.
func (t *Tab) offerProtections(s core.ServerSettings) {
	g := &t.server
	offered := protections(reachesOthers(s.Address))
	if !slices.Equal(offered, g.offered) {
		g.offered = offered
		words := make([]string, len(offered))
		for i, p := range offered {
			words[i] = protectionName(p)
		}
		g.protect.Options = words
		g.protect.Refresh()
	}
	chosen := ""
	if i := slices.Index(offered, protectionOf(s)); i >= 0 {
		chosen = g.protect.Options[i]
	}
	if g.protect.Selected != chosen {
		g.protect.SetSelected(chosen)
	}
}

// buildServerMore folds away what hardly anybody changes.
func (t *Tab) buildServerMore() fyne.CanvasObject {
	g := &t.server
	address := widget.NewEntry()
	address.OnChanged = t.typed(g.p.setAddress)
	listen := kit.NewField(kit.T("Listen on"), address, kit.T("Address and port: 0.0.0.0:8750 is every network of this computer, 127.0.0.1:8750 itself only."))
	t.bind("server.address", listen, func(s core.Settings) {
		if strings.TrimSpace(address.Text) != s.Server.Address {
			address.SetText(s.Server.Address)
		}
	})
	names := widget.NewEntry()
	names.SetPlaceHolder("desk.company.com")
	names.OnChanged = t.typed(func(text string) {
		t.p.edit("server.hosts", func(s *core.Settings) string { s.Server.Hosts = hostNames(text); return "" })
	})
	hosts := kit.NewField(kit.T("Other names"), names, kit.T("That others call this computer by, with commas between. Who calls it by an unknown name is refused."))
	t.bind("server.hosts", hosts, func(s core.Settings) {
		if !slices.Equal(hostNames(names.Text), s.Server.Hosts) {
			names.SetText(strings.Join(s.Server.Hosts, ", "))
		}
	})
	g.more = newFolded(kit.T("More"), t.grown, listen, hosts,
		t.number("server.token_seconds", kit.T("A sign-in lasts"), kit.T("Seconds, from 60 to 86400: how long a program may go on with a token it fetched."), func(s *core.Settings) *int { return &s.Server.TokenSeconds }),
		t.number("server.max_upload_mb", kit.T("Largest post"), kit.T("Megabytes, from 1 to 1024."), func(s *core.Settings) *int { return &s.Server.MaxUploadMB }))
	return g.more.root
}

// inServerMore lists the settings that are folded away.
func inServerMore(name string) bool {
	return name == "server.address" || name == "server.hosts" || name == "server.token_seconds" || name == "server.max_upload_mb"
}

func (t *Tab) buildCollectorHint() fyne.CanvasObject {
	g := &t.server
	g.example = newCopyLine(kit.T("To try it"))
	users := widget.NewButtonWithIcon(kit.T("Open the users"), theme.NavigateNextIcon(), func() { t.host.Go(kit.TabUsers) })
	users.Importance = widget.LowImportance
	return kit.Section(kit.T("How a collector signs in"), "",
		kit.Note(kit.T("Add a user with the role Collector in the Users tab, and make a token for it there. The collector posts its cases to the address above, followed by /SF, with the token as the user name.")),
		kit.NewField("", container.NewHBox(users), ""), g.example.field)
}

// showServerDraft follows the choices of the form.
func (t *Tab) showServerDraft(s core.ServerSettings, problems map[string]string) {
	g := &t.server
	choice := protectionOf(s)
	certified := choice == protectGenerated || choice == protectFiles
	grown := kit.Show(g.warning, choice == protectInsecure)
	grown = kit.Show(g.files, choice == protectFiles) || grown
	grown = kit.Show(g.print.field, certified || g.print.what != "") || grown
	grown = kit.Show(g.renewing, choice == protectGenerated) || grown
	kit.Enable(g.renew, g.renewable && t.p.saved.Server.TLS == s.TLS)
	if grown {
		t.grown()
	}
	for name := range problems {
		if inServerMore(name) {
			g.more.fold(false)
		}
	}
}

func (t *Tab) showServer(s serverShown) {
	g := &t.server
	g.standing.Set(s.Standing.Text, s.Standing.Tone)
	g.url.set(s.URL, "")
	kit.Show(g.url.field, s.URL != "")
	g.print.set(s.Fingerprint, kit.T("Shown here once the server runs with it."))
	g.example.set(s.Command, "")
	g.renewable = s.CanRenew
	t.showServerDraft(t.p.draft.Server, nil)
	t.body.Refresh()
}

// grown lays the page out again after a part of it came or went.
func (t *Tab) grown() { t.body.Refresh() }
