package orders

import (
	"bytes"
	"cmp"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type mailView struct {
	p    *mail
	root fyne.CanvasObject
	pane *kit.Switcher

	sandbox                          *banner
	state                            *widget.Select
	filter                           *widget.Entry
	due, older                       *widget.Button
	counts                           *kit.Line
	grid                             *kit.Grid[core.Delivery]
	side                             *kit.Switcher
	headers                          *kit.Prose
	chip                             *kit.Chip
	reply                            *kit.Prose
	body                             *widget.Label // monospaced: the mail has a table
	retry, discard, showHTML, source *widget.Button

	edition int
	filling bool
	temp    string // folder of the HTML parts shown; "" before the first
}

func deliveryStates() []core.DeliveryState {
	return []core.DeliveryState{"", core.DeliveryQueued, core.DeliverySent, core.DeliveryFailed, core.DeliveryHeld, core.DeliveryDead}
}

func newMailView(p *mail) *mailView {
	v := &mailView{p: p}
	v.sandbox = newBanner(kit.ToneAccent, widget.NewButton(kit.T("Settings"), func() { p.host.Go(kit.TabSettings, kit.PlaceMailSettings) }))
	names := make([]string, 0, 6)
	for _, st := range deliveryStates() {
		names = append(names, deliveryStateName(st))
	}
	v.state = widget.NewSelect(names, func(string) {
		if i := v.state.SelectedIndex(); i >= 0 && !v.filling {
			p.FilterState(deliveryStates()[i])
		}
	})
	v.filter = searchBox(kit.T("Filter: customer, recipient, subject"), func(s string) {
		if !v.filling {
			p.FilterText(s)
		}
	})
	v.due = widget.NewButtonWithIcon(kit.T("Send what is due now"), theme.MailSendIcon(), p.SendDue)
	v.older = widget.NewButton(kit.T("Show older mails"), p.Older)
	v.counts = kit.NewCaption("")
	v.counts.Shrink = true
	v.grid = v.newGrid()
	v.side = kit.NewSwitcher(v.newDetail())

	split := container.NewHSplit(container.NewBorder(nil, v.older, nil, nil, v.grid.Container), v.side.Container)
	split.SetOffset(0.62)
	v.pane = kit.NewSwitcher(split)
	bar := container.NewBorder(nil, nil, v.due, container.NewHBox(v.state, kit.Wide(230, v.filter)), v.counts)
	v.sandbox.within = container.NewBorder(container.NewVBox(kit.Padded(4, bar), v.sandbox.Container), nil, nil, nil, v.pane.Container)
	v.root = v.sandbox.within
	p.changed = v.refresh
	v.refresh()
	return v
}

func (v *mailView) newGrid() *kit.Grid[core.Delivery] {
	type row = core.Delivery
	g := kit.NewGrid(func(d row) string { return strconv.FormatInt(d.ID, 10) },
		kit.Column[row]{ID: "created", Title: kit.T("Created"), Width: 112, Text: func(d row) string { return longTime(d.CreatedAt) },
			Compare: func(a, b row) int { return a.CreatedAt.Compare(b.CreatedAt) }},
		kit.Column[row]{ID: "subject", Title: kit.T("Subject"), Width: 110, Weight: 2.5, Text: func(d row) string { return d.Subject },
			Compare: func(a, b row) int { return strings.Compare(a.Subject, b.Subject) }},
		kit.Column[row]{ID: "to", Title: kit.T("Recipient"), Width: 60, Weight: 1, Text: func(d row) string { return d.Recipient },
			Compare: func(a, b row) int { return strings.Compare(a.Recipient, b.Recipient) }},
		kit.Column[row]{ID: "state", Title: kit.T("State"), Width: 112,
			Text:    func(d row) string { return deliveryText(d, v.p.desk.Now()) },
			Style:   func(d row) kit.Style { return kit.Style{Chip: true, Tone: deliveryTone(d.State)} },
			Compare: func(a, b row) int { return cmp.Compare(a.State, b.State) }},
	)
	g.OnSelect = func() {
		if v.filling {
			return
		}
		d, _ := g.Selected()
		v.p.Select(d.ID)
	}
	return g
}

func (v *mailView) newDetail() fyne.CanvasObject {
	v.headers = kit.Paragraph("")
	v.body = widget.NewLabel("")
	v.body.TextStyle, v.body.SizeName, v.body.Wrapping = fyne.TextStyle{Monospace: true}, theme.SizeNameCaptionText, fyne.TextWrapWord
	v.reply = kit.Note("").Small()
	v.chip = kit.NewChip("", kit.ToneMuted)
	v.retry = widget.NewButtonWithIcon(kit.T("Try again"), theme.MailSendIcon(), v.p.Retry)
	v.discard = widget.NewButtonWithIcon(kit.T("Discard…"), theme.DeleteIcon(), v.p.Discard)
	v.showHTML = widget.NewButton(kit.T("Show HTML"), v.openHTML)
	v.source = widget.NewButton(kit.T("Source"), v.openSource)
	top := container.NewVBox(kit.Padded(6, container.NewHBox(v.chip)), v.reply,
		container.NewHBox(v.retry, v.discard), container.NewHBox(v.showHTML, v.source), v.headers, widget.NewSeparator())
	return container.NewBorder(top, nil, nil, nil, container.NewVScroll(v.body))
}

func (v *mailView) refresh() {
	v.filling = true
	defer func() { v.filling = false }()
	s := v.p.State()
	v.sandbox.set(kit.T("Sandbox: mails stay inside Deskwatch. Settings › Mail to send them for real."), s.Sandbox)
	v.counts.SetText(mailCounts(s.Counts))
	kit.Enable(v.due, !s.Busy && s.Waiting() > 0)
	for i, st := range deliveryStates() {
		if st == s.State && v.state.SelectedIndex() != i {
			v.state.SetSelectedIndex(i)
		}
	}
	if strings.TrimSpace(v.filter.Text) != s.Text {
		v.filter.SetText(s.Text)
	}
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.grid.SetRows(append([]core.Delivery(nil), s.Rows...))
	}
	if d, _ := v.grid.Selected(); d.ID != s.Selected {
		if s.Selected == 0 || !v.grid.SelectKey(strconv.FormatInt(s.Selected, 10)) {
			v.grid.ClearSelection()
		}
	}
	kit.Show(v.older, s.More)
	v.showDetail(s)
	switch {
	case s.Err != nil && len(s.Rows) == 0:
		v.pane.ShowError(s.Err, v.p.Load)
	case s.Edition > 0 && s.Empty():
		v.pane.ShowKind("empty", func() fyne.CanvasObject {
			return kit.NothingHere(theme.MailComposeIcon(), kit.T("No mail yet. A check writes one when a customer reaches a rule's threshold."))
		})
	default:
		v.pane.ShowContent()
	}
}

// mailCounts says how many mails stand where.
func mailCounts(c core.DeliveryCounts) string {
	var parts []string
	for _, st := range deliveryStates() {
		if n := c[st]; n > 0 && st != "" {
			parts = append(parts, kit.Number(n)+" "+strings.ToLower(deliveryStateName(st)))
		}
	}
	return strings.Join(parts, " · ")
}

func (v *mailView) showDetail(s mailState) {
	d := s.Detail
	switch {
	case s.Selected == 0:
		v.side.ShowKind("empty", func() fyne.CanvasObject {
			return kit.NothingHere(theme.MailComposeIcon(), kit.T("Choose a mail to read it as it was sent."))
		})
		return
	case s.DetailErr != nil:
		v.side.ShowError(s.DetailErr, nil)
		return
	}
	v.side.ShowContent()
	v.chip.Set(deliveryText(d.Delivery, v.p.desk.Now()), deliveryTone(d.State))
	v.reply.SetText(triesText(d.Delivery))
	v.headers.SetText(mailHeaders(d))
	v.body.SetText(d.Message.Text)
	v.retry.SetText(kit.T("Try again"))
	if d.State == core.DeliveryHeld {
		v.retry.SetText(kit.T("Send now"))
	}
	kit.Show(v.retry, d.State == core.DeliveryFailed || d.State == core.DeliveryHeld || d.State == core.DeliveryDead)
	kit.Enable(v.retry, v.p.CanRetry())
	kit.Show(v.discard, d.State == core.DeliveryQueued || d.State == core.DeliveryFailed || d.State == core.DeliveryHeld)
	kit.Enable(v.discard, v.p.CanDiscard())
	kit.Enable(v.showHTML, d.Message.HTML != "")
}

// mailHeaders are the lines a mail program shows above a mail.
func mailHeaders(d core.DeliveryDetail) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	line(kit.T("From"), sender(d))
	line(kit.T("To"), cmp.Or(d.Message.To, d.Recipient))
	line(kit.T("Subject"), cmp.Or(d.Message.Subject, d.Subject))
	line(kit.T("Date"), longTime(d.Message.Date))
	line(kit.T("Sent at"), longTime(d.SentAt))
	line("Message-ID", cmp.Or(d.Message.MessageID, d.MessageID))
	return strings.TrimSpace(b.String())
}

// sender is who the mail is from: as it was written, or else as it was handed over.
func sender(d core.DeliveryDetail) string {
	if d.Message.From != "" || len(d.Raw) == 0 {
		return d.Message.From
	}
	m, err := netmail.ReadMessage(bytes.NewReader(d.Raw))
	if err != nil {
		return ""
	}
	return m.Header.Get("From")
}

// openHTML writes the HTML part into a file only this user can read and opens it in the browser.
func (v *mailView) openHTML() {
	d := v.p.State().Detail
	path, err := v.writeHTML(d)
	if err != nil {
		v.p.host.Fail(core.NewError(core.CodeDenied, "orders.html", kit.T("The HTML part could not be written into the folder for temporary files. Read the text part instead."), err))
		return
	}
	openPath(v.p.host, path)
}

func (v *mailView) writeHTML(d core.DeliveryDetail) (string, error) {
	if v.temp == "" {
		dir, err := os.MkdirTemp("", "deskwatch-mail-")
		if err != nil {
			return "", err
		}
		v.temp = dir
	}
	path := filepath.Join(v.temp, "mail-"+strconv.FormatInt(d.ID, 10)+".html")
	return path, os.WriteFile(path, []byte(d.Message.HTML), 0o600)
}

// openPath opens a file or folder with the program the desktop has for it.
func openPath(host kit.Host, path string) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	if err := fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: slashed}); err != nil {
		host.Fail(core.NewError(core.CodeUnavailable, "orders.open", kit.T("This desktop has no program to open %s.", path), err))
	}
}

// openSource shows the mail as it was handed over, or, before that, what it will be made of.
func (v *mailView) openSource() {
	d := v.p.State().Detail
	text := string(d.Raw)
	if text == "" {
		text = mailHeaders(d) + "\n\n" + d.Message.Text + "\n\n" + d.Message.HTML
	}
	source := widget.NewTextGridFromString(strings.ReplaceAll(text, "\r\n", "\n"))
	kit.Read(v.p.host.Window(), kit.T("Source"), container.NewScroll(source), fyne.NewSize(820, 560))
}

func (v *mailView) content() fyne.CanvasObject { return v.root }
func (v *mailView) focus() fyne.Focusable      { return v.filter }
func (v *mailView) load()                      { v.p.Load() }

// close takes the HTML parts that were shown off the disk.
func (v *mailView) close() {
	if v.temp != "" {
		_ = os.RemoveAll(v.temp) // the system clears its folder for temporary files anyway
	}
}
