package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"deskwatch/core"
	"deskwatch/core/orders"
	"deskwatch/core/tabular"
)

const (
	// sampleRows is how much of a file recognition looks at.
	sampleRows = 2000
	// dateColumnEvery is after how many rows of a whole-column scan progress and cancel are looked at.
	dateColumnEvery = 4096
)

// ordersFile is an opened orders file with everything known about how to read it.
type ordersFile struct {
	sheet      *tabular.Sheet
	req        core.ImportRequest // with what was remembered for its header filled in
	remembered bool
	sample     []core.Record
	columns    []core.ColumnChoice
	dateFormat string            // "" when undecided
	dates      []core.DateChoice // what a person has to choose from, when undecided
	identities *orders.Identities
	vocabulary *orders.Vocabulary
}

func (f *ordersFile) Close() error { return f.sheet.Close() }

// dateColumn returns the index of the date column, -1 without one.
func (f *ordersFile) dateColumn() int {
	for _, c := range f.columns {
		if c.Field == core.FieldDate {
			return c.Index
		}
	}
	return -1
}

// reading is how the rows of this file become orders.
func (f *ordersFile) reading() (orders.Reading, error) {
	date, err := tabular.DateReader(f.dateFormat)
	return orders.Reading{
		Header: f.sheet.Header(), Columns: f.columns, Date: date, Amount: tabular.ParseAmount,
		Vocabulary: f.vocabulary, Identities: f.identities, Rules: f.req.StatusRules,
	}, err
}

// missing lists the fields that still need a column.
func (f *ordersFile) missing() []core.Field {
	return orders.Reading{Columns: f.columns, Rules: f.req.StatusRules}.Missing()
}

// openOrders opens a file and finds out how to read it: what the request says comes first,
// then what a person chose for this header before, then what names and contents tell.
func (a *App) openOrders(ctx context.Context, req core.ImportRequest) (*ordersFile, error) {
	sheet, err := tabular.Open(req.Path, req.Hints)
	if err != nil {
		return nil, err
	}
	f := &ordersFile{req: req, sheet: sheet}
	if err := a.understand(ctx, f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// understand finds out all about an opened file but how its dates are written.
func (a *App) understand(ctx context.Context, f *ordersFile) (err error) {
	if err := a.recall(ctx, f); err != nil {
		return err
	}
	patterns := f.req.CustomerPatterns
	s := a.settings.Current().Orders
	if len(patterns) == 0 {
		patterns = s.CustomerPatterns
	}
	if f.identities, err = orders.NewIdentities(patterns); err != nil {
		return err
	}
	f.vocabulary = orders.NewVocabulary(s.Statuses, f.req.Statuses)
	if f.sample, err = f.sheet.Sample(sampleRows); err != nil {
		return err
	}
	f.columns, _, err = tabular.Recognise(f.sheet.Header(), f.sample, orders.Fields(f.identities, f.vocabulary), f.req.Map)
	return err
}

// recall fills in what a person chose for this header before, where the request is silent.
func (a *App) recall(ctx context.Context, f *ordersFile) error {
	m, ok, err := a.mappings.Mapping(ctx, f.sheet.Header())
	if err != nil || !ok {
		return err
	}
	f.remembered = true
	merged := map[core.Field]string{}
	for field, column := range m.Map {
		merged[field] = column
	}
	for field, column := range f.req.Map {
		merged[field] = column
	}
	f.req.Map = merged
	if len(f.req.StatusRules) == 0 {
		f.req.StatusRules = m.StatusRules
	}
	if f.req.Hints.DateFormat == "" {
		f.req.Hints.DateFormat = m.DateFormat
	}
	if len(f.req.CustomerPatterns) == 0 {
		f.req.CustomerPatterns = m.CustomerPatterns
	}
	return nil
}

// remember keeps what the person chose for this header, when anything was chosen.
func (a *App) remember(ctx context.Context, f *ordersFile) error {
	m := core.SavedMapping{
		Map: f.req.Map, StatusRules: f.req.StatusRules,
		DateFormat: f.req.Hints.DateFormat, CustomerPatterns: f.req.CustomerPatterns,
	}
	if len(m.Map)+len(m.StatusRules)+len(m.CustomerPatterns) == 0 && m.DateFormat == "" {
		return nil
	}
	return a.mappings.SaveMapping(ctx, f.sheet.Header(), m)
}

// readDates decides how the date column is read. When the beginning of the file leaves
// day-first and month-first open, the whole column is looked at.
func (f *ordersFile) readDates(ctx context.Context) error {
	if f.dateFormat = f.req.Hints.DateFormat; f.dateFormat != "" {
		_, err := tabular.DateReader(f.dateFormat)
		return err
	}
	at := f.dateColumn()
	if at < 0 {
		return nil
	}
	var d tabular.DateDetector
	for _, rec := range f.sample {
		if at < len(rec.Cells) {
			d.Add(rec.Cells[at])
		}
	}
	if !d.Decided() && len(f.sample) >= sampleRows {
		if err := eachCell(ctx, f.sheet, []int{at}, d.Decided, d.Add); err != nil {
			return err
		}
	}
	var err error
	f.dateFormat, f.dates, err = d.Result()
	return err
}

// eachCell hands the cells of columns to look, row by row, until enough or to the end of the file.
func eachCell(ctx context.Context, sheet *tabular.Sheet, columns []int, enough func() bool, look func(cell string)) error {
	rows, err := sheet.Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for n := 1; !enough(); n++ {
		rec, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, at := range columns {
			if at < len(rec.Cells) {
				look(rec.Cells[at])
			}
		}
		if n%dateColumnEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// ready fails with a sentence that says what a person has to decide before this file can be
// imported.
func (f *ordersFile) ready() error {
	if missing := f.missing(); len(missing) > 0 {
		first := missing[0]
		hint := fmt.Sprintf("Choose its column (on the command line: --map %s=COLUMN).", first)
		if first == core.FieldStatus {
			hint = "Choose its column, or give a rule that tells the statuses from another column (on the command line: --map status=COLUMN, or --status-prefix COLUMN:PREFIX=cancelled)."
		}
		return core.NewError(core.CodeInvalid, "app.import", fmt.Sprintf(
			"No column of the file looks like the %s of an order. Nothing was imported. %s The columns are: %s.",
			first, hint, strings.Join(f.sheet.Header(), ", ")), nil)
	}
	if f.dateFormat == "" && len(f.dates) > 0 {
		return ambiguousDates(f.dates)
	}
	if f.dateFormat == "" {
		return core.NewError(core.CodeInvalid, "app.import", "The date column holds no dates that Deskwatch can read. Nothing was imported. Choose another column (on the command line: --map date=COLUMN) or say how they are written (--date-format).", nil)
	}
	return nil
}

// ambiguousDates asks which of the readings is meant.
func ambiguousDates(choices []core.DateChoice) error {
	examples := make([]string, len(choices))
	for i, c := range choices {
		examples[i] = c.Format + " (" + c.Example + ")"
	}
	return core.NewError(core.CodeAmbiguous, "app.import", fmt.Sprintf(
		"The dates of this file can be read in more than one way: %s. Nothing was imported. Choose one (on the command line: --date-format %s or --date-format %s).",
		strings.Join(examples, " or "), choices[0].Format, choices[len(choices)-1].Format), nil)
}

// detected is what is told about how the file is read.
func (f *ordersFile) detected() core.Detected {
	return detectedBy(f.sheet, f.dateFormat, f.columns)
}

func detectedBy(sheet *tabular.Sheet, dateFormat string, columns []core.ColumnChoice) core.Detected {
	d := sheet.Detected()
	d.DateFormat = dateFormat
	d.Map = map[core.Field]string{}
	for _, c := range columns {
		d.Map[c.Field] = c.Column
	}
	return d
}
