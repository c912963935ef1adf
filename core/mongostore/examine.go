package mongostore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

const (
	oldestMajor = 6     // of the server's version
	sampled     = 1_000 // documents looked at
	pings       = 5
)

// Examine looks at the database and says what Deskwatch would meet there. It changes nothing,
// a user that may only read is enough, and it is done within ten times the settings' timeout.
// An error means that no server answered or let us in; all else is a finding.
func (b *Book) Examine(ctx context.Context) (core.BookReport, error) {
	const op = "mongostore.examine"
	ctx, cancel := context.WithTimeout(ctx, b.attemptTime())
	defer cancel()
	e := examination{b: b}
	for _, look := range []func(context.Context) error{e.server, e.rights, e.collections, e.sample, e.indexes, e.changes} {
		if err := look(ctx); err != nil {
			return core.BookReport{}, b.fault(op, "", err)
		}
	}
	return e.report, nil
}

// examination is one Examine under way. Its looks are sequential and each returns an error only
// when the next one would fare no better.
type examination struct {
	b         *Book
	report    core.BookReport
	localTime time.Time // the server's clock
	empty     bool      // no order document to look at
}

func (e *examination) find(ok bool, check, format string, args ...any) {
	e.report.Findings = append(e.report.Findings, core.Finding{Check: check, OK: ok, Message: fmt.Sprintf(format, args...)})
}

// denied turns a missing right, or anything else that is not about the connection, into a
// finding, and returns the rest.
func (e *examination) denied(check string, err error) error {
	if err == nil {
		return nil
	}
	if _, known := e.b.answered(err); !known {
		return err
	}
	why := e.b.explain(err)
	if why.code == core.CodeUnavailable {
		return err
	}
	e.find(false, check, "%s", strings.TrimSpace(why.what+" "+why.do))
	return nil
}

// server asks who is there, and for how long an answer takes.
func (e *examination) server(ctx context.Context) error {
	b := e.b
	var took []time.Duration
	for range pings {
		since := time.Now()
		if err := b.client.Ping(ctx, nil); err != nil {
			return err
		}
		took = append(took, time.Since(since))
	}
	slices.Sort(took)
	e.report.Latency = took[len(took)/2]

	var hello struct {
		SetName   string    `bson:"setName"`
		Hosts     []string  `bson:"hosts"`
		Msg       string    `bson:"msg"`
		LocalTime time.Time `bson:"localTime"`
	}
	if err := b.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return err
	}
	e.localTime = hello.LocalTime
	hosts := b.link.hosts
	kind := "stand-alone server"
	switch {
	case hello.Msg == "isdbgrid": // what a mongos says, see MongoDB's manual on hello
		kind = "sharded cluster"
	case hello.SetName != "":
		kind = "replica set " + hello.SetName
		if len(hello.Hosts) > 0 {
			hosts = hello.Hosts
		}
	}
	e.report.Server = kind + " at " + strings.Join(hosts, ", ")

	var build struct {
		Version string  `bson:"version"`
		Parts   []int32 `bson:"versionArray"`
	}
	if err := b.db.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return e.denied("version", err)
	}
	e.report.Version = build.Version
	e.find(true, "connection", "The %s answers in %s.", e.report.Server, milliseconds(e.report.Latency))
	if len(build.Parts) > 0 && build.Parts[0] < oldestMajor {
		e.find(false, "version", "MongoDB %s is too old. Deskwatch needs MongoDB %d.0 or newer.", build.Version, oldestMajor)
		return nil
	}
	e.find(true, "version", "MongoDB %s is new enough.", build.Version)
	return nil
}

// milliseconds writes a latency for people.
func milliseconds(d time.Duration) string {
	if d < time.Millisecond {
		return "less than 1 ms"
	}
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond)/time.Millisecond)
}

// collections says whether they are there and how much is in them, as the server's own
// statistics have it.
func (e *examination) collections(ctx context.Context) error {
	b := e.b
	for _, one := range []struct {
		what  string
		c     *mongo.Collection
		count *int64
	}{{"orders", b.orders(), &e.report.Orders}, {"clients", b.clients(), &e.report.Clients}} {
		n, err := one.c.EstimatedDocumentCount(ctx)
		if err != nil {
			if err = e.denied(one.what, err); err != nil {
				return err
			}
			continue
		}
		*one.count = n
		if n == 0 {
			e.find(true, one.what, "The collection %s is empty or not there yet. The first import makes it.", one.c.Name())
			continue
		}
		e.find(true, one.what, "The collection %s holds about %s documents.", one.c.Name(), thousands(n))
	}
	return nil
}

// sample reads some order documents and counts those that are orders.
func (e *examination) sample(ctx context.Context) error {
	b := e.b
	var cursor *mongo.Cursor
	var err error
	if e.report.Orders > sampled {
		cursor, err = b.orders().Aggregate(ctx, mongo.Pipeline{{{Key: "$sample", Value: bson.D{{Key: "size", Value: sampled}}}}})
	}
	if cursor == nil { // there are few, or the server does not take samples
		cursor, err = b.orders().Find(ctx, bson.D{}, options.Find().SetLimit(sampled))
	}
	if err != nil {
		return e.denied("documents", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // what it read counts, and it ends by itself
	total := 0
	reasons := map[string]int{}
	for cursor.Next(ctx) {
		total++
		if why := b.unreadable(cursor.Current); why != "" {
			reasons[why]++
		}
	}
	if err := cursor.Err(); err != nil {
		return e.denied("documents", err)
	}
	bad := 0
	for _, n := range reasons {
		bad += n
	}
	switch {
	case total == 0:
		e.empty = true
	case bad == 0:
		e.find(true, "documents", "All %s sampled documents can be read as orders.", thousands(int64(total)))
	case bad == total:
		e.find(false, "documents", "None of the %s sampled documents can be read as an order: %s. Check the names of the fields in Settings, Order book.", thousands(int64(total)), reasonWords(reasons))
	default:
		e.find(true, "documents", "%s of %s sampled documents can be read as orders. The others are skipped: %s.", thousands(int64(total-bad)), thousands(int64(total)), reasonWords(reasons))
	}
	return nil
}

// reasonWords lists what keeps documents from being orders, the most frequent first.
func reasonWords(reasons map[string]int) string {
	var list []string
	for why := range reasons {
		list = append(list, why)
	}
	slices.SortFunc(list, func(a, b string) int {
		if n := reasons[b] - reasons[a]; n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	for i, why := range list {
		have := "have"
		if reasons[why] == 1 {
			have = "has"
		}
		list[i] = fmt.Sprintf("%s %s %s", thousands(int64(reasons[why])), have, why)
	}
	return strings.Join(list, ", ")
}

// indexes lists those that are missing. Without them everything works, slowly.
func (e *examination) indexes(ctx context.Context) error {
	missing, err := e.b.missing(ctx)
	if err != nil {
		return e.denied("indexes", err)
	}
	for _, i := range missing {
		e.report.Missing = append(e.report.Missing, e.b.words(i))
	}
	switch {
	case len(missing) == 0:
		e.find(true, "indexes", "All indexes are there.")
	case e.empty:
		e.find(true, "indexes", "%d indexes are missing. The first import creates those of the collections it makes.", len(missing))
	default:
		e.find(true, "indexes", "%d of %d indexes are missing. Deskwatch works without them, but reads whole collections; Create indexes makes them.", len(missing), len(e.b.wanted()))
	}
	return nil
}

// changes tells of an import or undo that is under way or was interrupted.
func (e *examination) changes(ctx context.Context) error {
	s, err := e.b.loadState(ctx)
	if err != nil {
		return e.denied("imports", err)
	}
	if s.Lease == nil {
		return nil
	}
	what, owner := "An import", s.Lease.Owner
	if s.Lease.Undo != 0 {
		what = "The undo of an import"
	}
	if owner == "" {
		owner = "another Deskwatch"
	}
	if now := e.localTime.UnixMilli(); s.Lease.Until > now {
		e.find(true, "imports", "%s by %s is running now.", what, owner)
		return nil
	}
	e.find(true, "imports", "%s by %s was interrupted. Nothing of it shows; what it left is settled when the next import begins.", what, owner)
	return nil
}

// thousands writes a number with separators.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
