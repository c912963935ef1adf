package orders

import "deskwatch/core"

// Fields are the eight fields of an orders file, as the column recogniser looks for them.
//
// The header names come from the exports of Shopify, WooCommerce, Magento, PrestaShop
// and Amazon, the UCI and Olist data sets, the older program's files, and plain English and Spanish. Status is
// not required, because a value rule can give it (see Reading.Missing). "State" is no name of
// it: in English files that is where the customer lives. A plain row number
// (index, row, #) is no line id: the next export numbers its rows anew.
func Fields(ids *Identities, words *Vocabulary) []core.FieldSpec {
	return []core.FieldSpec{
		{Field: core.FieldID, Required: true, Content: core.ContentID, Names: []string{
			"orderid", "shippingid", "invoiceno", "ordernumber", "orderno", "pedido", "numeropedido", "idpedido",
			"amazonorderid", "invoice", "invoiceid", "invoicenumber", "ordernum", "orderref", "orderreference", "ordercode", "orderkey", "order",
			"incrementid", "salesorder", "salesorderid", "salesordernumber", "purchaseid", "shipmentid", "transactionid", "reference",
			"numerodepedido", "numpedido", "nropedido", "nopedido", "npedido", "pedidoid", "pedidonumero", "iddepedido", "codigopedido", "codigodepedido", "referenciapedido",
			"orden", "idorden", "ordenid", "numeroorden", "numerodeorden", "numorden", "idenvio", "numeroenvio", "factura", "numerofactura", "numerodefactura", "idfactura", "referencia",
			"id",
		}},
		{Field: core.FieldCustomer, Required: true, Content: core.ContentMatch, Accepts: ids.Recognises, Names: []string{
			"ordervendordbname", "customerid", "customer", "idcliente", "clienteid", "cliente", "vendordbname", "vendor", "vendorid",
			"customernumber", "customerno", "customercode", "customeruniqueid", "custid", "clientid", "client", "clientnumber", "clientcode",
			"buyerid", "buyer", "userid", "accountid", "account", "accountnumber", "shopid", "shop", "storeid", "merchantid", "merchant", "sellerid", "seller",
			"codigocliente", "codigodecliente", "numerocliente", "numerodecliente", "iddecliente", "nrocliente", "numcliente", "comprador", "idcomprador",
			"idusuario", "usuario", "cuenta", "idcuenta", "tienda", "idtienda", "vendedor", "idvendedor", "proveedor",
		}},
		{Field: core.FieldDate, Required: true, Content: core.ContentDate, Names: []string{
			"orderdate", "shippingdate", "invoicedate", "fechapedido", "fecha", "date", "purchasedate", "orderedat", "orderedon", "orderpurchasetimestamp",
			"createdat", "datecreated", "creationdate", "createdon", "created", "dateadded", "purchasedon", "orderdatetime", "ordertime", "ordertimestamp", "dateordered",
			"paidat", "paiddate", "transactiondate", "saledate", "salesdate", "shipdate", "shippeddate", "shipmentdate", "dateshipped", "datetime", "timestamp", "day",
			"fechadepedido", "fechadelpedido", "fechaorden", "fechadeorden", "fechacompra", "fechadecompra", "fechacreacion", "fechadecreacion", "fechafactura", "fechadefactura",
			"fechaenvio", "fechadeenvio", "fechaventa", "fechadeventa", "fechapago", "fechahora", "dia",
		}},
		{Field: core.FieldStatus, Content: core.ContentWords, Accepts: words.Knows, Names: []string{
			"shippingstatus", "orderstatus", "status", "estadopedido", "estado", "orderstate", "shipmentstatus", "deliverystatus",
			"itemstatus", "orderitemstatus", "statusname", "statuscode", "fulfillmentstatus", "fulfilmentstatus", "financialstatus", "currentstatus", "currentstate", "statut",
			"estadodelpedido", "estadodepedido", "estadoorden", "estadodelaorden", "estadoenvio", "estadodelenvio", "estadodeenvio", "estadoentrega", "estadoactual", "situacion", "estatus",
		}},
		{Field: core.FieldLine, Content: core.ContentAny, Names: []string{
			"lineid", "orderline", "orderlineid", "lineitemid", "orderitemid", "orderitem", "orderlinenumber", "orderlineno", "linenumber", "lineno", "linenum", "line",
			"invoiceline", "invoicelineid", "itemnumber", "itemno", "position",
			"linea", "lineaid", "idlinea", "lineapedido", "lineadepedido", "idlineapedido", "numerolinea", "numerodelinea", "numlinea", "nrolinea", "posicion", "partida", "renglon",
		}},
		{Field: core.FieldAmount, Content: core.ContentNumber, Names: []string{
			"amount", "total", "ordertotal", "orderamount", "totalamount", "grandtotal", "importe", "importetotal", "monto", "totalprice", "totalpaid",
			"grandtotalpurchased", "grandtotalbase", "ordervalue", "itemprice", "paymentvalue", "linetotal", "netamount", "revenue", "sales", "value",
			"totalpedido", "totaldelpedido", "montototal", "preciototal", "importepedido", "totalpagado", "valor", "valortotal",
		}},
		{Field: core.FieldName, Content: core.ContentAny, Names: []string{
			"customername", "nombrecliente", "clientname", "buyername", "customerfullname", "fullname", "billingname", "billtoname", "accountname", "shopname", "storename", "companyname", "company",
			"recipientname", "shippingname", "shiptoname", "contactname",
			"nombredelcliente", "nombredecliente", "clientenombre", "nombrecompleto", "nombreyapellidos", "razonsocial", "nombrecomprador", "nombretienda", "empresa", "destinatario",
		}},
		{Field: core.FieldEmail, Content: core.ContentEmail, Names: []string{
			"email", "customeremail", "correo", "emailaddress", "mail", "buyeremail", "clientemail", "billingemail", "contactemail", "emailcustomer",
			"correoelectronico", "correocliente", "correodelcliente", "emailcliente", "emaildelcliente", "direcciondecorreo", "correocomprador",
		}},
	}
}
