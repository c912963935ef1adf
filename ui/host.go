package ui

import (
	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// The shell itself is what the tabs know as their host.
var _ kit.Host = (*Shell)(nil)

// Dispatcher leads back to the UI goroutine until the app quits or somebody else signs in. While
// the desk is locked, what comes back waits: no tab shows, asks or says anything then.
func (s *Shell) Dispatcher() async.Dispatcher { return s.turn.ui }

// May reports whether who sits here may do p.
func (s *Shell) May(p core.Permission) bool { return s.turn.actor.May(p) }

// Work shows a long operation in the status line.
func (s *Shell) Work(title string, cancel func(), p *core.Progress) (done func()) {
	return s.works.start(title, cancel, p)
}

// Toast shows a short word.
func (s *Shell) Toast(tone kit.Tone, text string) { s.toaster.Say(tone, text, "", nil) }

// ToastAction shows a short word with a button.
func (s *Shell) ToastAction(tone kit.Tone, text, action string, do func()) {
	s.toaster.Say(tone, text, action, do)
}

// Confirm asks.
func (s *Shell) Confirm(q kit.Question, yes func()) { kit.Confirm(s.window, q, yes) }

// Fail says what went wrong.
func (s *Shell) Fail(err error) { kit.Fail(s.window, err) }

// Go opens a tab and, in it, a place.
func (s *Shell) Go(tab string, place ...string) { s.tabs.open(tab, place...) }

// Title says in the window's title what is open in a tab.
func (s *Shell) Title(tab, text string) {
	s.tabs.titles[tab] = text
	s.tabs.showTitle()
}
