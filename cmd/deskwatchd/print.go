package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"deskwatch/core"
)

// print writes the result: as JSON, or as text for people.
func (s *session) print(result any, text func(w io.Writer)) error {
	if !s.json {
		tw := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
		text(tw)
		return tw.Flush()
	}
	enc := json.NewEncoder(s.stdout)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(result); err != nil {
		return core.NewError(core.CodeInternal, "print", "The result could not be written out. What the command did is kept.", err)
	}
	return nil
}

// line writes one tab-separated row of a text result.
func line(w io.Writer, cells ...any) {
	for i, c := range cells {
		if i > 0 {
			fmt.Fprint(w, "\t")
		}
		fmt.Fprint(w, c)
	}
	fmt.Fprintln(w)
}
