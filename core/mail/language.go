package mail

import (
	"fmt"
	"strings"

	"deskwatch/core"
)

// language is what the templates cannot say by themselves: names of months and statuses.
type language struct {
	code     string
	months   [12]string
	period   string // how month and year stand together
	day      string // a day, a month and the year
	days     span
	or       string
	singular map[core.Status]string
	plural   map[core.Status]string
}

// span is how two days stand together: of one month, of two, of two years.
type span struct{ month, year, years string }

// languageFor returns the language of a code; English is the answer to any it does not know.
func languageFor(code string) language {
	if code == "es" {
		return spanish()
	}
	return english()
}

func english() language {
	words := map[core.Status]string{
		core.StatusPlaced: "placed", core.StatusShipped: "shipped", core.StatusDelivered: "delivered",
		core.StatusCancelled: "cancelled", core.StatusReturned: "returned", core.StatusOther: "other",
	}
	return language{
		code: "en", period: "%s %d", or: "or", singular: words, plural: words, day: "%d %s %d",
		days:   span{month: "%[1]d to %[4]d %[5]s %[6]d", year: "%[1]d %[2]s to %[4]d %[5]s %[6]d", years: "%[1]d %[2]s %[3]d to %[4]d %[5]s %[6]d"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
}

func spanish() language {
	return language{
		code: "es", period: "%s de %d", or: "o", day: "el %d de %s de %d",
		days: span{month: "del %[1]d al %[4]d de %[5]s de %[6]d", year: "del %[1]d de %[2]s al %[4]d de %[5]s de %[6]d",
			years: "del %[1]d de %[2]s de %[3]d al %[4]d de %[5]s de %[6]d"},
		singular: map[core.Status]string{
			core.StatusPlaced: "realizado", core.StatusShipped: "enviado", core.StatusDelivered: "entregado",
			core.StatusCancelled: "cancelado", core.StatusReturned: "devuelto", core.StatusOther: "de otro estado",
		},
		plural: map[core.Status]string{
			core.StatusPlaced: "realizados", core.StatusShipped: "enviados", core.StatusDelivered: "entregados",
			core.StatusCancelled: "cancelados", core.StatusReturned: "devueltos", core.StatusOther: "de otro estado",
		},
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	}
}

// month writes "June 2023".
func (l language) month(m core.Month) string {
	year, month := m.YearMonth()
	return fmt.Sprintf(l.period, l.months[month-1], year)
}

// span writes "12 April to 8 May 2023", and what is plain from the last day only once.
func (l language) span(first, last core.Day) string {
	year, month, day := first.Time().Date()
	toYear, toMonth, toDay := last.Time().Date()
	format := l.days.years
	switch {
	case first == last:
		return fmt.Sprintf(l.day, day, l.months[month-1], year)
	case year == toYear && month == toMonth:
		format = l.days.month
	case year == toYear:
		format = l.days.year
	}
	return fmt.Sprintf(format, day, l.months[month-1], year, toDay, l.months[toMonth-1], toYear)
}

// statuses writes "cancelled or returned", in the form that goes with n orders; "" for none
// and for all of them, which says nothing about the orders.
func (l language) statuses(s core.StatusSet, n int) string {
	words := l.plural
	if n == 1 {
		words = l.singular
	}
	var names []string
	for _, st := range s.List() {
		names = append(names, words[st])
	}
	last := len(names) - 1
	switch {
	case last < 0 || len(names) == len(core.Statuses()):
		return ""
	case last == 0:
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " " + l.or + " " + names[last]
}
