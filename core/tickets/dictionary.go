package tickets

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// Dictionary turns the texts of a record's fields into a ticket, the same way for tables, JSON
// and whatever else a source sends. What a person mapped comes before the known names and words.
// It is immutable after ReadTimes and may be used by several goroutines.
type Dictionary struct {
	fields     map[string]naming // by folded name
	statuses   map[string]core.TicketStatus
	priorities map[string]core.Priority
	times      core.TimeRead
}

// naming is a field, and how early a name stands among those it has.
type naming struct {
	field core.Field
	rank  int
}

// noName is what a person maps a field to that nothing shall fill.
const noName = "-"

// NewDictionary returns the known tables with a mapping on top. Times that name no zone are read
// in that of the mapping, else in local. It fails with core.CodeInvalid when the mapping names a
// zone or a field that does not exist.
func NewDictionary(m core.TicketMapping, local *time.Location) (*Dictionary, error) {
	zone, err := Zone(m, local)
	if err != nil {
		return nil, err
	}
	d := &Dictionary{
		fields: map[string]naming{}, statuses: map[string]core.TicketStatus{}, priorities: map[string]core.Priority{},
		times: func(text string) (time.Time, error) { return readTime(text, zone) },
	}
	if err := d.nameFields(m.Fields); err != nil {
		return nil, err
	}
	for status, spellings := range knownStatuses() {
		for _, s := range spellings {
			d.statuses[fold(s)] = status
		}
	}
	for priority, spellings := range knownPriorities() {
		for _, s := range spellings {
			d.priorities[fold(s)] = priority
		}
	}
	// Sorted, so that two spellings of one word with different meanings end the same way each time.
	for _, raw := range slices.Sorted(maps.Keys(m.Statuses)) {
		d.statuses[fold(raw)] = m.Statuses[raw]
	}
	for _, raw := range slices.Sorted(maps.Keys(m.Priorities)) {
		d.priorities[fold(raw)] = m.Priorities[raw]
	}
	return d, nil
}

// Zone is the zone of times that name none.
func Zone(m core.TicketMapping, local *time.Location) (*time.Location, error) {
	switch {
	case m.Zone != "":
		zone, err := time.LoadLocation(m.Zone)
		if err != nil {
			return nil, core.NewError(core.CodeInvalid, "tickets.zone", fmt.Sprintf("%q is not a time zone. Write one such as Europe/Madrid, or UTC.", m.Zone), err)
		}
		return zone, nil
	case local == nil:
		return time.UTC, nil
	}
	return local, nil
}

// nameFields fills the table of names.
func (d *Dictionary) nameFields(mapped map[core.Field]string) error {
	for _, known := range fieldTable() {
		if _, ok := mapped[known.field]; ok {
			continue // the person's word replaces every name we know
		}
		for i, name := range known.names {
			if old, ok := d.fields[name]; !ok || i < old.rank {
				d.fields[name] = naming{known.field, i}
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(mapped)) {
		if _, err := core.ParseTicketField(string(field)); err != nil {
			return err
		}
		name := mapped[field]
		if name = strings.TrimSpace(name); name != noName && name != "" {
			d.fields[fold(name)] = naming{field, -1}
		}
	}
	return nil
}

// ReadTimes has times read by read instead of as machines write them in JSON (RFC 3339, and
// seconds or milliseconds since 1970). It is for who knows how a file writes its dates.
func (d *Dictionary) ReadTimes(read core.TimeRead) { d.times = read }

// FieldOf is the field that a source calls name: "CaseNumber", "Account.Name", "via.channel".
// Case, accents, blanks and punctuation do not matter.
func (d *Dictionary) FieldOf(name string) (core.Field, bool) {
	p, ok := d.fields[fold(name)]
	return p.field, ok
}

// Prefer reports whether a source's name is the better one of two that FieldOf gives the same
// field: a record may have a SuppliedEmail and a ContactEmail.
func (d *Dictionary) Prefer(name, other string) bool {
	return d.fields[fold(name)].rank < d.fields[fold(other)].rank
}

// Status is the status a spelling means. A blank one means none, and one that no table has
// core.TicketOther with known false.
func (d *Dictionary) Status(raw string) (status core.TicketStatus, known bool) {
	raw = given(raw)
	if raw == "" {
		return core.TicketOther, true
	}
	status, known = d.statuses[fold(raw)]
	if !known {
		return core.TicketOther, false
	}
	return status, true
}

// Priority is the priority a spelling means, core.PriorityNone with known false for one that no
// table has.
func (d *Dictionary) Priority(raw string) (priority core.Priority, known bool) {
	raw = given(raw)
	if raw == "" {
		return core.PriorityNone, true
	}
	priority, known = d.priorities[fold(raw)]
	return priority, known
}
