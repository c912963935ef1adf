// Package kittest has what the tests of tabs share: what an object on the screen says, and a kit.Host
// that runs everything inline and records what was asked of it.
package kittest

import (
	"strings"

	"fyne.io/fyne/v2"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// Host records. Win may be nil when no test needs a window.
type Host struct {
	Win       fyne.Window
	Toasts    []string
	Actions   []func() // of the toasts with a button
	Questions []kit.Question
	Answer    bool // given to every question
	Failures  []error
	Works     []string
	Running   int // works begun and not done
	Tabs      []string
	Titles    []string  // the tab and what is open in it, parted by a slash
	Role      core.Role // "": everything is allowed
}

// Window returns Win.
func (h *Host) Window() fyne.Window { return h.Win }

// Dispatcher runs inline.
func (h *Host) Dispatcher() async.Dispatcher { return async.Inline{} }

// Work records the title.
func (h *Host) Work(title string, _ func(), _ *core.Progress) func() {
	h.Works = append(h.Works, title)
	h.Running++
	return func() { h.Running-- }
}

// Toast records the text.
func (h *Host) Toast(_ kit.Tone, text string) { h.Toasts = append(h.Toasts, text) }

// ToastAction records the text and the action.
func (h *Host) ToastAction(_ kit.Tone, text, _ string, do func()) {
	h.Toasts = append(h.Toasts, text)
	h.Actions = append(h.Actions, do)
}

// Confirm records the question and answers it with Answer.
func (h *Host) Confirm(q kit.Question, yes func()) {
	h.Questions = append(h.Questions, q)
	if h.Answer {
		yes()
	}
}

// Fail records the error.
func (h *Host) Fail(err error) { h.Failures = append(h.Failures, err) }

// Go records the tab, with the place in it after a slash.
func (h *Host) Go(tab string, place ...string) {
	h.Tabs = append(h.Tabs, strings.Join(append([]string{tab}, place...), "/"))
}

// Title records the tab and the text.
func (h *Host) Title(tab, text string) { h.Titles = append(h.Titles, tab+"/"+text) }

// May answers for Role.
func (h *Host) May(p core.Permission) bool { return h.Role == "" || h.Role.May(p) }
