package orders

import (
	"cmp"
	"slices"
	"time"

	"deskwatch/core"
)

// SampleClients are the clients of the sample orders, those first whose orders went wrong most
// often in now's month, so that other sample data can be about the same customers.
func SampleClients(now time.Time) []core.Client {
	data := Sample(sampleSeed, now)
	wrong := map[string]int{}
	for _, row := range data.Rows {
		if (row.Status == core.StatusCancelled || row.Status == core.StatusReturned) && row.Day.Month() == core.DayOf(now).Month() {
			wrong[row.Customer]++
		}
	}
	slices.SortStableFunc(data.Clients, func(a, b core.Client) int { return cmp.Compare(wrong[b.Customer], wrong[a.Customer]) })
	return data.Clients
}
