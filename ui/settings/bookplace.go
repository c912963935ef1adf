package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// placeGroup is where the orders are kept: the choice, and what only MongoDB needs.
type placeGroup struct {
	kind  *widget.RadioGroup
	kinds []core.OrderBookKind
	mongo *fyne.Container
	state *kit.Prose // of the book in use
	uri   *kit.Field
	hint  string // of uri
	names *folded
	named map[string]bool // the settings folded away
}

func (t *Tab) buildPlace() fyne.CanvasObject {
	g := &t.place
	g.kinds = []core.OrderBookKind{core.BookSQLite, core.BookMongoDB}
	g.kind = widget.NewRadioGroup([]string{kit.T("A file in the data folder (SQLite)"), kit.T("MongoDB: the team's database")}, nil)
	g.kind.Required = true
	g.kind.OnChanged = t.typed(func(word string) {
		for i, o := range g.kind.Options {
			if o == word {
				t.p.setBookKind(g.kinds[i])
			}
		}
	})
	kind := kit.NewField(kit.T("Orders are kept in"), g.kind, kit.T("Choosing another place moves nothing: each keeps the orders it has."))
	t.bind("order_book.kind", kind, func(s core.Settings) {
		for i, v := range g.kinds {
			if v == s.OrderBook.Kind {
				g.kind.SetSelected(g.kind.Options[i])
			}
		}
	})
	g.state = kit.NewProse("", kit.ToneMuted)
	g.state.Hide()

	text := func(name, label, hint string, at func(b *core.OrderBookSettings) *string) *kit.Field {
		return t.text("order_book."+name, label, hint, func(s *core.Settings) *string { return at(&s.OrderBook) })
	}
	g.mongo = container.NewVBox(
		t.buildURI(),
		t.buildPassword(core.SecretOrderBook),
		text("database", kit.T("Database"), "", func(b *core.OrderBookSettings) *string { return &b.Database }),
		text("orders", kit.T("Orders collection"), "", func(b *core.OrderBookSettings) *string { return &b.Orders }),
		text("clients", kit.T("Clients collection"), "", func(b *core.OrderBookSettings) *string { return &b.Clients }),
		t.number("order_book.timeout_seconds", kit.T("Seconds to find the server"), kit.T("From 1 to 120. A question to it may take ten times as long."), func(s *core.Settings) *int { return &s.OrderBook.TimeoutSeconds }),
		t.buildNames(),
	)
	return kit.Section(kit.T("Order book"), "", t.adminNote(), kind, g.state, g.mongo)
}

func (t *Tab) buildURI() *kit.Field {
	g := &t.place
	e := widget.NewEntry()
	e.OnChanged = t.typed(t.p.setBookURI)
	g.hint = kit.T("Such as mongodb+srv://user@cluster.company.com, without the password.")
	g.uri = kit.NewField(kit.T("Connection string"), e, g.hint)
	t.bind("order_book.uri", g.uri, func(s core.Settings) {
		if e.Text != s.OrderBook.URI {
			e.SetText(s.OrderBook.URI)
		}
	})
	return g.uri
}

// buildNames folds the field names away: most databases have the names Deskwatch expects.
func (t *Tab) buildNames() fyne.CanvasObject {
	g := &t.place
	g.names, g.named = newFolded(kit.T("Field names"), t.grown), map[string]bool{}
	add := func(name, label, hint string, at func(b *core.OrderBookSettings) *string) {
		g.named["order_book."+name] = true
		g.names.inside.Add(t.text("order_book."+name, label, hint, func(s *core.Settings) *string { return at(&s.OrderBook) }))
	}
	add("order_id_field", kit.T("Order id"), "", func(b *core.OrderBookSettings) *string { return &b.OrderID })
	add("date_field", kit.T("Order date"), "", func(b *core.OrderBookSettings) *string { return &b.Date })
	add("status_field", kit.T("Order status"), "", func(b *core.OrderBookSettings) *string { return &b.Status })
	add("customer_field", kit.T("Customer of an order"), "", func(b *core.OrderBookSettings) *string { return &b.Customer })
	add("client_name_field", kit.T("Customer of a client"), kit.T("Holds the same text as the customer of an order; it joins the two."), func(b *core.OrderBookSettings) *string { return &b.ClientCustomer })
	add("client_email_field", kit.T("E-mail of a client"), "", func(b *core.OrderBookSettings) *string { return &b.ClientEmail })
	add("client_identification_field", kit.T("Identification of a client"), "", func(b *core.OrderBookSettings) *string { return &b.ClientIdentification })
	defaults := widget.NewButton(kit.T("Use the default names"), t.p.defaultNames)
	defaults.Importance = widget.LowImportance
	g.names.inside.Add(kit.NewField("", container.NewHBox(defaults), ""))
	return g.names.root
}

// unfoldProblem brings a problem among the folded names into sight.
func (t *Tab) unfoldProblem(problems map[string]string) {
	for name := range problems {
		if t.place.named[name] {
			t.place.names.fold(false)
		}
	}
}

// showBookKind shows what the chosen kind needs.
func (t *Tab) showBookKind(kind core.OrderBookKind) {
	hide := kind != core.BookMongoDB
	if hide == t.place.mongo.Hidden && hide == t.tools.all.Hidden {
		return
	}
	t.place.mongo.Hidden, t.tools.all.Hidden = hide, hide
	t.body.Refresh()
}

// showBookInUse says which database is in use and whether it answers.
func (t *Tab) showBookInUse(st core.DeskStatus) {
	sentence, tone := "", kit.ToneMuted
	switch {
	case st.BookKind != core.BookMongoDB:
	case st.BookDenied && !st.BookDown.IsZero():
		sentence, tone = st.BookTrouble, kit.ToneWarn
	case !st.BookDown.IsZero():
		sentence, tone = kit.T("MongoDB cannot be reached since %s. %s", kit.When(st.BookDown, t.desk.Now()), st.BookTrouble), kit.ToneWarn
	case st.BookPlace != "":
		sentence = kit.T("In use: %s.", st.BookPlace)
	}
	t.place.state.Set(sentence, tone)
	t.place.state.Hidden = sentence == ""
}
