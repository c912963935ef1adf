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
	or       string
	singular map[core.Status]string
	plural   map[core.Status]string
}

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
		code: "en", period: "%s %d", or: "or", singular: words, plural: words,
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
}

func spanish() language {
	return language{
		code: "es", period: "%s de %d", or: "o",
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
