package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"deskwatch/core"
)

// openHead opens a file and reads its beginning; the file stands at its beginning again.
func openHead(path string) (*os.File, []byte, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, core.NewError(core.CodeNotFound, "app.tickets", fmt.Sprintf("There is no file %q. Check its name and folder.", name), err)
	case err == nil && info.IsDir():
		return nil, nil, core.NewError(core.CodeInvalid, "app.tickets", fmt.Sprintf("%q is a folder. Choose a ticket file inside it, or have the folder watched as a source.", name), nil)
	case err == nil && !info.Mode().IsRegular():
		return nil, nil, core.NewError(core.CodeInvalid, "app.tickets", fmt.Sprintf("%q is not a file that can be read twice. Save the tickets to a file and choose that.", name), nil)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(file, head)
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, nil, errors.Join(unreadable(path, err), file.Close())
	}
	return file, head[:n], nil
}

func unreadable(path string, cause error) error {
	code, hint := core.CodeUnavailable, "Check that its disk is connected, then try again."
	if errors.Is(cause, fs.ErrPermission) {
		code, hint = core.CodeDenied, "Ask for access, or copy it to a folder of your own."
	}
	return core.NewError(code, "app.tickets", fmt.Sprintf("The file %q could not be read. Nothing was imported. %s", filepath.Base(path), hint), cause)
}

// beginsJSON tells an object or a list from a table whose first column has a bracket in its name.
func beginsJSON(head []byte) bool {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil) // UTF-16: the signs that matter are ASCII
	default:
		head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	inside := bytes.TrimLeft(head[1:], " \t\r\n")
	return len(inside) == 0 || bytes.IndexByte([]byte(`"{}[]`), inside[0]) >= 0
}
