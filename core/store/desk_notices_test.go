package store

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"deskwatch/core"
	"deskwatch/core/notify"
)

func TestSourcesAndTheirStatesAreKeptApart(t *testing.T) {
	r := NewRegistry(newDesk(t))
	ctx := t.Context()
	s := core.Source{
		Name: "salesforce", Kind: core.SourceSalesforce, Enabled: true, Minutes: 5, Address: "https://login.example", Grant: core.GrantClient,
		Mapping: core.TicketMapping{Fields: map[core.Field]string{core.FieldSubject: "Title"}, Statuses: map[string]core.TicketStatus{"Waiting": core.TicketPending}},
		URL:     "https://acme.example/{id}",
	}
	must(t, r.SaveSource(ctx, core.Source{Name: "salesforce"}))
	must(t, r.SaveSource(ctx, s))
	must(t, r.SaveSource(ctx, core.Source{Name: "Folder", Kind: core.SourceFolder}))
	list, err := r.Sources(ctx)
	must(t, err)
	if diff := cmp.Diff([]core.Source{{Name: "Folder", Kind: core.SourceFolder}, s}, list); diff != "" {
		t.Errorf("sources:\n%s", diff)
	}
	state := core.SourceState{Name: "salesforce", LastRun: noon, LastError: "The password is wrong.", Counts: core.SnapshotCounts{New: 3}, Since: noon}
	must(t, r.SaveState(ctx, state))
	must(t, r.SaveState(ctx, core.SourceState{Name: "file", LastRun: noon}))
	states, err := r.States(ctx)
	must(t, err)
	if diff := cmp.Diff(map[string]core.SourceState{"salesforce": state, "file": {Name: "file", LastRun: noon}}, states); diff != "" {
		t.Errorf("states:\n%s", diff)
	}
	must(t, r.DeleteSource(ctx, "salesforce"))
	wantCode(t, r.DeleteSource(ctx, "salesforce"), core.CodeNotFound)
	states, err = r.States(ctx)
	if _, there := states["salesforce"]; there || len(states) != 1 || err != nil {
		t.Errorf("the state outlived its source: %+v, %v", states, err)
	}
}

func notice(kind core.NoticeKind, person, ticket string, at time.Time, rank int) core.Notice {
	return core.Notice{
		At: at, Kind: kind, Person: person, Via: core.ViaDesktop, TicketNo: 7, Key: core.TicketKey{Source: "file", ID: ticket}, Number: "TS" + ticket,
		Text: "TS" + ticket + " Spark job lost", Rank: rank,
	}
}

func TestANoticeIsNewAgainOnlyAfterAWhile(t *testing.T) {
	n := NewNotices(newDesk(t))
	ctx := t.Context()
	due := notice(core.NoticeReplyDue, "Ana", "1", noon, 50)
	other := due
	other.Person = "Bob"
	added, err := n.AddNotices(ctx, []core.Notice{due, due, other}, 24*time.Hour)
	must(t, err)
	if len(added) != 2 || added[0].ID == 0 || added[0].Person != "Ana" || added[1].Person != "Bob" {
		t.Fatalf("added %+v, want one for Ana and one for Bob", added)
	}
	for _, c := range []struct {
		change func(*core.Notice)
		want   int
	}{
		{func(x *core.Notice) { x.At = noon.Add(23 * time.Hour) }, 0},
		{func(x *core.Notice) { x.At = noon.Add(24 * time.Hour) }, 0},
		{func(x *core.Notice) { x.Kind = core.NoticeNew }, 1},
		{func(x *core.Notice) { x.Key.ID = "2" }, 1},
		{func(x *core.Notice) { x.Key.Source = "mail" }, 1},
		{func(x *core.Notice) { x.Via = core.ViaMail }, 1},
		{func(x *core.Notice) { x.At = noon.Add(25 * time.Hour) }, 1},
	} {
		again := due
		c.change(&again)
		if added, err := n.AddNotices(ctx, []core.Notice{again}, 24*time.Hour); err != nil || len(added) != c.want {
			t.Errorf("%+v: added %d, want %d (%v)", again, len(added), c.want, err)
		}
	}
}

func TestWaitingNoticesComeByRankUntilTheyAreTold(t *testing.T) {
	db := newDesk(t)
	n := NewNotices(db)
	ctx := t.Context()
	added, err := n.AddNotices(ctx, []core.Notice{
		notice(core.NoticeNew, "", "1", noon, 10), notice(core.NoticeNew, "", "2", noon, 90), notice(core.NoticeNew, "", "3", noon, 10),
	}, time.Hour)
	must(t, err)
	order := func() (list []string) {
		waiting, err := n.Waiting(ctx, core.ViaDesktop)
		must(t, err)
		for _, w := range waiting {
			list = append(list, w.Number)
		}
		return list
	}
	if diff := cmp.Diff([]string{"TS2", "TS1", "TS3"}, order()); diff != "" {
		t.Error(diff)
	}
	must(t, n.MarkTold(ctx, []int64{added[1].ID, added[0].ID}, "desktop", noon.Add(time.Minute)))
	must(t, n.MarkTold(ctx, []int64{added[1].ID}, "mail", noon.Add(time.Hour)))
	if diff := cmp.Diff([]string{"TS3"}, order()); diff != "" {
		t.Error(diff)
	}
	list, err := n.Notices(ctx, core.NoticeQuery{Ticket: 7, Since: noon})
	must(t, err)
	told := added[1]
	told.Told, told.How = noon.Add(time.Minute), "desktop"
	if len(list) != 3 || list[0].Number != "TS3" || cmp.Diff(told, list[1]) != "" {
		t.Errorf("notices, newest first: %+v", list)
	}
	if list, err := n.Notices(ctx, core.NoticeQuery{Ticket: 8}); err != nil || len(list) != 0 {
		t.Errorf("of another ticket: %+v, %v", list, err)
	}
	if p := plan(t, db, "SELECT * FROM notices WHERE told = 0 AND via = 'mail' ORDER BY rank DESC, id LIMIT 1000"); p != "SEARCH notices USING INDEX notices_waiting (via=?)" {
		t.Errorf("waiting notices are found by %q", p)
	}
}

func TestOnlyTheNewestNoticesAreKept(t *testing.T) {
	db := newDesk(t)
	n := NewNotices(db)
	ctx := t.Context()
	_, err := n.AddNotices(ctx, []core.Notice{notice(core.NoticeNew, "", "1", noon, 1), notice(core.NoticeNew, "", "2", noon, 1)}, time.Hour)
	must(t, err)
	// As if a hundred thousand more had been stored.
	_, err = db.wsql.Exec("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'notices'", keptNotices-2)
	must(t, err)
	_, err = n.AddNotices(ctx, []core.Notice{notice(core.NoticeNew, "", "3", noon, 1)}, time.Hour)
	must(t, err)
	list, err := n.Notices(ctx, core.NoticeQuery{})
	if err != nil || len(list) != 2 || list[1].Number != "TS2" {
		t.Errorf("kept %+v, %v", list, err)
	}
}

func TestHowFarPeopleWereToldIsRemembered(t *testing.T) {
	n := NewNotices(newDesk(t))
	ctx := t.Context()
	if _, ok, err := n.LastNotified(ctx); ok || err != nil {
		t.Errorf("before the first time: %v, %v", ok, err)
	}
	must(t, n.SetLastNotified(ctx, 0))
	must(t, n.SetLastNotified(ctx, 42))
	if seq, ok, err := n.LastNotified(ctx); seq != 42 || !ok || err != nil {
		t.Errorf("told up to %d, %v, %v", seq, ok, err)
	}
}

func TestACancelledNoticeIsNotStored(t *testing.T) {
	n := NewNotices(newDesk(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := n.AddNotices(ctx, []core.Notice{notice(core.NoticeNew, "", "1", noon, 1)}, time.Hour)
	wantCode(t, err, core.CodeCanceled)
	if list, err := n.Waiting(t.Context(), core.ViaDesktop); err != nil || len(list) != 0 {
		t.Errorf("kept %+v, %v", list, err)
	}
}

func TestAMailIsQueuedAndItsNoticesToldTogether(t *testing.T) {
	db := newDesk(t)
	n, q := NewNotices(db), NewQueue(db)
	ctx := t.Context()
	first := notice(core.NoticeNew, "Ana", "1", noon, 1)
	first.Via = core.ViaMail
	added, err := n.AddNotices(ctx, []core.Notice{first}, time.Hour)
	must(t, err)
	broken := delivery(1)
	must(t, db.Writer().Exec("CREATE TRIGGER full BEFORE UPDATE ON notices BEGIN SELECT raise(ABORT, 'no'); END").Error)
	wantCode(t, n.TellByMail(ctx, []core.NewDelivery{broken}, []int64{added[0].ID}, "single", noon), core.CodeInternal)
	if counts, err := q.Counts(ctx); err != nil || len(counts) != 0 {
		t.Errorf("a mail was queued though its notice could not be marked: %v, %v", counts, err)
	}
	must(t, db.Writer().Exec("DROP TRIGGER full").Error)
	list := []core.NewDelivery{delivery(1), delivery(2), delivery(2)}
	for i := range list {
		list[i].RuleID = 0
	}
	for range 2 {
		must(t, n.TellByMail(ctx, list, []int64{added[0].ID}, "single", noon))
	}
	all, err := q.Deliveries(ctx, core.DeliveryQuery{})
	must(t, err)
	if len(all) != 2 || all[0].MessageID != delivery(2).MessageID || all[0].RuleID != 0 || all[0].State != core.DeliveryQueued || !all[0].CreatedAt.Equal(noon) {
		t.Errorf("queued %+v, want each message once", all)
	}
	if waiting, err := n.Waiting(ctx, core.ViaMail); err != nil || len(waiting) != 0 {
		t.Errorf("still waiting: %+v, %v", waiting, err)
	}
	if leased := lease(t, q, 10, noon); len(leased) != 2 || leased[0].Message.Text != "text" {
		t.Errorf("due are %+v", leased)
	}
}

func TestWhoHadAMailAboutTicketsAtRiskIsKnown(t *testing.T) {
	n := NewNotices(newDesk(t))
	ctx := t.Context()
	var list []core.Notice
	for i, person := range []string{"Lea", "Eva", "Max", "Ana", "Nils"} {
		list = append(list, core.Notice{At: noon, Kind: core.NoticeAtRisk, Person: person, Via: core.ViaMail, TicketNo: 1, Key: core.TicketKey{Source: "crm", ID: "1"}, Number: "1"})
		if i == 3 {
			list[i].Via = core.ViaDesktop
		}
	}
	list = append(list, core.Notice{At: noon, Kind: core.NoticeNew, Person: "Zoe", Via: core.ViaMail, TicketNo: 1, Key: core.TicketKey{Source: "crm", ID: "1"}, Number: "1"})
	added, err := n.AddNotices(ctx, list, time.Hour)
	must(t, err)
	must(t, n.MarkTold(ctx, []int64{added[0].ID, added[3].ID, added[5].ID}, notify.HowSingle, noon.Add(time.Hour)))
	must(t, n.MarkTold(ctx, []int64{added[1].ID}, notify.HowSummary, noon.Add(-time.Hour)))
	must(t, n.MarkTold(ctx, []int64{added[2].ID}, notify.HowSettled, noon.Add(time.Hour)))
	got, err := n.AtRiskMailed(ctx, noon)
	must(t, err)
	// Eva had hers before, Max's was not worth it any more, Ana's was shown, Nils' waits, Zoe's was another.
	if len(got) != 1 || !got["Lea"] {
		t.Errorf("had a mail: %v, want Lea", got)
	}
}
