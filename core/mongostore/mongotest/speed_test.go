package mongotest

import (
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// BenchmarkServer says what the server does in a second: it must be quick enough for books of a
// million orders to be tested.
func BenchmarkServer(b *testing.B) {
	const documents, batch = 1_000_000, 5000
	ctx := b.Context()
	orders := Database(b, New(b).URI()).Collection("orders")
	day := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	order := func(i int) bson.D {
		return bson.D{
			{Key: "shipping_id", Value: fmt.Sprintf("order-%07d", i)},
			{Key: "shipping_date", Value: day.AddDate(0, 0, i%365).Format(time.DateOnly)},
			{Key: "shipping_status", Value: "CANCELADO"},
			{Key: "order_vendor_dbname", Value: fmt.Sprintf("vendor-%05d", i%40_000)},
		}
	}
	step := func(name string, n int, do func() error) {
		began := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		b.ReportMetric(float64(n)/took.Seconds(), name+"/s")
		b.Logf("%s: %d in %v, %.0f a second", name, n, took.Round(time.Millisecond), float64(n)/took.Seconds())
	}
	step("insert", documents, func() error {
		for from := 0; from < documents; from += batch {
			list := make([]any, batch)
			for i := range list {
				list[i] = order(from + i)
			}
			if _, err := orders.InsertMany(ctx, list, options.InsertMany().SetOrdered(false)); err != nil {
				return err
			}
		}
		return nil
	})
	upserts := func() error {
		for from := 0; from < 200_000; from += batch {
			models := make([]mongo.WriteModel, batch)
			for i := range models {
				o := order(from + i)
				models[i] = mongo.NewReplaceOneModel().SetFilter(bson.D{{Key: "_id", Value: fmt.Sprintf("deskwatch:1:%d", from+i)}}).SetReplacement(o).SetUpsert(true)
			}
			if _, err := orders.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false)); err != nil {
				return err
			}
		}
		return nil
	}
	step("upsert", 200_000, upserts)
	step("reupsert", 200_000, upserts)
	step("upsertset", 200_000, func() error {
		for from := 0; from < 200_000; from += batch {
			models := make([]mongo.WriteModel, batch)
			for i := range models {
				models[i] = mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: fmt.Sprintf("deskwatch:2:%d", from+i)}}).SetUpdate(bson.D{{Key: "$set", Value: order(from + i)}, {Key: "$setOnInsert", Value: bson.D{{Key: "deskwatch.batch", Value: 1}}}}).SetUpsert(true)
			}
			if _, err := orders.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false)); err != nil {
				return err
			}
		}
		return nil
	})
	read := func(filter bson.D) func() error {
		return func() error {
			cursor, err := orders.Find(ctx, filter, options.Find().SetBatchSize(10_000))
			if err != nil {
				return err
			}
			n := 0
			for cursor.Next(ctx) {
				n++
			}
			b.Logf("%d documents", n)
			return cursor.Err()
		}
	}
	step("read", documents+400_000, read(bson.D{}))
	customer := bson.D{{Key: "order_vendor_dbname", Value: "vendor-00007"}}
	step("scan", documents, read(customer))
	step("index", documents, func() error {
		_, err := orders.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "order_vendor_dbname", Value: 1}, {Key: "shipping_date", Value: 1}}})
		return err
	})
	step("first", 35, read(customer))
	step("second", 35, read(customer))
	step("group", documents, func() error {
		cursor, err := orders.Aggregate(ctx, bson.A{
			bson.D{{Key: "$match", Value: bson.D{{Key: "order_vendor_dbname", Value: bson.D{{Key: "$gte", Value: "vendor-0"}}}}}},
			bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$order_vendor_dbname"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
		})
		if err != nil {
			return err
		}
		return cursor.Close(ctx)
	})
	step("distinct", documents, func() error { return orders.Distinct(ctx, "order_vendor_dbname", bson.D{}).Err() })
}
