package tabular

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"deskwatch/core"
)

// NoColumn is what a user chooses for a field that no column shall serve.
const NoColumn = "-"

// The weights of evidence. A whole name beats a part of one, and both beat content alone, but
// a part of a name that the content confirms beats a whole name it contradicts.
const (
	scoreExact      = 1000
	scorePart       = 300
	scoreContent    = 100 // content alone
	scoreConfirmed  = 200
	scoreIDLike     = 150 // many things look like ids
	scoreNameStep   = 5   // per place in FieldSpec.Names
	shareClear      = 0.9
	shareLikely     = 0.6
	shareContradict = 0.2
)

// candidate is one column that may serve one field.
type candidate struct {
	spec, column int
	score        int
	why          string
	contentOnly  bool
}

// Recognise finds the columns of the fields by their names and by the cells of sample, and
// says why. chosen names columns the user decided on (as written in the header, or in any case, or in
// normal form; NoColumn for none) and overrides everything. One column serves one field,
// unless the user chose otherwise. missing lists the required fields without a column. The
// error is of CodeInvalid for a chosen column or field that does not exist.
func Recognise(header []string, sample []core.Record, specs []core.FieldSpec, chosen map[core.Field]string) (choices []core.ColumnChoice, missing []core.Field, err error) {
	taken := make([]bool, len(header))
	for i, name := range header {
		taken[i] = isRejectColumn(name)
	}
	columns, err := chosenColumns(header, specs, chosen)
	if err != nil {
		return nil, nil, err
	}
	found := make([]*core.ColumnChoice, len(specs))
	for i, spec := range specs {
		if column, ok := columns[spec.Field]; ok && column >= 0 {
			taken[column] = true
			found[i] = &core.ColumnChoice{Field: spec.Field, Column: header[column], Index: column, Why: "you chose it"}
		}
	}
	list := candidatesFor(header, sample, specs, columns, taken)
	for _, c := range list {
		if found[c.spec] != nil || taken[c.column] || c.contentOnly && rivals(list, c, taken) {
			continue
		}
		taken[c.column] = true
		found[c.spec] = &core.ColumnChoice{Field: specs[c.spec].Field, Column: header[c.column], Index: c.column, Why: c.why}
	}
	for i, spec := range specs {
		switch {
		case found[i] != nil:
			choices = append(choices, *found[i])
		case spec.Required:
			missing = append(missing, spec.Field)
		}
	}
	return choices, missing, nil
}

// candidatesFor lists what may serve the fields nobody chose, best first.
func candidatesFor(header []string, sample []core.Record, specs []core.FieldSpec, chosen map[core.Field]int, taken []bool) []candidate {
	var list []candidate
	for column, name := range header {
		if taken[column] {
			continue
		}
		parts := words(name)
		content := newContent(sample, column)
		for i, spec := range specs {
			if _, ok := chosen[spec.Field]; ok {
				continue
			}
			if c, ok := judgeColumn(name, parts, content, spec); ok {
				c.spec, c.column = i, column
				list = append(list, c)
			}
		}
	}
	sort.SliceStable(list, func(a, b int) bool {
		if list[a].score != list[b].score {
			return list[a].score > list[b].score
		}
		return list[a].column < list[b].column
	})
	return list
}

// rivals reports whether another free column fits a field by content just as well: then a person decides.
func rivals(list []candidate, c candidate, taken []bool) bool {
	for _, o := range list {
		if o.spec == c.spec && o.column != c.column && o.contentOnly && !taken[o.column] && c.score-o.score < 5 {
			return true
		}
	}
	return false
}

// judgeColumn weighs the evidence that a column serves a field.
func judgeColumn(name string, parts []string, content *content, spec core.FieldSpec) (candidate, bool) {
	share, noun := content.fit(spec)
	place, whole := matchName(parts, spec.Names)
	if place < 0 {
		if !spec.Required || noun == "" || share < shareClear || !content.clear(spec) {
			return candidate{}, false
		}
		return candidate{score: scoreContent + int(share*100), contentOnly: true,
			why: fmt.Sprintf("%.0f %% of its cells are %s", share*100, noun)}, true
	}
	c := candidate{score: scoreExact - scoreNameStep*min(place, 80), why: "the header says " + name}
	if !whole {
		if !partCounts(spec, content, share) {
			return candidate{}, false
		}
		c.score = scorePart - min(place, 80) - 10*len(parts)
	}
	if noun == "" || !content.known() {
		return c, true
	}
	switch {
	case share < shareContradict && !spec.Required && (spec.Content == core.ContentNumber || spec.Content == core.ContentEmail || spec.Content == core.ContentDate):
		return candidate{}, false
	case share >= shareLikely && spec.Content == core.ContentID:
		c.score += scoreIDLike
	case share >= shareLikely:
		c.score += scoreConfirmed
		c.why += fmt.Sprintf(", and %.0f %% of its cells are %s", share*100, noun)
	case share < shareContradict:
		c.score /= 3
		c.why += fmt.Sprintf(", although only %.0f %% of its cells are %s", share*100, noun)
	}
	return c, true
}

// partCounts says whether a header that only contains a known name may count. For optional
// fields a wrong column is worse than none, so the content has to confirm it; "Product line" never
// is a line id, and "Product name" never the customer's name.
func partCounts(spec core.FieldSpec, content *content, share float64) bool {
	switch spec.Content {
	case core.ContentAny, "":
		return spec.Required
	case core.ContentID:
		// "Estado del pedido" names the order as well; ids differ more than states do.
		return spec.Required && (!content.known() || share >= shareLikely && content.varied())
	}
	if spec.Required || spec.Content == core.ContentWords {
		return !content.known() || share >= shareContradict
	}
	return content.known() && share >= shareLikely
}

// matchName looks for a header among names. whole is false when the name is only some of
// the header's words ("Order status (web)" contains "orderstatus" and "status"); place is -1 when nothing matches.
func matchName(parts, names []string) (place int, whole bool) {
	all := strings.Join(parts, "")
	if all == "" {
		return -1, false
	}
	if i := slices.Index(names, all); i >= 0 {
		return i, true
	}
	for i, name := range names {
		if len(name) >= 4 && containsWords(parts, name) {
			return i, false
		}
	}
	return -1, false
}

// containsWords reports whether some words in a row make up name.
func containsWords(parts []string, name string) bool {
	for i := range parts {
		rest := name
		for _, p := range parts[i:] {
			var ok bool
			if rest, ok = strings.CutPrefix(rest, p); !ok {
				break
			}
			if rest == "" {
				return true
			}
		}
	}
	return false
}

// chosenColumns finds the columns the user named; -1 stands for NoColumn.
func chosenColumns(header []string, specs []core.FieldSpec, chosen map[core.Field]string) (map[core.Field]int, error) {
	columns := make(map[core.Field]int, len(chosen))
	for field, name := range chosen {
		if !slices.ContainsFunc(specs, func(s core.FieldSpec) bool { return s.Field == field }) {
			return nil, core.NewError(core.CodeInvalid, "tabular.recognise",
				fmt.Sprintf("There is no field %q. The fields are %s.", field, fieldList(specs)), nil)
		}
		if name == NoColumn {
			columns[field] = -1
			continue
		}
		column := findColumn(header, name)
		if column < 0 {
			return nil, core.NewError(core.CodeInvalid, "tabular.recognise",
				fmt.Sprintf("The file has no column %q for %s. Its columns are: %s.", name, field, columnList(header)), nil)
		}
		columns[field] = column
	}
	return columns, nil
}

// findColumn looks for a column as written, then in any case, then in normal form.
func findColumn(header []string, name string) int {
	if i := slices.Index(header, name); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) }); i >= 0 {
		return i
	}
	want := normal(name)
	if want == "" {
		return -1
	}
	return slices.IndexFunc(header, func(h string) bool { return normal(h) == want })
}

func fieldList(specs []core.FieldSpec) string {
	var names []string
	for _, s := range specs {
		names = append(names, string(s.Field))
	}
	return strings.Join(names, ", ")
}

// columnList names at most 60 columns.
func columnList(header []string) string {
	if len(header) > 60 {
		return strings.Join(header[:60], ", ") + fmt.Sprintf(" and %d more", len(header)-60)
	}
	return strings.Join(header, ", ")
}
