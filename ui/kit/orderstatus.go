package kit

import "deskwatch/core"

// OrderStatus is a canonical order status in the window's language.
func OrderStatus(s core.Status) string {
	switch s {
	case core.StatusPlaced:
		return T("placed")
	case core.StatusShipped:
		return T("shipped")
	case core.StatusDelivered:
		return T("delivered")
	case core.StatusCancelled:
		return T("cancelled")
	case core.StatusReturned:
		return T("returned")
	}
	return T("other")
}
