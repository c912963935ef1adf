package core

import "testing"

func TestABackTestCountsTwelveMonthsAndEveryCustomerOnce(t *testing.T) {
	may := NewMonth(2023, 5)
	list := []Breach{
		{Customer: "old_1", Period: may - 12}, {Customer: "ana_1", Period: may - 11}, {Customer: "ana_1", Period: may}, {Customer: "ben_2", Period: may},
	}
	got := CountBreaches(list, may)
	if got.Breaches != 3 || got.Customers != 2 || len(got.Months) != 12 || got.Months[0] != (MonthCount{may - 11, 1}) ||
		got.Months[1] != (MonthCount{may - 10, 0}) || got.Months[11] != (MonthCount{may, 2}) {
		t.Errorf("%+v", got)
	}
}

func TestABackTestEndsWithTheLastBreachWhenItIsLater(t *testing.T) {
	got := CountBreaches([]Breach{{Customer: "ana_1", Period: NewMonth(2023, 7)}}, NewMonth(2023, 5))
	if last := got.Months[11]; last != (MonthCount{NewMonth(2023, 7), 1}) || got.Months[0].Month != NewMonth(2022, 8) {
		t.Errorf("%+v", got)
	}
}
