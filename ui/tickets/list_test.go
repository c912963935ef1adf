package tickets

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func broken() error {
	return core.NewError(core.CodeUnavailable, "test", "The tickets cannot be read now.", nil)
}

func TestTheTabOpensWithTheOpenTicketsThatPressMost(t *testing.T) {
	desk := &fakeDesk{}
	b, _, _ := newBench(t, desk, nil)
	p := newList(b)
	p.Start()
	if q := desk.queries[0]; q.Text != "is:open snoozed:no" || q.Sort != "due" || len(p.State().Nos) != 3 {
		t.Fatalf("asked %+v and showed %d tickets", q, len(p.State().Nos))
	}
}

func TestTypingAsksOnceItRests(t *testing.T) {
	desk := &fakeDesk{}
	b, _, clock := newBench(t, desk, nil)
	p := newList(b)
	for _, text := range []string{"s", "sp", "spark"} {
		p.Type(text)
	}
	if len(desk.queries) != 0 {
		t.Fatal("asked while somebody typed")
	}
	clock.pass()
	if len(desk.queries) != 1 || desk.queries[0].Text != "spark" {
		t.Fatalf("asked %+v", desk.queries)
	}
}

func TestOnlyTheLatestFilterIsShown(t *testing.T) {
	desk := &fakeDesk{order: func(q core.TicketQuery) (core.TicketOrder, error) {
		return core.TicketOrder{Nos: numbers(len(q.Text))}, nil
	}}
	q := &queue{}
	b, _, _ := newBench(t, desk, q)
	p := newList(b)
	p.SetFilter("old", "")
	p.SetFilter("newer", "")
	q.drain()
	if s := p.State(); len(s.Nos) != 5 || s.Found != "newer" || s.Edition != 1 {
		t.Fatalf("%d tickets of %q after %d answers", len(s.Nos), s.Found, s.Edition)
	}
}

func TestAFilterThatCannotBeReadKeepsTheLastResult(t *testing.T) {
	desk := &fakeDesk{check: func(text string) *core.QueryProblem {
		if strings.Contains(text, "foo:") {
			return &core.QueryProblem{Message: "There is no field foo.", Start: 0, End: 4}
		}
		return nil
	}}
	b, _, clock := newBench(t, desk, nil)
	p := newList(b)
	p.Start()
	p.Type("foo:bar")
	clock.pass()
	s := p.State()
	if s.Problem == nil || len(s.Nos) != 3 || s.Loading || problemPart(p.Text(), s.Problem) != "foo:" {
		t.Fatalf("problem %v, %d tickets, loading %v", s.Problem, len(s.Nos), s.Loading)
	}
	p.Refresh()
	clock.pass()
	if last := desk.queries[len(desk.queries)-1]; last.Text != "is:open snoozed:no" {
		t.Fatalf("an event asked %q, want the filter that was understood", last.Text)
	}
	p.Type("foo")
	clock.pass()
	if p.State().Problem != nil {
		t.Fatal("the problem stayed after it was mended")
	}
}

func TestAFailedReloadKeepsTheLastResultAndSaysSo(t *testing.T) {
	desk := &fakeDesk{}
	b, _, clock := newBench(t, desk, nil)
	p := newList(b)
	p.Start()
	clock.pass()
	desk.order = func(core.TicketQuery) (core.TicketOrder, error) { return core.TicketOrder{}, broken() }
	p.Refresh()
	if s := p.State(); s.Err == nil || len(s.Nos) != 3 {
		t.Fatalf("error %v, %d tickets", s.Err, len(s.Nos))
	}
}

func TestAReloadAfterAnEventStaysWhereItWasAndANewFilterDoesNot(t *testing.T) {
	desk := &fakeDesk{}
	b, _, clock := newBench(t, desk, nil)
	p := newList(b)
	p.Start()
	if p.State().Stay {
		t.Error("the first answer stays")
	}
	clock.pass()
	p.Refresh()
	if !p.State().Stay {
		t.Error("a reload does not stay")
	}
	p.SetFilter("spark", "")
	if p.State().Stay {
		t.Error("a new filter stays")
	}
}

func TestAStormOfEventsIsAnsweredOnceAfterARest(t *testing.T) {
	desk := &fakeDesk{}
	b, _, clock := newBench(t, desk, nil)
	p := newList(b)
	p.Start()
	for range 100 {
		p.Refresh()
	}
	if len(desk.queries) != 1 {
		t.Fatalf("%d questions before the rest ended", len(desk.queries))
	}
	clock.pass()
	if len(desk.queries) != 2 {
		t.Fatalf("%d questions after it, want 2", len(desk.queries))
	}
}

func TestTicketsThatAreStillReadAreWaitedFor(t *testing.T) {
	desk := &fakeDesk{notReady: true}
	b, _, clock := newBench(t, desk, nil)
	p := newList(b)
	p.Start()
	if s := p.State(); s.Ready || s.Edition != 0 || len(desk.queries) != 0 {
		t.Fatalf("ready %v with %d questions", s.Ready, len(desk.queries))
	}
	desk.notReady = false
	clock.pass()
	p.Refresh() // core.TicketsChanged says that they were read
	if s := p.State(); !s.Ready || len(s.Nos) != 3 || s.Stay {
		t.Fatalf("ready %v, %d tickets, stay %v", s.Ready, len(s.Nos), s.Stay)
	}
}

func TestNoTicketAtAllIsToldFromNoneThatFits(t *testing.T) {
	all := 5
	desk := &fakeDesk{order: func(q core.TicketQuery) (core.TicketOrder, error) {
		if q.Text != "" {
			return core.TicketOrder{}, nil
		}
		return core.TicketOrder{Nos: numbers(all)}, nil
	}}
	b, _, _ := newBench(t, desk, nil)
	p := newList(b)
	p.Start()
	if p.State().Empty {
		t.Fatal("the pool was taken for empty")
	}
	all = 0
	p.SetFilter("x", "")
	if !p.State().Empty {
		t.Fatal("the empty pool was not seen")
	}
}

func TestADeletedFilterComesBackByUndo(t *testing.T) {
	desk := &fakeDesk{}
	b, host, _ := newBench(t, desk, nil)
	p := newList(b)
	p.SetFilter("tough:yes", "-risk")
	p.Save("  Monday ")
	want := core.SavedFilter{Name: "Monday", Text: "tough:yes", Sort: "-risk"}
	if s := p.State().Saved; len(s) != 1 || s[0] != want {
		t.Fatalf("saved %+v", s)
	}
	p.Delete(want)
	if len(p.State().Saved) != 0 {
		t.Fatal("it was not deleted")
	}
	host.Actions[0]()
	if s := p.State().Saved; len(s) != 1 || s[0] != want {
		t.Fatalf("undone: %+v", s)
	}
}
