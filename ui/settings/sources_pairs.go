package settings

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// pair is one line of a table of two columns: a text of the source's, and what it means here.
type pair struct {
	text    string
	meaning int // of the words to choose from, -1 none yet
}

// pairTable lets a person write such a table.
type pairTable struct {
	root  *fyne.Container
	rows  *fyne.Container
	lines []*pairLine
	words []string
	hint  string
}

type pairLine struct {
	entry   *widget.Entry
	meaning *widget.Select
}

// newPairTable returns an empty table: words are what a text can mean, hint stands in an empty
// text.
func newPairTable(title, sentence, hint, add string, words []string) *pairTable {
	t := &pairTable{words: words, hint: hint, rows: container.NewVBox()}
	more := widget.NewButtonWithIcon(add, theme.ContentAddIcon(), func() { t.add(pair{meaning: -1}) })
	t.root = kit.Section(title, sentence, t.rows, container.NewHBox(kit.Padded(4, more)))
	return t
}

func (t *pairTable) fill(list []pair) {
	t.lines = nil
	t.rows.RemoveAll()
	for _, p := range list {
		t.add(p)
	}
}

func (t *pairTable) add(p pair) {
	l := &pairLine{entry: widget.NewEntry(), meaning: widget.NewSelect(t.words, nil)}
	l.entry.SetPlaceHolder(t.hint)
	l.entry.SetText(p.text)
	if p.meaning >= 0 {
		l.meaning.SetSelectedIndex(p.meaning)
	}
	var row *fyne.Container
	drop := widget.NewButtonWithIcon("", theme.DeleteIcon(), func() {
		t.lines = slices.DeleteFunc(t.lines, func(o *pairLine) bool { return o == l })
		t.rows.Remove(row)
	})
	row = kit.Padded(2, container.NewBorder(nil, nil, nil, drop, container.NewGridWithColumns(2, l.entry, l.meaning)))
	t.lines = append(t.lines, l)
	t.rows.Add(row)
}

// pairs are the lines that say something; whole is false when one of them lacks a side.
func (t *pairTable) pairs() (list []pair, whole bool) {
	for _, l := range t.lines {
		p := pair{strings.TrimSpace(l.entry.Text), l.meaning.SelectedIndex()}
		switch {
		case p.text == "" && p.meaning < 0:
		case p.text == "" || p.meaning < 0:
			return nil, false
		default:
			list = append(list, p)
		}
	}
	return list, true
}

// pairsOf lists a table of meanings by text.
func pairsOf[V comparable](table map[string]V, meanings []V) []pair {
	var list []pair
	for text, v := range table {
		list = append(list, pair{text, slices.Index(meanings, v)})
	}
	slices.SortFunc(list, func(a, b pair) int { return strings.Compare(a.text, b.text) })
	return list
}

// tableOf is what pairsOf lists; nil without any line.
func tableOf[V any](list []pair, meanings []V) map[string]V {
	if len(list) == 0 {
		return nil
	}
	table := map[string]V{}
	for _, p := range list {
		table[p.text] = meanings[p.meaning]
	}
	return table
}

// wordsOf are the words of values.
func wordsOf[V any](values []V, word func(V) string) []string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = word(v)
	}
	return words
}
