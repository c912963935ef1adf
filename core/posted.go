package core

import (
	"io"
	"strconv"
	"time"
)

// Post is what a collector sends: a document with tickets, as it arrives.
type Post struct {
	Body    io.Reader // unpacked; read to its end once
	Length  int64     // of Body as far as it was announced; -1 unknown
	Address string    // it comes from, without the port
}

// PostedDocument is a document that was posted, or a part of one, opened for reading.
type PostedDocument struct {
	Content io.ReadSeekCloser // the caller closes it
	Text    []byte            // all of it, where it is in memory; not to be changed
	Size    int64
	Tag     string    // other contents, another tag: letters, digits and hyphens
	At      time.Time // when it arrived; zero: never did any
	Name    string    // of a file to keep it in
}

// RejectedRecords says which records of a post cannot be read, and why: the cause of the Error
// that refuses the post.
type RejectedRecords struct {
	Count int64
	First []Reject // at most 20
}

// Error says how many there are.
func (r *RejectedRecords) Error() string {
	return strconv.FormatInt(r.Count, 10) + " records cannot be read"
}
