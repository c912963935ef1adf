package tabular

import (
	"regexp"
	"strings"
	"testing"

	"deskwatch/core"
)

// orderSpecs are specs like those of the orders import.
func orderSpecs() []core.FieldSpec {
	identity := regexp.MustCompile(`^.+_\d+$`)
	statuses := " shipped cancelled pending delivered returned entregado devuelto "
	return []core.FieldSpec{
		{Field: core.FieldID, Required: true, Content: core.ContentID, Names: []string{"orderid", "shippingid", "invoiceno", "pedido"}},
		{Field: core.FieldLine, Content: core.ContentID, Names: []string{"lineid", "line"}},
		{Field: core.FieldCustomer, Required: true, Content: core.ContentMatch, Accepts: identity.MatchString, Names: []string{"ordervendordbname", "customerid", "customer", "cliente"}},
		{Field: core.FieldDate, Required: true, Content: core.ContentDate, Names: []string{"orderdate", "shippingdate", "invoicedate", "date", "fecha"}},
		{Field: core.FieldStatus, Required: true, Content: core.ContentWords, Names: []string{"orderstatus", "shippingstatus", "status", "estado"},
			Accepts: func(s string) bool { return strings.Contains(statuses, " "+strings.ToLower(s)+" ") }},
		{Field: core.FieldAmount, Content: core.ContentNumber, Names: []string{"amount", "total", "importe"}},
		{Field: core.FieldName, Content: core.ContentAny, Names: []string{"customername", "name", "nombre"}},
		{Field: core.FieldEmail, Content: core.ContentEmail, Names: []string{"email", "correo"}},
	}
}

// tableOf makes a header and sample records of lines separated by commas.
func tableOf(lines ...string) (header []string, sample []core.Record) {
	header = strings.Split(lines[0], ",")
	for i, l := range lines[1:] {
		sample = append(sample, core.Record{Line: i + 2, Cells: strings.Split(l, ",")})
	}
	return header, sample
}

func TestColumnsAreRecognised(t *testing.T) {
	for name, c := range map[string]struct {
		lines  []string
		chosen map[core.Field]string
		want   map[core.Field]string
		lacks  string
	}{
		"the older program's names": {lines: []string{"shipping_id,order_vendor_dbname,shipping_date,shipping_status", "a1,shop_1,2023-06-01,cancelled"},
			want: map[core.Field]string{"id": "shipping_id", "customer": "order_vendor_dbname", "date": "shipping_date", "status": "shipping_status"}},
		"Spanish with accents": {lines: []string{"Nº Pedido,Cliente,Fecha,Estado,Correo Electrónico,Importe", "a1,shop_1,01/06/2023,devuelto,a@example.com,12"},
			want: map[core.Field]string{"id": "Nº Pedido", "customer": "Cliente", "date": "Fecha", "status": "Estado", "email": "Correo Electrónico", "amount": "Importe"}},
		"a longer name does not beat the name itself": {lines: []string{"Courier Status,Status,InvoiceNo,CustomerID,InvoiceDate", "Shipped,Cancelled,A1,shop_1,2023-06-01"},
			want: map[core.Field]string{"id": "InvoiceNo", "customer": "CustomerID", "date": "InvoiceDate", "status": "Status"}},
		"content that contradicts a name": {lines: []string{"order_id,customer,Date,Delivery date,status", "a1,shop_1,monday,2023-06-01,shipped", "a2,shop_1,friday,2023-06-02,shipped"},
			want: map[core.Field]string{"id": "order_id", "customer": "customer", "date": "Delivery date", "status": "status"}},
		"content alone, for what is required": {lines: []string{"order_id,who,when,what,mail", "a1,shop_1,2023-06-01,shipped,a@example.com", "a2,shop_2,2023-06-02,returned,b@example.com"},
			want: map[core.Field]string{"id": "order_id", "customer": "who", "date": "when", "status": "what"}},
		"two columns fit alike": {lines: []string{"order_id,who,made,sent,what", "a1,shop_1,2023-06-01,2023-06-01,shipped", "a2,shop_2,2023-06-02,2023-06-03,returned"},
			want: map[core.Field]string{"id": "order_id", "customer": "who", "status": "what"}, lacks: "date"},
		"an id is never guessed": {lines: []string{"index,who,when,what", "1,shop_1,2023-06-01,shipped", "2,shop_2,2023-06-02,returned"},
			want: map[core.Field]string{"customer": "who", "date": "when", "status": "what"}, lacks: "id"},
		"a part of a name is no guess for optional fields": {lines: []string{"order_id,customer,date,status,Product line,Product name,Total weight", "a1,shop_1,2023-06-01,shipped,toys,ball,heavy"},
			want: map[core.Field]string{"id": "order_id", "customer": "customer", "date": "date", "status": "status"}},
		"several columns name the order": {lines: []string{"Estado del pedido,Total pedido,Fecha pedido,Número de pedido,Cliente",
			"Devuelto,12,01/06/2023,A1,shop_1", "Entregado,13,02/06/2023,A2,shop_1", "Shipped,14,02/06/2023,A3,shop_1"},
			want: map[core.Field]string{"id": "Número de pedido", "customer": "Cliente", "date": "Fecha pedido", "status": "Estado del pedido", "amount": "Total pedido"}},
		"an amount without numbers": {lines: []string{"order_id,customer,date,status,amount", "a1,shop_1,2023-06-01,shipped,much"},
			want: map[core.Field]string{"id": "order_id", "customer": "customer", "date": "date", "status": "status"}},
		"the user's choice": {lines: []string{"order_id,customer,date,status,other", "a1,shop_1,2023-06-01,shipped,x_1"},
			chosen: map[core.Field]string{"customer": "OTHER", "status": "-", "amount": "order id"},
			want:   map[core.Field]string{"id": "", "customer": "other", "date": "date", "amount": "order_id"}, lacks: "id status"},
		"the columns of a rejects file": {lines: []string{"order_id,customer,reject_reason,status,reject_line,reject_column", "a1,shop_1,2023-06-01,shipped,3,date"},
			want: map[core.Field]string{"id": "order_id", "customer": "customer", "status": "status"}, lacks: "date"},
		"names only": {lines: []string{"Order ID,Customer,Date,Status"},
			want: map[core.Field]string{"id": "Order ID", "customer": "Customer", "date": "Date", "status": "Status"}},
	} {
		t.Run(name, func(t *testing.T) {
			header, sample := tableOf(c.lines...)
			choices, missing, err := Recognise(header, sample, orderSpecs(), c.chosen)
			if err != nil {
				t.Fatal(err)
			}
			got := map[core.Field]string{}
			for _, ch := range choices {
				got[ch.Field] = ch.Column
				if header[ch.Index] != ch.Column || ch.Why == "" {
					t.Errorf("choice %+v", ch)
				}
			}
			for field, column := range c.want {
				if got[field] != column {
					t.Errorf("%s is %q, want %q", field, got[field], column)
				}
				delete(got, field)
			}
			if len(got) > 0 {
				t.Errorf("also chose %v", got)
			}
			var lacks []string
			for _, f := range missing {
				lacks = append(lacks, string(f))
			}
			if strings.Join(lacks, " ") != c.lacks {
				t.Errorf("missing %v, want %q", missing, c.lacks)
			}
		})
	}
}

func TestChoicesSayWhy(t *testing.T) {
	header, sample := tableOf("order_id,who,day,status", "a1,shop_1,2023-06-01,shipped", "a2,shop_2,2023-06-02,lost")
	choices, _, err := Recognise(header, sample, orderSpecs(), map[core.Field]string{"customer": "who"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[core.Field]string{"id": "the header says order_id", "customer": "you chose it", "date": "100 % of its cells are dates", "status": "the header says status"}
	for _, c := range choices {
		if !strings.Contains(c.Why, want[c.Field]) {
			t.Errorf("%s: %q, want %q", c.Field, c.Why, want[c.Field])
		}
	}
}

func TestAChosenColumnThatIsNotThereListsTheColumns(t *testing.T) {
	header, sample := tableOf("order_id,who", "a1,shop_1")
	for _, chosen := range []map[core.Field]string{{"customer": "client"}, {"colour": "who"}} {
		_, _, err := Recognise(header, sample, orderSpecs(), chosen)
		if core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%v gave %v", chosen, err)
		}
		if m := core.ErrorMessage(err); chosen["customer"] != "" && !strings.Contains(m, "order_id, who") {
			t.Errorf("the sentence does not list the columns: %s", m)
		}
	}
}
