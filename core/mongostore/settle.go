package mongostore

import (
	"cmp"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"

	"deskwatch/core"
	"deskwatch/core/orders"
)

const (
	// Orders are compared by blocks. Of a small import one question asks for the orders of a
	// block by their ids; of a large one for all between the first and the last of the block,
	// which reads the whole collection in as many parts as there are blocks. Both ask the
	// server with its own order of texts, so that nothing depends on ours.
	fewIDs    = 500
	manyIDs   = 10_000
	manyShare = 50 // an import of a 50th of the collection is large
	writeDocs = 2000
)

// settling compares the staged orders with the book and writes what differs.
type settling struct {
	im         *bookImport
	vocabulary *orders.Vocabulary
	empty      bool // there is nothing to compare with
	wide       bool // ask for ranges of order ids
	versions   []bson.D
	replaced   []mongo.WriteModel
}

// Settle writes the new and changed orders, unseen, and counts.
func (im *bookImport) Settle(ctx context.Context) (core.ImportCounts, error) {
	err := im.during(ctx, func() error {
		if err := im.stage.write(ctx); err != nil {
			return err
		}
		im.start.Progress.SetPhase("Comparing")
		s := settling{im: im, vocabulary: im.b.opt.Vocabulary()}
		im.counts = core.ImportCounts{}
		err := s.choose(ctx)
		switch {
		case err != nil:
		case im.stage.straight:
			err = s.rewrite(ctx)
		default:
			err = s.run(ctx)
		}
		im.settled = err == nil
		return err
	})
	return im.counts, err
}

// choose looks how much there is to compare.
func (s *settling) choose(ctx context.Context) error {
	h := s.im.h
	return h.patiently(ctx, h.b.attemptTime(), func(ctx context.Context) error {
		staged, err := s.im.stage.into.EstimatedDocumentCount(ctx)
		if err != nil {
			return err
		}
		there, err := h.b.orders().EstimatedDocumentCount(ctx)
		s.wide = staged*manyShare >= there
		if err == nil && there == 0 { // which is only an estimate
			s.empty, err = h.b.nothing(ctx)
		}
		return err
	})
}

// block is some staged orders and what the book has of each.
type block struct {
	orders []stagedOrder
	was    []present
}

// run reads one block while it writes what differs of the one before.
func (s *settling) run(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	blocks := make(chan block)
	work.Go(func() error {
		defer close(blocks)
		return s.read(ctx, blocks)
	})
	work.Go(func() error {
		for b := range blocks {
			if err := s.differ(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return work.Wait()
}

func (s *settling) read(ctx context.Context, blocks chan<- block) error {
	size := fewIDs
	if s.wide {
		size = manyIDs
	}
	staged := stagedReader{h: s.im.h, from: s.im.stage.into, size: size}
	defer staged.close()
	for {
		orders, err := staged.next(ctx)
		if err != nil || len(orders) == 0 {
			return err
		}
		b := block{orders: orders, was: make([]present, len(orders))}
		if !s.empty {
			if err := s.look(ctx, b); err != nil {
				return err
			}
		}
		select {
		case blocks <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// differ writes what is new or changed of a block.
func (s *settling) differ(ctx context.Context, b block) error {
	for i := range b.orders {
		s.compare(&b.orders[i], &b.was[i])
		if len(s.versions) == writeDocs {
			if err := s.write(ctx); err != nil {
				return err
			}
		}
	}
	return s.write(ctx)
}

// rewrite replaces orders that went straight to the orders and were named again by a later row.
func (s *settling) rewrite(ctx context.Context) error {
	im := s.im
	staged := stagedReader{h: im.h, from: im.stage.into, size: fewIDs}
	defer staged.close()
	for {
		orders, err := staged.next(ctx)
		if err != nil {
			return err
		}
		if len(orders) == 0 {
			break
		}
		first, err := s.straight(ctx, orders)
		if err != nil {
			return err
		}
		bulk := make([]mongo.WriteModel, len(orders))
		for i := range orders {
			o := &orders[i]
			was := first[documentID(im.batch, o.ID)]
			bulk[i] = mongo.NewReplaceOneModel().SetFilter(im.b.version(documentID(im.batch, o.ID), o.ID)).
				SetReplacement(im.b.document(o.ID, o.Customer, version(im.batch, o, &was)))
		}
		err = im.h.patiently(ctx, im.b.attemptTime(), func(ctx context.Context) error {
			_, err := im.b.orders().BulkWrite(ctx, bulk, options.BulkWrite().SetOrdered(false))
			return err
		})
		if err != nil {
			return err
		}
	}
	im.counts.OrdersNew = im.stage.inserted
	if !im.h.unsure.Load() {
		return nil
	}
	// Of a repeated write nobody knows what its first try had inserted.
	return im.h.sweep(ctx, func(ctx context.Context) (err error) {
		im.counts.OrdersNew, err = im.b.orders().CountDocuments(ctx, writtenBy(im.batch))
		return err
	})
}

// straight reads what of some orders went straight to the orders, by _id: a name or e-mail of
// their first row may be the only one.
func (s *settling) straight(ctx context.Context, orders []stagedOrder) (first map[string]present, err error) {
	im := s.im
	ids := bson.A{}
	for _, o := range orders {
		ids = append(ids, documentID(im.batch, o.ID))
	}
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: batchField, Value: im.batch}}
	return first, im.h.patiently(ctx, im.b.attemptTime(), func(ctx context.Context) error {
		first = make(map[string]present, len(orders))
		return im.b.find(ctx, im.b.orders(), filter, options.Find(), func(doc bson.Raw) error {
			was := present{customer: text(doc.Lookup(im.b.fields.Customer))}
			err := doc.Lookup(ownField).Unmarshal(&was.own)
			first[text(doc.Lookup("_id"))] = was
			return err
		})
	})
}

// present is what the book has of one order.
type present struct {
	version  string // _id of our document, "" for none
	customer string
	own      own
	beside   bool // another program has it
	same     bool // as the row says it
}

// look finds what the book has of the orders of a block.
func (s *settling) look(ctx context.Context, of block) error {
	b, f := s.im.b, s.im.b.fields
	ids := make([]string, len(of.orders))
	at := make(map[string]int, len(of.orders))
	for i, o := range of.orders {
		ids[i], at[o.ID] = o.ID, i
	}
	find := options.Find().SetBatchSize(stageRows).SetProjection(bson.D{
		{Key: f.OrderID, Value: 1}, {Key: f.Customer, Value: 1}, {Key: f.Date, Value: 1}, {Key: f.Status, Value: 1}, {Key: ownField, Value: 1},
	})
	filter := bson.D{{Key: f.OrderID, Value: bson.D{{Key: "$in", Value: ids}}}}
	if s.wide {
		filter = bson.D{{Key: f.OrderID, Value: bson.D{{Key: "$gte", Value: ids[0]}, {Key: "$lte", Value: ids[len(ids)-1]}}}}
		find.SetCollation(&options.Collation{Locale: "simple"}) // as the staged ones are sorted
	}
	return s.im.h.patiently(ctx, b.attemptTime(), func(ctx context.Context) error {
		clear(of.was)
		cur, err := b.orders().Find(ctx, filter, find)
		if err != nil {
			return err
		}
		defer cur.Close(ctx) //nolint:errcheck // a cursor that cannot be closed ends by itself
		for cur.Next(ctx) {
			id, text := cur.Current.Lookup(f.OrderID).StringValueOK()
			i, staged := at[id]
			if !text || !staged {
				continue
			}
			s.note(cur.Current, &of.orders[i], &of.was[i])
		}
		return cur.Err()
	})
}

// note adds one document to what the book has of its order.
func (s *settling) note(doc bson.Raw, o *stagedOrder, was *present) {
	f := s.im.b.fields
	customer, _ := doc.Lookup(f.Customer).StringValueOK()
	mark := doc.Lookup(ownField)
	if mark.IsZero() {
		was.beside = true
		was.same = was.same || customer == o.Customer && s.sameBeside(doc, o)
		return
	}
	var v own
	if err := mark.Unmarshal(&v); err != nil || text(doc.Lookup("_id")) != documentID(v.Batch, o.ID) {
		return // another program's idea of such a field
	}
	if s.im.h.state.sees(v.Batch, v.Until) {
		was.version, was.customer, was.own = documentID(v.Batch, o.ID), customer, v
	}
}

// compare counts an order and puts down what to write of it.
func (s *settling) compare(o *stagedOrder, was *present) {
	counts := &s.im.counts
	v := version(s.im.batch, o, was)
	switch {
	case was.version != "" && was.customer == o.Customer && was.own.equal(v), was.version == "" && was.same:
		counts.OrdersUnchanged++
		return
	case was.version != "":
		counts.OrdersChanged++
		s.replaced = append(s.replaced, mongo.NewUpdateOneModel().SetFilter(s.im.b.version(was.version, o.ID)).
			// Never lowered: a process that lost its lease cannot take the mark of a later one away.
			SetUpdate(bson.D{{Key: "$max", Value: bson.D{{Key: untilField, Value: s.im.batch}}}}))
	case was.beside:
		counts.OrdersChanged++
	default:
		counts.OrdersNew++
	}
	s.versions = append(s.versions, s.im.b.document(o.ID, o.Customer, v))
}

// version matches one version of an order. The order id says on which shard it is.
func (b *Book) version(id, orderID string) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: b.fields.OrderID, Value: orderID}, {Key: batchField, Value: bson.D{{Key: "$exists", Value: true}}}}
}

// version is the order as it will be after the import.
func version(batch int64, o *stagedOrder, was *present) own {
	v := own{Batch: batch, Day: o.Day, Status: o.Status, Raw: o.Raw, Recognised: o.Recognised, Amount: o.Amount}
	v.Name, v.Email = o.Name.of(o.Customer, batch), o.Email.of(o.Customer, batch)
	if was.customer == o.Customer {
		v.Name, v.Email = cmp.Or(v.Name, was.own.Name), cmp.Or(v.Email, was.own.Email)
	}
	if o.Lines == nil {
		v.Statuses = []string{o.Status}
		return v
	}
	for _, l := range was.own.Lines {
		if _, again := o.Lines[lineKey(l.ID)]; !again {
			v.Lines = append(v.Lines, l)
		}
	}
	for _, l := range o.Lines {
		v.Lines = append(v.Lines, l)
	}
	slices.SortFunc(v.Lines, func(a, b line) int { return cmp.Compare(a.ID, b.ID) })
	var sum int64
	for _, l := range v.Lines {
		if !slices.Contains(v.Statuses, l.Status) {
			v.Statuses = append(v.Statuses, l.Status)
		}
		if l.Amount != nil {
			sum += *l.Amount
			v.Amount = &sum
		}
	}
	slices.Sort(v.Statuses)
	return v
}

// equal reports whether two versions of an order are the same for the book. Statuses and the
// sum of amounts follow from the lines.
func (o own) equal(p own) bool {
	return o.Day == p.Day && o.Status == p.Status && o.Raw == p.Raw && sameAmount(o.Amount, p.Amount) &&
		slices.EqualFunc(o.Lines, p.Lines, func(a, b line) bool {
			return a.ID == b.ID && a.Day == b.Day && a.Status == b.Status && a.Raw == b.Raw && sameAmount(a.Amount, b.Amount)
		})
}

func sameAmount(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }

// write sends what was put down. Everything of it may be written twice.
func (s *settling) write(ctx context.Context) error {
	if len(s.versions) == 0 {
		return nil
	}
	im := s.im
	im.wrote = true
	err := im.h.patiently(ctx, im.b.attemptTime(), func(ctx context.Context) error {
		_, err := im.h.insert(ctx, s.versions, bson.E{Key: batchField, Value: im.batch})
		return err
	})
	if err == nil && len(s.replaced) > 0 {
		err = im.h.patiently(ctx, im.b.attemptTime(), func(ctx context.Context) error {
			_, err := im.b.orders().BulkWrite(ctx, s.replaced, options.BulkWrite().SetOrdered(false))
			return err
		})
	}
	s.versions, s.replaced = s.versions[:0], s.replaced[:0]
	return err
}
