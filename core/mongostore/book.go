// Package mongostore keeps the order book in a MongoDB database that may be shared with other
// programs. It reads what they wrote and never changes it; what it writes itself carries a
// sub-document "deskwatch". How documents look is in document.go, how an import becomes
// visible as a whole in state.go. No bson type leaves the package.
package mongostore

import (
	"log/slog"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// Options say where the order book is and how the values in it are read.
type Options struct {
	Settings core.OrderBookSettings
	Password core.Secret // on top of Settings.URI, which may also carry one; zero for none
	// Owner names this process to others that share the database, for people: "ana on desk-7".
	Owner string
	// Vocabulary and Identities read the statuses and customers of documents other programs
	// wrote; they are asked anew for every answer, so that settings take effect at once.
	Vocabulary func() *orders.Vocabulary
	Identities func() *orders.Identities
	Now        func() time.Time
	Log        *slog.Logger
}

// Book is the orders.OrderBook in a MongoDB database.
type Book struct {
	opt    Options
	fields core.OrderBookSettings // for the names of fields
	client *mongo.Client
	db     *mongo.Database
	link   *link

	customerTotal pageTotal // see Customers

	// changing is held by the one import or undo of this process.
	changing sync.Mutex
	process  string        // begins the tokens of this Book's leases; see lease.go
	patience time.Duration // how long a change waits for the database; 0 means defaultPatience
}

// The contract: var _ orders.OrderBook = (*Book)(nil) stands in contract_test.go until every method is there.

// The collections. Those with a dot after the name of the orders' own are Deskwatch's alone.
func (b *Book) orders() *mongo.Collection  { return b.db.Collection(b.fields.Orders) }
func (b *Book) clients() *mongo.Collection { return b.db.Collection(b.fields.Clients) }

// imports holds the state and one record per import; see state.go.
func (b *Book) imports() *mongo.Collection { return b.db.Collection(b.fields.Orders + ".imports") }

// replaced holds the orders that a later import changed, for its undo.
func (b *Book) replaced() *mongo.Collection { return b.db.Collection(b.fields.Orders + ".replaced") }
