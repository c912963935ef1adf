package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/app"
	"deskwatch/core/mongostore/mongotest"
)

const (
	mongoCrashRounds    = 50
	mongoCrashOrders    = 1500
	mongoCrashCustomers = 10
)

// TestKilledWhileWritingToMongoDBNothingIsHalfDone kills imports and undos with SIGKILL at random
// moments. Whoever reads afterwards sees one import as a whole; the next process that changes the
// book clears up, and another program's documents are never touched.
func TestKilledWhileWritingToMongoDBNothingIsHalfDone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes; not in the short run")
	}
	rounds := mongoCrashRounds
	if n, err := strconv.Atoi(os.Getenv("DESKWATCH_CRASH_ROUNDS")); err == nil {
		rounds = n
	}
	uri := mongotest.Start(t)
	foreign := mongotest.Database(t, uri).Collection("Orders")
	states := mongotest.Database(t, uri).Collection("Orders.imports")
	other := bson.D{{Key: "_id", Value: "theirs"}, {Key: "shipping_id", Value: "T1"}, {Key: "shipping_date", Value: "2023-06-01"},
		{Key: "shipping_status", Value: "cancelled"}, {Key: "order_vendor_dbname", Value: "theirs_1"}}
	if _, err := foreign.InsertOne(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	with := func(args ...string) []string { return append([]string{"--orders-uri", uri}, args...) }
	mustCall(t, dir, with("orders", "import", mongoCrashFile(t, 0))...)

	killed, next := 0, 1
	random := rand.New(rand.NewPCG(3, uint64(rounds)))
	for round := range rounds {
		args := with("orders", "import", mongoCrashFile(t, next))
		if id := newestDone(t, dir, uri); id > 0 && random.IntN(4) == 0 {
			args = with("orders", "undo", strconv.FormatInt(id, 10))
		}
		next++
		cmd := program(t, dir, args...)
		var words strings.Builder
		cmd.Stderr = &words
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(900 * time.Millisecond))))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil && cmd.ProcessState.Exited() {
			t.Fatalf("round %d: %v failed by itself: %s", round, args[2:], words.String())
		} else if err != nil {
			killed++
		}
		// The killed process holds the book for half a minute more; let that pass at once.
		if _, err := states.UpdateMany(t.Context(), bson.D{{Key: "lease", Value: bson.D{{Key: "$exists", Value: true}}}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "lease.until", Value: int64(0)}}}}); err != nil {
			t.Fatal(err)
		}
		checkOneImport(t, dir, uri)
	}
	t.Logf("killed %d of %d processes", killed, rounds)
	if killed < rounds/3 {
		t.Errorf("only %d of %d processes were killed in time", killed, rounds)
	}
	// The next process that changes the book takes over.
	var im importJSON
	callJSON(t, dir, &im, with("orders", "import", mongoCrashFile(t, next))...)
	checkOneImport(t, dir, uri)
	var left bson.M
	if err := foreign.FindOne(t.Context(), bson.D{{Key: "_id", Value: "theirs"}}).Decode(&left); err != nil || len(left) != len(other) {
		t.Errorf("another program's document is %v, %v", left, err)
	}
}

func mongoCrashFile(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("order_id,customer_id,order_date,status,amount\n")
	for i := range mongoCrashOrders {
		fmt.Fprintf(&b, "O%06d,shop_%d,2023-06-%02d,Cancelled,%d.00\n", i, i%mongoCrashCustomers, 1+i%28, n)
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("orders-%d.csv", n))
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func onMongo(t *testing.T, dir, uri string, do func(*app.App)) {
	t.Helper()
	desk, err := app.New(t.Context(), app.Config{DataDir: dir, Program: "deskwatchd", OrdersURI: core.NewSecret(uri)})
	if err != nil {
		t.Fatal(err)
	}
	do(desk)
	if err := desk.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// newestDone is the newest import that can be undone without emptying the book; 0 for none.
func newestDone(t *testing.T, dir, uri string) (id int64) {
	t.Helper()
	onMongo(t, dir, uri, func(desk *app.App) {
		list, err := desk.Imports(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			if i.State == core.ImportDone && i.ID > 1 && id == 0 {
				id = i.ID
			}
		}
	})
	return id
}

// checkOneImport proves that a reader sees every order, all with the amount of one file.
func checkOneImport(t *testing.T, dir, uri string) {
	t.Helper()
	onMongo(t, dir, uri, func(desk *app.App) {
		orders, amounts := 0, map[core.Amount]int{}
		for c := range mongoCrashCustomers {
			page, err := desk.Orders(t.Context(), core.OrderQuery{Customer: fmt.Sprintf("shop_%d", c), Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Orders {
				orders++
				amounts[o.Amount]++
			}
		}
		if orders != mongoCrashOrders || len(amounts) != 1 {
			t.Fatalf("%d orders of %d, with the amounts of %d files: %v", orders, mongoCrashOrders, len(amounts), amounts)
		}
	})
}
