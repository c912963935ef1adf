package source

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"deskwatch/core"
)

// grouped is a record that stands in a group, and the product the group is about.
type grouped struct {
	product string
	record  any
}

// groupsOf lists the tickets of an object that is none itself and holds those of a product:
// {"Product":"Spark","Cases":[…]}, or {"Spark":[…],"Hive":[…]}. It is nil for any other object.
func (s *jsonStream) groupsOf(record any) []grouped {
	object, ok := record.(map[string]any)
	if !ok || !s.mayBeGroups(object) {
		return nil
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
		for _, item := range items {
			if item == nil {
				item = null{}
			}
			list = append(list, grouped{of, item})
		}
	}
	if !found {
		return nil
	}
	if updated != "" {
		s.records.extras[core.FieldUpdated] = updated
	}
	s.format = lists["cases"]
	return append([]grouped{}, list...)
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
	raw, err := json.Marshal(g.record)
	if err != nil {
		return core.Ticket{}, s.broken(err)
	}
	if g.product != "" {
		s.records.extras[core.FieldProduct] = g.product
		defer delete(s.records.extras, core.FieldProduct)
	}
	return s.read(g.record, raw)
}
