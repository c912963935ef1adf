package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

const (
	maxRecord  = 1 << 20        // bytes of one record; a longer one is rejected
	maxValue   = 16 * maxRecord // bytes of JSON held at once; more than that in one record ends the reading
	maxNames   = 12             // of unknown fields told
	noFormat   = "JSON"         // until a list or a record is met
	acceptable = "Deskwatch reads a collector's post (\"Cases\"), Salesforce query answers and tree files (\"records\"), Zendesk ticket pages (\"tickets\"), a list of tickets, or one ticket a line"
)

// lists are the names under which an object holds its tickets, and what such an object is.
var lists = map[string]string{
	"cases": "Cases of a collector", "records": "Salesforce records", "tickets": "Zendesk tickets", "items": "Deskwatch tickets",
}

// OpenJSON reads tickets from JSON of any known shape: the collector's envelope, also with its
// cases grouped by product, as an object of lists or a list of such groups; Salesforce query answers and tree files; Zendesk pages; a list; one
// object after the other. It holds one record at a time. progress, which may be nil, is told how
// much was read.
//
// It fails with core.CodeInvalid when the first record tells that these are no tickets. Close
// does not close r.
func OpenJSON(r io.Reader, source string, d *tickets.Dictionary, progress func(bytes int64)) (Stream, error) {
	s := newJSONStream(r, newRecordReader(source, d), progress)
	s.first, s.firstErr = s.Next()
	s.peeked = true
	var rejected *Rejected
	if s.firstErr != nil && !errors.Is(s.firstErr, io.EOF) && !errors.As(s.firstErr, &rejected) {
		return nil, s.firstErr
	}
	return s, nil
}

// place is where in the JSON the stream stands.
type place uint8

const (
	atTop    place = iota // between values
	inObject              // in an object that may hold a list, or be a record itself
	inGroups              // in an object of lists, by product
	inList                // in a list of records
)

// jsonStream reads records from JSON.
type jsonStream struct {
	in      *recordedReader
	dec     *json.Decoder
	records *recordReader

	where  []place        // innermost last
	meta   map[string]any // what the object at hand says beside its list
	listed bool           // it has a list
	format string
	index  int       // records seen
	values int       // at the top
	group  []grouped // records of the object at hand that are still to be read
	origin Origin    // of the last ticket

	first    core.Ticket
	firstErr error
	peeked   bool
}

func newJSONStream(r io.Reader, records *recordReader, progress func(int64)) *jsonStream {
	// What marks the encoding at the beginning is obeyed; without a mark it is UTF-8.
	in := newRecordedReader(transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder())), progress)
	s := &jsonStream{in: in, dec: json.NewDecoder(in), records: records, where: []place{atTop}, format: noFormat}
	s.dec.UseNumber()
	return s
}

func (s *jsonStream) Format() string { return s.format }
func (s *jsonStream) Close() error   { return nil }

func (s *jsonStream) Next() (core.Ticket, error) {
	if s.peeked {
		s.peeked = false
		return s.first, s.firstErr
	}
	for {
		if len(s.group) > 0 {
			next := s.group[0]
			s.group = s.group[1:]
			return s.readGrouped(next)
		}
		record, raw, err := s.step()
		if err != nil {
			return core.Ticket{}, err
		}
		if record == nil {
			continue
		}
		end := s.dec.InputOffset()
		begin := end - int64(len(raw))
		if s.group, err = s.groupsOf(record, raw, begin); err != nil {
			return core.Ticket{}, s.broken(err)
		}
		if s.group == nil {
			return s.read(record, raw, begin)
		}
	}
}

// read makes a ticket of one record, which begins at begin.
func (s *jsonStream) read(record any, raw []byte, begin int64) (core.Ticket, error) {
	s.index++
	object, ok := record.(map[string]any)
	if !ok {
		if s.index == 1 {
			return core.Ticket{}, unknownShape(fmt.Sprintf("The JSON lists %s instead of tickets.", kindOf(record)))
		}
		return core.Ticket{}, &Rejected{Line: s.index, Reason: fmt.Sprintf("This is %s, not a ticket.", kindOf(record)), Raw: bytes.Clone(raw)}
	}
	if len(raw) > maxRecord {
		return core.Ticket{}, &Rejected{Line: s.index, Reason: "The record is longer than 1 MiB."}
	}
	some := s.records.collect(object)
	if !some && s.index == 1 {
		return core.Ticket{}, unknownShape("The JSON holds records with " + namesOf(object) + ", and none of these is a field of a ticket.")
	}
	t, fault := s.records.ticket()
	if fault != nil {
		return core.Ticket{}, &Rejected{Line: s.index, Column: s.records.column(fault.Field), Reason: fault.Reason, Raw: bytes.Clone(raw)}
	}
	s.origin = Origin{Record: object, Group: s.records.extras[core.FieldProduct], Begin: begin, End: begin + int64(len(raw))}
	return t, nil
}

// step goes on to the next record, or by one token: then the record is nil.
func (s *jsonStream) step() (record any, raw []byte, err error) {
	switch s.where[len(s.where)-1] {
	case inList:
		return s.stepList()
	case inGroups:
		return nil, nil, s.stepGroups()
	case inObject:
		return s.stepObject()
	}
	return nil, nil, s.stepTop()
}

func (s *jsonStream) stepTop() error {
	s.in.mark(s.dec.InputOffset())
	token, err := s.dec.Token()
	if errors.Is(err, io.EOF) {
		if s.values == 0 {
			return unknownShape("The file is empty.")
		}
		if s.format == noFormat { // {} says nothing, not even that there are no tickets
			return unknownShape("The JSON holds no tickets and no list of them.")
		}
		return io.EOF
	}
	if err != nil {
		return s.broken(err)
	}
	s.values++
	switch token {
	case json.Delim('['):
		s.enter(inList)
		s.format = "JSON list"
	case json.Delim('{'):
		s.enter(inObject)
		s.meta, s.listed = map[string]any{}, false
		clear(s.records.extras)
	default:
		return unknownShape(fmt.Sprintf("The JSON holds %s instead of tickets.", kindOf(token)))
	}
	return nil
}

// stepObject reads one member of an object at the top. Without a list it is a record itself.
func (s *jsonStream) stepObject() (record any, raw []byte, err error) {
	if !s.dec.More() {
		if err := s.leave(); err != nil {
			return nil, nil, err
		}
		if s.listed || len(s.meta) == 0 {
			return nil, nil, nil
		}
		s.format = "JSON, one record after the other"
		return s.meta, s.in.since(s.dec.InputOffset()), nil
	}
	name, err := s.name()
	if err != nil {
		return nil, nil, err
	}
	what := lists[strings.ToLower(name)]
	if what == "" || s.listed {
		return nil, nil, s.member(name)
	}
	token, err := s.dec.Token()
	if err != nil {
		return nil, nil, s.broken(err)
	}
	switch token {
	case json.Delim('['):
		s.found(what)
		s.enter(inList)
	case json.Delim('{'):
		if !strings.EqualFold(name, "cases") {
			s.meta[name], err = s.rest()
			return nil, nil, err
		}
		s.found(what)
		s.enter(inGroups)
	default:
		s.meta[name] = token
	}
	return nil, nil, nil
}

// found takes over what an envelope said before its list.
func (s *jsonStream) found(what string) {
	s.listed, s.format = true, what
	for name, value := range s.meta {
		switch {
		case strings.EqualFold(name, "updatetime"):
			s.records.extras[core.FieldUpdated] = textOf(value)
		case s.records.fieldOf(name) == core.FieldProduct:
			s.records.extras[core.FieldProduct] = textOf(value)
		}
	}
}

// member keeps one member of an object, or passes over it where it only stands beside a list.
func (s *jsonStream) member(name string) error {
	if !s.listed {
		var value any
		if err := s.dec.Decode(&value); err != nil {
			return s.broken(err)
		}
		s.meta[name] = value
		return nil
	}
	for depth := 0; ; {
		s.in.mark(s.dec.InputOffset())
		token, err := s.dec.Token()
		if err != nil {
			return s.broken(err)
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		default:
			if depth == 0 {
				s.meta[name] = token // Salesforce may tell the next page behind the records
			}
		}
		if depth == 0 {
			return nil
		}
	}
}

// rest decodes an object whose beginning is read already.
func (s *jsonStream) rest() (map[string]any, error) {
	object := map[string]any{}
	for s.dec.More() {
		name, err := s.name()
		if err != nil {
			return nil, err
		}
		var value any
		if err := s.dec.Decode(&value); err != nil {
			return nil, s.broken(err)
		}
		object[name] = value
	}
	_, err := s.dec.Token()
	if err != nil {
		return nil, s.broken(err)
	}
	return object, nil
}

// stepGroups enters the list of the next product.
func (s *jsonStream) stepGroups() error {
	if !s.dec.More() {
		delete(s.records.extras, core.FieldProduct)
		return s.leave()
	}
	s.in.mark(s.dec.InputOffset())
	product, err := s.name()
	if err != nil {
		return err
	}
	token, err := s.dec.Token()
	switch {
	case err != nil:
		return s.broken(err)
	case token == json.Delim('['):
		s.records.extras[core.FieldProduct] = product
		s.enter(inList)
	case token != nil:
		return unknownShape(fmt.Sprintf("The cases of %q are not a list.", product))
	}
	return nil
}

func (s *jsonStream) stepList() (record any, raw []byte, err error) {
	if !s.dec.More() {
		return nil, nil, s.leave()
	}
	s.in.mark(s.dec.InputOffset())
	if err := s.dec.Decode(&record); err != nil {
		return nil, nil, s.broken(err)
	}
	if record == nil {
		record = null{}
	}
	return record, s.in.since(s.dec.InputOffset()), nil
}

// null stands for a null among the records, which is one to be rejected.
type null struct{}

func (s *jsonStream) name() (string, error) {
	token, err := s.dec.Token()
	if err != nil {
		return "", s.broken(err)
	}
	name, _ := token.(string) // the decoder lets nothing else stand there
	return name, nil
}

func (s *jsonStream) enter(p place) { s.where = append(s.where, p) }

// leave reads the end of the innermost list or object.
func (s *jsonStream) leave() error {
	if _, err := s.dec.Token(); err != nil {
		return s.broken(err)
	}
	s.where = s.where[:len(s.where)-1]
	return nil
}

// broken says what is wrong with the JSON.
func (s *jsonStream) broken(err error) error {
	var told *core.Error
	var syntax *json.SyntaxError
	at := "at its beginning"
	if s.index > 0 {
		at = fmt.Sprintf("behind record %d", s.index)
	}
	switch {
	case errors.As(err, &told):
		return err
	case errors.Is(err, errTooLong):
		return core.NewError(core.CodeInvalid, "source.json", fmt.Sprintf("The JSON has a value of more than 16 MiB %s. Nothing was kept. Have the source send smaller records.", at), err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return core.NewError(core.CodeInvalid, "source.json", fmt.Sprintf("The JSON breaks off %s: the file is not complete. Nothing was kept. Send it again as a whole.", at), io.ErrUnexpectedEOF)
	case errors.As(err, &syntax):
		return core.NewError(core.CodeInvalid, "source.json", fmt.Sprintf("This is no JSON %s, near byte %d. Nothing was kept. Check how the file was made.", at, syntax.Offset), err)
	}
	return core.NewError(core.CodeUnavailable, "source.json", fmt.Sprintf("The JSON could not be read on %s. Nothing was kept. Try again.", at), err)
}

func unknownShape(found string) error {
	return core.NewError(core.CodeInvalid, "source.json", found+" Nothing was kept. "+acceptable+".", nil)
}

// kindOf names a JSON value for people.
func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case bool:
		return "yes or no"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "nothing"
}

// namesOf lists the members of an object for people.
func namesOf(object map[string]any) string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, fmt.Sprintf("%.40q", name))
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "nothing in them"
	}
	if more := len(names) - maxNames; more > 0 {
		return strings.Join(names[:maxNames], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}
