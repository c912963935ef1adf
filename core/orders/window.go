package orders

import (
	"fmt"

	"deskwatch/core"
)

// MaxDays is the longest window of days in a row that is counted: a leap year.
const MaxDays = 366

// CheckWindow refuses a core.BreachQuery.Days no order book counts with core.CodeInvalid.
func CheckWindow(op string, days int) error {
	if days >= 0 && days <= MaxDays {
		return nil
	}
	return core.NewError(core.CodeInvalid, op, fmt.Sprintf("Orders cannot be counted within %d days. Choose at most %d days, or calendar months.", days, MaxDays), nil)
}

// DayCount is how many distinct matching orders of one customer lie on a day.
type DayCount struct {
	Day    core.Day
	Orders int
}

// Window is days in a row that end in the month Period, with how many orders they hold. From
// and To are the days of the first and the last of these orders.
type Window struct {
	Period   core.Month
	From, To core.Day
	Orders   int
}

// Windows finds, for each month, the n days in a row with the most orders that end on a day of
// that month with an order; of equals the ones that end last. Months whose most is below
// threshold are left out. days are in order, each day once and with at least one order.
func Windows(days []DayCount, n, threshold int) []Window {
	var list []Window
	first, sum := 0, 0
	for _, last := range days {
		sum += last.Orders
		for int(last.Day-days[first].Day) >= n {
			sum -= days[first].Orders
			first++
		}
		if sum < threshold {
			continue
		}
		w := Window{Period: last.Day.Month(), From: days[first].Day, To: last.Day, Orders: sum}
		switch end := len(list) - 1; {
		case end < 0 || list[end].Period != w.Period:
			list = append(list, w)
		case w.Orders >= list[end].Orders:
			list[end] = w
		}
	}
	return list
}
