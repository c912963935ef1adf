package ui

import (
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// bookWords says in the status line what the order book is and how much it holds, or since when
// it does not answer.
func bookWords(st core.DeskStatus, now time.Time) (string, kit.Tone) {
	name := "SQLite"
	if st.BookKind == core.BookMongoDB {
		name = "MongoDB"
	}
	switch {
	case st.BookDenied && !st.BookDown.IsZero():
		return kit.T("%s refuses access since %s; alerts wait", name, kit.When(st.BookDown, now)), kit.ToneWarn
	case !st.BookDown.IsZero():
		return kit.T("%s unreachable since %s, retrying; alerts wait", name, kit.When(st.BookDown, now)), kit.ToneWarn
	case st.BookKind == core.BookMongoDB && st.BookCounted.IsZero():
		return name + " · " + kit.T("counting…"), kit.ToneMuted
	}
	return name + " · " + kit.N("%s order", "%s orders", st.Book.Orders), kit.ToneMuted
}

// bookDetail is all there is to say of the order book, a line each.
func bookDetail(st core.DeskStatus, now time.Time) string {
	var lines []string
	add := func(line string) { lines = append(lines, line) }
	if st.BookPlace != "" {
		add(st.BookPlace)
	}
	if !st.BookDown.IsZero() {
		words, _ := bookWords(st, now)
		add(words + ".")
		if st.BookTrouble != "" {
			add(st.BookTrouble)
		}
	}
	if st.BookKind == core.BookMongoDB && st.BookCounted.IsZero() {
		return strings.Join(lines, "\n")
	}
	b := st.Book
	add(kit.N("%s order", "%s orders", b.Orders) + ", " + kit.N("%s customer", "%s customers", b.Customers) + ", " + kit.N("%s client", "%s clients", b.Clients))
	if b.Unreadable > 0 {
		add(kit.N("%s document is no order and is left out.", "%s documents are no orders and are left out.", b.Unreadable))
	}
	if !st.BookCounted.IsZero() {
		add(kit.T("Counted %s.", kit.When(st.BookCounted, now)))
	}
	return strings.Join(lines, "\n")
}
