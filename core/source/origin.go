package source

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Origin is where a ticket comes from in what was read.
type Origin struct {
	Record     map[string]any // not to be changed
	Group      string         // the product of the group it stands in; "" none
	Begin, End int64          // its bytes, in UTF-8 and without a mark of the encoding in front
}

// Traced is a Stream that tells where its tickets come from. OpenJSON gives one.
type Traced interface {
	Stream
	// Origin is that of the ticket Next gave last.
	Origin() Origin
	// Said is what the object around the list of tickets says under a name, compared without case,
	// as far as it was read; "" nothing.
	Said(name string) string
}

var _ Traced = (*jsonStream)(nil)

func (s *jsonStream) Origin() Origin { return s.origin }

func (s *jsonStream) Said(name string) string {
	for known, value := range s.meta {
		if strings.EqualFold(known, name) {
			return textOf(value)
		}
	}
	return ""
}

// span is a part of some bytes.
type span struct{ begin, end int64 }

// spansOf is where the items of the lists of an object stand. raw is JSON that was read before.
func spansOf(raw []byte) (map[string][]span, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	lists := map[string][]span{}
	var value json.RawMessage
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		delete(lists, name) // of two members with one name the later counts
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		if value[0] != '[' {
			continue
		}
		begin := dec.InputOffset() - int64(len(value))
		items := json.NewDecoder(bytes.NewReader(value))
		if _, err := items.Token(); err != nil {
			return nil, err
		}
		var item json.RawMessage
		for items.More() {
			if err := items.Decode(&item); err != nil {
				return nil, err
			}
			end := begin + items.InputOffset()
			lists[name] = append(lists[name], span{end - int64(len(item)), end})
		}
	}
	return lists, nil
}
