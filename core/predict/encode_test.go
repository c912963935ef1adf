package predict

import (
	"context"
	"slices"
	"testing"

	"deskwatch/core"
)

func TestAValueHardlyAnybodyLackedIsFilledIn(t *testing.T) {
	lives := madeLives(600, 3)
	for i := range 3 {
		lives[i].Steps[0].At = lives[i].Created - 50 // nobody knows when they were answered
	}
	f, err := newFrame(context.Background(), madeSchema, lives, &Options{Moments: []core.Moment{core.MomentReply}}, &core.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	n, cols := learnEncoder(f, f.all())
	if n.fill[dReply] != n.fill[dReply] || cols[dReply][0] != cols[dReply][0] {
		t.Errorf("three of 600 lack a reply's time: it is filled with %v", n.fill[dReply])
	}
	if n.fill[dWaited] == n.fill[dWaited] {
		t.Errorf("all lack a wait so far, and it is filled with %v", n.fill[dWaited])
	}
	ahead := n.encodeRows(f, f.all())
	if got := ahead[dReply][f.where(func(e int32) bool { return f.life[e] == 1 })[0]]; got != n.fill[dReply] {
		t.Errorf("scored with %v, filled is %v", got, n.fill[dReply])
	}
}

func TestAColumnOfOneValueDoesNotTellTheFolds(t *testing.T) {
	lives := madeLives(300, 6)
	for i := range lives {
		lives[i].Facts.Words = []string{"here"}
	}
	f, err := newFrame(context.Background(), madeSchema, lives, &Options{Moments: []core.Moment{core.MomentArrival}}, &core.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	n, cols := learnEncoder(f, f.where(func(e int32) bool { return e%3 > 0 }))
	if col := cols[n.numbers+wordFields]; slices.Min(col) != slices.Max(col) {
		t.Errorf("where all tickets are of one place it says %v to %v", slices.Min(col), slices.Max(col))
	}
}

func TestPairsThatMatterAreFound(t *testing.T) {
	lives := madeLives(3000, 4)
	for i := range lives { // only two values together say anything
		together := (lives[i].Facts.Channel == "mail") == (lives[i].Facts.Priority == "high")
		lives[i].Facts.Words = []string{"by " + lives[i].Facts.Channel} // the same in other words
		lives[i].Outcome = OutcomeGood
		if together && i%2 == 0 {
			lives[i].Outcome = OutcomeBad
		}
	}
	f, err := newFrame(context.Background(), madeSchema, lives, &Options{Moments: []core.Moment{core.MomentArrival}}, &core.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := learnEncoder(f, f.all())
	if slices.ContainsFunc(n.pairs, func(p pairTable) bool { return p.b == wordFields }) {
		t.Errorf("pairs %+v with what another column says", n.pairs)
	}
	if len(n.pairs) == 0 || n.pairs[0].a != int(FieldChannel)-1 || n.pairs[0].b != int(FieldPriority)-1 {
		t.Errorf("pairs %+v", len(n.pairs))
	}
}
