package mongostore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
	"deskwatch/core/mongostore/mongotest"
)

// fillForeign writes n documents as the older program does, of 40,000 customers in a year, 16 %
// of them cancelled or returned, and a client for each customer.
func fillForeign(tb testing.TB, db *mongo.Database, n int) {
	const customers = 40_000
	r := rand.New(rand.NewPCG(1, 2))
	others := []string{"Delivered", "Shipped", "Placed", "In transit"}
	name := func(k int) string { return fmt.Sprintf("shop-%d_%d", k, 1000+k) }
	write := func(collection string, n int, document func(i int) bson.D) {
		for from := 0; from < n; from += 5000 {
			var batch []any
			for i := from; i < min(from+5000, n); i++ {
				batch = append(batch, document(i))
			}
			if _, err := db.Collection(collection).InsertMany(tb.Context(), batch, options.InsertMany().SetOrdered(false)); err != nil {
				tb.Fatal(err)
			}
		}
	}
	write("Orders", n, func(i int) bson.D {
		status := others[r.IntN(len(others))]
		if r.IntN(100) < 16 {
			status = []string{"cancelled", "returned"}[r.IntN(2)]
		}
		return bson.D{
			{Key: "shipping_id", Value: fmt.Sprintf("%03d-%07d", r.IntN(1000), i)},
			{Key: "shipping_date", Value: (core.Day(19358) + core.Day(r.IntN(365))).String()},
			{Key: "shipping_status", Value: status}, {Key: "order_vendor_dbname", Value: name(r.IntN(customers))},
		}
	})
	write("Clients", customers, func(i int) bson.D {
		return bson.D{{Key: "name", Value: name(i)}, {Key: "email", Value: fmt.Sprint(i, "@shop.example")}, {Key: "identificationNumber", Value: fmt.Sprint(i)}}
	})
}

// olderPipeline is how the older program found breaches, but for its join.
func olderPipeline() bson.A {
	regex := func(pattern, options string) bson.D {
		return bson.D{{Key: "$regex", Value: pattern}, {Key: "$options", Value: options}}
	}
	return bson.A{
		stage("$match", bson.D{
			{Key: "shipping_date", Value: regex(`^\d{4}-\d{2}-\d{2}$`, "")},
			{Key: "order_vendor_dbname", Value: regex(`^.+_\d+$`, "")},
			{Key: "shipping_status", Value: regex("cancelled|returned", "i")},
		}),
		stage("$group", bson.D{
			{Key: "_id", Value: bson.D{{Key: "vendor", Value: "$order_vendor_dbname"}, {Key: "month", Value: bson.D{{Key: "$substr", Value: bson.A{"$shipping_date", 0, 7}}}}}},
			{Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}}, {Key: "orders", Value: bson.D{{Key: "$push", Value: "$shipping_id"}}},
		}),
		stage("$match", bson.D{{Key: "count", Value: bson.D{{Key: "$gte", Value: 3}}}}),
	}
}

// BenchmarkBreachesOfAMillionForeignDocuments compares the whole question, with its look at the
// spellings and its join with the clients, with the older program's pipeline without the join.
func BenchmarkBreachesOfAMillionForeignDocuments(b *testing.B) {
	if testing.Short() {
		b.Skip("takes minutes")
	}
	for _, indexed := range []bool{false, true} {
		b.Run(fmt.Sprintf("index=%v", indexed), func(b *testing.B) { benchmarkBreaches(b, 1_000_000, indexed) })
	}
}

func benchmarkBreaches(b *testing.B, n int, indexed bool) {
	// A server of its own: what another measurement left behind costs it time.
	uri := mongotest.Start(b)
	if !mongotest.Real() {
		uri = mongotest.New(b).URI()
	}
	patient := bookAt(b, uri).opt
	patient.Settings.TimeoutSeconds = 120 // the machine may have other work
	book, err := Open(patient)
	check(b, err)
	b.Cleanup(func() { _ = book.Close() })
	fillForeign(b, book.db, n)
	if indexed {
		keys := bson.D{{Key: "shipping_status", Value: 1}, {Key: "order_vendor_dbname", Value: 1}, {Key: "shipping_date", Value: 1}, {Key: "shipping_id", Value: 1}}
		if _, err := book.orders().Indexes().CreateOne(b.Context(), mongo.IndexModel{Keys: keys}); err != nil {
			b.Fatal(err)
		}
	}
	q := core.BreachQuery{Statuses: core.NewStatusSet(core.StatusCancelled, core.StatusReturned), Threshold: 3, OrderIDs: 10}
	var ours, older time.Duration
	var found, foundOlder int
	peak := watchMemory(b.Context())
	for b.Loop() {
		start := time.Now()
		list, err := book.Breaches(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		found = len(list)
	}
	megabytes := float64(peak()) / (1 << 20)
	for range b.N {
		start := time.Now()
		foundOlder = 0
		if err := book.aggregate(b.Context(), book.orders(), olderPipeline(), func(bson.Raw) error { foundOlder++; return nil }); err != nil {
			b.Fatal(err)
		}
		older += time.Since(start)
	}
	if found == 0 || found != foundOlder {
		b.Fatalf("found %d, the older pipeline %d", found, foundOlder)
	}
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/breaches")
	b.ReportMetric(older.Seconds()/float64(b.N), "s/older")
	b.ReportMetric(ours.Seconds()/older.Seconds(), "ratio")
	b.ReportMetric(megabytes, "peak-MB")
}

// watchMemory returns a function that ends the watch and says how much of the heap was in use at most.
func watchMemory(ctx context.Context) func() uint64 {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan uint64)
	go func() {
		var most uint64
		var m runtime.MemStats
		for ctx.Err() == nil {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
			}
		}
		done <- most
	}()
	return func() uint64 { cancel(); return <-done }
}
