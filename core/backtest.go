package core

// BackTestMonths is how many months in a row a back-test looks at.
const BackTestMonths = 12

// BackTest is what a rule, saved or not, finds in the last months of the orders: how often and
// when, not whom.
type BackTest struct {
	Breaches  int
	Customers int          // who have these breaches, each counted once
	Months    []MonthCount // BackTestMonths in a row, the oldest first; none when there are no orders
}

// MonthCount is how many there were in a month.
type MonthCount struct {
	Month Month
	Count int
}

// CountBreaches counts the breaches of the BackTestMonths that end with last, or with the last
// breach where that is later: the day of the last order may have been read before the breaches.
func CountBreaches(list []Breach, last Month) BackTest {
	for _, b := range list {
		last = max(last, b.Period)
	}
	first := last - (BackTestMonths - 1)
	t := BackTest{Months: make([]MonthCount, BackTestMonths)}
	for i := range t.Months {
		t.Months[i].Month = first + Month(i)
	}
	customers := map[string]bool{}
	for _, b := range list {
		if b.Period >= first {
			t.Breaches++
			t.Months[b.Period-first].Count++
			customers[b.Customer] = true
		}
	}
	t.Customers = len(customers)
	return t
}
