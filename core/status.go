package core

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Status is what became of an order, in the six words Deskwatch knows.
type Status uint8

// The statuses, in the order the window lists them.
const (
	StatusPlaced Status = iota
	StatusShipped
	StatusDelivered
	StatusCancelled
	StatusReturned
	StatusOther
	statusCount
)

var statusNames = [statusCount]string{"placed", "shipped", "delivered", "cancelled", "returned", "other"}

// Statuses lists every status.
func Statuses() []Status {
	return []Status{StatusPlaced, StatusShipped, StatusDelivered, StatusCancelled, StatusReturned, StatusOther}
}

// String is the canonical spelling.
func (s Status) String() string {
	if s < statusCount {
		return statusNames[s]
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// ParseStatus reads a canonical spelling, in any case.
func ParseStatus(s string) (Status, error) {
	w := strings.ToLower(strings.TrimSpace(s))
	for i, n := range statusNames {
		if w == n {
			return Status(i), nil
		}
	}
	return 0, NewError(CodeInvalid, "core.status", fmt.Sprintf("%q is not a status. Use one of: %s.", s, strings.Join(statusNames[:], ", ")), nil)
}

// MarshalText writes the canonical spelling.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the canonical spelling.
func (s *Status) UnmarshalText(b []byte) error {
	v, err := ParseStatus(string(b))
	*s = v
	return err
}

// StatusSet is a set of statuses, one bit each: bit n is Status n.
type StatusSet uint8

// NewStatusSet returns the set of the given statuses.
func NewStatusSet(list ...Status) StatusSet {
	var s StatusSet
	for _, st := range list {
		s |= 1 << st
	}
	return s
}

// Has reports whether st is in the set.
func (s StatusSet) Has(st Status) bool { return s&(1<<st) != 0 }

// List returns the members in canonical order.
func (s StatusSet) List() []Status {
	var l []Status
	for _, st := range Statuses() {
		if s.Has(st) {
			l = append(l, st)
		}
	}
	return l
}

// String joins the members: "cancelled, returned".
func (s StatusSet) String() string {
	var n []string
	for _, st := range s.List() {
		n = append(n, st.String())
	}
	return strings.Join(n, ", ")
}

// MarshalJSON writes the members as a list of canonical spellings.
func (s StatusSet) MarshalJSON() ([]byte, error) {
	names := []string{}
	for _, st := range s.List() {
		names = append(names, st.String())
	}
	return json.Marshal(names)
}

// UnmarshalJSON reads a list of canonical spellings.
func (s *StatusSet) UnmarshalJSON(b []byte) error {
	var list []Status
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*s = NewStatusSet(list...)
	return nil
}

// ParseStatusSet reads canonical spellings separated by commas.
func ParseStatusSet(text string) (StatusSet, error) {
	var s StatusSet
	for _, w := range strings.Split(text, ",") {
		if strings.TrimSpace(w) == "" {
			continue
		}
		st, err := ParseStatus(w)
		if err != nil {
			return 0, err
		}
		s |= 1 << st
	}
	if s == 0 {
		return 0, NewError(CodeInvalid, "core.status", "No status was named. Use one or more of: "+strings.Join(statusNames[:], ", ")+".", nil)
	}
	return s, nil
}
