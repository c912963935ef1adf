package tabular

import (
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskwatch/core"
)

// FuzzOpenAndRead checks that any file is read to its end or refused with a sentence; that lines
// grow; that all of it was consumed; and that rejects of it read back alike.
func FuzzOpenAndRead(f *testing.F) {
	for _, seed := range []string{
		"id,day\n1,2023-06-01\n", "a;b\r\n1;\"x;\"\"y\"\r\n", "sep=|\na|b\n", "'a','b'\n'1','it''s'\n", "a, b, c\n1, \"2\", 3\n",
		"x\ty\r1\t2\r", bomUTF8 + "a,b\n1,2", wide("a,b\n1,ñ\n", false, true), wide("a,b\n1,2\n3,4\n", true, false), "a,b\n1,\"open\n2,3\n",
		"T\n\na,b,c\n1,2,3\n", "a,b\n1,\"5\\\" x\"\n", "a b c\n1 2 3\n", "caf\xe9,b\n1,2\n", ",,,\n", "\"", "a\n\"\"\"\n",
	} {
		f.Add([]byte(seed), "", 0)
	}
	f.Add([]byte("x;y\nz\n"), "windows-1252", -1)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, encoding string, headerLine int) {
		path := filepath.Join(dir, "in.csv")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, core.TableHints{Encoding: encoding, HeaderLine: headerLine})
		if err != nil {
			checkRefusal(t, err)
			return
		}
		defer s.Close()
		checkHeader(t, s.Header())
		r, err := s.Rows(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		out := NewRejects(filepath.Join(dir, "out.csv"), s.Header(), s.Detected().Delimiter)
		line, n := s.Detected().HeaderLine, 0
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				checkRefusal(t, err)
				break
			}
			if rec.Line <= line || len(rec.Cells) == 0 {
				t.Fatalf("line %d after %d, %d cells", rec.Line, line, len(rec.Cells))
			}
			line = rec.Line
			n++
			if err := out.Add(rec, "x", "y"); err != nil {
				t.Fatal(err)
			}
		}
		if lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1; s.encoding != encUTF16LE && s.encoding != encUTF16BE && line > lines {
			t.Fatalf("line %d of %d", line, lines)
		}
		if err == nil && r.BytesRead() != s.Size() {
			t.Fatalf("read %d of %d bytes", r.BytesRead(), s.Size())
		}
		if written, err := out.Close(); err != nil || written != int64(n) {
			t.Fatalf("rejects: %d of %d, %v", written, n, err)
		}
		if n > 0 {
			checkRejects(t, filepath.Join(dir, "out.csv"), out.comma, n)
		}
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	if m := core.ErrorMessage(err); core.ErrorCode(err) != core.CodeInvalid || !strings.HasSuffix(m, ".") {
		t.Fatalf("refused without a sentence: %v", err)
	}
}

func checkHeader(t *testing.T, header []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, name := range header {
		if name == "" || seen[name] {
			t.Fatalf("header %q", header)
		}
		seen[name] = true
	}
}

func checkRejects(t *testing.T, path string, comma rune, n int) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.FieldsPerRecord = comma, -1
	if rows, err := r.ReadAll(); err != nil || len(rows) != n+1 {
		t.Fatalf("the rejects file has %d rows of %d: %v", len(rows), n+1, err)
	}
}

// FuzzDates checks that a cell is read alike by every format that reads it without doubt, and that what is
// read is within the years of orders.
func FuzzDates(f *testing.F) {
	for _, seed := range []string{"2023-06-30", "30/06/2023 10:15 PM", "04-30-22", "30 de junio de 2023", "Jun 30, 2023", "45107.5",
		"20230630T101500Z", "Fri Jun 30 2023 10:00:00 GMT+0200 (CEST)", "mar 4 jul 2023", "30º jun 23", "2023-02-30"} {
		f.Add(seed)
	}
	formats := []string{FormatISO, FormatDayFirst, FormatMonthFirst, FormatExcel, "02.01.2006"}
	var readers []core.DateRead
	for _, format := range formats {
		read, err := DateReader(format)
		if err != nil {
			f.Fatal(err)
		}
		readers = append(readers, read)
	}
	first, last := daysSince1970(firstYear, 1, 1), daysSince1970(lastYear, 12, 31)
	f.Fuzz(func(t *testing.T, cell string) {
		var days [5]core.Day
		var ok [5]bool
		for i, read := range readers {
			day, err := read(cell)
			days[i], ok[i] = day, err == nil
			if err == nil && (day < first || day > last) {
				t.Fatalf("%q as %s is %s", cell, formats[i], day)
			}
			if err != nil && !strings.HasSuffix(err.Error(), ".") {
				t.Fatalf("%q as %s: %v", cell, formats[i], err)
			}
		}
		if ok[0] && (!ok[1] || !ok[2] || days[0] != days[1] || days[0] != days[2]) {
			t.Fatalf("%q reads as %v %v", cell, days, ok)
		}
		var d DateDetector
		d.Add(cell)
		format, choices, err := d.Result()
		if err == nil && format == "" && len(choices) != 2 {
			t.Fatalf("%q: neither a format nor a choice", cell)
		}
		if read, e := DateReader(format); err == nil && format != "" && e == nil {
			if _, e := read(cell); e != nil {
				t.Fatalf("%q is detected as %s, which does not read it: %v", cell, format, e)
			}
		}
		_, _ = DateReader(cell)
	})
}

// FuzzAmount checks that what is read as an amount is read alike once it is written plainly.
func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"1,234.56", "1.234,56", "1 234,56", "$74.69", "(12.00)", "Rs. 5", "1.2E+05", "-0.0005", "₹1,23,456.78"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		a, ok := ParseAmount(cell)
		if !ok {
			return
		}
		if !strings.ContainsAny(cell, "0123456789") {
			t.Fatalf("%q has no digit and is %s", cell, a)
		}
		if back, ok := ParseAmount(a.String()); !ok || back != a {
			t.Fatalf("%q is %s, which is %s, %v", cell, a, back, ok)
		}
	})
}

// FuzzRecognise checks that no column serves two fields, and that no required field is both found and missing.
func FuzzRecognise(f *testing.F) {
	f.Add("order_id,Customer,Date,Status", "a1,shop_1,2023-06-01,shipped", "")
	f.Add("Courier Status,Nº Pedido,reject_line", "x,y,z", "nº pedido")
	f.Add("a,b,c", "2023-06-01,shop_1,shipped\n2023-06-02,shop_2,returned", "-")
	f.Fuzz(func(t *testing.T, head, body, chosen string) {
		header, sample := tableOf(append([]string{head}, strings.Split(body, "\n")...)...)
		pick := map[core.Field]string{}
		if chosen != "" {
			pick[core.FieldCustomer] = chosen
		}
		choices, missing, err := Recognise(header, sample, orderSpecs(), pick)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		columns, fields := map[int]bool{}, map[core.Field]bool{}
		for _, c := range choices {
			if columns[c.Index] || fields[c.Field] || header[c.Index] != c.Column || c.Why == "" {
				t.Fatalf("choices %+v", choices)
			}
			columns[c.Index], fields[c.Field] = true, true
		}
		for _, m := range missing {
			if fields[m] {
				t.Fatalf("%s is found and missing", m)
			}
		}
	})
}
