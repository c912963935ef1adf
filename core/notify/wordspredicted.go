package notify

import (
	"fmt"
	"strconv"

	"deskwatch/core"
)

// englishPredicted leaves the words of a model's reasons as the model says them.
func englishPredicted(r core.NamedReason) string {
	if spanishPredicted(r) == "" {
		return ""
	}
	return r.Text
}

// spanishPredicted words the reasons a model has beside those of the stated rules, told apart by
// whether something is counted. A reason that takes satisfaction away has negative points.
func spanishPredicted(r core.NamedReason) string {
	often := "acaban mal menos a menudo"
	if r.Points < 0 {
		often = "acaban mal más a menudo"
	}
	// about is said of tickets with the subject, or without one where nothing else fits.
	about := func(with, without string) string {
		if r.Subject == "" {
			return without
		}
		return fmt.Sprintf(with, r.Subject) + " " + often
	}
	switch r.Reason {
	case "reply_wait":
		if r.Ratio > 0 {
			return "espera de la primera respuesta: " + ratio(r) + "× lo habitual"
		}
		return "espera de la primera respuesta"
	case "owner":
		return about("los tickets de %s", "no es de nadie")
	case "team":
		return about("los tickets del equipo %s", "no lo lleva ningún equipo")
	case "customer":
		return about("los tickets de %s", "cliente desconocido")
	case "category":
		return about("los tickets sobre %s", "los tickets sobre esto "+often)
	case "product":
		return about("los tickets sobre %s", "producto desconocido")
	case "channel":
		return about("los tickets por %s", "canal desconocido")
	case "status":
		return about("los tickets en estado %s", "estado desconocido")
	case "priority":
		if r.Count > 0 {
			return counted{"la prioridad cambió una vez", "la prioridad cambió %d veces"}.of(r.Count)
		}
		return about("los tickets de prioridad %s", "prioridad desconocida")
	case "words":
		return "los tickets con esas palabras " + often
	case "tone":
		return "el tono del texto"
	case "size":
		return counted{"texto de %d carácter", "texto de %d caracteres"}.of(r.Count)
	case "reassigned":
		if r.Count == 0 {
			return "nunca reasignado"
		}
		return counted{"reasignado una vez", "reasignado %d veces"}.of(r.Count)
	case "changes":
		return counted{"%d cambio hasta ahora", "%d cambios hasta ahora"}.of(r.Count)
	case "load":
		if r.Subject == "" {
			return "llegan " + ratio(r) + "× los tickets habituales"
		}
		return r.Subject + " recibe " + ratio(r) + "× los tickets habituales"
	case "hour":
		return "la hora de llegada"
	case "column":
		return r.Subject
	case "pair":
		return "los tickets con " + r.Subject + " " + often
	case "reopened":
		if r.Count == 0 {
			return "nunca reabierto"
		}
	case "silence":
		if r.Count == 0 {
			return "sin cambios desde hace menos de un día"
		}
	case "age":
		if r.Count == 0 {
			return "abierto desde hace menos de un día"
		}
	}
	return ""
}

// ratio writes "3" or "3.2".
func ratio(r core.NamedReason) string { return strconv.FormatFloat(r.Ratio, 'f', -1, 64) }
