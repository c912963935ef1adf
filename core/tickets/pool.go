// Package tickets owns the ticket pool: how a record becomes a ticket, how a snapshot is
// compared with what is stored and becomes events, the query language and the index that
// answers it, who is a tough customer, how likely a ticket ends badly, and which customers of
// the tickets and of the orders are the same. It declares Pool and Marks, the places tickets
// and what people say of them are kept in.
package tickets

import (
	"context"
	"time"

	"deskwatch/core"
)

// Pool is where the tickets of every source are kept, with their events and texts.
//
// Errors are *core.Error. A cancelled ctx ends any call with core.CodeCanceled and leaves the
// pool as it was. Methods may be called from several goroutines and processes; one snapshot is
// taken at a time, others wait their turn within ctx.
//
// Every change of a ticket, a customer or a name gives it a revision higher than all before,
// whichever process made it: Facts, Customers and Names after a revision are what changed since.
type Pool interface {
	// Begin opens the taking of one snapshot. Nothing is visible to others before Commit.
	Begin(ctx context.Context, start TakeStart) (Taking, error)

	// Revision is the highest revision. It is quick: it may be asked several times a second.
	Revision(ctx context.Context) (int64, error)
	// Facts calls each with what the index holds of tickets with a revision higher than after,
	// in batches the callee must not keep, in any order. It reads one state of the pool.
	Facts(ctx context.Context, after int64, each func([]Fact) error) error
	// Customers lists customers with a revision higher than after, by No.
	Customers(ctx context.Context, after int64) ([]CustomerFact, error)
	// Names lists the names that facts refer to, with a revision higher than after, by No.
	Names(ctx context.Context, after int64) ([]Name, error)

	// Match calls each for every ticket whose number, subject or description matches, in
	// ascending order of No, beginning above after. match is in the syntax of SQLite FTS5.
	Match(ctx context.Context, match string, after uint32, each func(no uint32)) error
	// Tickets returns the tickets with these numbers in the order given, without their
	// descriptions; unknown numbers are left out. At most 1,000 at a time.
	Tickets(ctx context.Context, nos []uint32) ([]core.Ticket, error)
	// Descriptions returns the descriptions of tickets; those that have none are left out. At most
	// 1,000 at a time.
	Descriptions(ctx context.Context, nos []uint32) (map[uint32]string, error)
	// Ticket returns one ticket whole, with its status history, oldest first.
	Ticket(ctx context.Context, no uint32) (core.Ticket, []core.StatusStep, error)
	// Find returns the tickets a person may mean: those with this key ("source:id"), this id or
	// this number, at most 20, and none without an error.
	Find(ctx context.Context, text string) ([]uint32, error)
	// Nos returns the numbers of the tickets with these keys; unknown keys are left out.
	Nos(ctx context.Context, keys []core.TicketKey) (map[core.TicketKey]uint32, error)
	// Events selects events.
	Events(ctx context.Context, q core.TicketEventQuery) ([]core.TicketEvent, error)
	// CountEvents counts the audible events with a Seq above after, by kind.
	CountEvents(ctx context.Context, after int64) (map[core.TicketEventKind]int, error)
	// LastEvent is the highest Seq, and EventAt the highest one of an audible event seen before t;
	// 0 none.
	LastEvent(ctx context.Context) (int64, error)
	EventAt(ctx context.Context, t time.Time) (int64, error)

	// Assign gives tickets an owner on the desk, "" takes it back. The next snapshot in which
	// the source names another owner than it did clears it. It makes owner events.
	Assign(ctx context.Context, nos []uint32, owner string, at time.Time) ([]core.TicketEvent, error)
	// CountBySource counts the tickets kept of every source.
	CountBySource(ctx context.Context) (map[string]int64, error)
}

// TakeStart says what a snapshot is.
type TakeStart struct {
	Source string
	At     time.Time // when the desk took it
	Full   bool      // a ticket of the source that is missing is gone
	// Loud says that even the source's first load is told of. Otherwise the first snapshot of a
	// source with no ticket yet is a silent baseline.
	Loud bool
	// Silent says that nobody is told of it, for it belongs to a source's first load.
	Silent bool
	// Replay says that the snapshot is many in one, in time order: the first tickets are no
	// baseline for those after them, and all of it is silent. A ticket's event is seen at the
	// time it happened.
	Replay bool
}

// Taking is one snapshot being taken. Calls are sequential: Put…, then Commit, Try or Rollback.
// Rollback after either does nothing, so it can be deferred.
type Taking interface {
	// Put compares tickets with what is stored, as Compare says, and keeps them. The slice is
	// the caller's again afterwards. A ticket may come again in the same snapshot: the later
	// one is a newer state. States of the very time that was kept before the snapshot are no
	// news where a later one of the snapshot says again what is kept: they repeat how it came
	// about.
	Put(ctx context.Context, batch []core.Ticket) error
	// Commit makes the snapshot visible as a whole.
	Commit(ctx context.Context) (Taken, error)
	// Try says what Commit would have done, and leaves the pool as it was.
	Try(ctx context.Context) (Taken, error)
	Rollback() error
}

// Taken is what a snapshot did.
type Taken struct {
	core.SnapshotCounts
	Baseline bool               // the source's first load
	Events   []core.TicketEvent // the audible ones, at most the first 1,000
}

// Fact is what the index holds of one ticket. Times are seconds since 1970 UTC, 0 for none.
type Fact struct {
	No                           uint32
	Rev                          int64
	Source, Product, Owner       uint32 // Name.No; 0 is none
	RawStatus, Channel, Assigned uint32 // Name.No
	Customer                     uint32 // CustomerFact.No; 0 is none
	Status                       core.TicketStatus
	Priority                     core.Priority
	Escalated, Gone              bool
	Reopened, Rating             uint8
	Created, Updated             int64
	FirstReply, Closed           int64
	// SubjectKey and NumberKey are what SubjectKey and NumberKey say of its subject and number:
	// tickets are sorted by them without their texts.
	SubjectKey, NumberKey uint64
	// TextRev is the revision at which the number, the subject or the description changed last;
	// where it is 0 the text is taken for changed whenever the ticket is.
	TextRev int64
	// History is the status history of a ticket that has had more than one status, and had so
	// before its first reply if there is one; nil for every other: its clock never stood. It is
	// the callee's.
	History []core.StatusStep
}

// Name is a text that many tickets share.
type Name struct {
	No   uint32
	Text string
}

// CustomerFact is a customer of the tickets.
type CustomerFact struct {
	core.TicketCustomer
	Rev int64
}
