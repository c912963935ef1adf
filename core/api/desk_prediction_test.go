package api

import (
	"context"

	"deskwatch/core"
)

// What the desk of the tests predicts.

func predictedReasons() []core.NamedReason {
	return []core.NamedReason{{Reason: "reply_wait", Text: "first reply took 3.1× this customer's usual wait", Points: -18, Subject: "Acme", Ratio: 3.1}}
}

func aPrediction() core.Prediction {
	return core.Prediction{
		Basis: core.BasisModel, Model: 4, At: noon, Satisfaction: 29, Reasons: predictedReasons(),
		Help:    []core.Help{{Action: core.HelpReply, Text: "reply now: 29 → 51", From: 29, To: 51}},
		History: []core.ScorePoint{{At: noon.AddDate(0, 0, -1), Moment: core.MomentArrival, Basis: core.BasisModel, Model: 4, Satisfaction: 66}},
	}
}

func measured() *core.Measured {
	return &core.Measured{
		Tickets: 370, Bad: 42, From: noon.AddDate(0, -2, 0), To: noon.AddDate(0, 0, -1), AUC: 0.71, AUCLow: 0.63, AUCHigh: 0.79, AveragePrecision: 0.31, Brier: 0.094, ECE: 0.021,
		Calibration: []core.CalibrationBin{{Predicted: 0.08, Observed: 0.07, Low: 0.04, High: 0.12, Count: 185}}, Capacity: 5, Warned: 40, Right: 16, Top: 0.38, Reduction: 0.44,
		Moments: []core.MomentReport{{Moment: core.MomentArrival, Tickets: 370, Bad: 42, AUC: 0.64, AUCLow: 0.55, AUCHigh: 0.72}},
	}
}

func aTraining() core.TrainingResult {
	return core.TrainingResult{At: noon, Version: 4, Accepted: true, Reason: "better", Text: "Model 4 predicts from now on: it is better on recent tickets.", Tickets: 1234, Seconds: 1.7, Measured: measured()}
}

func aModel() core.ModelState {
	last := aTraining()
	return core.ModelState{
		Basis: core.BasisModel, Rated: 1234, Bad: 140, Needed: 200, Version: 4, TrainedAt: noon, From: noon.AddDate(-1, 0, 0), To: noon.AddDate(0, 0, -1), Tickets: 1234,
		Checksum: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Features: []core.FeatureReport{{Name: "first reply, compared with the usual", Weight: 0.31, AUC: 0.66}},
		Warnings: []string{}, LastTry: &last,
	}
}

func (d *fakeDesk) PredictTickets(ctx context.Context, q core.TicketQuery) (core.Predictions, error) {
	return core.Predictions{Basis: core.BasisModel, Total: 1, Items: []core.AtRisk{{TicketView: aTicket(), Reasons: predictedReasons()}}},
		d.ask(ctx, "PredictTickets "+q.Text+" "+itoa(q.Limit)+" "+q.After)
}

func (d *fakeDesk) RiskList(ctx context.Context) (core.RiskList, error) {
	return core.RiskList{Basis: core.BasisModel, Bar: 17, Items: []core.AtRisk{{TicketView: aTicket(), Reasons: predictedReasons()}}}, d.ask(ctx, "RiskList")
}

func (d *fakeDesk) PredictionReport(ctx context.Context) (core.PredictionReport, error) {
	return core.PredictionReport{
		At: noon, State: aModel(), Capacity: 5, Backtest: measured(), Pending: 31,
		Sentences: []core.ReportSentence{{Key: core.SentencePending, Text: "Of 31 tickets the end is not known yet.", Numbers: []float64{31}}},
	}, d.ask(ctx, "PredictionReport")
}

func (d *fakeDesk) ModelState(ctx context.Context) (core.ModelState, error) {
	return aModel(), d.ask(ctx, "ModelState")
}

func (d *fakeDesk) TrainModel(ctx context.Context, _ *core.Progress) (core.TrainingResult, error) {
	return aTraining(), d.ask(ctx, "TrainModel")
}
