package predict

// Table is a file of tickets, with names of columns, for Evaluate.
type Table struct {
	Columns []string
	Rows    [][]string
}
