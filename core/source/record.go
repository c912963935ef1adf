package source

import (
	"encoding/json"
	"strings"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

const (
	// maxDepth bounds how deep a record's fields are looked for.
	maxDepth = 6
	// maxPaths bounds how many names of fields are remembered.
	maxPaths = 4096
)

// recordReader turns JSON records into tickets. It is for one goroutine.
type recordReader struct {
	source string
	dict   *tickets.Dictionary

	known  map[string]core.Field // by path, "" for one that is no field of a ticket
	texts  map[core.Field]string // of the record at hand
	paths  map[core.Field]string // and where each was found
	extras map[core.Field]string // of what holds the record: the group it stands in, the time of the post
}

func newRecordReader(source string, d *tickets.Dictionary) *recordReader {
	return &recordReader{source: source, dict: d, known: map[string]core.Field{}, texts: map[core.Field]string{}, paths: map[core.Field]string{}, extras: map[core.Field]string{}}
}

// fieldOf is the field a path names, "" for none.
func (r *recordReader) fieldOf(path string) core.Field {
	f, ok := r.known[path]
	if !ok {
		f, _ = r.dict.FieldOf(path)
		if len(r.known) < maxPaths {
			r.known[path] = f
		}
	}
	return f
}

// collect finds the texts of a record's fields and reports whether any of them is a ticket's.
func (r *recordReader) collect(record map[string]any) (some bool) {
	clear(r.texts)
	clear(r.paths)
	return r.gather("", record, 0)
}

func (r *recordReader) gather(prefix string, object map[string]any, depth int) (some bool) {
	for name, value := range object {
		path := prefix + name
		if nested, ok := value.(map[string]any); ok {
			if depth < maxDepth {
				some = r.gather(path+".", nested, depth+1) || some
			}
			continue
		}
		if list, ok := value.([]any); ok {
			some = r.gatherCustom(path, list) || some
			continue
		}
		some = r.put(path, textOf(value)) || some
	}
	return some
}

// gatherCustom reads the fields a source's administrator added, which Zendesk writes as
// [{"id":360001,"value":"Spark"}]: they are named "custom_fields.360001".
func (r *recordReader) gatherCustom(path string, list []any) (some bool) {
	for _, item := range list {
		if pair, ok := item.(map[string]any); ok {
			if id := textOf(pair["id"]); id != "" {
				some = r.put(path+"."+id, textOf(pair["value"])) || some
			}
		}
	}
	return some
}

// put keeps a text under its field, of two the one with the better name. It does not depend on
// the order of calls.
func (r *recordReader) put(path, text string) bool {
	f := r.fieldOf(path)
	if f == "" {
		return false
	}
	if text == "" {
		return true
	}
	if old, taken := r.paths[f]; taken {
		if r.dict.Prefer(old, path) || !r.dict.Prefer(path, old) && old < path {
			return true
		}
	}
	r.texts[f], r.paths[f] = text, path
	return true
}

// textOf is a JSON value as the text a person would write; "" for null, lists and objects.
func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// ticket makes a ticket of the record collect has looked at.
func (r *recordReader) ticket() (core.Ticket, *tickets.Fault) {
	t, fault := r.dict.Ticket(r.source, func(f core.Field) string {
		if text := r.texts[f]; strings.TrimSpace(text) != "" {
			return text
		}
		return r.extras[f]
	})
	// The time of a post stands in for the record's own. It must not cost the record when it
	// cannot be read.
	if fault != nil && fault.Field == core.FieldUpdated && r.texts[core.FieldUpdated] == "" && r.extras[core.FieldUpdated] != "" {
		delete(r.extras, core.FieldUpdated)
		return r.ticket()
	}
	return t, fault
}

// column is the source's own name of a field of the record at hand.
func (r *recordReader) column(f core.Field) string {
	if path := r.paths[f]; path != "" {
		return path
	}
	return string(f)
}
