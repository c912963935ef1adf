package source

import (
	"errors"
	"io"
	"os"
	"testing"

	"deskwatch/core"
)

// scripted gives what it is told to.
type scripted struct {
	list []any // core.Ticket or error
}

func (s *scripted) Next() (core.Ticket, error) {
	if len(s.list) == 0 {
		return core.Ticket{}, io.EOF
	}
	first := s.list[0]
	s.list = s.list[1:]
	if err, bad := first.(error); bad {
		return core.Ticket{}, err
	}
	return first.(core.Ticket), nil
}

func (s *scripted) Format() string { return "scripted" }
func (s *scripted) Close() error   { return nil }

func TestASpooledStreamIsTheSameAndLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	a := core.Ticket{Source: "x", ID: "1", Number: "1", UpdatedAt: noon, Status: core.TicketHeld, Escalated: true, Rating: 3}
	b := core.Ticket{Source: "x", ID: "2", Number: "2"}
	var told int64
	s, err := Spool(t.Context(), &scripted{[]any{a, &Rejected{Line: 2, Reason: "no id", Raw: []byte("{}")}, b}}, func(n int64) { told = n })
	if err != nil {
		t.Fatal(err)
	}
	list, rejects := readAll(t, s)
	if len(list) != 2 || list[0] != a || list[1] != b || len(rejects) != 1 || rejects[0].Reason != "no id" || told != 3 || s.Format() != "scripted" {
		t.Errorf("%v %v, told %d", list, rejects, told)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	if s, err := Spool(t.Context(), &scripted{[]any{a, boom}}, nil); s != nil || !errors.Is(err, boom) {
		t.Errorf("%v %v", s, err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
