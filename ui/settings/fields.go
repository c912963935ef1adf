package settings

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// bound is a form row that is filled from the settings and writes into the draft.
type bound struct {
	name  string
	field *kit.Field
	fill  func(s core.Settings)
	also  []string // other names whose problems are shown here
	wrong string   // the problem shown
}

// problem is what is wrong with the field, of all that is wrong.
func (b *bound) problem(problems map[string]string) string {
	for _, name := range append([]string{b.name}, b.also...) {
		if text := problems[name]; text != "" {
			return text
		}
	}
	return ""
}

// text binds a line of text.
func (t *Tab) text(name, label, hint string, at func(s *core.Settings) *string) *kit.Field {
	e := widget.NewEntry()
	e.OnChanged = t.typed(func(v string) {
		t.p.edit(name, func(s *core.Settings) string { *at(s) = strings.TrimSpace(v); return "" })
	})
	f := kit.NewField(label, e, hint)
	t.bind(name, f, func(s core.Settings) {
		if v := *at(&s); strings.TrimSpace(e.Text) != v {
			e.SetText(v)
		}
	})
	return f
}

// number binds a whole number; unit stands behind it.
func (t *Tab) number(name, label, hint string, at func(s *core.Settings) *int) *kit.Field {
	e := widget.NewEntry()
	e.OnChanged = t.typed(func(v string) {
		t.p.edit(name, func(s *core.Settings) string {
			n, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil {
				return kit.T("Write a whole number.")
			}
			*at(s) = n
			return ""
		})
	})
	f := kit.NewField(label, e, hint)
	t.bind(name, f, func(s core.Settings) {
		if v := *at(&s); strings.TrimSpace(e.Text) != strconv.Itoa(v) {
			e.SetText(strconv.Itoa(v))
		}
	})
	return f
}

// choice binds one of several values, each with its word.
func (t *Tab) choice(name, label, hint string, values, words []string, get func(s core.Settings) string, set func(s *core.Settings, v string)) *kit.Field {
	sel := widget.NewSelect(words, nil)
	sel.OnChanged = t.typed(func(string) {
		if i := sel.SelectedIndex(); i >= 0 {
			t.p.edit(name, func(s *core.Settings) string { set(s, values[i]); return "" })
		}
	})
	f := kit.NewField(label, sel, hint)
	t.bind(name, f, func(s core.Settings) {
		if i := slices.Index(values, get(s)); i != sel.SelectedIndex() {
			sel.SetSelectedIndex(i)
		}
	})
	return f
}

// toggle binds yes or no.
func (t *Tab) toggle(name, label, word, hint string, at func(s *core.Settings) *bool) *kit.Field {
	c := widget.NewCheck(word, nil)
	c.OnChanged = func(v bool) {
		if !t.filling {
			t.p.edit(name, func(s *core.Settings) string { *at(s) = v; return "" })
		}
	}
	f := kit.NewField(label, c, hint)
	t.bind(name, f, func(s core.Settings) { c.SetChecked(*at(&s)) })
	return f
}

func (t *Tab) bind(name string, f *kit.Field, fill func(core.Settings), also ...string) {
	t.bounds = append(t.bounds, bound{name: name, field: f, fill: fill, also: also})
}

// typed drops the changes that filling the form makes itself.
func (t *Tab) typed(f func(string)) func(string) {
	return func(v string) {
		if !t.filling {
			f(v)
		}
	}
}
