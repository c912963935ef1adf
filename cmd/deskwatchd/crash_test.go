package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/app"
	"deskwatch/core/mail/mailtest"
)

const (
	// crashRounds is how often the test kills the program; DESKWATCH_CRASH_ROUNDS asks for more.
	crashRounds    = 50
	crashCustomers = 60
	crashOrders    = 7000
	// crashGrowth is after how many rounds the next file comes, with one more cancelled order of
	// each customer: new alerts to mail.
	crashGrowth = 15
)

// TestKilledAtAnyMomentNothingIsHalfDone kills imports, alert runs and senders with SIGKILL
// at random moments. Afterwards every order has the values of one import as a whole, the
// databases are sound, and the mail server has seen each alert under one Message-ID only.
func TestKilledAtAnyMomentNothingIsHalfDone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes; not in the short run")
	}
	rounds := crashRounds
	if n, err := strconv.Atoi(os.Getenv("DESKWATCH_CRASH_ROUNDS")); err == nil {
		rounds = n
	}
	sink, err := mailtest.NewSink(mailtest.Options{
		// A slow server widens the moment between its taking a mail and the mail's being recorded.
		OnData: func(mailtest.Mail) error { time.Sleep(5 * time.Millisecond); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	dir := t.TempDir()
	file := crashFile(t, 0)
	mustCall(t, dir, "orders", "import", file)
	mustCall(t, dir, "alerts", "set", "1", "to_fixed=lead@desk.internal", "cap=1000")
	mustCall(t, dir, "settings", "set", "mail.mode=smtp", "mail.host=127.0.0.1", "mail.tls=none",
		"mail.from=alerts@desk.internal", fmt.Sprintf("mail.port=%d", sink.Port()))

	killed := 0
	random := rand.New(rand.NewPCG(2, uint64(rounds)))
	// Each command, and a time within which it is killed. That follows how fast the machine is, so that
	// a third of the runs ends by itself.
	commands := []*struct {
		args   []string
		within time.Duration
	}{
		{nil, 450 * time.Millisecond}, // an import of the newest file
		{[]string{"alerts", "run", "--send-backlog", "--limit", "30"}, 120 * time.Millisecond},
		{[]string{"outbox", "send"}, 300 * time.Millisecond},
	}
	for round := range rounds {
		if round%crashGrowth == crashGrowth-1 {
			file = crashFile(t, round/crashGrowth+1)
		}
		command := commands[random.IntN(len(commands))]
		args := command.args
		if args == nil {
			args = []string{"orders", "import", file}
		}
		cmd := program(t, dir, args...)
		var words strings.Builder
		cmd.Stderr = &words
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(command.within))))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			command.within = command.within * 7 / 10
			continue // it was faster
		} else if cmd.ProcessState.Exited() {
			t.Fatalf("round %d: %v failed by itself: %s", round, args, words.String())
		}
		killed++
		command.within = command.within * 6 / 5
		if round%10 == 9 {
			checkWhole(t, dir)
		}
	}
	t.Logf("killed %d of %d processes; %d mails reached the server", killed, rounds, len(sink.Messages()))
	if killed < rounds/3 {
		t.Errorf("only %d of %d processes were killed in time", killed, rounds)
	}
	checkWhole(t, dir)

	// What is left over goes out now, and then everything was mailed once.
	mustCall(t, dir, "alerts", "run", "--send-backlog", "--limit", "1000")
	for {
		var res core.SendResult
		callJSON(t, dir, &res, "outbox", "send")
		if res.Failed+res.Held+res.Dead > 0 {
			t.Fatalf("the server takes everything, and yet: %+v", res)
		}
		if res.Left == 0 {
			break
		}
	}
	ids := map[string]map[string]bool{}
	for _, m := range sink.Messages() {
		parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
		if err != nil {
			t.Fatal(err)
		}
		alert := m.To + " " + parsed.Header.Get("Subject")
		if ids[alert] == nil {
			ids[alert] = map[string]bool{}
		}
		ids[alert][m.MessageID] = true
	}
	var breaches []core.Breach
	callJSON(t, dir, &breaches, "orders", "breaches")
	if len(breaches) != crashCustomers {
		t.Errorf("%d breaches of %d customers", len(breaches), crashCustomers)
	}
	for _, b := range breaches {
		alert := fmt.Sprintf("lead@desk.internal %s: %d cancelled or returned orders in June 2023", b.Customer, b.Count)
		if ids[alert] == nil {
			t.Errorf("never mailed: %s", alert)
		}
	}
	for alert, m := range ids {
		if len(m) != 1 {
			t.Errorf("%s went out under %d Message-IDs", alert, len(m))
		}
	}
}

// crashFile is the n-th orders file: every amount is n, and each customer has 3+n cancelled orders.
func crashFile(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("order_id,customer_id,order_date,status,amount\n")
	for i := range crashOrders {
		status := "Delivered"
		if i < crashCustomers*(3+n) {
			status = "Cancelled"
		}
		fmt.Fprintf(&b, "O%06d,shop_%d,2023-06-%02d,%s,%d.00\n", i, i%crashCustomers, 1+i%28, status, n)
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("orders-%d.csv", n))
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// checkWhole proves that the book holds every order, all with the amount of one file.
func checkWhole(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	desk, err := app.New(ctx, app.Config{DataDir: dir, Program: "deskwatchd"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := desk.Stop(ctx); err != nil {
			t.Error(err)
		}
	}()
	for _, f := range desk.Doctor(ctx) {
		if !f.OK {
			t.Fatalf("the doctor finds %s: %s", f.Check, f.Message)
		}
	}
	orders, cancelled, amounts := 0, 0, map[core.Amount]int{}
	for c := range crashCustomers {
		page, err := desk.Orders(ctx, core.OrderQuery{Customer: fmt.Sprintf("shop_%d", c), Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Orders {
			orders++
			amounts[o.Amount]++
			if o.Status == core.StatusCancelled {
				cancelled++
			}
		}
	}
	if orders != crashOrders || len(amounts) != 1 {
		t.Fatalf("%d orders of %d, with the amounts of %d files: %v", orders, crashOrders, len(amounts), amounts)
	}
	for n := range amounts {
		if want := crashCustomers * (3 + int(n/1000)); cancelled != want {
			t.Fatalf("%d cancelled orders, file %s has %d", cancelled, n, want)
		}
	}
}

func mustCall(t *testing.T, dir string, args ...string) {
	t.Helper()
	if status, _, errs := call(t, dir, args...); status != 0 {
		t.Fatalf("deskwatchd %s: status %d: %s", strings.Join(args, " "), status, errs)
	}
}
