package store

import "strings"

// maxKnownNames is how many names or customers one snapshot remembers at a time; when that is
// full it starts over and finds the others in the file.
const maxKnownNames = 100_000

// poolNames gives the texts that many tickets share their numbers, and back. 0 is "".
type poolNames struct {
	rev, next int64
	numbers   map[string]int64
	texts     map[int64]string

	find, text, add *bulkStmt
}

func newPoolNames(c *bulkConn, rev int64) (*poolNames, error) {
	n := &poolNames{rev: rev, numbers: map[string]int64{"": 0}, texts: map[int64]string{0: ""}}
	var err error
	if n.next, err = c.query("SELECT coalesce(max(no), 0) + 1 FROM names"); err != nil {
		return nil, err
	}
	for text, s := range map[string]**bulkStmt{
		"SELECT no FROM names WHERE text = ?":                &n.find,
		"SELECT text FROM names WHERE no = ?":                &n.text,
		"INSERT INTO names (no, rev, text) VALUES (?, ?, ?)": &n.add,
	} {
		if *s, err = c.prepare(text); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// number returns the number of a text, which it gets when it has none yet.
func (n *poolNames) number(text string) (int64, error) {
	if no, ok := n.numbers[text]; ok {
		return no, nil
	}
	no, err := n.find.one(text)
	if err == nil && no == 0 {
		no = n.next
		n.next++
		err = n.add.run(no, n.rev, text)
	}
	if err != nil {
		return 0, err
	}
	n.know(no, strings.Clone(text))
	return no, nil
}

// textOf returns the text of a number.
func (n *poolNames) textOf(no int64) (string, error) {
	if text, ok := n.texts[no]; ok {
		return text, nil
	}
	var text string
	err := n.text.each(func() error { text = n.text.str(0); return nil }, no)
	if err == nil {
		n.know(no, text)
	}
	return text, err
}

func (n *poolNames) know(no int64, text string) {
	if len(n.texts) >= maxKnownNames {
		n.numbers, n.texts = map[string]int64{"": 0}, map[int64]string{0: ""}
	}
	n.numbers[text], n.texts[no] = no, text
}

// nameReader finds the texts of numbers for one who only reads.
type nameReader struct {
	text  *bulkStmt
	texts map[int64]string
}

func newNameReader(c *bulkConn) (*nameReader, error) {
	s, err := c.prepare("SELECT text FROM names WHERE no = ?")
	return &nameReader{s, map[int64]string{0: ""}}, err
}

func (n *nameReader) textOf(no int64) (string, error) {
	text, ok := n.texts[no]
	if ok {
		return text, nil
	}
	err := n.text.each(func() error { text = n.text.str(0); return nil }, no)
	if len(n.texts) < maxKnownNames {
		n.texts[no] = text
	}
	return text, err
}
