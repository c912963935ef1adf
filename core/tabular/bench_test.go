package tabular

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"deskwatch/core"
)

// ordersFile writes n orders of six columns.
func ordersFile(b *testing.B, n int, quoted bool) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "orders.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	form := "%d,shop_%d,2023-%02d-%02d,%s,%d.%02d,line\n"
	if quoted {
		form = "\"%d\",\"shop_%d\",\"2023-%02d-%02d\",\"%s\",\"%d.%02d\",\"line\"\n"
	}
	fmt.Fprintln(w, "order_id,customer_id,date,status,amount,note")
	for i := range n {
		fmt.Fprintf(w, form, 100_000_000+i, i%40_000, i%12+1, i%28+1, []string{"delivered", "cancelled", "shipped"}[i%3], i%900, i%100)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func BenchmarkReadMillionRows(b *testing.B) {
	for name, quoted := range map[string]bool{"plain": false, "quoted": true} {
		b.Run(name, func(b *testing.B) {
			path := ordersFile(b, 1_000_000, quoted)
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open(path, core.TableHints{})
				if err != nil {
					b.Fatal(err)
				}
				r, err := s.Rows(context.Background())
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for {
					if _, err := r.Next(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != 1_000_000 {
					b.Fatalf("%d rows", n)
				}
				b.SetBytes(s.Size())
				s.Close()
			}
		})
	}
}

func BenchmarkDates(b *testing.B) {
	for _, c := range []struct{ format, cell string }{
		{FormatISO, "2023-06-30"}, {FormatDayFirst, "30/06/2023"}, {FormatMonthFirst, "04-30-22"},
		{FormatISO, "2023-06-30T10:15:00.123Z"}, {FormatDayFirst, "30 de junio de 2023"}, {FormatExcel, "45107.52"},
	} {
		b.Run(c.cell, func(b *testing.B) {
			read, err := DateReader(c.format)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := read(c.cell); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAmount(b *testing.B) {
	for _, cell := range []string{"647.62", "$1,234.56"} {
		b.Run(cell, func(b *testing.B) {
			for b.Loop() {
				if _, ok := ParseAmount(cell); !ok {
					b.Fatal("not an amount")
				}
			}
		})
	}
}
