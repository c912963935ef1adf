package overview

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// reportPage is the page that says how good predictions have been.
type reportPage struct {
	host kit.Host
	now  func() time.Time
	root *kit.Pane

	scroll    *container.Scroll
	at        *kit.Line
	plain     *panel
	state     *panel
	measured  *panel
	moments   *panel
	plots     []*plot // of unseen tickets, and of those predicted here
	bins      *panel
	features  *panel
	shown     *core.PredictionReport
	makeRoom  func()
	copied    *widget.Button
	loadAgain func()
}

// featureRows is how many of the features are listed.
const featureRows = 12

func newReportPage(host kit.Host, now func() time.Time, makeRoom, loadAgain func()) *reportPage {
	p := &reportPage{host: host, now: now, makeRoom: makeRoom, loadAgain: loadAgain, at: kit.NewCaption("")}
	p.copied = widget.NewButtonWithIcon(kit.T("Copy as text"), theme.ContentCopyIcon(), p.copy)
	p.copied.Importance = widget.LowImportance
	settings := widget.NewButtonWithIcon(kit.T("Set predictions"), theme.SettingsIcon(), func() { host.Go(kit.TabSettings, kit.PlacePrediction) })
	settings.Importance = widget.LowImportance
	p.plain, p.state = newPanel(kit.T("In plain words")), newPanel(kit.T("What predicts now"))
	p.measured, p.moments = newPanel(kit.T("Measured")), newPanel(kit.T("Higher risk for the bad one, by moment"))
	p.plots = []*plot{newPlot(kit.T("Risk and end of unseen tickets")), newPlot(kit.T("Risk and end of tickets predicted here"))}
	p.bins, p.features = newPanel(kit.T("In figures")), newPanel(kit.T("What the model looks at"))

	buttons := append([]fyne.CanvasObject{container.NewCenter(p.at), p.copied}, kit.Allowed(host, core.ReadSettings, settings)...)
	head := container.NewBorder(nil, nil, kit.NewTitle(kit.T("How good the predictions are")), container.NewHBox(buttons...))
	left := container.NewVBox(p.plain.card, p.state.card, p.measured.card, p.moments.card)
	right := container.NewVBox(p.plots[1].panel.card, p.plots[0].panel.card, p.bins.card, p.features.card)
	body := container.NewVBox(kit.Padded(4, head), container.New(&twoColumns{width: columnsFrom, turned: makeRoom}, left, right))
	p.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 12), body))
	p.root = kit.NewPane(p.scroll)
	p.root.Hide() // until something is known
	return p
}

func (p *reportPage) show(r core.PredictionReport) {
	p.root.Show()
	p.root.ShowContent()
	p.shown = &r
	now := p.now()
	p.at.SetText(kit.When(r.At, now))
	prose(p.plain, plainTexts(r, now))
	p.state.note.SetText(kit.ModelName(r.State))
	prose(p.state, stateTexts(r.State, now))
	p.showMeasured(r, now)
	p.plots[0].show(r.Backtest)
	p.plots[1].show(r.Live)
	p.showBins(r)
	p.showFeatures(r.State.Features)
	p.scroll.Content.Refresh()
	p.makeRoom() // prose knows its height once it was laid out
}

func (p *reportPage) showError(err error) {
	p.root.Show()
	p.root.ShowError(err, p.loadAgain)
}

func (p *reportPage) copy() {
	if p.shown == nil {
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(reportText(*p.shown, p.now()))
	p.host.Toast(kit.ToneGood, kit.T("The report is copied."))
}

// prose shows sentences one under the other.
func prose(p *panel, list []string) {
	kit.Show(p.card, len(list) > 0)
	p.set(list, func(i int) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(-4, -4, -4, 0), kit.Paragraph(list[i]))
	})
}

// showMeasured sets what was told of unseen tickets beside what became of those predicted here.
func (p *reportPage) showMeasured(r core.PredictionReport, now time.Time) {
	any := r.Backtest != nil || r.Live != nil
	kit.Show(p.measured.card, any)
	of := func(value func(*core.Measured) string) (cells [2]string) {
		for i, m := range []*core.Measured{r.Backtest, r.Live} {
			if cells[i] = noValue; m != nil {
				cells[i] = value(m)
			}
		}
		return cells
	}
	rows, moments := figuresOf(r, now), momentsOf(r.Backtest, r.Live)
	kit.Show(p.moments.card, len(moments) > 0)
	p.measured.note.SetText(kit.T("with %d on the day's list", r.Capacity))
	words, cells := []string{""}, [][2]string{{unseenWord(), predictedWord()}}
	for _, f := range rows {
		words, cells = append(words, f.word), append(cells, of(f.value))
	}
	table(p.measured, words, cells)
	words, cells = nil, nil
	for _, at := range moments {
		words, cells = append(words, momentText(at)), append(cells, of(func(m *core.Measured) string { return rankedAt(m, at) }))
	}
	table(p.moments, words, cells)
}

const cellWidth float32 = 116

// table shows lines of a word and two values. A line without a word is the heading of the values.
func table(p *panel, words []string, cells [][2]string) {
	said := make([]string, len(words))
	for i := range words {
		said[i] = words[i] + "\n" + cells[i][0] + "\n" + cells[i][1]
	}
	p.set(said, func(i int) fyne.CanvasObject {
		values := container.NewHBox()
		for _, text := range cells[i] {
			v := kit.NewLine(text, kit.ToneNormal)
			if v.Align, v.Shrink = fyne.TextAlignTrailing, true; words[i] == "" {
				v.Tone = kit.ToneMuted
			}
			values.Add(kit.Wide(cellWidth, v))
		}
		return kit.Padded(3, container.NewBorder(nil, nil, nil, values, shrinking(kit.NewLine(words[i], kit.ToneMuted))))
	})
}

// showBins says in figures what the plots draw: of the tickets predicted here, or else of the unseen.
func (p *reportPage) showBins(r core.PredictionReport) {
	m, word := r.Live, predictedWord()
	if m == nil {
		m, word = r.Backtest, unseenWord()
	}
	if kit.Show(p.bins.card, m != nil); m == nil {
		return
	}
	p.bins.note.SetText(word)
	said := make([]string, len(m.Calibration))
	for i, b := range m.Calibration {
		said[i] = binText(b)
	}
	p.bins.set(said, func(i int) fyne.CanvasObject { return kit.Padded(2, shrinking(kit.NewCaption(said[i]))) })
}

func (p *reportPage) showFeatures(list []core.FeatureReport) {
	if kit.Show(p.features.card, len(list) > 0); len(list) == 0 {
		return
	}
	p.features.note.SetText("")
	if rest := len(list) - featureRows; rest > 0 {
		p.features.note.SetText(kit.T("and %s more", kit.Number(int64(rest))))
		list = list[:featureRows]
	}
	said := make([]string, len(list))
	for i, f := range list {
		said[i] = f.Name + "\n" + kit.Percent(f.Weight)
	}
	p.features.set(said, func(i int) fyne.CanvasObject {
		f := list[i]
		part := kit.NewCaption(kit.Percent(f.Weight))
		part.Align = fyne.TextAlignTrailing
		meter := kit.NewMeter(int(100*f.Weight/max(list[0].Weight, 1e-9)+0.5), kit.ToneAccent)
		right := container.NewHBox(kit.Wide(90, meter), kit.Wide(38, part))
		name := container.New(layout.NewCustomPaddedLayout(-5, -5, -4, 0), kit.Paragraph(kit.FeatureName(f.Name)))
		return container.NewBorder(nil, nil, nil, container.NewCenter(right), name)
	})
}
