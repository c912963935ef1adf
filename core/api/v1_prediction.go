package api

import (
	"context"
	"net/http"
	"time"

	"deskwatch/core"
)

// trainWithin is how long a training may take that was asked for here: a million tickets take two
// minutes on the machines it was measured on.
const trainWithin = 15 * time.Minute

func (s *Server) predictionRoutes() []*route {
	risks := operation(http.MethodGet, v1+"/predictions", core.ReadTickets, predictionTag, "Open tickets by the risk that they end badly", s.predictions)
	risks.text = "The riskiest first, each with its satisfaction (100 less the risk in percent) and the reasons that weigh most. basis says what they were made by: `model` is one trained on this desk's own tickets, `rules` are the stated rules, the same on every desk."
	train := operation(http.MethodPost, v1+"/predictions/train", core.EditSettings, predictionTag, "Train a model on the tickets whose end is known", s.train)
	train.text = "The answer comes when it is done, after seconds or, of a million tickets, minutes: 200 also where the model was not taken, with why. Who goes before that ends the training, and nothing is changed. 409 while another training runs."
	train.write = trainWithin
	list := operation(http.MethodGet, v1+"/predictions/list", core.ReadTickets, predictionTag, "What needs to be looked after today", s.riskList)
	list.text = "The riskiest open tickets at or above the bar, at most as many as the desk can look after in a day. bar is a risk in percent."
	report := operation(http.MethodGet, v1+"/predictions/report", core.ReadTickets, predictionTag, "How good the predictions of this desk have been", s.predictionReport)
	report.text = "live is of what was really predicted while tickets were open, backtest of the model in force on tickets it had not seen when it was trained. Each sentence has a key and numbers, to say it in another language."
	return []*route{
		risks, list, report,
		operation(http.MethodGet, v1+"/predictions/model", core.ReadTickets, predictionTag, "What predicts, and why", s.model),
		train,
	}
}

type predictionsIn struct {
	Query string `query:"query" maxLength:"2000" doc:"In the query language; empty finds all open tickets" example:"product:spark -owner:none"`
	Paged
}

func (s *Server) predictions(ctx context.Context, in *predictionsIn) (*body[core.Predictions], error) {
	return answerWith(s.Desk.PredictTickets(ctx, core.TicketQuery{Text: in.Query, Limit: in.limit(), After: in.After}))
}

func (s *Server) riskList(ctx context.Context, _ *struct{}) (*body[core.RiskList], error) {
	return answerWith(s.Desk.RiskList(ctx))
}

func (s *Server) predictionReport(ctx context.Context, _ *struct{}) (*body[core.PredictionReport], error) {
	return answerWith(s.Desk.PredictionReport(ctx))
}

func (s *Server) model(ctx context.Context, _ *struct{}) (*body[core.ModelState], error) {
	return answerWith(s.Desk.ModelState(ctx))
}

// train is bounded by the desk: it trains one model at a time.
func (s *Server) train(ctx context.Context, _ *struct{}) (*body[core.TrainingResult], error) {
	return answerWith(s.Desk.TrainModel(ctx, new(core.Progress)))
}
