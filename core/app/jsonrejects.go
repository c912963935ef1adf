package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"deskwatch/core"
	"deskwatch/core/source"
)

// jsonRejects keeps rejected JSON records, one a line, with the reason in front of their own
// fields. Once mended the file imports like any other. It appears under its name only on Close.
type jsonRejects struct {
	path    string
	file    *os.File
	out     *bufio.Writer
	written int64
}

// rejectNote is what stands in front of a record.
type rejectNote struct {
	Record int             `json:"reject_record"`
	Column string          `json:"reject_column"`
	Reason string          `json:"reject_reason"`
	Raw    json.RawMessage `json:"record,omitempty"` // of one that is no object
}

func (j *jsonRejects) Add(r *source.Rejected) error {
	if j.file == nil {
		file, err := os.CreateTemp(filepath.Dir(j.path), ".rejects-*.tmp")
		if err != nil {
			return j.failed(err)
		}
		j.file, j.out = file, bufio.NewWriter(file)
	}
	line, err := rejectLine(r)
	if err == nil {
		_, err = j.out.Write(append(line, '\n'))
	}
	if err != nil {
		return j.failed(err)
	}
	j.written++
	return nil
}

func rejectLine(r *source.Rejected) ([]byte, error) {
	note := rejectNote{Record: r.Line, Column: r.Column, Reason: r.Reason}
	var raw bytes.Buffer
	if err := json.Compact(&raw, r.Raw); err != nil {
		raw.Reset() // not JSON: it is kept as text
		text, err := json.Marshal(string(r.Raw))
		if err != nil {
			return nil, err
		}
		raw.Write(text)
	}
	record := raw.Bytes()
	if !bytes.HasPrefix(record, []byte("{")) {
		note.Raw = record
		return json.Marshal(note)
	}
	line, err := json.Marshal(note)
	if err != nil || string(record) == "{}" {
		return line, err
	}
	return append(append(line[:len(line)-1], ','), record[1:]...), nil
}

func (j *jsonRejects) Close() (int64, error) {
	if j.file == nil {
		return j.written, nil
	}
	file := j.file
	j.file = nil
	err := errors.Join(j.out.Flush(), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), j.path)
	}
	if err != nil {
		return j.written, errors.Join(j.failed(err), os.Remove(file.Name()))
	}
	return j.written, nil
}

func (j *jsonRejects) Abort() error {
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
		return j.failed(err)
	}
	return nil
}

func (j *jsonRejects) failed(err error) error {
	return core.NewError(core.CodeUnavailable, "app.rejects",
		fmt.Sprintf("The rejects file %q could not be written. Nothing was changed. Check that its folder exists and that there is room on the disk.", filepath.Base(j.path)), err)
}
