package tabular

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"deskwatch/core"
)

// The encodings, as core.Detected names them.
const (
	encUTF8    = "utf-8"
	encUTF8BOM = "utf-8-bom"
	encUTF16LE = "utf-16le"
	encUTF16BE = "utf-16be"
	encLatin   = "windows-1252"
)

const bomUTF8 = "\xef\xbb\xbf"

// findEncoding says how head, the beginning of a file, is encoded and how many bytes its
// byte order mark takes. Without a mark it is UTF-16 when every other byte is mostly zero,
// UTF-8 when it is valid as such, and Windows-1252 otherwise.
func findEncoding(head []byte, truncated bool, hint string) (name string, bom int, err error) {
	marked, bom := "", 0
	switch {
	case bytes.HasPrefix(head, []byte(bomUTF8)):
		marked, bom = encUTF8BOM, 3
	case bytes.HasPrefix(head, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xfe, 0xff}):
		return "", 0, refuse("This file is written in UTF-32, which Deskwatch does not read. Save it as UTF-8 and try again.")
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		marked, bom = encUTF16LE, 2
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		marked, bom = encUTF16BE, 2
	}
	if hint != "" {
		name, err := encodingHint(hint, marked)
		if err != nil {
			return "", 0, err
		}
		if name == encUTF8 && marked == encUTF8BOM {
			name = encUTF8BOM
		}
		if name != marked {
			bom = 0
		}
		return name, bom, nil
	}
	if marked != "" {
		return marked, bom, nil
	}
	if wide := wideOrder(head); wide != "" {
		return wide, 0, nil
	}
	if truncated {
		head = dropPartialRune(head)
	}
	if utf8.Valid(head) {
		return encUTF8, 0, nil
	}
	// A few damaged characters do not make a UTF-8 file another one; the damaged cells are
	// read as Windows-1252 one by one.
	if good, bad := countRunes(head); good > 20*bad {
		return encUTF8, 0, nil
	}
	return encLatin, 0, nil
}

func encodingHint(hint, marked string) (string, error) {
	switch h := normal(hint); h {
	case "utf8", "utf8bom", "utf8sig", "ascii", "usascii":
		return encUTF8, nil
	case "utf16le":
		return encUTF16LE, nil
	case "utf16be":
		return encUTF16BE, nil
	case "utf16":
		if marked == encUTF16BE {
			return encUTF16BE, nil
		}
		return encUTF16LE, nil
	case "windows1252", "cp1252", "latin1", "iso88591", "iso885915", "ansi":
		return encLatin, nil
	}
	return "", core.NewError(core.CodeInvalid, "tabular.encoding",
		fmt.Sprintf("%q is not an encoding Deskwatch reads. Use utf-8, utf-16le, utf-16be or windows-1252.", strings.ToValidUTF8(hint, "?")), nil)
}

// wideOrder recognises UTF-16 without a mark: text in a Latin script has a zero byte in
// (nearly) every pair, always on the same side.
func wideOrder(head []byte) string {
	n := min(len(head), 64<<10) / 2
	if n < 2 {
		return ""
	}
	var even, odd int
	for i := 0; i < n; i++ {
		if head[2*i] == 0 {
			even++
		}
		if head[2*i+1] == 0 {
			odd++
		}
	}
	switch {
	case odd*10 >= n*7 && even*10 < n:
		return encUTF16LE
	case even*10 >= n*7 && odd*10 < n:
		return encUTF16BE
	}
	return ""
}

func dropPartialRune(b []byte) []byte {
	for i := 1; i <= 3 && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// countRunes counts the characters beyond ASCII that are valid UTF-8, and the bytes that are not.
func countRunes(b []byte) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good, bad
}

// decodedReader gives the text of raw: UTF-16 becomes UTF-8. Other encodings pass through,
// because the scanner decodes their cells itself: the bytes that delimit cells are the same in all of them.
func decodedReader(raw io.Reader, encoding string) io.Reader {
	switch encoding {
	case encUTF16LE:
		return transform.NewReader(raw, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder())
	case encUTF16BE:
		return transform.NewReader(raw, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder())
	}
	return raw
}

// appendLatin appends src, read as Windows-1252, to dst as UTF-8.
func appendLatin(dst, src []byte) []byte {
	for _, c := range src {
		if c < utf8.RuneSelf {
			dst = append(dst, c)
		} else {
			dst = utf8.AppendRune(dst, charmap.Windows1252.DecodeByte(c))
		}
	}
	return dst
}

// signatures are the first bytes of files people take for a table.
var signatures = []struct{ magic, sentence string }{
	{"PK\x03\x04", "This is an Excel workbook or a zip file, not a text table. Open it, save the sheet as CSV (or unzip it), and choose that file."},
	{"\xd0\xcf\x11\xe0", "This is an old Excel or Office file, not a text table. Open it, save the sheet as CSV, and choose that file."},
	{"\x1f\x8b", "This file is compressed (gzip). Unzip it first, then choose the file that comes out."},
	{"BZh", "This file is compressed (bzip2). Unzip it first, then choose the file that comes out."},
	{"\xfd7zXZ", "This file is compressed (xz). Unzip it first, then choose the file that comes out."},
	{"(\xb5/\xfd", "This file is compressed (zstd). Unzip it first, then choose the file that comes out."},
	{"7z\xbc\xaf", "This file is compressed (7-Zip). Unzip it first, then choose the file that comes out."},
	{"%PDF-", "This is a PDF, not a text table. Export the table as CSV and choose that file."},
	{"SQLite format 3\x00", "This is a database, not a text table. Export the table as CSV and choose that file."},
	{"PAR1", "This is a Parquet file, not a text table. Export the table as CSV and choose that file."},
}

// refuseBinary returns the sentence for a file that is not text.
func refuseBinary(head []byte) error {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return refuse(s.sentence)
		}
	}
	return nil
}

func refuse(sentence string) error {
	return core.NewError(core.CodeInvalid, "tabular.open", sentence, nil)
}
