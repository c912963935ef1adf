package source

import (
	"maps"
	"slices"
	"strings"

	"deskwatch/core"
)

// grouped is a record that stands in a group, and the product the group is about.
type grouped struct {
	product string
	record  any
	raw     []byte
	begin   int64
}

// groupsOf lists the tickets of an object that is none itself and holds those of a product:
// {"Product":"Spark","Cases":[…]}, or {"Spark":[…],"Hive":[…]}. It is nil for any other object. raw is the object as it came, which
// begins at begin.
func (s *jsonStream) groupsOf(record any, raw []byte, begin int64) ([]grouped, error) {
	object, ok := record.(map[string]any)
	if !ok || !s.mayBeGroups(object) {
		return nil, nil
	}
	spans, err := spansOf(raw)
	if err != nil {
		return nil, err
	}
	product, updated, found := "", "", false
	for name, value := range object {
		if _, isList := value.([]any); isList {
			continue
		}
		switch {
		case strings.EqualFold(name, "updatetime"):
			updated = textOf(value)
		case s.records.fieldOf(name) == core.FieldProduct:
			product = textOf(value)
		}
	}
	var list []grouped
	for _, name := range slices.Sorted(maps.Keys(object)) {
		of := product
		items, isList := object[name].([]any)
		switch {
		case !isList:
			continue
		case lists[strings.ToLower(name)] != "":
		case len(items) == 0 || slices.ContainsFunc(items, func(item any) bool { _, ok := item.(map[string]any); return !ok }):
			continue
		default:
			of = name
		}
		found = true
		for i, item := range items {
			if item == nil {
				item = null{}
			}
			at := spans[name][i]
			list = append(list, grouped{of, item, raw[at.begin:at.end], begin + at.begin})
		}
	}
	if !found {
		return nil, nil
	}
	if updated != "" {
		s.records.extras[core.FieldUpdated] = updated
	}
	s.format = lists["cases"]
	return append([]grouped{}, list...), nil
}

// mayBeGroups reports whether an object has a list and says nothing that only a ticket does.
func (s *jsonStream) mayBeGroups(object map[string]any) bool {
	hasList := false
	for name, value := range object {
		if _, ok := value.([]any); ok {
			hasList = true
			continue
		}
		switch s.records.fieldOf(name) {
		case core.FieldID, core.FieldNumber, core.FieldSubject:
			return false
		}
	}
	return hasList
}

// readGrouped makes a ticket of a record of a group.
func (s *jsonStream) readGrouped(g grouped) (core.Ticket, error) {
	if g.product != "" {
		s.records.extras[core.FieldProduct] = g.product
		defer delete(s.records.extras, core.FieldProduct)
	}
	return s.read(g.record, g.raw, g.begin)
}
