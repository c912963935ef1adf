package core

import "time"

// LogLine is one line of the log.
type LogLine struct {
	Seq   uint64 // grows by one per line of this run; 0 for lines read back from the file
	Time  time.Time
	Level string // DEBUG, INFO, WARN, ERROR
	Where string // function and line: "app.(*App).Import:57"
	Text  string // message and attributes, on one line
}

// LogQuery selects lines of the live log, oldest first.
type LogQuery struct {
	MinLevel string // "" all
	Text     string // contained, in any case
	After    uint64 // only lines with a higher Seq
	Limit    int    // the newest so many; clamped to 1..10,000, 0 means 1,000
}
