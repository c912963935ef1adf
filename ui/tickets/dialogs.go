package tickets

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// ending is a choice of how long something holds.
type ending struct {
	word  string
	until func(now time.Time) time.Time // nil: as typed
}

func never(time.Time) time.Time { return time.Time{} }

// snoozeEndings are offered for a snooze, attentionEndings for an acknowledgement, flagEndings
// for a flag.
func snoozeEndings() []ending {
	return []ending{
		{kit.T("For 1 hour"), func(now time.Time) time.Time { return now.Add(time.Hour) }},
		{kit.T("For 4 hours"), func(now time.Time) time.Time { return now.Add(4 * time.Hour) }},
		{kit.T("Until tomorrow 9:00"), tomorrow},
		{kit.T("Until…"), nil},
	}
}

func attentionEndings() []ending {
	return []ending{
		{kit.T("Until I take it back"), never},
		{kit.T("For 4 hours"), func(now time.Time) time.Time { return now.Add(4 * time.Hour) }},
		{kit.T("Until tomorrow 9:00"), tomorrow},
		{kit.T("For a week"), func(now time.Time) time.Time { return now.AddDate(0, 0, 7) }},
		{kit.T("Until…"), nil},
	}
}

func flagEndings() []ending {
	return []ending{
		{kit.T("Until I take it back"), never},
		{kit.T("For a month"), func(now time.Time) time.Time { return now.AddDate(0, 1, 0) }},
		{kit.T("For three months"), func(now time.Time) time.Time { return now.AddDate(0, 3, 0) }},
		{kit.T("Until…"), nil},
	}
}

// tomorrow is the next day at nine in the morning, on this machine's wall.
func tomorrow(now time.Time) time.Time {
	l := now.Local()
	return time.Date(l.Year(), l.Month(), l.Day()+1, 9, 0, 0, 0, l.Location())
}

// readMoment reads a moment that was typed: a day and a time, a day (nine in the morning), or a
// time (today, or tomorrow when it has passed). It has to be in the future.
func readMoment(text string, now time.Time) (time.Time, bool) {
	text, l := strings.TrimSpace(text), now.Local()
	t, err := time.ParseInLocation("2006-01-02 15:04", text, l.Location())
	if err != nil {
		if t, err = time.ParseInLocation("2006-01-02", text, l.Location()); err == nil {
			t = t.Add(9 * time.Hour)
		}
	}
	if err != nil {
		var c time.Time
		if c, err = time.Parse("15:04", text); err == nil {
			t = time.Date(l.Year(), l.Month(), l.Day(), c.Hour(), c.Minute(), 0, 0, l.Location())
			if !t.After(now) {
				t = t.AddDate(0, 0, 1)
			}
		}
	}
	return t, err == nil && t.After(now)
}

// endingForm asks how long: a choice, and a line for a moment of one's own.
type endingForm struct {
	endings []ending
	choice  *widget.Select
	moment  *kit.Answer
	wrong   *kit.Prose
	now     func() time.Time
	root    *fyne.Container
}

func newEndingForm(endings []ending, now func() time.Time) *endingForm {
	f := &endingForm{endings: endings, now: now, wrong: kit.NewProse("", kit.ToneBad).Small()}
	words := make([]string, len(endings))
	for i, e := range endings {
		words[i] = e.word
	}
	f.moment = kit.NewAnswer(now().Local().AddDate(0, 0, 2).Format("2006-01-02") + " 14:00")
	f.choice = widget.NewSelect(words, func(string) { f.refresh() })
	f.root = container.NewVBox(f.choice, f.moment, f.wrong)
	f.wrong.Hide()
	f.choice.SetSelectedIndex(0)
	return f
}

func (f *endingForm) own() bool { return f.endings[max(0, f.choice.SelectedIndex())].until == nil }

func (f *endingForm) refresh() {
	kit.Show(f.moment, f.own())
	if !f.own() {
		kit.Show(f.wrong, false)
	}
	f.root.Refresh()
}

// until is the answer; false when it cannot be read, which the form then says.
func (f *endingForm) until() (time.Time, bool) {
	if !f.own() {
		return f.endings[max(0, f.choice.SelectedIndex())].until(f.now()), true
	}
	t, ok := readMoment(f.moment.Text, f.now())
	if !ok {
		f.wrong.SetText(kit.T("Write a moment to come, such as %s or 14:00.", f.now().Local().AddDate(0, 0, 2).Format("2006-01-02 15:04")))
		kit.Show(f.wrong, true)
		f.root.Refresh()
	}
	return t, ok
}

// labelled puts a name over an input.
func labelled(name string, input fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(indent(kit.NewLine(name, kit.ToneMuted)), input)
}

// askAttention asks for the comment and how long.
func (v *view) askAttention(kind core.AttentionKind) {
	nos := v.targets()
	if len(nos) == 0 || kit.Asking(v.host.Window()) {
		return
	}
	title, yes, endings := kit.T("Acknowledge %s", countText(len(nos))), kit.T("Acknowledge"), attentionEndings()
	about := kit.T("Nobody is reminded of it any more. The source never hears of it.")
	if kind == core.Snooze {
		title, yes, endings = kit.T("Snooze %s", countText(len(nos))), kit.T("Snooze"), snoozeEndings()
		about = kit.T("Out of the way until then. The source never hears of it.")
	}
	comment := kit.NewAnswer(kit.T("Why (for you and your team)"))
	form := newEndingForm(endings, v.desk.Now)
	asked := kit.Ask(v.host.Window(), title, yes,
		kit.Wide(420, container.NewVBox(kit.Note(about), labelled(kit.T("Comment"), comment), labelled(kit.T("How long"), form.root))), comment,
		func() bool {
			until, ok := form.until()
			if ok {
				v.marks.Mark(kind, nos, comment.Text, until)
			}
			return ok
		})
	asked.Answers(comment, form.moment)
	v.backToGrid(asked)
}

// backToGrid gives the keyboard back when a dialog has gone.
func (v *view) backToGrid(asked *kit.Asked) {
	asked.OnClosed(func() { v.ui.Do(v.focusGrid) })
}

// askOwner asks who is to work on the tickets selected.
func (v *view) askOwner() { v.askOwnerOf(v.targets(), "") }

// askOwnerOf asks who is to work on tickets, and proposes somebody unless proposed is "".
func (v *view) askOwnerOf(nos []uint32, proposed string) {
	if len(nos) == 0 || kit.Asking(v.host.Window()) {
		return
	}
	var owners []string
	name := kit.NewSuggest(kit.T("Name, as the source writes it"))
	name.Put(proposed)
	name.Complete = func(text string, _ int) []core.Completion { return matchOwners(owners, text) }
	note := kit.Note(kit.T("Given on this desk only: the source is not changed. Empty takes an assignment back."))
	asked := kit.Ask(v.host.Window(), kit.T("Assign %s", countText(len(nos))), kit.T("Assign"),
		kit.Wide(420, container.NewVBox(note, name, kit.Tall(26*kit.SuggestMost+12, container.NewVBox(name.List)))), name,
		func() bool { v.marks.Assign(nos, name.Text); return true })
	name.Enter, name.Leave = asked.Yes, asked.Leave
	name.Pressed = func() { v.ui.Do(func() { name.Resume(v.host.Window().Canvas()) }) }
	v.backToGrid(asked)
	async.Run(v.ctx, v.ui, v.desk.Owners, func(list []string, err error) {
		if err == nil { // without them the name is typed in full
			owners = list
			name.Offer()
		}
	})
}

// matchOwners are the owners with a word that begins as text does, those with the most tickets
// first, as they come.
func matchOwners(owners []string, text string) (out []core.Completion) {
	part := strings.ToLower(strings.TrimSpace(text))
	for _, o := range owners {
		low := strings.ToLower(o)
		begins := strings.HasPrefix(low, part) || slices.ContainsFunc(strings.Fields(low), func(w string) bool { return strings.HasPrefix(w, part) })
		if begins && o != text && len(out) < kit.SuggestMost {
			out = append(out, core.Completion{Text: o, Start: 0, End: len(text)})
		}
	}
	return out
}

// askSave asks for the name of the filter in the box.
func (v *view) askSave() {
	name := kit.NewAnswer(kit.T("Name of the filter"))
	text := strings.TrimSpace(v.list.Text())
	if text == "" {
		text = kit.T("all tickets")
	}
	asked := kit.Ask(v.host.Window(), kit.T("Save this filter"), kit.T("Save"),
		kit.Wide(420, container.NewVBox(kit.Note(text), name)), name, func() bool {
			if strings.TrimSpace(name.Text) == "" {
				return false
			}
			v.list.Save(name.Text)
			return true
		})
	asked.Answers(name)
	v.backToGrid(asked)
}

// askFlag asks for a person's own word on a customer.
func (v *view) askFlag(card core.CustomerCard, tough bool) {
	title, yes := kit.T("Flag %s as tough", nameOfCustomer(card)), kit.T("Flag as tough")
	about := kit.T("Counts as tough whatever the score says.")
	if !tough {
		title, yes = kit.T("Flag %s as fine", nameOfCustomer(card)), kit.T("Flag as fine")
		about = kit.T("Counts as fine whatever the score says.")
	}
	note := kit.NewAnswer(kit.T("Why (for you and your team)"))
	form := newEndingForm(flagEndings(), v.desk.Now)
	asked := kit.Ask(v.host.Window(), title, yes,
		kit.Wide(420, container.NewVBox(kit.Note(about), labelled(kit.T("Note"), note), labelled(kit.T("How long"), form.root))), note,
		func() bool {
			until, ok := form.until()
			if ok {
				v.marks.SetFlag(core.ToughFlag{Customer: card.Key, Tough: tough, Note: note.Text, At: v.desk.Now(), Until: until}, card.Flag)
			}
			return ok
		})
	asked.Answers(note, form.moment)
}

// askLink looks for an order customer to join a customer with.
func (v *view) askLink(card core.CustomerCard) {
	found := kit.NewGrid(func(c core.Client) string { return c.Customer },
		kit.Column[core.Client]{ID: "customer", Title: kit.T("Identity"), Width: 120, Weight: 1, Text: func(c core.Client) string { return c.Customer }},
		kit.Column[core.Client]{ID: "name", Title: kit.T("Name"), Width: 100, Weight: 1, Text: func(c core.Client) string { return c.Name }},
		kit.Column[core.Client]{ID: "email", Title: kit.T("E-mail"), Width: 120, Weight: 1.2, Text: func(c core.Client) string { return c.Email }},
		kit.Column[core.Client]{ID: "orders", Title: kit.T("Orders"), Width: 60, Align: fyne.TextAlignTrailing, Text: func(c core.Client) string { return kit.Number(c.Orders) }},
	).Height(28)
	state := kit.NewCaption("")
	loader := async.NewLoader[[]core.Client](v.ui)
	look := func(text string) {
		loader.Load(func(ctx context.Context) ([]core.Client, error) { return v.desk.FindOrderCustomers(ctx, text) },
			func(list []core.Client, err error) {
				if err != nil {
					state.Set(kit.ErrorText(err), kit.ToneBad)
					return
				}
				found.SetRows(list)
				state.Set(kit.N("%s customer found", "%s customers found", int64(len(list))), kit.ToneMuted)
			})
	}
	text := kit.NewAnswer(kit.T("Identity, name or e-mail in the orders"))
	stop := func() {}
	text.OnChanged = func(s string) {
		stop()
		stop = v.wait(typeRest, func() { look(strings.TrimSpace(s)) })
	}
	top := container.NewVBox(kit.Note(kit.T("Which customer of the orders is this? The two become one customer; it can be undone.")), text)
	asked := kit.Ask(v.host.Window(), kit.T("Join %s with an order customer", nameOfCustomer(card)), kit.T("Join"),
		container.NewBorder(top, indent(state), nil, nil, found), text, func() bool {
			c, ok := found.Selected()
			if ok {
				v.marks.Link(card.Key, c.Customer)
			}
			return ok
		}).Size(v.host.Window(), fyne.NewSize(640, 460))
	asked.OnClosed(func() { stop(); loader.Close() })
	asked.Enable(false)
	found.OnSelect = func() {
		_, ok := found.Selected()
		asked.Enable(ok)
	}
	found.OnOpen = func(core.Client) { asked.Yes() }
	text.OnSubmitted = func(string) { found.Focus() }
	text.Leave = asked.Leave
	start := card.Email
	if start == "" {
		start = card.Name
	}
	text.SetText(start)
}

func nameOfCustomer(c core.CustomerCard) string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Email != "":
		return c.Email
	}
	return c.Key.ID
}
