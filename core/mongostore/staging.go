package mongostore

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

const (
	stageRows = 4000 // sent at once
	// blockBytes bounds what is compared at once, of orders with very many lines.
	blockBytes = 32 << 20
)

// stagedOrder is one order of an import before Settle: the last row that named it, and with
// line ids all its lines.
type stagedOrder struct {
	ID         string          `bson:"_id"` // the order id
	Row        int64           `bson:"row"` // number of the last row; see staging.update
	Customer   string          `bson:"customer"`
	Recognised bool            `bson:"recognised"`
	Name       *toldOf         `bson:"name,omitempty"` // the last there was
	Email      *toldOf         `bson:"email,omitempty"`
	Day        int32           `bson:"day"`
	Status     string          `bson:"status"`
	Raw        string          `bson:"raw"`
	Amount     *int64          `bson:"amount"` // nil with lines
	Lines      map[string]line `bson:"lines,omitempty"`
}

// toldOf is what a row said of its customer, which a later row of the order may change.
type toldOf struct {
	Customer string `bson:"customer"`
	Row      int64  `bson:"row"`
	Text     string `bson:"text"`
}

// of is what was said of this customer, if it was.
func (s *toldOf) of(customer string, batch int64) *told {
	if s == nil || s.Customer != customer {
		return nil
	}
	return &told{Batch: batch, Row: s.Row, Text: s.Text}
}

// say takes a row's text, or what an earlier row of the order said.
func (s *staging) say(r *core.OrderRow, text string, before *toldOf) *toldOf {
	if text == "" {
		return before
	}
	return &toldOf{Customer: r.Customer, Row: s.rows, Text: text}
}

// staging takes the rows of an import into a collection of their own. With nothing to compare
// them with, rows go straight to the orders, as unseen as they will be after Settle; only those
// that name an order again are staged.
type staging struct {
	h        *hold
	batch    int64
	into     *mongo.Collection
	lines    bool
	straight bool
	inserted int64 // straight to the orders

	orders []stagedOrder  // of the rows not yet written, each order once
	at     map[string]int // where in orders an order id is
	rows   int64
}

// staged is the collection of a batch's rows.
func (b *Book) staged(batch int64) *mongo.Collection {
	return b.db.Collection(fmt.Sprint(b.stagedPrefix(), batch))
}

func (b *Book) stagedPrefix() string { return b.fields.Orders + ".staged." }

func (s *staging) put(ctx context.Context, rows []core.OrderRow) error {
	for i := range rows {
		s.join(&rows[i])
		if s.rows%stageRows == 0 {
			if err := s.write(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// join adds a row to its order.
func (s *staging) join(r *core.OrderRow) {
	s.rows++
	o := stagedOrder{
		ID: r.OrderID, Row: s.rows, Customer: r.Customer, Recognised: r.Recognised,
		Day: int32(r.Day), Status: r.Status.String(), Raw: r.RawStatus,
	}
	i, known := s.at[r.OrderID]
	var before stagedOrder
	if known {
		before = s.orders[i]
	}
	o.Name, o.Email = s.say(r, r.Name, before.Name), s.say(r, r.Email, before.Email)
	var amount *int64
	if r.HasAmount {
		n := int64(r.Amount)
		amount = &n
	}
	if s.lines {
		if o.Lines = before.Lines; !known {
			o.Lines = map[string]line{}
		}
		o.Lines[lineKey(r.LineID)] = line{ID: r.LineID, Day: o.Day, Status: o.Status, Raw: o.Raw, Amount: amount}
	} else {
		o.Amount = amount
	}
	if known {
		s.orders[i] = o
		return
	}
	if s.at == nil {
		s.at = make(map[string]int, stageRows)
	}
	s.at[r.OrderID] = len(s.orders)
	s.orders = append(s.orders, o)
}

// write sends what was joined: as new documents, and those that are there as updates.
func (s *staging) write(ctx context.Context) error {
	if len(s.orders) == 0 {
		return nil
	}
	var docs []bson.D
	if s.straight {
		for i := range s.orders {
			o := &s.orders[i]
			docs = append(docs, s.h.b.document(o.ID, o.Customer, version(s.batch, o, &present{})))
		}
	}
	var again []int
	err := s.h.patiently(ctx, s.h.b.attemptTime(), func(ctx context.Context) (err error) {
		if s.straight {
			again, err = s.h.insert(ctx, docs, bson.E{Key: batchField, Value: s.batch})
			return err
		}
		_, err = s.into.InsertMany(ctx, s.orders, options.InsertMany().SetOrdered(false))
		again, err = there(err)
		return err
	})
	s.inserted += int64(len(s.orders) - len(again))
	if err == nil && len(again) > 0 {
		err = s.update(ctx, again)
	}
	s.orders = s.orders[:0]
	clear(s.at)
	return err
}

// update writes over orders that were staged before. A try whose answer was lost may still
// reach the server after later rows of the same order; the row number in the filter makes it
// miss then, and what is left of the upsert is a duplicate key.
func (s *staging) update(ctx context.Context, which []int) error {
	bulk := make([]mongo.WriteModel, len(which))
	for i, n := range which {
		o := &s.orders[n]
		filter := bson.D{{Key: "_id", Value: o.ID}, {Key: "row", Value: bson.D{{Key: "$lte", Value: o.Row}}}}
		bulk[i] = mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(bson.D{{Key: "$set", Value: o.fields()}}).SetUpsert(true)
	}
	return s.h.patiently(ctx, s.h.b.attemptTime(), func(ctx context.Context) error {
		_, err := s.into.BulkWrite(ctx, bulk, options.BulkWrite().SetOrdered(false))
		_, err = there(err)
		return err
	})
}

// fields is the order for $set, which leaves alone what these rows did not name.
func (o *stagedOrder) fields() bson.D {
	d := bson.D{
		{Key: "row", Value: o.Row}, {Key: "customer", Value: o.Customer}, {Key: "recognised", Value: o.Recognised},
		{Key: "day", Value: o.Day}, {Key: "status", Value: o.Status}, {Key: "raw", Value: o.Raw}, {Key: "amount", Value: o.Amount},
	}
	if o.Name != nil {
		d = append(d, bson.E{Key: "name", Value: o.Name})
	}
	if o.Email != nil {
		d = append(d, bson.E{Key: "email", Value: o.Email})
	}
	for key, l := range o.Lines {
		d = append(d, bson.E{Key: "lines." + key, Value: l})
	}
	return d
}

// lineKey turns a line id, which may hold anything, into the name of a field.
func lineKey(id string) string { return "l" + base64.RawURLEncoding.EncodeToString([]byte(id)) }

// stagedReader reads what was staged, sorted by order id as the server sorts.
type stagedReader struct {
	h     *hold
	from  *mongo.Collection
	size  int
	cur   *mongo.Cursor
	after string // the last order id read
	began bool
}

// next reads the next block, empty at the end. After lost connections it goes on where it was.
func (r *stagedReader) next(ctx context.Context) ([]stagedOrder, error) {
	block := make([]stagedOrder, 0, r.size)
	err := r.h.patiently(ctx, r.h.b.attemptTime(), func(ctx context.Context) error {
		err := r.fill(ctx, &block)
		if err != nil {
			r.close()
		}
		return err
	})
	return block, err
}

func (r *stagedReader) fill(ctx context.Context, block *[]stagedOrder) (err error) {
	if r.cur == nil {
		filter := bson.D{}
		if r.began {
			filter = bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: r.after}}}}
		}
		if r.cur, err = r.from.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(stageRows)); err != nil {
			return err
		}
	}
	for bytes := 0; len(*block) < r.size && bytes < blockBytes && r.cur.Next(ctx); bytes += len(r.cur.Current) {
		var o stagedOrder
		if err := r.cur.Decode(&o); err != nil {
			return err
		}
		*block, r.after, r.began = append(*block, o), o.ID, true
	}
	return r.cur.Err()
}

// close gives the cursor back; one that cannot be reached the server closes itself.
func (r *stagedReader) close() {
	if r.cur != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = r.cur.Close(ctx)
		r.cur = nil
	}
}

// isStaged reports whether a collection holds rows of some import. Such are dropped, so another
// program's must never be taken for one.
func (b *Book) isStaged(collection string) bool {
	number, is := strings.CutPrefix(collection, b.stagedPrefix())
	batch, err := strconv.ParseInt(number, 10, 64)
	return is && err == nil && collection == b.staged(batch).Name() && collection != b.fields.Clients
}
