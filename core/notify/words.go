package notify

import (
	"fmt"
	"strings"
	"time"

	"deskwatch/core"
)

// Words are the sentences of notices in one language.
type Words struct {
	days  [7]string // from Sunday, short
	month [12]string

	due, overdue, since, waiting hour

	orders, more       counted
	flagged, escalated string
	satisfaction       string // %d of 100
	titles             map[core.NoticeKind]counted
	toughOne, ofMany   string // a new ticket's title, and so many of the new ones, of tough customers
	ofOne              string
	reasons            map[string]counted            // by core.NamedReason.Reason; of its Count
	predicted          func(core.NamedReason) string // what a model says; "" when it is nothing a model says
}

// counted is a sentence for one and for several; %d is the number.
type counted struct{ one, many string }

func (c counted) of(n int) string {
	text := c.many
	if n == 1 {
		text = c.one
	}
	if strings.Contains(text, "%d") {
		return fmt.Sprintf(text, n)
	}
	return text
}

// hour is a sentence about a time: with an hour of today, and with one of another day.
type hour struct{ today, other string }

// WordsFor returns the words of a language; English is the answer to any it does not know.
func WordsFor(language string) Words {
	if language == "es" {
		return spanish()
	}
	return english()
}

func english() Words {
	return Words{
		days:  [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		month: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		due:   hour{"reply due %s", "reply due %s"}, overdue: hour{"reply overdue since %s", "reply overdue since %s"},
		since: hour{"Since %s", "Since %s"}, waiting: hour{"waiting since %s", "waiting since %s"},
		orders: counted{"%d cancelled or returned order this month", "%d cancelled or returned orders this month"},
		more:   counted{"and %d more", "and %d more"}, flagged: "customer marked as tough", escalated: "escalated",
		satisfaction: "satisfaction %d of 100", predicted: englishPredicted,
		titles: map[core.NoticeKind]counted{
			core.NoticeNew: {"New ticket", "%d new tickets"}, core.NoticeReplyDue: {"First reply due", "%d first replies due"},
			core.NoticeTough:      {"News of a tough customer", "%d tickets of tough customers"},
			core.NoticeEscalation: {"Escalation", "%d escalations"}, core.NoticeAtRisk: {"Ticket at risk", "%d tickets at risk"}, core.NoticeSnooze: {"Snooze ended", "%d snoozed tickets are back"},
		},
		toughOne: "New ticket of a tough customer", ofOne: "%d from a tough customer", ofMany: "%d from tough customers",
		reasons: map[string]counted{
			"bad_ratings": {"%d bad rating before", "%d bad ratings before"}, "escalations": {"%d escalation before", "%d escalations before"},
			"reopenings": {"%d reopened ticket before", "%d reopened tickets before"}, "tempo": {"many tickets in a short time", "many tickets in a short time"},
			"breaches":  {"%d month with too many bad orders", "%d months with too many bad orders"},
			"escalated": {"escalated", "escalated"}, "reply_overdue": {"the first reply is overdue", "the first reply is overdue"},
			"reply_late": {"the first reply came too late", "the first reply came too late"}, "reply_due": {"the first reply is due soon", "the first reply is due soon"},
			"urgent": {"urgent", "urgent"}, "high": {"high priority", "high priority"}, "reopened": {"reopened once", "reopened %d times"},
			"tough": {"tough customer", "tough customer (%d of 100)"}, "orders": {"%d bad order this month", "%d bad orders this month"}, "unowned": {"nobody owns it", "nobody owns it"},
			"silence": {"no change for %d day", "no change for %d days"}, "age": {"open for %d day", "open for %d days"},
			"rated_badly": {"rated badly by the customer", "rated badly by the customer"},
		},
	}
}

func spanish() Words {
	return Words{
		days:  [7]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
		month: [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
		due:   hour{"responder antes de las %s", "responder antes del %s"}, overdue: hour{"sin respuesta desde las %s", "sin respuesta desde el %s"},
		since: hour{"Desde las %s", "Desde el %s"}, waiting: hour{"espera desde las %s", "espera desde el %s"},
		orders: counted{"%d pedido cancelado o devuelto este mes", "%d pedidos cancelados o devueltos este mes"},
		more:   counted{"y %d más", "y %d más"}, flagged: "cliente marcado como difícil", escalated: "escalado",
		satisfaction: "satisfacción %d de 100", predicted: spanishPredicted,
		titles: map[core.NoticeKind]counted{
			core.NoticeNew: {"Ticket nuevo", "%d tickets nuevos"}, core.NoticeReplyDue: {"Primera respuesta pendiente", "%d primeras respuestas pendientes"},
			core.NoticeTough:      {"Novedad de un cliente difícil", "%d tickets de clientes difíciles"},
			core.NoticeEscalation: {"Escalada", "%d escaladas"}, core.NoticeAtRisk: {"Ticket en riesgo", "%d tickets en riesgo"}, core.NoticeSnooze: {"Fin del aplazamiento", "%d tickets aplazados de vuelta"},
		},
		toughOne: "Ticket nuevo de un cliente difícil", ofOne: "%d de un cliente difícil", ofMany: "%d de clientes difíciles",
		reasons: map[string]counted{
			"bad_ratings": {"%d mala valoración anterior", "%d malas valoraciones anteriores"}, "escalations": {"%d escalada anterior", "%d escaladas anteriores"},
			"reopenings": {"%d ticket reabierto antes", "%d tickets reabiertos antes"}, "tempo": {"muchos tickets en poco tiempo", "muchos tickets en poco tiempo"},
			"breaches":  {"%d mes con demasiados pedidos fallidos", "%d meses con demasiados pedidos fallidos"},
			"escalated": {"escalado", "escalado"}, "reply_overdue": {"la primera respuesta lleva retraso", "la primera respuesta lleva retraso"},
			"reply_late": {"la primera respuesta llegó tarde", "la primera respuesta llegó tarde"}, "reply_due": {"la primera respuesta vence pronto", "la primera respuesta vence pronto"},
			"urgent": {"urgente", "urgente"}, "high": {"prioridad alta", "prioridad alta"}, "reopened": {"reabierto una vez", "reabierto %d veces"},
			"tough": {"cliente difícil", "cliente difícil (%d de 100)"}, "orders": {"%d pedido fallido este mes", "%d pedidos fallidos este mes"}, "unowned": {"no es de nadie", "no es de nadie"},
			"silence": {"sin cambios desde hace %d día", "sin cambios desde hace %d días"}, "age": {"abierto desde hace %d día", "abierto desde hace %d días"},
			"rated_badly": {"mal valorado por el cliente", "mal valorado por el cliente"},
		},
	}
}

// when writes a time: "14:20" of today, "Mon 09:30" within a week, "2 Mar 09:30" beyond.
func (w Words) when(h hour, at, now time.Time, zone *time.Location) string {
	at, now = at.In(zone), now.In(zone)
	clock := at.Format("15:04")
	y, m, d := at.Date()
	ny, nm, nd := now.Date()
	switch away := at.Sub(now).Abs(); {
	case y == ny && m == nm && d == nd:
		return fmt.Sprintf(h.today, clock)
	case away < 6*24*time.Hour:
		return fmt.Sprintf(h.other, w.days[at.Weekday()]+" "+clock)
	case y != ny:
		return fmt.Sprintf(h.other, fmt.Sprintf("%d %s %d", d, w.month[m-1], y))
	}
	return fmt.Sprintf(h.other, fmt.Sprintf("%d %s %s", d, w.month[m-1], clock))
}

// reason writes what weighs most in a score; "" for none.
func (w Words) reason(r core.NamedReason) string {
	if text := w.predicted(r); text != "" {
		return text
	}
	if c, ok := w.reasons[r.Reason]; ok {
		return c.of(r.Count)
	}
	return r.Text
}
