package orders

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// forecastView is the foot of the preview: what the import would change and raise.
type forecastView struct {
	p    *importing
	root *kit.Switcher
	row  *kit.ProgressRow
	last *core.ImportForecast
}

func newForecastView(p *importing) *forecastView {
	return &forecastView{p: p, root: kit.NewSwitcher(container.NewStack())}
}

func (v *forecastView) refresh() {
	s := v.p.State()
	if !s.Counting && v.row != nil {
		v.row.Stop()
		v.row = nil
	}
	switch {
	case s.Counting:
		v.root.ShowKind("counting", func() fyne.CanvasObject {
			v.row = kit.NewProgressRow(kit.T("Counting what this import would change"), v.p.StopCounting)
			return v.row.Container
		})
	case s.ForecastErr != nil:
		v.root.ShowError(s.ForecastErr, v.p.Count)
	case s.Forecast != nil:
		if v.last != s.Forecast {
			v.last = s.Forecast
			v.root.Stale()
		}
		v.root.ShowKind("forecast", func() fyne.CanvasObject { return forecastCard(*s.Forecast) })
	case v.p.CanImport():
		v.root.ShowKind("stopped", func() fyne.CanvasObject {
			return container.NewBorder(nil, nil, nil, widget.NewButton(kit.T("Count"), v.p.Count),
				kit.Note(kit.T("What this import would change was not counted to the end. It can be imported all the same.")))
		})
	default:
		v.root.ShowContent()
	}
}

func (v *forecastView) progress() {
	if v.row != nil {
		s := v.p.State()
		v.row.Set(s.Progress, s.Elapsed)
	}
}

func (v *forecastView) close() {
	if v.row != nil {
		v.row.Stop()
	}
}

// forecastCard is the row of numbers and the sentence about alerts.
func forecastCard(f core.ImportForecast) fyne.CanvasObject {
	r := f.Result
	number := func(n int64, word string, tone kit.Tone) fyne.CanvasObject {
		count := kit.NewTitle(kit.Number(n))
		if n > 0 {
			count.Tone = tone
		}
		count.Align = fyne.TextAlignCenter
		name := kit.NewCaption(word)
		name.Align = fyne.TextAlignCenter
		return container.NewVBox(count, name)
	}
	tone, text := kit.ToneMuted, kit.T("This import raises no alert.")
	if f.Alerts > 0 {
		tone, text = kit.ToneAccent, kit.N("This import raises %s alert.", "This import raises %s alerts.", int64(f.Alerts))
	}
	says := newBanner(tone)
	says.text.SetText(text)
	return container.NewVBox(container.NewGridWithColumns(5,
		number(r.OrdersNew, kit.T("new orders"), kit.ToneNormal),
		number(r.OrdersChanged, kit.T("changed"), kit.ToneNormal),
		number(r.OrdersUnchanged, kit.T("as they were"), kit.ToneNormal),
		number(r.Rejected, kit.T("rows rejected"), kit.ToneWarn),
		number(r.UnrecognisedCustomers, kit.T("unrecognised customers"), kit.ToneWarn),
	), says.Container)
}
