package orders

import "deskwatch/core"

// knownSpellings is the table of status spellings, written as shops write them: those of
// Amazon, Shopify, WooCommerce, Magento, PrestaShop and the public data sets (Olist,
// UCI), in English and Spanish. Left out on purpose is what means different things in
// different shops ("closed", "archived"): it is listed as unknown and a person assigns it.
//
// A failed, voided or expired payment counts as cancelled: the order will not come to be.
// A refund, also a partial one, counts as returned. Fulfilled and completed count as delivered.
// Lost, damaged or disputed parcels are known, but neither cancelled nor returned: other.
func knownSpellings() map[core.Status][]string {
	return map[core.Status][]string{
		core.StatusPlaced: {
			"Placed", "New", "Open", "Created", "Received", "Accepted", "Approved", "Confirmed", "Invoiced", "Authorized", "Authorised",
			"Paid", "Partially Paid", "Payment Received", "Unpaid", "Pending", "Pending Payment", "Payment Pending", "Payment Review",
			"Awaiting Payment", "Awaiting Fulfillment", "Awaiting Fulfilment", "Awaiting Shipment", "Awaiting Pickup", "Awaiting Collection",
			"Pending - Waiting for Pick Up", "Waiting for Pick Up", "Ready for Pickup", "Ready to Ship", "Processing", "In Process", "In Progress",
			"Preparing", "Packing", "Packed", "On Hold", "Holded", "Hold", "Backorder", "Backordered", "Unshipped", "Not Shipped", "Unfulfilled",
			"Scheduled", "Draft", "Checkout Draft", "Invoice Unconfirmed", "Manifested",
			"Pendiente", "Pendientes", "Pendiente de pago", "Pendiente de envío", "Pendiente de recogida", "En espera", "En espera de pago",
			"Nuevo", "Nueva", "Abierto", "Abierta", "Creado", "Creada", "Recibido", "Recibida", "Aceptado", "Aceptada", "Aprobado", "Aprobada",
			"Confirmado", "Confirmada", "Facturado", "Facturada", "Pagado", "Pagada", "Pago aceptado", "Pago pendiente", "Sin pagar", "Autorizado", "Autorizada",
			"Procesando", "En proceso", "En preparación", "Preparando", "Preparado", "Preparada", "Empaquetado", "Retenido", "Retenida",
			"No enviado", "Sin enviar", "Listo para enviar", "Listo para recoger", "Realizado", "Realizada", "Borrador",
		},
		core.StatusShipped: {
			"Shipped", "Shipping", "Ship", "Dispatched", "Despatched", "Sent", "In Transit", "On the Way", "Out for Delivery", "Picked Up",
			"Partially Shipped", "Partially Fulfilled", "Partial", "Shipped - Picked Up", "Shipped - Out for Delivery", "Shipped - In Transit",
			"Handed over to carrier", "With courier", "Shipment in progress", "Left warehouse",
			"Enviado", "Enviada", "Enviados", "Enviadas", "Envío", "Parcialmente enviado", "Enviado parcialmente", "Despachado", "Despachada", "Expedido", "Expedida",
			"En tránsito", "En camino", "En reparto", "En ruta", "En distribución", "Sale a reparto", "Recogido", "Recogida", "Entregado al transportista", "Entregada al transportista",
		},
		core.StatusDelivered: {
			"Delivered", "Delivered to Buyer", "Shipped - Delivered to Buyer", "Shipped - Delivered", "Complete", "Completed", "Fulfilled",
			"Fullfilled", "Done", "Finished", "Collected", "Picked Up by Customer",
			"Entregado", "Entregada", "Entregados", "Entregadas", "Entregado al cliente", "Completado", "Completada", "Completo", "Finalizado", "Finalizada", "Terminado", "Terminada",
		},
		core.StatusCancelled: {
			"Cancelled", "Canceled", "Cancel", "Cancellation", "Cancelation", "Cancelled by Buyer", "Canceled by Buyer", "Cancelled by Seller", "Canceled by Seller",
			"Cancelled by Customer", "Canceled by Customer", "Order Cancelled", "Order Canceled", "Partially Cancelled", "Partially Canceled", "Canceled Reversal", "Pending Cancellation",
			"Void", "Voided", "Annulled", "Aborted", "Failed", "Payment Failed", "Payment Error", "Payment Declined", "Declined", "Denied", "Expired", "Trash", "Trashed",
			"Cancelado", "Cancelada", "Cancelados", "Canceladas", "Cancelación", "Cancelado por el cliente", "Cancelada por el cliente", "Cancelado por el vendedor", "Cancelada por el vendedor",
			"Pedido cancelado", "Anulado", "Anulada", "Anulados", "Anuladas", "Anulación", "Fallido", "Fallida", "Pago fallido", "Error de pago", "Error en pago", "Pago rechazado", "Expirado", "Expirada", "Caducado", "Caducada",
		},
		core.StatusReturned: {
			"Returned", "Return", "Returns", "Returning", "Returned to Seller", "Returning to Seller", "Rejected by Buyer", "Rejected by Customer", "Refused by Buyer", "Refused by Customer",
			"Shipped - Returned to Seller", "Shipped - Returning to Seller", "Shipped - Rejected by Buyer", "Return to Sender", "Returned to Sender", "Return to Origin",
			"RTO", "RTO Initiated", "RTO In Transit", "RTO Delivered", "Return Requested", "Return Initiated", "Return Received", "Partially Returned", "Partial Return",
			"Rejected", "Refused", "Refund", "Refunded", "Partially Refunded", "Partial Refund", "Refund Requested", "Refund Issued", "Restocked", "Customer Return",
			"Devuelto", "Devuelta", "Devueltos", "Devueltas", "Devolución", "Devoluciones", "En devolución", "Devolución solicitada", "Devolución parcial", "Parcialmente devuelto",
			"Devuelto al remitente", "Devuelto al vendedor", "Retornado", "Retornada", "Reembolsado", "Reembolsada", "Reembolso", "Reembolso parcial", "Parcialmente reembolsado", "Reintegrado",
			"Rechazado", "Rechazada", "Rechazados", "Rechazadas", "Rechazado por el cliente", "Rechazada por el cliente", "Rehusado", "Rehusada",
		},
		core.StatusOther: {
			"Other", "Lost", "Lost in Transit", "Shipped - Lost in Transit", "Damaged", "Damaged in Transit", "Shipped - Damaged", "Undelivered", "Undeliverable", "Delivery Failed", "Failed Delivery",
			"Unavailable", "Exchanged", "Exchange", "Replaced", "Disputed", "Dispute", "Chargeback", "Charged Back", "Fraud", "Suspected Fraud",
			"Otro", "Otra", "Otros", "Perdido", "Perdida", "Extraviado", "Extraviada", "Dañado", "Dañada", "No entregado", "No entregada", "Entrega fallida", "No disponible", "Cambiado", "En disputa", "Fraude",
		},
	}
}
