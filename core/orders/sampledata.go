package orders

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// SampleData is generated orders and the clients they belong to.
type SampleData struct {
	Rows    []core.OrderRow // in the order of their days, then of their lines
	Clients []core.Client   // of every recognised customer
}

const (
	sampleMonths    = 18 // the present one included
	ordersAMonth    = 137
	sampleShops     = 64 // identities name_digits
	samplePeople    = 10 // identities of 24 letters and digits
	quietStatusDays = 14 // younger orders are mostly still under way
)

// Sample makes up about 2,400 orders of 80 customers over the 18 months that end with now's.
// The same seed and the same day of now give the same data; the customers depend on the seed only. Shops and
// people are invented, and every address is in example.com, which nobody owns (RFC 2606). Twelve
// customers and months have three to six cancelled or returned orders, three of them in now's month; no other has more than two.
func Sample(seed uint64, now time.Time) SampleData {
	customers := sampleCustomers(seed)
	g := &sampleGenerator{
		random: rand.New(rand.NewPCG(seed, 2)), today: core.DayOf(now), customers: customers,
		troubled: map[customerMonth]int{},
	}
	g.planTrouble()
	g.fillMonths()
	data := SampleData{Rows: g.rows()}
	for _, c := range customers {
		if c.recognised {
			data.Clients = append(data.Clients, core.Client{Customer: c.identity, Name: c.name, Email: c.email, Origin: core.OriginSample, CreatedAt: now})
		}
	}
	return data
}

type sampleCustomer struct {
	identity, name, email string
	recognised            bool
	weight                int // how many orders it places, against the others
}

// sampleCustomers makes up the customers of one seed.
func sampleCustomers(seed uint64) []sampleCustomer {
	random := rand.New(rand.NewPCG(seed, 1))
	heads := []string{"Thistle", "Marrow", "Brindle", "Quillo", "Lanter", "Velmo", "Ondra", "Pellar", "Sorrel", "Tamber", "Wexel", "Yarro", "Corvan", "Dappel", "Fennor", "Gallin"}
	tails := []string{"quay", "pine", "wick", "more", "fell", "dell", "holt", "rise"}
	trades := []string{"Supplies", "Outfitters", "Home", "Garden", "Trading", "Studio", "Market", "Goods"}
	first := []string{"Marta", "Tomás", "Ingrid", "Aitor", "Leila", "Owen", "Nuria", "Emil", "Paloma", "Ruth", "Iker", "Salma"}
	last := []string{"Quillen", "Arozarri", "Vantelo", "Marchwood", "Ferrandel", "Osterby", "Lindaraz", "Pemberow", "Castrovel", "Hollinder"}

	var words []string
	for _, h := range heads {
		for _, t := range tails {
			words = append(words, h+t)
		}
	}
	random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	var all []sampleCustomer
	for i := range sampleShops {
		name := words[i] + " " + trades[random.IntN(len(trades))]
		slug := strings.ToLower(strings.ReplaceAll(name, " ", "-"))
		all = append(all, sampleCustomer{
			identity: fmt.Sprintf("%s_%d", slug, 1000+random.IntN(9000)), name: name, email: slug + "@example.com", recognised: true, weight: 1 + random.IntN(8),
		})
	}
	random.Shuffle(len(first), func(i, j int) { first[i], first[j] = first[j], first[i] })
	random.Shuffle(len(last), func(i, j int) { last[i], last[j] = last[j], last[i] })
	for i := range samplePeople {
		all = append(all, sampleCustomer{
			identity: randomText(random, "0123456789abcdef", 24), name: first[i] + " " + last[i],
			email: fold(first[i]) + "." + fold(last[i]) + "@example.com", recognised: true, weight: 1 + random.IntN(3),
		})
	}
	// What a till or a marketplace writes where it knows no customer: kept, and listed as unrecognised.
	for _, value := range []string{"guest", "walk-in", "counter sale", "B2B-0044", "phone order", "unknown"} {
		all = append(all, sampleCustomer{identity: value, weight: 1})
	}
	return all
}

func randomText(random *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(b)
}

type customerMonth struct {
	customer int
	month    core.Month
}

type sampleOrder struct {
	customer int
	day      core.Day
	status   core.Status
}

type sampleGenerator struct {
	random    *rand.Rand
	today     core.Day
	customers []sampleCustomer
	orders    []sampleOrder
	troubled  map[customerMonth]int // cancelled and returned orders so far
}

// planTrouble places the breaches: each months ago, each another customer.
func (g *sampleGenerator) planTrouble() {
	who := g.random.Perm(sampleShops + samplePeople)
	for i, ago := range []core.Month{0, 0, 0, 1, 1, 2, 4, 6, 7, 10, 13, 16} {
		at := customerMonth{who[i], g.today.Month() - ago}
		for range 3 + g.random.IntN(4) {
			status := core.StatusCancelled
			if g.random.IntN(5) < 2 {
				status = core.StatusReturned
			}
			g.add(at, status)
		}
	}
}

// fillMonths adds everyday orders up to the number of each month; the present one has its share so far.
func (g *sampleGenerator) fillMonths() {
	var draw []int // customers, as often as their weight
	for i, c := range g.customers {
		for range c.weight {
			draw = append(draw, i)
		}
	}
	present := g.today.Month()
	for month := present - sampleMonths + 1; month <= present; month++ {
		n := ordersAMonth
		if month == present {
			n = ordersAMonth * int(g.today-month.First()+1) / int(month.Last()-month.First()+1)
		}
		for range n {
			at := customerMonth{draw[g.random.IntN(len(draw))], month}
			g.add(at, core.StatusDelivered)
		}
	}
}

// add puts an order on some day of the month. A cancelled or returned one is meant to be; any
// other gets an everyday status for its age.
func (g *sampleGenerator) add(at customerMonth, status core.Status) {
	day := at.month.First() + core.Day(g.random.IntN(int(min(at.month.Last(), g.today)-at.month.First())+1))
	if status == core.StatusDelivered {
		status = g.everyday(g.today - day)
		if isTrouble(status) && g.troubled[at] >= 2 {
			status = core.StatusDelivered
		}
	}
	if isTrouble(status) {
		g.troubled[at]++
	}
	g.orders = append(g.orders, sampleOrder{at.customer, day, status})
}

func isTrouble(s core.Status) bool { return s == core.StatusCancelled || s == core.StatusReturned }

// everyday draws the status of an order of a given age in days.
func (g *sampleGenerator) everyday(age core.Day) core.Status {
	n := g.random.IntN(1000)
	if age < quietStatusDays {
		switch {
		case n < 320:
			return core.StatusPlaced
		case n < 740:
			return core.StatusShipped
		case n < 950:
			return core.StatusDelivered
		}
		return core.StatusCancelled
	}
	switch {
	case n < 850:
		return core.StatusDelivered
	case n < 925:
		return core.StatusCancelled
	case n < 975:
		return core.StatusReturned
	case n < 990:
		return core.StatusShipped
	}
	return core.StatusOther
}

// rows writes the orders down as the lines of a file. In an order of several lines the
// first may have arrived although another was cancelled or came back.
func (g *sampleGenerator) rows() []core.OrderRow {
	slices.SortStableFunc(g.orders, func(a, b sampleOrder) int { return cmp.Compare(a.day, b.day) })
	rows := make([]core.OrderRow, 0, len(g.orders)*5/4)
	for i, o := range g.orders {
		c := g.customers[o.customer]
		lines := 1
		if g.random.IntN(100) < 15 {
			lines = 2 + g.random.IntN(3)
		}
		for line := 1; line <= lines; line++ {
			status := o.status
			if isTrouble(status) && line < lines && line == 1 {
				status = core.StatusDelivered
			}
			rows = append(rows, core.OrderRow{
				OrderID: fmt.Sprintf("SAMPLE-%05d", i+1), LineID: fmt.Sprint(line), Customer: c.identity, Recognised: c.recognised, Day: o.day,
				Status: status, RawStatus: sampleSpelling(status), Amount: core.Amount(5000 + 10*g.random.IntN(29_500)), HasAmount: true,
			})
		}
	}
	return rows
}

func sampleSpelling(s core.Status) string {
	switch s {
	case core.StatusPlaced:
		return "Pending"
	case core.StatusShipped:
		return "Shipped"
	case core.StatusDelivered:
		return "Delivered"
	case core.StatusCancelled:
		return "Cancelled"
	case core.StatusReturned:
		return "Returned"
	}
	return "Lost in transit"
}
