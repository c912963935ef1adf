package tabular

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"deskwatch/core"
)

// fileOf writes text to a file of the test's own.
func fileOf(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read opens text as a file and returns the sheet and its records.
func read(t testing.TB, text string, hints core.TableHints) (*Sheet, [][]string) {
	t.Helper()
	s, rows, err := readAll(t, fileOf(t, text), hints)
	if err != nil {
		t.Fatal(err)
	}
	return s, rows
}

func wide(text string, bigEndian, mark bool) string {
	if mark {
		text = "\ufeff" + text
	}
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		if bigEndian {
			b.WriteByte(byte(u >> 8))
			b.WriteByte(byte(u))
		} else {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
	}
	return b.String()
}

func TestOpenFindsTheEncoding(t *testing.T) {
	const table = "pedido,cliente,nota\n1,peña_12,\"año, ñandú\"\n2,muñoz_7,bien\n"
	latin := strings.NewReplacer("ñ", "\xf1", "ú", "\xfa").Replace(table)
	want := [][]string{{"1", "peña_12", "año, ñandú"}, {"2", "muñoz_7", "bien"}}
	for name, c := range map[string]struct{ text, encoding, hint string }{
		"utf-8":           {table, "utf-8", ""},
		"utf-8 with mark": {bomUTF8 + table, "utf-8-bom", ""},
		"utf-16le marked": {wide(table, false, true), "utf-16le", ""},
		"utf-16be marked": {wide(table, true, true), "utf-16be", ""},
		"utf-16le bare":   {wide(table, false, false), "utf-16le", ""},
		"utf-16be bare":   {wide(table, true, false), "utf-16be", ""},
		"windows-1252":    {latin, "windows-1252", ""},
		"told latin-1":    {latin, "windows-1252", "latin-1"},
		"told utf-8":      {bomUTF8 + table, "utf-8-bom", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			s, rows := read(t, c.text, core.TableHints{Encoding: c.hint})
			if got := s.Detected().Encoding; got != c.encoding {
				t.Errorf("encoding %s, want %s", got, c.encoding)
			}
			if !reflect.DeepEqual(s.Header(), []string{"pedido", "cliente", "nota"}) || !reflect.DeepEqual(rows, want) {
				t.Errorf("read %q %q", s.Header(), rows)
			}
		})
	}
}

func TestAForeignCharacterFarIntoAnASCIIFileIsReadAsWindows1252(t *testing.T) {
	text := "id,name\n" + strings.Repeat("1,plain\n", 200_000) + "2,Mu\xf1oz\n3,\"Pe\xf1a, A\"\n4,Nuñez\n"
	_, rows := read(t, text, core.TableHints{})
	got := rows[len(rows)-3:]
	if want := [][]string{{"2", "Muñoz"}, {"3", "Peña, A"}, {"4", "Nuñez"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestOpenFindsDelimiterQuoteAndHeader(t *testing.T) {
	for name, c := range map[string]struct {
		text, delimiter string
		line            int
		header          []string
		rows            [][]string
	}{
		"comma": {"a,b\n1,2\n", ",", 1, []string{"a", "b"}, [][]string{{"1", "2"}}},
		"semicolon with decimal commas": {"id;price;qty\n1;2,5;3,4\n2;3,5;4,4\n", ";", 1,
			[]string{"id", "price", "qty"}, [][]string{{"1", "2,5", "3,4"}, {"2", "3,5", "4,4"}}},
		"tab":          {"id\tname\n1\tSmith, John\n2\tDoe, Jane\n", "tab", 1, []string{"id", "name"}, [][]string{{"1", "Smith, John"}, {"2", "Doe, Jane"}}},
		"bar":          {"id|name\n1|x\n2|y\n", "|", 1, []string{"id", "name"}, [][]string{{"1", "x"}, {"2", "y"}}},
		"comma, blank": {"id, name, day\n1, \"x, y\", 2023-01-02\n2, z, 2023-01-03\n", ",", 1, []string{"id", "name", "day"}, [][]string{{"1", "x, y", "2023-01-02"}, {"2", "z", "2023-01-03"}}},
		"blanks":       {"id name day\n1 \"x y\" 2023-01-02\n2 z 2023-01-03\n", "space", 1, []string{"id", "name", "day"}, [][]string{{"1", "x y", "2023-01-02"}, {"2", "z", "2023-01-03"}}},
		"one column":   {"order id\n17\n18\n", ",", 1, []string{"order id"}, [][]string{{"17"}, {"18"}}},
		"apostrophes":  {"'id','name'\n'1','it''s, x'\n'2','y'\n", ",", 1, []string{"id", "name"}, [][]string{{"1", "it's, x"}, {"2", "y"}}},
		"backslashes": {"id,name\n1,\"5\\\" pipe, \\\\ long\"\n2,\"x\"\n", ",", 1, []string{"id", "name"},
			[][]string{{"1", `5" pipe, \ long`}, {"2", "x"}}},
		"a path is no escape": {"id,path,n\n1,\"C:\\dir\\\",7\n2,\"D:\\\",8\n", ",", 1, []string{"id", "path", "n"},
			[][]string{{"1", `C:\dir\`, "7"}, {"2", `D:\`, "8"}}},
		"quotes not escaped": {"id,name,n\n1,\"table, 48\"\",\"7\"\n2,\"5\" pipe, x\",\"8\"\n", ",", 1, []string{"id", "name", "n"},
			[][]string{{"1", `table, 48"`, "7"}, {"2", `5" pipe, x`, "8"}}},
		"old Mac lines":      {"id,name\r1,x\r2,\"y\nz\"\r", ",", 1, []string{"id", "name"}, [][]string{{"1", "x"}, {"2", "y\nz"}}},
		"doubled CR":         {"id,name\r\r\n1,x\r\r\n", ",", 1, []string{"id", "name"}, [][]string{{"1", "x"}}},
		"Excel's sep line":   {"sep=;\r\nid;note\r\n1;a,b\r\n", ";", 2, []string{"id", "note"}, [][]string{{"1", "a,b"}}},
		"lines above":        {"Orders of June\nmade 2023-07-01, by Ann\n\nid,day,n,m,o\n1,2023-06-01,3,4,5\n2,2023-06-02,3,4,5\n", ",", 4, []string{"id", "day", "n", "m", "o"}, [][]string{{"1", "2023-06-01", "3", "4", "5"}, {"2", "2023-06-02", "3", "4", "5"}}},
		"padded lines above": {"REPORT,,\n,,\nid,day,n\n1,2023-06-01,3\n", ",", 3, []string{"id", "day", "n"}, [][]string{{"1", "2023-06-01", "3"}}},
		"no header":          {"17,2023-06-01,x\n18,2023-06-02,y\n", ",", 0, []string{"column 1", "column 2", "column 3"}, [][]string{{"17", "2023-06-01", "x"}, {"18", "2023-06-02", "y"}}},
		"header only":        {"id,day\n", ",", 1, []string{"id", "day"}, nil},
		"names repaired":     {"Price,,Price,column 2,\n1,2,3,4,5\n", ",", 1, []string{"Price", "column 2 (2)", "Price (2)", "column 2", "column 5"}, [][]string{{"1", "2", "3", "4", "5"}}},
		"two header lines":   {"order,order,customer\nid,day,name\n" + strings.Repeat("1,2023-06-01,x\n", 8), ",", 1, []string{"order id", "order day", "customer name"}, slices.Repeat([][]string{{"1", "2023-06-01", "x"}}, 8)},
		"delimiter at the end": {"id,day\n1,2023-06-01,\n2,2023-06-02,\n", ",", 1, []string{"id", "day", "column 3"},
			[][]string{{"1", "2023-06-01", ""}, {"2", "2023-06-02", ""}}},
		"no newline at the end": {"id,day\n1,2023-06-01", ",", 1, []string{"id", "day"}, [][]string{{"1", "2023-06-01"}}},
		"empty rows below":      {"id,day\n1,2023-06-01\n,\n , \n\n", ",", 1, []string{"id", "day"}, [][]string{{"1", "2023-06-01"}}},
		"header repeated":       {"id,day\n1,2023-06-01\nid,day\n2,2023-06-02\n", ",", 1, []string{"id", "day"}, [][]string{{"1", "2023-06-01"}, {"2", "2023-06-02"}}},
		"blank after the quote": {"id,name,n\n1,\"x,y\" ,3\n", ",", 1, []string{"id", "name", "n"}, [][]string{{"1", "x,y", "3"}}},
		"uneven rows":           {"a,b,c\n1,2\n1,2,3,4\n1,2,3\n", ",", 1, []string{"a", "b", "c"}, [][]string{{"1", "2"}, {"1", "2", "3", "4"}, {"1", "2", "3"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, rows := read(t, c.text, core.TableHints{})
			d := s.Detected()
			if d.Delimiter != c.delimiter || d.HeaderLine != c.line {
				t.Errorf("delimiter %q, header line %d; want %q, %d", d.Delimiter, d.HeaderLine, c.delimiter, c.line)
			}
			if !reflect.DeepEqual(s.Header(), c.header) {
				t.Errorf("header %q, want %q", s.Header(), c.header)
			}
			if !reflect.DeepEqual(rows, c.rows) {
				t.Errorf("rows %q, want %q", rows, c.rows)
			}
		})
	}
}

func TestHintsOverrideWhatIsFound(t *testing.T) {
	const text = "about;this,file\nid;day,x\n1;2,3\n"
	s, rows := read(t, text, core.TableHints{Delimiter: ",", HeaderLine: 2})
	if d := s.Detected(); d.Delimiter != "," || d.HeaderLine != 2 {
		t.Errorf("detected %+v", d)
	}
	if want := [][]string{{"1;2", "3"}}; !reflect.DeepEqual(rows, want) || s.Header()[0] != "id;day" {
		t.Errorf("read %q %q", s.Header(), rows)
	}
	s, rows = read(t, "id,name\nx,y\n", core.TableHints{HeaderLine: -1})
	if len(rows) != 2 || s.Detected().HeaderLine != 0 || s.Header()[0] != "column 1" {
		t.Errorf("without header: %q %q", s.Header(), rows)
	}
	for _, bad := range []core.TableHints{{Delimiter: "ab"}, {Delimiter: "x"}, {Encoding: "klingon"}, {HeaderLine: 99}} {
		if _, err := Open(fileOf(t, text), bad); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("hints %+v gave %v", bad, err)
		}
	}
}

func TestOpenRefusesWhatIsNoTable(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"empty":          {"", "empty"},
		"blank lines":    {"\n\r\n  \n", "empty"},
		"only mark":      {bomUTF8, "no rows"},
		"only commas":    {",,,\n,,,\n", "no rows"},
		"workbook":       {"PK\x03\x04rest of it", "save the sheet as CSV"},
		"gzip":           {"\x1f\x8b\x08\x00rest", "Unzip it first"},
		"pdf":            {"%PDF-1.7\n", "PDF"},
		"binary":         {"id,name\n1,\x00\x01\x02\x00\n", "binary"},
		"utf-32":         {"\xff\xfe\x00\x00a\x00\x00\x00", "UTF-32"},
		"blanks between": {"id name day\n1 John Smith 2023-01-02\n2 Ann 2023-01-03\n3 A B C 2023-01-03\n4 X 2023-01-03\n5 Y 2023-01-03\n", "separated by blanks"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(fileOf(t, c.text), core.TableHints{})
			if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), c.says) {
				t.Errorf("got %v, want a sentence with %q", err, c.says)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.csv"), core.TableHints{}); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("a missing file gave %v", err)
	}
	if _, err := Open(t.TempDir(), core.TableHints{}); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("a folder gave %v", err)
	}
}

func TestRecordsCarryThePhysicalLineTheyBeginOn(t *testing.T) {
	s, err := Open(fileOf(t, "title\n\nid,note,n\n1,\"two\r\nlines\",2\n\n3,x,4\n5,\"a\nb\nc\",6\n7,y,8"), core.TableHints{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	records, err := s.Sample(10)
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, r := range records {
		lines = append(lines, r.Line)
	}
	if want := []int{4, 7, 8, 11}; !reflect.DeepEqual(lines, want) {
		t.Errorf("lines %v, want %v", lines, want)
	}
}

func TestAQuoteThatNeverClosesCostsOneLineOnly(t *testing.T) {
	rest := strings.Repeat("2,\"fine, really\",3\n", 5)
	for name, tail := range map[string]string{"short": rest, "long": strings.Repeat("2,plain,3\n", 300_000) + rest} {
		t.Run(name, func(t *testing.T) {
			_, rows := read(t, "id,note,n\n0,\"x\",1\n1,\"never closed,3\n"+tail, core.TableHints{})
			if want := 2 + strings.Count(tail, "\n"); len(rows) != want {
				t.Fatalf("%d rows, want %d", len(rows), want)
			}
			if want := []string{"1", `"never closed`, "3"}; !reflect.DeepEqual(rows[1], want) {
				t.Errorf("read %q, want %q", rows[1], want)
			}
			if want := []string{"2", "fine, really", "3"}; !reflect.DeepEqual(rows[len(rows)-1], want) {
				t.Errorf("the last row is %q", rows[len(rows)-1])
			}
		})
	}
}

func TestManyQuotesThatNeverCloseDoNotSlowReadingDown(t *testing.T) {
	const rows = 6_000
	s, err := Open(fileOf(t, "id,note,n\n"+strings.Repeat("1,\"open x,3\n", rows)), core.TableHints{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; err == nil; n++ {
		_, err = r.Next()
	}
	if err != io.EOF || n-1 != rows {
		t.Errorf("%d rows, %v", n-1, err)
	}
	// Looking to the end of the file for every quote would be 216 MB.
	if r.scan.wasted > wasteBudget+maxField+rows*shortField {
		t.Errorf("looked through %d bytes for closing quotes", r.scan.wasted)
	}
}

func TestALineWithoutEndIsRefused(t *testing.T) {
	_, _, err := readAll(t, fileOf(t, "id,note\n1,x\n2,"+strings.Repeat("y", 9<<20)), core.TableHints{})
	if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), "Line 3") {
		t.Errorf("got %v", err)
	}
}

func TestCellsReachAcrossTheBuffer(t *testing.T) {
	long := strings.Repeat("some, text\n", 40_000) // 440 KB in one quoted cell
	_, rows := read(t, "id,note,n\n1,\"a\",2\n2,\""+long+"\",3\n4,b,5\n", core.TableHints{})
	// So many lines in one cell are taken for a quote that does not close; what follows is read all the same.
	if last := rows[len(rows)-1]; !reflect.DeepEqual(last, []string{"4", "b", "5"}) {
		t.Errorf("the last row is %q", last)
	}
	long = strings.Repeat("some, text and some more of it, as long as it takes", 9_000)
	_, rows = read(t, "id,note,n\n1,\"a\",2\n2,\""+long+"\",3\n4,b,5\n", core.TableHints{})
	if want := [][]string{{"1", "a", "2"}, {"2", long, "3"}, {"4", "b", "5"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("%d rows", len(rows))
	}
}

func TestReaderStopsWithItsContextAndCountsBytes(t *testing.T) {
	text := "id,name\n" + strings.Repeat("1,plain\n", 100_000)
	s, err := Open(fileOf(t, text), core.TableHints{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := s.Rows(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil || r.BytesRead() != 16 {
		t.Errorf("after one record: %v, %d bytes", err, r.BytesRead())
	}
	cancel()
	for err == nil {
		_, err = r.Next()
	}
	if core.ErrorCode(err) != core.CodeCanceled {
		t.Errorf("after cancel: %v", err)
	}
	again, err := s.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; err == nil; n++ {
		_, err = again.Next()
	}
	if err != io.EOF || n-1 != 100_000 || again.BytesRead() != s.Size() {
		t.Errorf("second reading: %v, %d records, %d of %d bytes", err, n-1, again.BytesRead(), s.Size())
	}
}

func TestAFileCutWhileBeingReadIsReported(t *testing.T) {
	path := fileOf(t, "id,name\n"+strings.Repeat("1,plain\n", 200_000))
	s, err := Open(path, core.TableHints{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 800_000); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = r.Next()
	}
	if core.ErrorCode(err) != core.CodeConflict {
		t.Errorf("got %v", err)
	}
}
