package core

import "time"

// DeskStatus is what the status line shows.
type DeskStatus struct {
	Watching    bool      // this process holds the watch lock
	WatcherNote string    // why not, for people
	LastCheck   time.Time // zero: never
	NextCheck   time.Time // zero: none planned
	Paused      bool
	PausedUntil time.Time
	Book        BookCounts
	BookKind    OrderBookKind
	BookPlace   string    // the database and its server, for MongoDB
	BookCounted time.Time // when Book was counted; zero: not yet
	BookDown    time.Time // since when the order book cannot be reached; zero: it can
	BookTrouble string    // why, for people
	BookDenied  bool      // because it refuses access: the user, the password or a right
	OldBook     bool      // the embedded book was copied whole into the database in use, and its file is still there
	MailMode    MailMode
	MailHost    string
	Outbox      DeliveryCounts
	DataDir     string
	Sample      bool // the sample data is loaded
}

// Counted reports whether Book says what the order book holds: a database takes a while to be
// counted, and may not answer.
func (s DeskStatus) Counted() bool {
	return s.BookDown.IsZero() && (s.BookKind != BookMongoDB || !s.BookCounted.IsZero())
}

// Finding is one line of the doctor's report.
type Finding struct {
	Check   string `json:"check"`
	OK      bool   `json:"ok"`
	Message string `json:"message"`
}
