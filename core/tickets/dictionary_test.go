package tickets

import (
	"testing"
	"time"

	"deskwatch/core"
)

func dictionary(t testing.TB, m core.TicketMapping) *Dictionary {
	t.Helper()
	d, err := NewDictionary(m, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEverySystemsOwnNamesAreKnown(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	for field, names := range map[core.Field][]string{
		core.FieldID:           {"Id", "id", "Ticket ID", "Unique id", "sys_id", "hs_object_id", "ID de ticket"},
		core.FieldNumber:       {"CaseNumber", "number", "Ticket Number", "key", "Número", "Nº ticket", "Número de incidencia"},
		core.FieldSubject:      {"Subject", "raw_subject", "short_description", "Summary", "Asunto", "Título"},
		core.FieldDescription:  {"Description", "Descripción", "description_text"},
		core.FieldStatus:       {"Status", "incident_state", "State", "Estado", "hs_pipeline_stage", "fields.status.name"},
		core.FieldPriority:     {"Priority", "hs_ticket_priority", "Prioridad", "fields.priority.name"},
		core.FieldProduct:      {"Product__c", "category", "Producto", "Product Name"},
		core.FieldCustomer:     {"AccountId", "caller_id", "requester_id", "organization_id", "ContactId", "customer_id"},
		core.FieldCustomerName: {"Account.Name", "Requester", "customer", "Cliente", "SuppliedCompany", "Contact.Name"},
		core.FieldEmail:        {"ContactEmail", "Contact.Email", "SuppliedEmail", "requester.email", "Correo electrónico"},
		core.FieldOwner:        {"OwnerId", "Owner.Name", "assignee_id", "assigned_to", "Agent_name", "Asignado a", "Propietario"},
		core.FieldChannel:      {"Origin", "via.channel", "contact_type", "channel_name", "Canal"},
		core.FieldCreated:      {"CreatedDate", "created_at", "opened_at", "sys_created_on", "Issue_reported at", "Fecha de creación"},
		core.FieldUpdated:      {"LastModifiedDate", "updated_at", "sys_updated_at", "sys_updated_on", "Última actualización"},
		core.FieldFirstReply:   {"first_reply_at", "issue_responded", "First response", "stats.first_responded_at", "Primera respuesta"},
		core.FieldClosed:       {"ClosedDate", "closed_at", "resolved_at", "Fecha de cierre"},
		core.FieldEscalated:    {"IsEscalated", "Escalated", "Escalado"},
		core.FieldReopened:     {"reopen_count", "Reopens", "Reaperturas"},
		core.FieldRating:       {"satisfaction_rating.score", "CSAT Score", "Valoración", "rating"},
		FieldReference:         {"attributes.referenceId"},
	} {
		for _, name := range names {
			if got, ok := d.FieldOf(name); !ok || got != field {
				t.Errorf("%s is taken for %q, want %s", name, got, field)
			}
		}
	}
	for _, name := range []string{"url", "attributes.type", "type", "SLAViolation__c", "group_id", "made_sla", ""} {
		if got, ok := d.FieldOf(name); ok {
			t.Errorf("%s is taken for %s", name, got)
		}
	}
}

func TestNoNameStandsForTwoFields(t *testing.T) {
	of := map[string]core.Field{}
	for _, known := range fieldTable() {
		for _, name := range known.names {
			if fold(name) != name {
				t.Errorf("%s of %s is not in normal form", name, known.field)
			}
			if other, taken := of[name]; taken {
				t.Errorf("%s names %s and %s, or one of them twice", name, other, known.field)
			}
			of[name] = known.field
		}
	}
}

func TestTheMappingComesBeforeTheKnownNames(t *testing.T) {
	d := dictionary(t, core.TicketMapping{Fields: map[core.Field]string{core.FieldProduct: "Queue__c", core.FieldOwner: "-", core.FieldSubject: "status"}})
	for name, want := range map[string]core.Field{"queue__C": core.FieldProduct, "product": "", "category": "", "owner": "", "Owner.Name": "", "status": core.FieldSubject, "subject": ""} {
		if got, _ := d.FieldOf(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !d.Prefer("Account.Name", "SuppliedCompany") || d.Prefer("SuppliedCompany", "Account.Name") {
		t.Error("the better of two names is not known")
	}
	if _, err := NewDictionary(core.TicketMapping{Fields: map[core.Field]string{"colour": "Colour"}}, nil); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("a field nobody knows is mapped: %v", err)
	}
	if _, err := NewDictionary(core.TicketMapping{Zone: "Mars/Olympus"}, nil); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("a zone nobody knows is taken: %v", err)
	}
}

func TestEverySystemsStatusesAreKnown(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	for raw, want := range map[string]core.TicketStatus{
		"New": core.TicketNew, "nuevo": core.TicketNew, "To Do": core.TicketNew,
		"Open": core.TicketOpen, "Working": core.TicketOpen, "Active": core.TicketOpen, "In Progress": core.TicketOpen, "En curso": core.TicketOpen, "Abierta": core.TicketOpen, "Escalated": core.TicketOpen,
		"Pending": core.TicketPending, "Awaiting User Info": core.TicketPending, "WAITING ON CUSTOMER": core.TicketPending, "Pendiente del cliente": core.TicketPending,
		"On-hold": core.TicketHeld, "Awaiting Vendor": core.TicketHeld, "Awaiting Problem": core.TicketHeld, "Awaiting Evidence": core.TicketHeld, "En espera": core.TicketHeld,
		"Resolved": core.TicketResolved, "solved": core.TicketResolved, "Resuelto": core.TicketResolved,
		"Closed": core.TicketClosed, "Cerrado": core.TicketClosed, "Cancelled": core.TicketClosed, "Done": core.TicketClosed,
	} {
		if got, known := d.Status(raw); !known || got != want {
			t.Errorf("%s is %v (known %v), want %v", raw, got, known, want)
		}
	}
	if got, known := d.Status("-100"); known || got != core.TicketOther {
		t.Errorf("-100 is %v, known %v", got, known)
	}
	if got, known := d.Status(" ? "); !known || got != core.TicketOther {
		t.Errorf("? is %v, known %v: nothing is told", got, known)
	}
	d = dictionary(t, core.TicketMapping{Statuses: map[string]core.TicketStatus{"Parking Lot": core.TicketHeld, "open": core.TicketNew}})
	for raw, want := range map[string]core.TicketStatus{"parking lot": core.TicketHeld, "OPEN": core.TicketNew} {
		if got, _ := d.Status(raw); got != want {
			t.Errorf("%s, mapped, is %v, want %v", raw, got, want)
		}
	}
}

func TestEverySystemsPrioritiesAreKnown(t *testing.T) {
	d := dictionary(t, core.TicketMapping{Priorities: map[string]core.Priority{"Gold": core.PriorityHigh, "4": core.PriorityUrgent}})
	for raw, want := range map[string]core.Priority{
		"P1": core.PriorityUrgent, "1 - Critical": core.PriorityUrgent, "1": core.PriorityUrgent, "urgent": core.PriorityUrgent, "Crítica": core.PriorityUrgent,
		"2": core.PriorityHigh, "High": core.PriorityHigh, "Alta": core.PriorityHigh, "gold": core.PriorityHigh,
		"3 - Moderate": core.PriorityNormal, "Medium": core.PriorityNormal, "media": core.PriorityNormal, "normal": core.PriorityNormal,
		"Low": core.PriorityLow, "5 - Planning": core.PriorityLow, "Baja": core.PriorityLow,
		"": core.PriorityNone, "None": core.PriorityNone, "4": core.PriorityUrgent,
	} {
		if got, known := d.Priority(raw); !known || got != want {
			t.Errorf("%s is %v (known %v), want %v", raw, got, known, want)
		}
	}
	if _, known := d.Priority("purple"); known {
		t.Error("purple is a priority")
	}
}

func TestNoSpellingHasTwoMeanings(t *testing.T) {
	statuses := map[string]core.TicketStatus{}
	for status, spellings := range knownStatuses() {
		for _, s := range spellings {
			if other, taken := statuses[fold(s)]; taken && other != status {
				t.Errorf("%s is %v and %v", s, status, other)
			}
			statuses[fold(s)] = status
		}
	}
	priorities := map[string]core.Priority{}
	for priority, spellings := range knownPriorities() {
		for _, s := range spellings {
			if other, taken := priorities[fold(s)]; taken && other != priority {
				t.Errorf("%s is %v and %v", s, priority, other)
			}
			priorities[fold(s)] = priority
		}
	}
}
