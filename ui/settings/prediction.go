package settings

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// predictionGroup is the page of predictions: how many are of use, what makes them, and training.
type predictionGroup struct {
	p        *predictionPresenter
	basis    *kit.Chip
	why      *kit.Prose
	facts    *kit.Prose
	last     *kit.Prose
	warnings *fyne.Container
	warned   []string // what warnings says
	train    *widget.Button
}

func (t *Tab) buildPrediction() fyne.CanvasObject {
	g := &t.prediction
	g.p = newPredictionPresenter(t.p)
	g.basis = kit.NewChip("", kit.ToneNormal)
	g.basis.Hide()
	g.why, g.facts, g.last = kit.Paragraph(""), kit.Paragraph(""), kit.Note("")
	g.warnings = container.NewVBox()
	g.train = widget.NewButtonWithIcon("", theme.ViewRefreshIcon(), g.p.train)
	report := widget.NewButtonWithIcon(kit.T("How good are the predictions?"), theme.NavigateNextIcon(), func() { t.host.Go(kit.TabOverview, kit.PlacePredictions) })
	report.Importance = widget.LowImportance
	return container.NewVBox(
		kit.Section(kit.T("Predictions"), kit.T("Of every open ticket Deskwatch says how likely it is to end badly: with a rating of 1 or 2 of 5, or escalated."),
			t.number("predict.capacity", kit.T("Tickets to look after"), kit.T("A day, from 1 to 200. So many of the riskiest are listed, and of so many at most somebody is told."), func(s *core.Settings) *int { return &s.Predict.Capacity }),
			t.toggle("predict.model", kit.T("Model"), kit.T("Let a trained model predict"), kit.T("It learns from the tickets of this desk alone. Otherwise, and until there is one, stated rules predict."), func(s *core.Settings) *bool { return &s.Predict.Model }),
			t.number("predict.train_days", kit.T("Train again every"), kit.T("Days, from 0 to 365; with 0 a model is trained only when somebody asks for it."), func(s *core.Settings) *int { return &s.Predict.TrainDays })),
		kit.Section(kit.T("What predicts now"), "",
			kit.Padded(8, container.NewHBox(g.basis)), g.why, g.facts, g.last, g.warnings,
			kit.NewField(kit.T("Training"), container.NewHBox(g.train, report), kit.T("It takes seconds to minutes and goes on while you work. A new model predicts only if it is better on recent tickets."))),
	)
}

func (t *Tab) showPrediction(s predictionShown) {
	g := &t.prediction
	tone := kit.ToneNormal
	if s.Model {
		tone = kit.ToneGood
	}
	g.basis.Set(s.Basis, tone)
	kit.Show(g.basis, s.Basis != "")
	say(g.why, outcome{s.Why, kit.ToneNormal})
	say(g.facts, s.Facts)
	say(g.last, s.Last)
	if !slices.Equal(s.Warnings, g.warned) {
		g.warned, g.warnings.Objects = s.Warnings, nil
		for _, w := range s.Warnings {
			g.warnings.Add(kit.NewProse(w, kit.ToneWarn))
		}
	}
	word := kit.T("Train now")
	if s.Training {
		word = kit.T("Training…")
	}
	if g.train.Text != word {
		g.train.SetText(word)
	}
	kit.Enable(g.train, s.CanTrain)
	t.body.Refresh()
}
