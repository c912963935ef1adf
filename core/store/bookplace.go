package store

import (
	"fmt"

	"deskwatch/core"
)

// bookRow is an order in the numbers the book keeps.
type bookRow struct {
	id, slot, day, spelling int64
	amount                  optional
	lines                   int64
}

type optional struct {
	value int64
	valid bool
}

func amountOf(row *core.OrderRow) optional {
	return optional{int64(row.Amount), row.HasAmount}
}

func (s *bulkStmt) bindOptional(i int, v optional) error {
	if !v.valid {
		return s.bindNull(i)
	}
	return s.bindInt(i, v.value)
}

func (s *bulkStmt) optional(col int) optional {
	if s.isNull(col) {
		return optional{}
	}
	return optional{s.int(col), true}
}

// read returns the row as the book would keep it, without lines.
func (im *bookImport) read(row *core.OrderRow) (bookRow, error) {
	customer, err := im.names.customer(row)
	if err != nil {
		return bookRow{}, err
	}
	month := row.Day.Month()
	if month < 0 || month >= 1<<slotMonthBits {
		return bookRow{}, core.NewError(core.CodeInvalid, "store.import", fmt.Sprintf("The order %s has a date outside of the years 0 to 9999. %s", row.OrderID, nothingKept), nil)
	}
	spelling, err := im.names.spelling(row.Status, row.RawStatus)
	return bookRow{
		slot: slotOf(customer, month, core.NewStatusSet(row.Status)), day: int64(row.Day),
		spelling: spelling, amount: amountOf(row),
	}, err
}

// append writes the row as a new order; Settle finds out whether it repeats another.
func (im *bookImport) append(row *core.OrderRow) error {
	o, err := im.read(row)
	if err != nil {
		return err
	}
	id, err := im.insert(&o, row.OrderID)
	im.seen.add(row.OrderID, id)
	return err
}

// place writes the row where it belongs: the last row of an order id wins.
func (im *bookImport) place(row *core.OrderRow) error {
	im.placed++
	o, err := im.read(row)
	if err != nil {
		return err
	}
	old, err := im.find(row.OrderID)
	if err != nil {
		return err
	}
	o.id = old.id
	switch {
	case old.id == 0:
	case o == old:
		if old.id < im.firstRow {
			im.same.add(old.id)
		}
		return nil
	case old.id >= im.firstRow:
		return im.update(&o)
	default:
		if err := im.retire(old.id); err != nil {
			return err
		}
	}
	_, err = im.insert(&o, row.OrderID)
	return err
}

// placeGroup places the lines of one order.
func (im *bookImport) placeGroup() error {
	if len(im.group) == 0 {
		return nil
	}
	defer func() { im.group = im.group[:0] }()
	im.placed++
	for i := range im.group {
		if _, err := im.names.customer(&im.group[i]); err != nil { // each may carry a name
			return err
		}
	}
	last := &im.group[len(im.group)-1]
	o, err := im.read(last)
	if err != nil {
		return err
	}
	old, err := im.find(last.OrderID)
	if err != nil {
		return err
	}
	if old.id != 0 && old.id < im.firstRow {
		same, err := im.linesAreSame(&old, &o)
		if err != nil {
			return err
		}
		if same {
			im.same.add(old.id)
			return nil
		}
		if err := im.retire(old.id); err != nil {
			return err
		}
	}
	o.id = old.id
	if old.id < im.firstRow {
		if o.id, err = im.insert(&o, last.OrderID); err != nil {
			return err
		}
		// An order without lines is replaced by its lines, not joined with them.
		if old.lines > 0 {
			if err := im.st.copyLines.run(old.id, o.id); err != nil {
				return err
			}
		}
	}
	return im.mergeLines(&o)
}

// linesAreSame reports whether the group says nothing new about old; o is its last line.
func (im *bookImport) linesAreSame(old, o *bookRow) (bool, error) {
	if old.lines == 0 || o.slot>>slotStatusBits != old.slot>>slotStatusBits || o.day != old.day || o.spelling != old.spelling {
		return false, nil
	}
	for i := range im.group {
		row := &im.group[i]
		spelling, err := im.names.spelling(row.Status, row.RawStatus)
		if err != nil {
			return false, err
		}
		s := im.st.line
		if err := s.bind(old.id, row.LineID); err != nil {
			return false, err
		}
		found, err := s.step()
		if err != nil {
			return false, err
		}
		if !found {
			return false, nil
		}
		same := s.int(0) == int64(row.Day) && s.int(1) == spelling && s.optional(2) == amountOf(row)
		s.reset()
		if !same {
			return false, nil
		}
	}
	return true, nil
}

// mergeLines adds the group's lines to the order o, which is this import's own, and makes
// the order what its lines are together.
func (im *bookImport) mergeLines(o *bookRow) error {
	for i := range im.group {
		row := &im.group[i]
		spelling, err := im.names.spelling(row.Status, row.RawStatus)
		if err != nil {
			return err
		}
		s := im.st.putLine
		if err := s.bind(o.id, row.LineID, int64(row.Day), spelling); err != nil {
			return err
		}
		if err := s.bindOptional(5, amountOf(row)); err != nil {
			return err
		}
		if _, err := s.step(); err != nil {
			return err
		}
	}
	o.slot = o.slot >> slotStatusBits << slotStatusBits
	o.lines, o.amount = 0, optional{}
	s := im.st.lines
	err := s.each(func() error {
		o.slot |= int64(core.NewStatusSet(core.Status(s.int(0))))
		o.lines++
		if a := s.optional(1); a.valid {
			o.amount = optional{o.amount.value + a.value, true}
		}
		return nil
	}, o.id)
	if err != nil {
		return err
	}
	return im.update(o)
}

// find returns the order with that id, or one with id 0.
func (im *bookImport) find(orderID string) (bookRow, error) {
	s := im.st.find
	if err := s.bindText(1, orderID); err != nil {
		return bookRow{}, err
	}
	found, err := s.step()
	if !found || err != nil {
		return bookRow{}, err
	}
	defer s.reset()
	return bookRow{id: s.int(0), slot: s.int(1), day: s.int(2), spelling: s.int(3), amount: s.optional(4), lines: s.int(5)}, nil
}

// insert writes o as a new row and returns its number.
func (im *bookImport) insert(o *bookRow, orderID string) (int64, error) {
	id, s := im.nextRow, im.st.insert
	if im.appending && id > im.firstRow {
		// The library counts on from the last row, which spares it two searches for the place.
		s = im.st.append
	}
	im.nextRow++
	if err := im.bindOrder(s, id, o); err != nil {
		return 0, err
	}
	if err := s.bindText(7, orderID); err != nil {
		return 0, err
	}
	_, err := s.step()
	return id, err
}

func (im *bookImport) update(o *bookRow) error {
	if err := im.bindOrder(im.st.update, o.id, o); err != nil {
		return err
	}
	_, err := im.st.update.step()
	return err
}

func (im *bookImport) bindOrder(s *bulkStmt, id int64, o *bookRow) error {
	for i, v := range [...]int64{id, o.slot, o.day, o.spelling} {
		if err := s.bindInt(i+1, v); err != nil {
			return err
		}
	}
	if err := s.bindOptional(5, o.amount); err != nil {
		return err
	}
	return s.bindInt(6, o.lines)
}

// retire moves an order of an earlier import out of the book, to be put back by an undo.
func (im *bookImport) retire(id int64) error {
	im.same.remove(id)
	if err := im.st.retire.run(id, im.id); err != nil {
		return err
	}
	return im.st.remove.run(id)
}
