package kit

import "deskwatch/core"

// TicketStatus is a ticket's status in the window's language.
func TicketStatus(s core.TicketStatus) string {
	switch s {
	case core.TicketNew:
		return T("new")
	case core.TicketOpen:
		return T("open")
	case core.TicketPending:
		return T("pending")
	case core.TicketHeld:
		return T("on hold")
	case core.TicketResolved:
		return T("resolved")
	case core.TicketClosed:
		return T("closed")
	}
	return T("other")
}

// TicketPriority is a ticket's priority in the window's language.
func TicketPriority(p core.Priority) string {
	switch p {
	case core.PriorityLow:
		return T("low")
	case core.PriorityNormal:
		return T("normal")
	case core.PriorityHigh:
		return T("high")
	case core.PriorityUrgent:
		return T("urgent")
	}
	return ""
}

// TicketField is a field of a ticket in the window's language.
func TicketField(f core.Field) string {
	switch f {
	case core.FieldID:
		return T("Ticket id")
	case core.FieldNumber:
		return T("Number")
	case core.FieldSubject:
		return T("Subject")
	case core.FieldDescription:
		return T("Description")
	case core.FieldStatus:
		return T("Status")
	case core.FieldPriority:
		return T("Priority")
	case core.FieldProduct:
		return T("Product")
	case core.FieldCustomer:
		return T("Customer id")
	case core.FieldCustomerName:
		return T("Customer name")
	case core.FieldEmail:
		return T("Customer e-mail")
	case core.FieldOwner:
		return T("Owner")
	case core.FieldChannel:
		return T("Channel")
	case core.FieldCreated:
		return T("Created")
	case core.FieldUpdated:
		return T("Updated")
	case core.FieldFirstReply:
		return T("First reply")
	case core.FieldClosed:
		return T("Closed")
	case core.FieldEscalated:
		return T("Escalated")
	case core.FieldReopened:
		return T("Reopened")
	}
	return T("Rating")
}
