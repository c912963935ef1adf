package app

import (
	"testing"
	"time"

	"deskwatch/core"
)

func TestEverySystemsExportIsUnderstood(t *testing.T) {
	d := newDesk(t)
	at := func(hour int) time.Time { return time.Date(2024, 3, 12, hour, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, text string
		want       core.Ticket
	}{
		{"Zendesk", "ID,Requester,Requester id,Requester email,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Solved at,Satisfaction Score,Reopens,First reply time in minutes\n" +
			"7,Ana,99,ana@acme.example,Ben,Support,Lost,a b,Pending,High,Mail,Problem,2024-03-12 10:00,2024-03-12 12:00,,Good,2,35\n",
			core.Ticket{ID: "7", Number: "7", Subject: "Lost", Status: core.TicketPending, RawStatus: "Pending", Priority: core.PriorityHigh, RawPriority: "High", CustomerID: "99", Customer: "Ana", Email: "ana@acme.example",
				Owner: "Ben", Channel: "Mail", CreatedAt: at(10), UpdatedAt: at(12), Rating: 5, Reopened: 2}},
		{"Jira", "Summary,Issue key,Issue id,Issue Type,Status,Project key,Priority,Assignee,Reporter,Created,Updated,Resolved,Component/s\n" +
			"Lost,SUP-7,10007,Incident,In Progress,SUP,Medium,Ben,Ana,12/Mar/24 10:00 AM,12/Mar/24 12:00 PM,,Spark\n",
			core.Ticket{ID: "10007", Number: "SUP-7", Subject: "Lost", Status: core.TicketOpen, RawStatus: "In Progress", Priority: core.PriorityNormal, RawPriority: "Medium", Product: "Spark", CustomerID: "Ana", Customer: "Ana",
				Owner: "Ben", CreatedAt: at(10), UpdatedAt: at(12)}},
		{"Freshdesk", "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,Last update time,Initial response time,First response time (in hrs),Survey results,Product,Full name,Title,Email,Company\n" +
			"7,Lost,Waiting on Customer,Urgent,Email,Question,Ben,Support,2024-03-12 10:00:00,2024-03-13 10:00:00,,2024-03-12 13:00:00,2024-03-12 12:00:00,2024-03-12 11:00:00,1:00,,Spark,Ana,CEO,ana@acme.example,Acme\n",
			core.Ticket{ID: "7", Number: "7", Subject: "Lost", Status: core.TicketPending, RawStatus: "Waiting on Customer", Priority: core.PriorityUrgent, RawPriority: "Urgent", Product: "Spark", CustomerID: "ana@acme.example", Customer: "Acme", Email: "ana@acme.example",
				Owner: "Ben", Channel: "Email", CreatedAt: at(10), UpdatedAt: at(12), FirstReplyAt: at(11), ClosedAt: at(13)}},
		{"HubSpot", "Ticket ID,Ticket name,Ticket status,Pipeline,Priority,Ticket owner,Source,Create date,Last modified date,Close date,Associated Company\n" +
			"7,Lost,Waiting on contact,Support,LOW,Ben,CHAT,2024-03-12 10:00,2024-03-12 12:00,,Acme\n",
			core.Ticket{ID: "7", Number: "7", Subject: "Lost", Status: core.TicketPending, RawStatus: "Waiting on contact", Priority: core.PriorityLow, RawPriority: "LOW", CustomerID: "Acme", Customer: "Acme",
				Owner: "Ben", Channel: "CHAT", CreatedAt: at(10), UpdatedAt: at(12)}},
		{"Salesforce report", "Case Number,Account Name,Subject,Date/Time Opened,Age,Open,Closed,Status,Priority,Date/Time Closed,Case Origin,Escalated,Case Owner\n" +
			"00014292,Acme,Lost,3/25/2024 10:00 AM,5,0,1,Closed,Medium,3/25/2024 1:00 PM,Web,1,Ben\n",
			core.Ticket{ID: "00014292", Number: "00014292", Subject: "Lost", Status: core.TicketClosed, RawStatus: "Closed", Priority: core.PriorityNormal, RawPriority: "Medium", CustomerID: "Acme", Customer: "Acme",
				Owner: "Ben", Channel: "Web", CreatedAt: at(10).AddDate(0, 0, 13), ClosedAt: at(13).AddDate(0, 0, 13), Escalated: true}},
		{"ServiceNow", "Number,Opened,Short description,Caller,Priority,State,Category,Assignment group,Assigned to,Updated,Updated by,Closed,Channel\n" +
			"INC7,2024-03-12 10:00:00,Lost,Ana,1 - Critical,On Hold,Spark,Support,Ben,2024-03-12 12:00:00,ben,,Phone\n",
			core.Ticket{ID: "INC7", Number: "INC7", Subject: "Lost", Status: core.TicketHeld, RawStatus: "On Hold", Priority: core.PriorityUrgent, RawPriority: "1 - Critical", Product: "Spark", CustomerID: "Ana", Customer: "Ana",
				Owner: "Ben", Channel: "Phone", CreatedAt: at(10), UpdatedAt: at(12)}},
		{"Spanish", "Nº de caso;Asunto;Estado;Prioridad;Producto;Cliente;Correo electrónico;Responsable;Canal;Fecha de creación;Última actualización;Fecha de cierre;Valoración\n" +
			"7;Perdido;Pendiente del cliente;Crítica;Spark;Acme;ana@acme.example;Ben;Teléfono;2024-03-12 10:00;2024-03-12 12:00;;4\n",
			core.Ticket{ID: "7", Number: "7", Subject: "Perdido", Status: core.TicketPending, RawStatus: "Pendiente del cliente", Priority: core.PriorityUrgent, RawPriority: "Crítica", Product: "Spark", CustomerID: "ana@acme.example", Customer: "Acme", Email: "ana@acme.example",
				Owner: "Ben", Channel: "Teléfono", CreatedAt: at(10), UpdatedAt: at(12), Rating: 4}},
	} {
		c.want.Source = "file"
		v, err := d.PreviewTickets(t.Context(), core.TicketImportRequest{Path: writeFile(t, "x.csv", c.text), Mapping: core.TicketMapping{Zone: "UTC"}})
		if err != nil || len(v.Tickets) != 1 || v.Tickets[0] != c.want {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v\nproblems %v", c.name, err, v.Tickets, c.want, v.Problems)
		}
	}
}
