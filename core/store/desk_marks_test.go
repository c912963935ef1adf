package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"deskwatch/core"
)

func TestAttentionReplacesThatOfTheSameTicketAndKind(t *testing.T) {
	m := NewMarks(newDesk(t))
	ctx := t.Context()
	one, two := core.TicketKey{Source: "file", ID: "1"}, core.TicketKey{Source: "file", ID: "2"}
	must(t, m.SaveAttention(ctx, nil))
	must(t, m.SaveAttention(ctx, []core.Attention{
		{Key: one, Kind: core.Acknowledge, Comment: "on it", At: noon}, {Key: one, Kind: core.Snooze, At: noon, Until: noon.Add(time.Hour)},
		{Key: two, Kind: core.Snooze, At: noon},
	}))
	must(t, m.SaveAttention(ctx, []core.Attention{{Key: one, Kind: core.Snooze, Comment: "later", At: noon, Until: noon.Add(2 * time.Hour), By: "ana"}}))
	must(t, m.DeleteAttention(ctx, core.Snooze, []core.TicketKey{two, {Source: "other", ID: "1"}}))
	must(t, m.DeleteAttention(ctx, core.Snooze, nil))
	list, err := m.Attention(ctx)
	must(t, err)
	want := []core.Attention{
		{Key: one, Kind: core.Acknowledge, Comment: "on it", At: noon},
		{Key: one, Kind: core.Snooze, Comment: "later", At: noon, Until: noon.Add(2 * time.Hour), By: "ana"},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
}

func TestAFlagAndAFilterReplaceTheirLikes(t *testing.T) {
	m := NewMarks(newDesk(t))
	ctx := t.Context()
	acme := core.CustomerKey{Source: "file", ID: "acme"}
	must(t, m.SaveFlag(ctx, core.ToughFlag{Customer: acme, Tough: true, Note: "loud", At: noon}))
	must(t, m.SaveFlag(ctx, core.ToughFlag{Customer: acme, Note: "calm now", At: noon, Until: noon.Add(time.Hour), By: "ana"}))
	must(t, m.SaveFlag(ctx, core.ToughFlag{Customer: core.CustomerKey{Source: "file", ID: "b"}, Tough: true}))
	must(t, m.DeleteFlag(ctx, core.CustomerKey{Source: "file", ID: "b"}))
	flags, err := m.Flags(ctx)
	must(t, err)
	if diff := cmp.Diff([]core.ToughFlag{{Customer: acme, Note: "calm now", At: noon, Until: noon.Add(time.Hour), By: "ana"}}, flags); diff != "" {
		t.Error(diff)
	}
	must(t, m.SaveFilter(ctx, core.SavedFilter{Name: "mine", Text: "owner:me"}))
	must(t, m.SaveFilter(ctx, core.SavedFilter{Name: "mine", Text: "owner:me status:open", Sort: "due"}))
	must(t, m.SaveFilter(ctx, core.SavedFilter{Name: "Due", Text: "due:<1h"}))
	must(t, m.SaveFilter(ctx, core.SavedFilter{Name: "gone"}))
	must(t, m.DeleteFilter(ctx, "gone"))
	filters, err := m.Filters(ctx)
	must(t, err)
	if diff := cmp.Diff([]core.SavedFilter{{Name: "Due", Text: "due:<1h"}, {Name: "mine", Text: "owner:me status:open", Sort: "due"}}, filters); diff != "" {
		t.Error(diff)
	}
}

func TestFoundLinksAreReplacedAndAPersonsWordStays(t *testing.T) {
	m := NewMarks(newDesk(t))
	ctx := t.Context()
	link := func(customer, order string, state core.LinkState, at time.Time) core.CustomerLink {
		return core.CustomerLink{
			Customer: core.CustomerKey{Source: "file", ID: customer}, Order: order, State: state, Basis: core.JoinByEmail,
			Confidence: 90, Why: "the same e-mail", At: at,
		}
	}
	must(t, m.SaveLinks(ctx, []core.CustomerLink{
		link("a", "shop_1", core.LinkMade, noon), link("b", "shop_2", core.LinkRefused, noon),
		link("c", "shop_3", core.LinkSure, noon), link("d", "shop_4", core.LinkProposed, noon), link("e", "shop_5", core.LinkProposed, noon),
	}))
	later := noon.Add(time.Hour)
	must(t, m.ReplaceFound(ctx, []core.CustomerLink{
		link("a", "shop_1", core.LinkProposed, later), link("b", "shop_2", core.LinkSure, later),
		link("c", "shop_3", core.LinkSure, later), link("e", "shop_5", core.LinkSure, later), link("f", "shop_6", core.LinkProposed, later),
	}))
	list, err := m.Links(ctx)
	must(t, err)
	want := []core.CustomerLink{
		link("a", "shop_1", core.LinkMade, noon), link("b", "shop_2", core.LinkRefused, noon),
		link("c", "shop_3", core.LinkSure, noon), link("e", "shop_5", core.LinkSure, noon), link("f", "shop_6", core.LinkProposed, later),
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	must(t, m.SaveLinks(ctx, []core.CustomerLink{link("f", "shop_6", core.LinkRefused, later)}))
	must(t, m.ReplaceFound(ctx, nil))
	if list, err = m.Links(ctx); err != nil || len(list) != 3 {
		t.Errorf("after nothing was found: %+v, %v", list, err)
	}
}
