package tickets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type ticketRow = *core.TicketView

// columns are those of the grid. Where width is short, those that decide least go first: when it
// changed, its product, its orders, its status, who works on it, how much it presses, and last its
// satisfaction.
func columns(desk Desk, bar func() int) []kit.Column[ticketRow] {
	return []kit.Column[ticketRow]{
		{ID: "number", Title: kit.T("Number"), Width: 78, Weight: 0.2, Sorts: true, Text: func(v ticketRow) string { return v.Number }, Style: numberStyle},
		{ID: "subject", Title: kit.T("Subject"), Width: 175, Weight: 3, Sorts: true, Text: func(v ticketRow) string { return v.Subject }, Style: subjectStyle},
		{ID: "customer", Title: kit.T("Customer"), Width: 100, Weight: 2, Sorts: true, Text: customerName, Style: customerStyle},
		{ID: "product", Title: kit.T("Product"), Width: 66, Weight: 0.4, Drop: 6, Sorts: true, Text: func(v ticketRow) string { return v.Product }},
		{ID: "priority", Title: kit.T("Priority"), Width: 70, Drop: 2, Sorts: true, Descends: true,
			Text:  func(v ticketRow) string { return kit.TicketPriority(v.Priority) },
			Style: func(v ticketRow) kit.Style { return kit.Style{Chip: true, Tone: priorityTone(v.Priority)} }},
		{ID: "status", Title: kit.T("Status"), Width: 70, Weight: 0.5, Drop: 4, Sorts: true,
			Text:  func(v ticketRow) string { return kit.TicketStatus(v.Status) },
			Style: func(v ticketRow) kit.Style { return kit.Style{Tone: statusTone(v.Status), Note: rawStatus(v.Ticket)} }},
		{ID: "owner", Title: kit.T("Owner"), Width: 76, Weight: 0.5, Drop: 3, Sorts: true, Text: ownerName, Style: ownerStyle},
		{ID: "due", Title: kit.T("Reply due"), Width: 112, Sorts: true,
			Text:  func(v ticketRow) string { return dueText(v, desk.Now()) },
			Style: func(v ticketRow) kit.Style { return clockStyle(v.Clock) }},
		{ID: "satisfaction", Title: kit.T("Satisfaction"), Width: 94, Drop: 1, Sorts: true, Text: satisfaction,
			Style: func(v ticketRow) kit.Style { return satisfactionStyle(v, bar()) }},
		{ID: "orders", Title: kit.T("Bad orders"), Width: 76, Drop: 5, Align: fyne.TextAlignTrailing, Sorts: true, Descends: true,
			Text: badOrders, Style: func(v ticketRow) kit.Style {
				if v.BadOrders >= 3 {
					return kit.Style{Tone: kit.ToneWarn, Bold: true}
				}
				return kit.Style{}
			}},
		{ID: "updated", Title: kit.T("Updated"), Width: 92, Drop: 7, Sorts: true, Descends: true,
			Text:  func(v ticketRow) string { return kit.ShortTime(v.UpdatedAt, desk.Now()) },
			Style: func(ticketRow) kit.Style { return kit.Style{Tone: kit.ToneMuted} }},
	}
}

func numberStyle(v ticketRow) kit.Style {
	if v.Gone {
		return kit.Style{Tone: kit.ToneMuted}
	}
	return kit.Style{Bold: v.Status == core.TicketNew}
}

// subjectStyle shows what people did about a ticket: acknowledged or snoozed.
func subjectStyle(v ticketRow) kit.Style {
	switch {
	case v.Snoozed != nil:
		return kit.Style{Tone: kit.ToneMuted, Icon: theme.VolumeMuteIcon()}
	case v.Acknowledged != nil:
		return kit.Style{Icon: theme.ConfirmIcon()}
	case v.Escalated && !v.Done():
		return kit.Style{Tone: kit.ToneNormal, Icon: theme.MoveUpIcon()}
	case v.Done():
		return kit.Style{Tone: kit.ToneMuted}
	}
	return kit.Style{}
}

func customerName(v ticketRow) string {
	switch {
	case v.Customer != "":
		return v.Customer
	case v.Email != "":
		return v.Email
	}
	return v.CustomerID
}

func customerStyle(v ticketRow) kit.Style {
	if v.IsTough {
		return kit.Style{Tone: kit.ToneWarn, Icon: theme.WarningIcon()}
	}
	return kit.Style{}
}

// ownerName is who works on a ticket: an owner given on the desk wins.
func ownerName(v ticketRow) string {
	if v.Assigned != "" {
		return v.Assigned
	}
	return v.Owner
}

func ownerStyle(v ticketRow) kit.Style {
	if v.Assigned != "" && v.Assigned != v.Owner {
		return kit.Style{Tone: kit.ToneAccent, Note: kit.T("given here")}
	}
	return kit.Style{}
}

// satisfaction is the predicted one; of a ticket that is done there is none.
func satisfaction(v ticketRow) string {
	if v.Done() {
		return ""
	}
	return strconv.Itoa(v.Satisfaction)
}

// satisfactionStyle marks a ticket at risk, by a word beside its colour. That all is well goes
// without saying.
func satisfactionStyle(v ticketRow, bar int) kit.Style {
	tone := kit.SatisfactionTone(v.Satisfaction, bar)
	if v.Done() || tone == kit.ToneGood {
		return kit.Style{Tone: kit.ToneMuted}
	}
	return kit.Style{Tone: tone, Bold: tone == kit.ToneBad, Note: kit.SatisfactionWord(tone)}
}

func badOrders(v ticketRow) string {
	if v.BadOrders == 0 {
		return ""
	}
	return kit.Number(int64(v.BadOrders))
}
