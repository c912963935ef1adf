package settings

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestCheckNamesTheOrderBookSettingThatIsWrong(t *testing.T) {
	type change = func(*core.OrderBookSettings)
	for _, tt := range []struct {
		name   string
		words  string
		change change
	}{
		{"order_book.kind", "choice", func(s *core.OrderBookSettings) { s.Kind = "oracle" }},
		{"order_book.uri", "not the address", func(s *core.OrderBookSettings) { s.URI = "postgres://host" }},
		{"order_book.uri", "password field", func(s *core.OrderBookSettings) { s.URI = "mongodb://ana:secret@host" }},
		{"order_book.uri", "password field", func(s *core.OrderBookSettings) { s.URI = "mongodb://ana:@host" }},
		{"order_book.uri", "no server", func(s *core.OrderBookSettings) { s.URI = "mongodb://ana@" }},
		{"order_book.uri", "no server", func(s *core.OrderBookSettings) { s.URI = "mongodb://one,,two" }},
		{"order_book.uri", "port", func(s *core.OrderBookSettings) { s.URI = "mongodb://one:27017,two:x" }},
		{"order_book.uri", "blank", func(s *core.OrderBookSettings) { s.URI = "mongodb://one two" }},
		{"order_book.uri", "one host", func(s *core.OrderBookSettings) { s.URI = "mongodb+srv://one:27017" }},
		{"order_book.uri", "secret", func(s *core.OrderBookSettings) { s.URI = "mongodb://one/?tlsCertificateKeyFilePassword=x" }},
		{"order_book.uri", "not the address", func(s *core.OrderBookSettings) { s.URI, s.Kind = "", core.BookMongoDB }},
		{"order_book.database", "MongoDB", func(s *core.OrderBookSettings) { s.Database = "a.b" }},
		{"order_book.database", "Name", func(s *core.OrderBookSettings) { s.Database = " " }},
		{"order_book.orders", "MongoDB", func(s *core.OrderBookSettings) { s.Orders = "a$b" }},
		{"order_book.orders", "MongoDB itself", func(s *core.OrderBookSettings) { s.Orders = "system.users" }},
		{"order_book.clients", "of their own", func(s *core.OrderBookSettings) { s.Clients = s.Orders }},
		{"order_book.clients", "of their own", func(s *core.OrderBookSettings) { s.Clients = s.Orders + ".imports" }},
		{"order_book.clients", "too long", func(s *core.OrderBookSettings) { s.Clients = strings.Repeat("x", 64) }},
		{"order_book.order_id_field", "MongoDB", func(s *core.OrderBookSettings) { s.OrderID = "a\x00" }},
		{"order_book.order_id_field", "_id", func(s *core.OrderBookSettings) { s.OrderID = "_id" }},
		{"order_book.date_field", "MongoDB", func(s *core.OrderBookSettings) { s.Date = "a.b" }},
		{"order_book.status_field", "own", func(s *core.OrderBookSettings) { s.Status = "deskwatch_status" }},
		{"order_book.customer_field", "twice", func(s *core.OrderBookSettings) { s.Customer = s.Date }},
		{"order_book.client_email_field", "twice", func(s *core.OrderBookSettings) { s.ClientEmail = s.ClientCustomer }},
		{"order_book.client_identification_field", "Name", func(s *core.OrderBookSettings) { s.ClientIdentification = "" }},
		{"order_book.timeout_seconds", "between 1 and 120", func(s *core.OrderBookSettings) { s.TimeoutSeconds = 121 }},
	} {
		s := core.DefaultSettings()
		tt.change(&s.OrderBook)
		p := Check(s)
		if len(p) != 1 || p[0].Name != tt.name || !strings.Contains(p[0].Message, tt.words) || strings.Contains(p[0].Message, "secret@") {
			t.Errorf("%s: got %v; want %q", tt.name, p, tt.words)
		}
	}
	for _, uri := range []string{
		"mongodb://localhost", "mongodb://ana@h1:27017,h2:27018/orders?replicaSet=rs0&tls=true", "mongodb+srv://ana@cluster.example.net/?retryWrites=true",
		"mongodb://[::1]:27017", "mongodb://[::1]", "MongoDB://host", "mongodb://%2Ftmp%2Fmongodb.sock",
	} {
		if why := CheckOrdersURI(uri); why != "" {
			t.Errorf("%s: %s", uri, why)
		}
	}
}
