package kit

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
)

// ProgressText says how far work has come after elapsed: "Reading · 412,000 rows · 131,000/s ·
// 6 s left". What is not known is left out.
func ProgressText(s core.ProgressState, elapsed time.Duration) string {
	var parts []string
	if s.Phase != "" {
		parts = append(parts, phaseWord(s.Phase))
	}
	switch {
	case s.Phase == phaseIndexes && s.Total > 0:
		return strings.Join(append(parts, T("%s of %s", Number(s.Done), Number(s.Total))), " · ") // they are no rows, and no two take as long
	case s.Phase == phaseLearning: // it counts nothing people know
		if s.Done > 0 && s.Total > 0 {
			parts = append(parts, Percent(s.Fraction()))
		}
	case s.Done > 0:
		parts = append(parts, counted(s))
		if sec := elapsed.Seconds(); sec >= 1 {
			parts = append(parts, T("%s/s", Number(int64(float64(s.Done)/sec))))
		}
	}
	if f := s.Fraction(); f > 0.02 && f < 1 && elapsed >= time.Second {
		left := time.Duration(float64(elapsed) * (1 - f) / f)
		parts = append(parts, T("%s left", Duration(left)))
	}
	return strings.Join(parts, " · ")
}

// phaseIndexes is the phase whose counts are indexes; those of phaseTickets and phaseScoring are
// tickets.
const (
	phaseIndexes = "Creating indexes"
	phaseTickets = "Reading tickets"
	phaseScoring = "Scoring"

	phaseLearning = "Learning"
)

func counted(s core.ProgressState) string {
	if s.Phase == phaseTickets || s.Phase == phaseScoring {
		return N("%s ticket", "%s tickets", s.Done)
	}
	return N("%s row", "%s rows", s.Done)
}

// phaseWord translates the phases the core names; one it does not know stays as it is.
func phaseWord(phase string) string {
	switch phase {
	case "Comparing":
		return T("Comparing")
	case "Copying":
		return T("Copying")
	case "Copying clients":
		return T("Copying clients")
	case "Creating clients":
		return T("Creating clients")
	case phaseIndexes:
		return T("Creating indexes")
	case "Indexing":
		return T("Indexing")
	case phaseLearning:
		return T("Learning")
	case "Loading sample data":
		return T("Loading sample data")
	case "Looking at the file":
		return T("Looking at the file")
	case "Measuring":
		return T("Measuring")
	case "Reading":
		return T("Reading")
	case phaseTickets:
		return T("Reading tickets")
	case "Removing sample data":
		return T("Removing sample data")
	case phaseScoring:
		return T("Scoring")
	case "Sorting the rows":
		return T("Sorting the rows")
	case "Tidying":
		return T("Tidying")
	case "Undoing":
		return T("Undoing")
	case "Unpacking":
		return T("Unpacking")
	case "Waiting for the database":
		return T("Waiting for the database")
	case "Writing the file":
		return T("Writing the file")
	}
	return phase
}

// ProgressRow is a bar with words and Cancel.
type ProgressRow struct {
	Box
	bar     *widget.ProgressBar
	endless *widget.ProgressBarInfinite
	text    *Line
	cancel  *widget.Button
	title   string
}

// NewProgressRow returns a row; a nil cancel leaves the button out.
func NewProgressRow(title string, cancel func()) *ProgressRow {
	r := &ProgressRow{bar: widget.NewProgressBar(), endless: widget.NewProgressBarInfinite(), text: NewCaption(title), title: title}
	r.text.Shrink = true
	r.bar.TextFormatter = func() string { return "" }
	bars := container.NewStack(r.bar, r.endless)
	thin := container.NewVBox(container.NewGridWrap(fyne.NewSize(180, 8), bars))
	right := container.NewHBox(container.NewCenter(thin))
	if cancel != nil {
		r.cancel = widget.NewButtonWithIcon(T("Cancel"), theme.CancelIcon(), nil)
		r.cancel.Importance = widget.LowImportance
		r.cancel.OnTapped = func() {
			r.cancel.Disable()
			r.cancel.SetText(T("Stopping…"))
			cancel()
		}
		right.Add(r.cancel)
	}
	r.bar.Hide()
	r.Hold(r, container.NewBorder(nil, nil, nil, right, r.text))
	return r
}

// SetTitle changes the words before the reading.
func (r *ProgressRow) SetTitle(title string) { r.title = title }

// Set shows a reading of the counter after elapsed.
func (r *ProgressRow) Set(s core.ProgressState, elapsed time.Duration) {
	text := r.title
	if t := ProgressText(s, elapsed); strings.HasPrefix(t, text) {
		text = t // the work has one phase, which is named like it
	} else if t != "" {
		text += " · " + t
	}
	r.text.SetText(text)
	if f := s.Fraction(); f >= 0 {
		r.endless.Stop()
		r.endless.Hide()
		r.bar.SetValue(f)
		r.bar.Show()
	}
}

// Stop ends the animation; call it when the row goes away.
func (r *ProgressRow) Stop() { r.endless.Stop() }
