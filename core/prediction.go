package core

import "time"

// PredictionBasis says what predictions are made by.
type PredictionBasis string

// The bases of a prediction. They are stored: never rename one.
const (
	BasisRules PredictionBasis = "rules" // the stated rules of core/tickets
	BasisModel PredictionBasis = "model" // a model trained on the desk's own tickets
)

// Moment is when in a ticket's life a prediction is made.
type Moment string

// The moments. They are stored: never rename one.
const (
	MomentArrival Moment = "arrival"
	MomentReply   Moment = "first-reply" // right after it
	MomentEvent   Moment = "event"       // any other change
	MomentTime    Moment = "time"        // nothing happened, but time went by
	MomentLast    Moment = "last"        // the last before the outcome was known; in reports only
)

// Prediction is how likely a ticket ends badly: with a rating of 1 or 2, or escalated.
type Prediction struct {
	Basis        PredictionBasis `json:"basis"`
	Model        int             `json:"model"` // the model's version, 0 of the rules
	At           time.Time       `json:"at,omitzero"`
	Satisfaction int             `json:"satisfaction"` // 0 bad … 100 good: what is left of 100 % after the risk
	// Reasons are the heaviest, at most three. Points are of satisfaction: -18 is what the reason
	// takes away.
	Reasons []NamedReason `json:"reasons"`
	Help    []Help        `json:"help"`    // what the desk could change, the best first, at most three
	History []ScorePoint  `json:"history"` // of the ticket's score, oldest first, at most 200
}

// HelpAction is something the desk can do about a ticket.
type HelpAction string

// What the desk can do.
const (
	HelpReply  HelpAction = "reply"  // answer the customer now
	HelpAssign HelpAction = "assign" // give it an owner, or another one
	HelpUpdate HelpAction = "update" // tell the customer how it stands
)

// Help is what a ticket's satisfaction would be had the desk done something now.
type Help struct {
	Action  HelpAction `json:"action"`
	Subject string     `json:"subject,omitempty"` // with HelpAssign: the owner
	Text    string     `json:"text"`              // for people: "reply now: 42 → 58"
	From    int        `json:"from"`              // satisfaction as it stands
	To      int        `json:"to"`
}

// ScorePoint is one prediction of a ticket's history.
type ScorePoint struct {
	At           time.Time       `json:"at"`
	Moment       Moment          `json:"moment"`
	Basis        PredictionBasis `json:"basis"`
	Model        int             `json:"model"`
	Satisfaction int             `json:"satisfaction"`
}

// PredictionSettings are about predicting.
type PredictionSettings struct {
	// Capacity is how many tickets at risk the desk can look after in a day, 1..200: so many are
	// on the list, and of so many a day at most somebody is told.
	Capacity int `json:"capacity"`
	// Model lets a trained model predict where there is one; without it the stated rules do.
	Model bool `json:"model"`
	// TrainDays is after how many days a model is trained again by itself, 0..365; 0 never.
	TrainDays int `json:"train_days"`
}

// DefaultPredictionSettings train once a week and list five tickets.
func DefaultPredictionSettings() PredictionSettings {
	return PredictionSettings{Capacity: 5, Model: true, TrainDays: 7}
}

// ModelState says what predicts, and why.
type ModelState struct {
	Basis PredictionBasis `json:"basis"`
	// Why says why the rules predict rather than a model: WhyFewRated, …; "" a model does.
	Why     string `json:"why"`
	WhyText string `json:"why_text"` // for people
	Rated   int    `json:"rated"`    // tickets whose end is known
	Bad     int    `json:"bad"`      // of those, that ended badly
	Needed  int    `json:"needed"`   // rated tickets a model needs

	// Of the model in force; zero without one.
	Version   int             `json:"version"`
	TrainedAt time.Time       `json:"trained_at,omitzero"`
	From      time.Time       `json:"from,omitzero"` // the tickets it learned from were created from
	To        time.Time       `json:"to,omitzero"`   // to
	Tickets   int             `json:"tickets"`       // it learned from
	Checksum  string          `json:"checksum"`      // SHA-256 of its file, in hex
	Features  []FeatureReport `json:"features"`      // the heaviest first
	Warnings  []string        `json:"warnings"`      // for people: features too good to be true
	Suspects  []Suspect       `json:"suspects"`      // what Warnings say, in their order; none of a model trained by an older program
	Training  bool            `json:"training"`      // one is being trained now
	// LastTry is the last training, whether its model was taken or not.
	LastTry *TrainingResult `json:"last_try,omitempty"`
}

// Why the rules predict. They never change.
const (
	WhyOff        = "off"         // the settings say so
	WhyNotTrained = "not_trained" // nobody trained a model yet
	WhyFewRated   = "few_rated"
	WhyNoSignal   = "no_signal" // AUC on tickets it had not seen is not distinguishable from 0.5
	WhyUnreadable = "unreadable"
)

// FeatureReport is one thing a model looks at.
type FeatureReport struct {
	Name   string  `json:"name"`   // for people: "first reply, compared with the usual"
	Weight float64 `json:"weight"` // its share of all that moves the predictions, 0..1
	AUC    float64 `json:"auc"`    // by itself, on the tickets learned from, 0.5..1
}

// Suspect is a feature that tells good from bad ends almost alone: it may be filled in after the
// outcome is known.
type Suspect struct {
	Name string  `json:"name"` // as in its FeatureReport
	AUC  float64 `json:"auc"`
	// Filled says that it is not what it holds that tells, but whether it holds anything.
	Filled bool `json:"filled"`
}

// TrainingResult is how a training ended.
type TrainingResult struct {
	At       time.Time `json:"at"`
	Version  int       `json:"version"`  // of the model that was trained; 0 none was
	Accepted bool      `json:"accepted"` // it predicts from now on
	Reason   string    `json:"reason"`   // a key that never changes: "better", "first", "not_better", WhyFewRated, WhyNoSignal
	Text     string    `json:"text"`     // for people
	Tickets  int       `json:"tickets"`
	Seconds  float64   `json:"seconds"`
	Measured *Measured `json:"measured,omitempty"` // on tickets it had not seen
}

// Measured is how good predictions were, told from what became of the tickets.
type Measured struct {
	Tickets          int              `json:"tickets"` // whose end is known
	Bad              int              `json:"bad"`
	From             time.Time        `json:"from,omitzero"`
	To               time.Time        `json:"to,omitzero"`
	AUC              float64          `json:"auc"`
	AUCLow           float64          `json:"auc_low"` // of its 95 % confidence interval
	AUCHigh          float64          `json:"auc_high"`
	AveragePrecision float64          `json:"average_precision"`
	Brier            float64          `json:"brier"`
	ECE              float64          `json:"ece"`
	Calibration      []CalibrationBin `json:"calibration"`
	// At the chosen capacity a day: the tickets a lead would have looked at first.
	Capacity int `json:"capacity"`
	Warned   int `json:"warned"`       // tickets on the day's list
	Right    int `json:"warned_right"` // of those, that ended badly
	// Top is the share of bad ends among the tenth with the highest risk, Reduction how much work
	// looking at the riskiest saves where four of five bad ends are to be found, 0..1.
	Top       float64        `json:"top_decile_precision"`
	Reduction float64        `json:"workload_reduction_at_recall_80"`
	Moments   []MomentReport `json:"moments"`
}

// MomentReport is how good predictions were at one moment.
type MomentReport struct {
	Moment  Moment  `json:"moment"`
	Tickets int     `json:"tickets"`
	Bad     int     `json:"bad"`
	AUC     float64 `json:"auc"`
	AUCLow  float64 `json:"auc_low"`
	AUCHigh float64 `json:"auc_high"`
}

// CalibrationBin compares what was predicted of some tickets with what became of them.
type CalibrationBin struct {
	Predicted float64 `json:"predicted"` // the mean risk, 0..1
	Observed  float64 `json:"observed"`  // the share that ended badly
	Low       float64 `json:"low"`       // of Observed's 95 % confidence interval
	High      float64 `json:"high"`
	Count     int     `json:"count"`
}

// PredictionReport says how good predictions have been on this desk.
type PredictionReport struct {
	At       time.Time  `json:"at"`
	State    ModelState `json:"state"`
	Capacity int        `json:"capacity"`
	// Backtest is of the model in force on tickets it had not seen when it was trained; nil without one.
	Backtest *Measured `json:"backtest,omitempty"`
	// Live is of what was really predicted while tickets were open, from the ledger; nil before any
	// of them has ended.
	Live      *Measured        `json:"live,omitempty"`
	Pending   int              `json:"pending"` // predicted, end not known yet
	Sentences []ReportSentence `json:"sentences"`
}

// ReportSentence is one plain sentence of a report: a key and its numbers, by which it can be
// said in any language, and how it is said in English.
type ReportSentence struct {
	Key     string    `json:"key"`     // never changes: SentenceWarned, …
	Text    string    `json:"text"`    // for people, in English
	Numbers []float64 `json:"numbers"` // in the order of the sentence
	At      time.Time `json:"at,omitzero"`
}

// The sentences of a report, with their Numbers.
const (
	SentenceWarned     = "warned"      // warned of, bad ends
	SentenceWrong      = "wrong"       // warnings that were wrong, warnings
	SentenceNoWarnings = "no_warnings" // bad ends; nobody was warned of any
	SentenceFew        = "few"         // tickets that ended, with At: since when; too few to say more
	SentenceFewBad     = "few_bad"     // bad ends, tickets; too few to say more
	SentenceFewGood    = "few_good"    // good ends, tickets; too few to say more
	SentenceNothing    = "nothing"     // none; no prediction's end is known yet
	SentenceOrder      = "order"       // AUC in percent, low, high, tickets, bad ends
	SentenceNoOrder    = "no_order"    // low, high, tickets, bad ends: no better than chance
	SentenceTop        = "top"         // bad ends among the tenth with the highest risk in percent, of all in percent, tickets
	SentenceSaved      = "saved"       // work saved in percent when four of five bad ends are to be found, tickets
	SentenceMean       = "mean"        // mean predicted risk in percent, bad ends in percent, tickets
	SentencePending    = "pending"     // predicted, end not known yet
	SentenceUnknown    = "unknown"     // ended, and nobody said how
)

// RiskList is what needs to be looked after today: the riskiest open tickets, at most as many as
// the capacity.
type RiskList struct {
	Basis PredictionBasis `json:"basis"`
	// Bar is the risk in percent from which a ticket can be on the list: with a model half as much
	// again as the usual of this desk, with the rules the setting notify.risk_from.
	Bar   int      `json:"bar"`
	Items []AtRisk `json:"items"`
}

// CustomerHealth is how well a customer is looked after, on its card.
type CustomerHealth struct {
	Score  int `json:"score"` // 0 bad … 100 good
	AtRisk int `json:"at_risk"`
	// Reasons are the heaviest, at most three; Points are of the score, signed.
	Reasons []NamedReason `json:"reasons"`
}

// EvaluationFields are the fields of a ticket a column of a file can be mapped to for an evaluation.
func EvaluationFields() []string {
	return []string{"number", "created", "replied", "updated", "closed", "customer", "product", "category", "channel", "priority", "status", "owner", "team", "subject", "description"}
}

// EvaluationRequest asks how well a model trained on one file predicts another.
type EvaluationRequest struct {
	Train, Test string
	Map         map[string]string // column by field
	Label       string            // "CSAT Score<=2"
	At          Moment            // MomentArrival or MomentReply, or a length of time after the arrival
	After       time.Duration     // with MomentTime: so long after the arrival
	Exclude     []string          // columns
	Predictions string            // a file to write every test ticket's prediction to; "" none
}

// Evaluation is how well a model trained on one file predicts another; its JSON is the headless
// contract.
type Evaluation struct {
	RowsTrain          int        `json:"rows_train"`
	RowsTest           int        `json:"rows_test"`
	BaseRate           float64    `json:"base_rate"` // of the test
	AUC                float64    `json:"auc"`
	AUCInterval        [2]float64 `json:"auc_ci95"`
	AveragePrecision   float64    `json:"average_precision"`
	Brier              float64    `json:"brier"`
	ECE                float64    `json:"ece"`
	TopDecilePrecision float64    `json:"top_decile_precision"`
	WorkloadReduction  float64    `json:"workload_reduction_at_recall_80"`
	RecallAtReduction  float64    `json:"recall_at_workload_reduction_80"`
	TrainSeconds       float64    `json:"train_seconds"`
	ScoreRowsPerSecond float64    `json:"score_rows_per_second"`
	Refused            bool       `json:"refused"` // the model may not predict; the figures are of what it would have said
	Reason             string     `json:"reason"`  // for people; "" not refused
	Warnings           []string   `json:"warnings"`
}
