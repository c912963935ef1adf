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
	MailMode    MailMode
	MailHost    string
	Outbox      DeliveryCounts
	DataDir     string
	Sample      bool // the sample data is loaded
}

// Finding is one line of the doctor's report.
type Finding struct {
	Check   string `json:"check"`
	OK      bool   `json:"ok"`
	Message string `json:"message"`
}
