package orders

import (
	"testing"

	"deskwatch/core"
)

func TestEveryAmazonSpellingHasItsStatus(t *testing.T) {
	for raw, want := range map[string]core.Status{
		"Shipped": core.StatusShipped, "Shipped - Delivered to Buyer": core.StatusDelivered, "Cancelled": core.StatusCancelled,
		"Shipped - Returned to Seller": core.StatusReturned, "Shipped - Picked Up": core.StatusShipped, "Pending": core.StatusPlaced,
		"Pending - Waiting for Pick Up": core.StatusPlaced, "Shipped - Returning to Seller": core.StatusReturned,
		"Shipped - Out for Delivery": core.StatusShipped, "Shipped - Rejected by Buyer": core.StatusReturned, "Shipping": core.StatusShipped,
		"Shipped - Lost in Transit": core.StatusOther, "Shipped - Damaged": core.StatusOther,
	} {
		if got, known := NewVocabulary().Status(raw); got != want || !known {
			t.Errorf("%q is %v (known %v), want %v", raw, got, known, want)
		}
	}
}

func TestSpellingsOfShopsInEnglishAndSpanish(t *testing.T) {
	for raw, want := range map[string]core.Status{
		"canceled": core.StatusCancelled, "CANCELLED ": core.StatusCancelled, "\u00a0cancelled\t": core.StatusCancelled, "wc-cancelled": core.StatusOther,
		"voided": core.StatusCancelled, "failed": core.StatusCancelled, "refunded": core.StatusReturned, "partially_refunded": core.StatusReturned,
		"Completed": core.StatusDelivered, "fulfilled": core.StatusDelivered, "processing": core.StatusPlaced, "on-hold": core.StatusPlaced, "on_hold": core.StatusPlaced,
		"PartiallyShipped": core.StatusShipped, "IN TRANSIT": core.StatusShipped, "": core.StatusPlaced, "   ": core.StatusPlaced,
		"Cancelado": core.StatusCancelled, "anulada": core.StatusCancelled, "devuelto": core.StatusReturned, "Devolución": core.StatusReturned, "DEVOLUCIÓN": core.StatusReturned,
		"devolucion": core.StatusReturned, "Devolucio\u0301n": core.StatusReturned, "reembolsado": core.StatusReturned, "rechazado": core.StatusReturned, "enviado": core.StatusShipped,
		"En tránsito": core.StatusShipped, "en transito": core.StatusShipped, "Entregado": core.StatusDelivered, "pendiente": core.StatusPlaced,
	} {
		if got, _ := NewVocabulary().Status(raw); got != want {
			t.Errorf("%q is %v, want %v", raw, got, want)
		}
	}
}

func TestNoSpellingMeansTwoStatuses(t *testing.T) {
	seen := map[string]core.Status{}
	for status, list := range knownSpellings() {
		for _, s := range list {
			if before, ok := seen[fold(s)]; ok && before != status {
				t.Errorf("%q is both %v and %v", s, before, status)
			}
			seen[fold(s)] = status
		}
	}
}

func TestCanonicalNamesKnowThemselves(t *testing.T) {
	for _, s := range core.Statuses() {
		if got, known := NewVocabulary().Status(s.String()); got != s || !known {
			t.Errorf("%q is %v (known %v)", s, got, known)
		}
	}
}

func TestAnAssignmentWinsOverTheTableAndTheLaterOneOverTheEarlier(t *testing.T) {
	v := NewVocabulary(
		map[string]core.Status{"SHIPPED ": core.StatusReturned, "Zurück": core.StatusReturned, "closed": core.StatusDelivered},
		map[string]core.Status{"closed": core.StatusCancelled, "?": core.StatusCancelled, "": core.StatusShipped},
	)
	for raw, want := range map[string]core.Status{
		"shipped": core.StatusReturned, "ZURUCK": core.StatusReturned, "Closed": core.StatusCancelled, "?": core.StatusCancelled, "": core.StatusShipped,
	} {
		if got, known := v.Status(raw); got != want || !known {
			t.Errorf("%q is %v (known %v), want %v", raw, got, known, want)
		}
	}
	if got, known := v.Status("-"); got != core.StatusOther || known {
		t.Errorf("another sign is %v (known %v), want other and unknown", got, known)
	}
}

func TestAnEmptyCellIsNoStatusSpelling(t *testing.T) {
	v := NewVocabulary()
	if v.Knows("") || v.Knows("  ") || v.Knows("Set") || !v.Knows("enviado ") {
		t.Error("Knows mixes up spellings and other cells")
	}
}

func FuzzFoldIsStable(f *testing.F) {
	for _, s := range []string{"Shipped - Returned to Seller", "Devolución", "İSTANBUL", "ǅ", "ﬁ", "ß", "\xff", "?", "Å K", "ｃａｎｃｅｌ", "ו\u059a(\u05bc"} {
		f.Add(s)
	}
	v := NewVocabulary()
	f.Fuzz(func(t *testing.T, s string) {
		once := fold(s)
		if twice := fold(once); twice != once {
			t.Fatalf("fold(%q) is %q, folded again %q", s, once, twice)
		}
		a, knownA := v.Status(s)
		b, knownB := v.Status("\u00a0" + s + " \n")
		if a != b || knownA != knownB {
			t.Fatalf("blanks change the status of %q", s)
		}
	})
}
