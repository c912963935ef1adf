package kit

import (
	"fyne.io/fyne/v2"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// Host is what the shell gives every tab. All methods but Dispatcher are called on the UI
// goroutine.
type Host interface {
	Window() fyne.Window
	// Dispatcher leads back to the UI goroutine and goes dead when the app quits.
	Dispatcher() async.Dispatcher
	// Work shows a long operation in the status line, with Cancel; call done when it ended.
	// p is read ten times a second and may be nil when nothing counts.
	Work(title string, cancel func(), p *core.Progress) (done func())
	// Toast shows a short word at the bottom of the window for some seconds.
	Toast(tone Tone, text string)
	// ToastAction is a Toast with a button, such as Undo.
	ToastAction(tone Tone, text, action string, do func())
	// Confirm asks before something that cannot simply be taken back; yes runs when it is
	// confirmed.
	Confirm(q Question, yes func())
	// Fail shows what went wrong, in the error's sentence for people. A cancelled operation
	// shows nothing.
	Fail(err error)
	// Title says in the window's title what is open in a tab; "" nothing.
	Title(tab, text string)
	// Go opens a tab, such as TabOrders, and in it a place, when one is named.
	Go(tab string, place ...string)
	// May reports whether who sits here may do p. The core decides; a tab asks in order not to
	// offer what would be refused. A tab is built anew when somebody else signs in.
	May(p core.Permission) bool
}

// The names of the tabs.
const (
	TabOverview = "overview"
	TabTickets  = "tickets"
	TabOrders   = "orders"
	TabUsers    = "users"
	TabLogs     = "logs"
	TabSettings = "settings"
)

// The places inside the tabs that another tab leads to.
const (
	PlaceRules        = "rules" // of TabOrders
	PlaceMailSettings = "mail"  // of TabSettings
	PlaceSources      = "sources"
	PlaceClock        = "clock"
	PlaceServer       = "server"
	PlacePrediction   = "prediction"
	PlaceTicket       = "ticket:"     // of TabTickets: with the ticket's number behind it
	PlaceFilter       = "filter:"     // of TabTickets: with a filter behind it
	PlaceImport       = "import"      // of TabTickets and TabOrders: asks for a file
	PlaceMails        = "mails"       // of TabOrders: the outbox
	PlacePredictions  = "predictions" // of TabOverview: how good they have been
)

// Question is put by Confirm.
type Question struct {
	Title  string // "Undo the import of March?"
	Text   string // what will happen, and what will not
	Yes    string // the verb of the button, "Undo import"
	Danger bool   // colours the button
}
