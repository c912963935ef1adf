package settings

import (
	"strings"
	"unicode/utf8"

	"deskwatch/core"
)

// maxURI and maxName bound the texts of the group; maxName is the longest name MongoDB takes for
// a database, and more than enough for the others.
const (
	maxURI  = 2000
	maxName = 63
)

func (c *checker) orderBook(s core.OrderBookSettings) {
	c.oneOf("order_book.kind", string(s.Kind), string(core.BookSQLite), string(core.BookMongoDB))
	if why := CheckOrdersURI(s.URI); why != "" && (s.URI != "" || s.Kind == core.BookMongoDB) {
		c.bad("order_book.uri", "%s", why)
	}
	c.within("order_book.timeout_seconds", "The seconds for finding the server", s.TimeoutSeconds, 1, 120)
	c.mongoName("order_book.database", "database", s.Database, ".", "/", `\`, " ", `"`)
	c.mongoName("order_book.orders", "collection", s.Orders)
	c.mongoName("order_book.clients", "collection", s.Clients)
	for _, collection := range []struct{ name, value string }{{"order_book.orders", s.Orders}, {"order_book.clients", s.Clients}} {
		if strings.HasPrefix(collection.value, "system.") {
			c.bad(collection.name, "Names that begin with \"system.\" belong to MongoDB itself. Choose another collection.")
		}
	}
	switch s.Clients {
	case s.Orders, s.Orders + ".imports", s.Orders + ".replaced":
		c.bad("order_book.clients", "The clients need a collection of their own; %q is used for the orders.", s.Clients)
	}
	c.fields(
		namedField{"order_book.order_id_field", s.OrderID}, namedField{"order_book.date_field", s.Date},
		namedField{"order_book.status_field", s.Status}, namedField{"order_book.customer_field", s.Customer})
	c.fields(
		namedField{"order_book.client_name_field", s.ClientCustomer}, namedField{"order_book.client_email_field", s.ClientEmail},
		namedField{"order_book.client_identification_field", s.ClientIdentification})
}

type namedField struct{ setting, name string }

// fields checks the names of the fields of one collection.
func (c *checker) fields(list ...namedField) {
	seen := map[string]bool{}
	for _, f := range list {
		c.mongoName(f.setting, "field", f.name, ".")
		switch {
		case f.name == "_id":
			c.bad(f.setting, "The field _id is MongoDB's own name of a document. Choose the field that holds the value.")
		case strings.HasPrefix(f.name, "deskwatch"):
			c.bad(f.setting, "Fields that begin with \"deskwatch\" are Deskwatch's own. Choose another one.")
		case seen[f.name] && f.name != "":
			c.bad(f.setting, "The field %q is named twice. Each of the fields holds something else.", f.name)
		}
		seen[f.name] = true
	}
}

// mongoName checks a name by MongoDB's rules. not are characters it may not have besides.
func (c *checker) mongoName(setting, what, name string, not ...string) {
	switch {
	case strings.TrimSpace(name) == "":
		c.bad(setting, "Name the %s.", what)
	case len(name) > maxName || !utf8.ValidString(name):
		c.bad(setting, "The name of the %s is too long. Use at most %d characters.", what, maxName)
	case strings.ContainsAny(name, "$\x00"+strings.Join(not, "")) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		forbidden := "$ and control characters"
		if len(not) > 0 {
			forbidden = strings.ReplaceAll(strings.Join(not, ", "), ", ,", ", blanks,") + ", " + forbidden
		}
		c.bad(setting, "%q is not a name MongoDB takes for a %s. These may not be in it: %s.", name, what, forbidden)
	}
}
