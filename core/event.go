package core

// Event is something that happened, published on the bus. Subscribers get copies.
type Event interface{ event() }

type (
	// OrdersChanged: the order book changed by an import, an undo, seeding or a client edit.
	OrdersChanged struct{ ImportID int64 }
	// AlertsChecked: an alert run ended.
	AlertsChecked struct {
		Cause  string
		Result CheckResult
	}
	// AlertsChanged: rules, mutes or the pause changed.
	AlertsChanged struct{}
	// OutboxChanged: deliveries were queued, sent or changed.
	OutboxChanged struct{}
	// SettingsChanged carries the new settings.
	SettingsChanged struct{ Settings Settings }
	// JobFailed: a scheduled job ended with an error or a panic.
	JobFailed struct {
		Job      string
		Message  string // for people
		BookDown bool   // because the order database is away; told once per outage
		Denied   bool   // it is there, and refuses access
	}
	// TicketsChanged: the ticket pool changed; Events are the audible ones of this process's own
	// snapshot, at most 1,000. What another process did comes without them.
	TicketsChanged struct{ Events []TicketEvent }
	// SourcesChanged: a source was added, changed, began or ended a run.
	SourcesChanged struct{}
	// CustomersChanged: links, flags, or what the orders say of customers changed.
	CustomersChanged struct{}
	// TicketNotice: somebody at this desk is to be told of tickets. Text is written for people;
	// Open are the tickets it is about, the most pressing first.
	TicketNotice struct {
		Title, Text string
		Open        []uint32
		Urgent      bool
	}
	// UsersChanged: users or their tokens changed, here or in another process.
	UsersChanged struct{}
	// MarksChanged: acknowledgements, snoozes or flags changed.
	MarksChanged struct{}
	// SeatChanged: somebody signed in or out at this workstation, or it locked itself.
	SeatChanged struct{ Seat Seat }
	// ServerChanged: the REST server began, ended, or cannot run; or an upload was refused.
	ServerChanged struct{}
	// PredictionsChanged: scores, the model or a training changed.
	PredictionsChanged struct{}
	// StatusChanged: something the status line shows has changed.
	StatusChanged struct{}
)

func (OrdersChanged) event()      {}
func (AlertsChecked) event()      {}
func (AlertsChanged) event()      {}
func (OutboxChanged) event()      {}
func (SettingsChanged) event()    {}
func (JobFailed) event()          {}
func (TicketsChanged) event()     {}
func (SourcesChanged) event()     {}
func (CustomersChanged) event()   {}
func (TicketNotice) event()       {}
func (UsersChanged) event()       {}
func (MarksChanged) event()       {}
func (SeatChanged) event()        {}
func (ServerChanged) event()      {}
func (PredictionsChanged) event() {}
func (StatusChanged) event()      {}

// Raise is a second start's wish to the first: show the window, and open Path when not "".
type Raise struct{ Path string }
