package tickets

import (
	"strconv"
	"strings"

	"deskwatch/core"
)

// knownStatuses is the table of status spellings: those of Salesforce, Zendesk, ServiceNow, Jira,
// Freshdesk and HubSpot, in English and Spanish. Left out on purpose is what means different
// things in different systems, such as the numbers 3 to 5 (ServiceNow's and Freshdesk's differ).
//
// Who has to act decides: what waits for the customer is pending, what waits for anybody else is
// held, and what was called off is closed.
func knownStatuses() map[core.TicketStatus][]string {
	return map[core.TicketStatus][]string{
		core.TicketNew: {
			"New", "Created", "Submitted", "Received", "Registered", "Logged", "Unassigned", "To Do", "Todo", "Backlog", "Triage", "Untriaged", "Not Started", "Queued", "1",
			"Nuevo", "Nueva", "Creado", "Creada", "Recibido", "Recibida", "Registrado", "Registrada", "Sin asignar", "Por hacer", "No iniciado",
		},
		core.TicketOpen: {
			"Open", "Opened", "Active", "Working", "Work in Progress", "WIP", "In Progress", "In Process", "Processing", "In Work", "Started", "Assigned", "Accepted", "Acknowledged",
			"In Review", "Under Review", "Under Investigation", "Investigating", "Escalated", "Reopened", "Re-opened", "Waiting on us", "Waiting for support", "Waiting on agent",
			"Customer Responded", "Customer Replied", "Responded", "Ongoing", "Selected for Development", "2",
			"Abierto", "Abierta", "Activo", "Activa", "En curso", "En proceso", "En progreso", "Trabajando", "Asignado", "Asignada", "Aceptado", "Aceptada", "En revisión", "En análisis",
			"Investigando", "Escalado", "Escalada", "Reabierto", "Reabierta", "En tratamiento", "Respuesta del cliente", "Esperando a soporte",
		},
		core.TicketPending: {
			"Pending", "Pending Customer", "Pending User", "Pending Reply", "Awaiting User Info", "Awaiting User", "Awaiting Customer", "Awaiting Caller", "Awaiting Info", "Awaiting Information",
			"Awaiting Reply", "Awaiting Response", "Awaiting Customer Response", "Awaiting your Reply", "Awaiting Feedback", "Waiting", "Waiting on Customer", "Waiting for Customer", "Waiting on Contact", "Waiting on User",
			"Waiting for Response", "Waiting on Client", "Waiting for Reporter", "Need more Info", "Needs Info", "More Info Required", "Customer Action", "Pending Customer Response", "Waiting for Approval by Customer",
			"Pendiente", "Pendiente del cliente", "Pendiente de cliente", "Pendiente del usuario", "Pendiente de respuesta", "Esperando al cliente", "Esperando respuesta", "En espera del cliente", "En espera de respuesta",
			"En espera del usuario", "Esperando información", "A la espera del cliente", "A la espera de respuesta",
		},
		core.TicketHeld: {
			"On Hold", "Hold", "Held", "Paused", "Suspended", "Blocked", "Deferred", "Awaiting Vendor", "Awaiting Problem", "Awaiting Change", "Awaiting Evidence", "Awaiting Third Party", "Awaiting Approval", "Awaiting Parts",
			"Waiting on Third Party", "Waiting for Third Party", "Waiting on Vendor", "Waiting for Vendor", "Waiting for Approval", "Pending Vendor", "Pending Third Party", "Pending Problem", "Pending Change", "Pending Approval", "Scheduled",
			"En espera", "En pausa", "Pausado", "Pausada", "Suspendido", "Suspendida", "Bloqueado", "Bloqueada", "Retenido", "Retenida", "Aplazado", "Aplazada", "En espera de terceros", "Esperando a terceros", "Esperando al proveedor",
			"Pendiente de terceros", "Pendiente del proveedor", "Pendiente de proveedor", "En espera del proveedor", "Pendiente de aprobación", "Programado", "Programada",
		},
		core.TicketResolved: {
			"Resolved", "Solved", "Fixed", "Answered", "Resolution Provided", "Solution Provided", "Solution Proposed", "Completed", "Complete", "6",
			"Resuelto", "Resuelta", "Solucionado", "Solucionada", "Corregido", "Corregida", "Respondido", "Respondida", "Contestado", "Contestada", "Completado", "Completada",
		},
		core.TicketClosed: {
			"Closed", "Close", "Done", "Finished", "Ended", "Archived", "Cancelled", "Canceled", "Deleted", "Spam", "Junk", "Duplicate", "Closed - Duplicate", "Rejected", "Declined", "Withdrawn", "Merged", "Won't Fix", "Won't Do",
			"Closed Complete", "Closed Incomplete", "Closed Skipped", "Closed Resolved", "Closed Unresolved", "Auto Closed", "7", "8",
			"Cerrado", "Cerrada", "Hecho", "Finalizado", "Finalizada", "Terminado", "Terminada", "Archivado", "Archivada", "Cancelado", "Cancelada", "Anulado", "Anulada", "Eliminado", "Eliminada", "Duplicado", "Duplicada", "Rechazado", "Rechazada", "Descartado", "Descartada",
		},
		core.TicketOther: {"Other", "Otro", "Otra"},
	}
}

// knownPriorities is the table of priority spellings. A bare number is ServiceNow's and ITIL's:
// 1 presses most. Freshdesk's API counts the other way round; a mapping says so.
func knownPriorities() map[core.Priority][]string {
	return map[core.Priority][]string{
		core.PriorityUrgent: {
			"Urgent", "1", "P1", "P0", "Prio 1", "Priority 1", "1 - Critical", "1 - Urgent", "1 - Highest", "Critical", "Blocker", "Highest", "Very High", "Emergency", "Immediate", "Showstopper", "System Down",
			"Sev 1", "Severity 1", "S1", "S0", "P1 - Critical", "P1 - Urgent", "Now", "ASAP",
			"Urgente", "Crítica", "Crítico", "1 - Crítica", "Muy alta", "Muy alto", "Inmediata", "Inmediato", "Emergencia", "Bloqueante", "Máxima",
		},
		core.PriorityHigh: {
			"High", "2", "P2", "Prio 2", "Priority 2", "2 - High", "Major", "Important", "Elevated", "Sev 2", "Severity 2", "S2", "P2 - High", "Serious", "Severe",
			"Alta", "Alto", "2 - Alta", "Importante", "Mayor", "Elevada", "Elevado", "Grave",
		},
		core.PriorityNormal: {
			"Normal", "3", "P3", "Prio 3", "Priority 3", "3 - Moderate", "3 - Medium", "3 - Normal", "Medium", "Moderate", "Standard", "Average", "Default", "Sev 3", "Severity 3", "S3", "P3 - Medium", "P3 - Normal",
			"Media", "Medio", "Moderada", "Moderado", "3 - Media", "3 - Moderada", "Estándar",
		},
		core.PriorityLow: {
			"Low", "4", "5", "P4", "P5", "Prio 4", "Prio 5", "Priority 4", "Priority 5", "4 - Low", "5 - Planning", "5 - Lowest", "Lowest", "Minor", "Trivial", "Very Low", "Planning", "Sev 4", "Severity 4", "S4", "P4 - Low", "Whenever",
			"Baja", "Bajo", "4 - Baja", "5 - Planificación", "Muy baja", "Muy bajo", "Menor", "Planificación", "Mínima",
		},
		core.PriorityNone: {"None", "No Priority", "Not Set", "Unprioritized", "Unset", "0", "Ninguna", "Sin prioridad", "Sin asignar"},
	}
}

// yes reports whether a cell says so.
func yes(text string) bool {
	switch fold(text) {
	case "true", "yes", "y", "1", "t", "x", "on", "si", "s", "verdadero", "cierto", "wahr", "escalated", "escalado", "escalada":
		return true
	}
	return false
}

// readRating reads how content a customer was, 1 bad … 5 good: a number ("4", "4.0", "4/5",
// "4 stars"), stars, or Zendesk's and Spanish words. 0 stands for none, an offered one too.
func readRating(text string) int {
	text = given(text)
	if text == "" {
		return 0
	}
	switch fold(text) {
	case "good", "goodwithcomment", "great", "excellent", "verysatisfied", "happy", "positive", "buena", "bueno", "excelente", "muysatisfecho", "muysatisfecha", "positiva":
		return 5
	case "satisfied", "satisfecho", "satisfecha":
		return 4
	case "neutral", "ok", "okay", "average", "regular":
		return 3
	case "dissatisfied", "unsatisfied", "insatisfecho", "insatisfecha":
		return 2
	case "bad", "badwithcomment", "poor", "terrible", "verydissatisfied", "unhappy", "negative", "mala", "malo", "muyinsatisfecho", "muyinsatisfecha", "negativa":
		return 1
	}
	if stars := strings.Count(text, "★"); stars > 0 {
		return min(stars, 5)
	}
	if of, found := strings.CutSuffix(text, "/5"); found {
		text = of
	}
	word, _, _ := strings.Cut(trim(text), " ")
	n, err := strconv.ParseFloat(strings.Replace(word, ",", ".", 1), 64)
	if err != nil || n < 1 || n > 5 {
		return 0
	}
	return int(n + 0.5)
}
