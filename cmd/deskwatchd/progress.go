package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"deskwatch/core"
)

// report shows p on w until the returned function is called: in place on a terminal, a line
// every five seconds elsewhere.
func report(w io.Writer, p *core.Progress) (done func()) {
	every, end := 5*time.Second, "\n"
	if isTerminal(w) {
		every, end = 200*time.Millisecond, "\r"
	}
	quit, ended := make(chan struct{}), make(chan struct{})
	started := time.Now()
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		shown := false
		for {
			select {
			case <-quit:
				if shown && end == "\r" {
					fmt.Fprint(w, "\x1b[K")
				}
				return
			case <-tick.C:
				shown = true
				fmt.Fprintf(w, "%s%s", progressLine(p.State(), time.Since(started)), end)
			}
		}
	}()
	return func() { close(quit); <-ended }
}

// reportPhase is report for what has nothing to count.
func reportPhase(w io.Writer, phase string) (done func()) {
	var p core.Progress
	p.SetPhase(phase)
	return report(w, &p)
}

// progressLine says how far a long operation is: "Reading: 412,000 rows, 205,000 a second, 3 s
// left", or "Looking for breaches: 12s so far" where nothing is counted.
func progressLine(s core.ProgressState, since time.Duration) string {
	if s.Done == 0 && s.Total == 0 && s.Phase != "" {
		return fmt.Sprintf("%s: %s so far", s.Phase, since.Round(time.Second))
	}
	if s.Phase == phaseLearning {
		return fmt.Sprintf("%s: %d%%", s.Phase, int(100*max(s.Fraction(), 0)))
	}
	text := fmt.Sprintf("%d rows", s.Done)
	if s.Phase != "" {
		text = s.Phase + ": " + text
	}
	if secs := since.Seconds(); s.Done > 0 && secs > 0.5 {
		text += fmt.Sprintf(", %.0f a second", float64(s.Done)/secs)
	}
	if left, ok := s.TimeLeft(since); ok {
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return text
}

// phaseLearning is the phase that counts nothing people know: only the share of it that is done says
// something.
const phaseLearning = "Learning"

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
