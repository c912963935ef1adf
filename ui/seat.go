package ui

import (
	"context"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// turn is somebody's time at the window, from when they came until somebody else does: their tabs,
// and all that is under way for them. A lock only interrupts it.
type turn struct {
	actor    core.Actor
	ctx      context.Context // ends with the turn
	cancel   context.CancelFunc
	latch    async.Latch
	hold     *async.Hold
	ui       async.Dispatcher // the hold behind the latch
	checking bool
	view     fyne.CanvasObject // the desk; nil before it is first shown
	foot     *seatFoot
	covered  *covered
}

// covered is what stood over the desk when it was locked.
type covered struct {
	dialogs []fyne.CanvasObject
	focused fyne.Focusable
	keys    func(*fyne.KeyEvent)
}

// wish is something to do for whoever may.
type wish struct {
	needs core.Permission
	do    func()
}

// shut reports whether the window shows nothing of the desk: it is locked, or asks for its admin.
func (s *Shell) shut() bool { return s.seat.Locked || s.seat.FirstStart }

// sitting is who works at the window.
func (s *Shell) sitting() core.Actor {
	if s.seat.Required || s.seat.Actor.UserID != 0 {
		return s.seat.Actor
	}
	return core.FolderOwner()
}

// begin begins the turn of whoever sits here.
func (s *Shell) begin() {
	t := &turn{actor: s.sitting()}
	t.ctx, t.cancel = context.WithCancel(s.ctx)
	t.hold = async.NewHold(s.ui)
	t.ui = t.latch.Guard(t.hold)
	s.turn = t
	s.tabs = newTabs(s)
}

// end ends the turn: nothing of it comes back.
func (s *Shell) end() {
	s.turn.latch.Close()
	s.turn.cancel()
	s.tabs.close()
}

// takeSeat shows what follows from who sits here now.
func (s *Shell) takeSeat() {
	before := s.seat
	s.seat = s.desk.Seat()
	if !reflect.DeepEqual(before, s.seat) {
		s.showSeat()
	}
}

func (s *Shell) showSeat() {
	signedOut := s.seat.Locked && s.seat.Actor.UserID == 0 && s.turn.view != nil
	if other := !sameActor(s.turn.actor, s.sitting()); signedOut || other && !s.shut() {
		s.end()
		s.works.forget()
		s.toaster.Clear()
		s.forgetOverlays()
		s.begin()
	}
	if s.shut() {
		s.cover()
	} else {
		s.uncover()
	}
}

func sameActor(a, b core.Actor) bool {
	return a.UserID == b.UserID && a.Name == b.Name && a.Role == b.Role
}

// cover puts the page of signing in, or the first start's, in the place of the desk.
func (s *Shell) cover() {
	t := s.turn
	if t.covered == nil {
		c := s.window.Canvas()
		t.covered = &covered{slices.Clone(c.Overlays().List()), c.Focused(), c.OnTypedKey()}
		if len(t.covered.dialogs) > 0 {
			c.Overlays().Remove(t.covered.dialogs[0]) // and all that are over it
			t.covered.focused = nil
		}
		c.Unfocus()
		c.SetOnTypedKey(nil)
		t.hold.Stop()
		s.unread = 0
	}
	s.menu = newMenu(s)
	s.window.SetMainMenu(s.menu.main)
	s.root.Objects = []fyne.CanvasObject{s.idle, s.door.Content()}
	s.root.Refresh()
	s.door.Show(s.seat)
	s.tabs.showTitle()
	s.showTray()
}

// uncover shows the desk: as it was for whoever comes back, anew for anybody else.
func (s *Shell) uncover() {
	s.door.Leave()
	t, was, first := s.turn, s.turn.covered, s.turn.view == nil
	t.covered = nil
	if first {
		t.foot = newSeatFoot(s)
		t.view = s.layout()
	}
	t.foot.show(s.seat)
	s.idle.used()
	s.menu = newMenu(s)
	s.window.SetMainMenu(s.menu.main)
	s.root.Objects = []fyne.CanvasObject{s.idle, t.view}
	s.root.Refresh()
	if was != nil {
		c := s.window.Canvas()
		for _, d := range was.dialogs {
			c.Overlays().Add(d)
		}
		c.SetOnTypedKey(was.keys)
		if was.focused != nil {
			c.Focus(was.focused)
		}
	}
	t.hold.Resume()
	if list := s.places(); first && len(list) > 0 {
		s.tabs.open(list[0].id)
	}
	s.unread = 0
	s.tabs.showTitle()
	s.showTray()
	s.reload()
	if w := s.wished; w != nil {
		s.wished = nil
		s.wish(*w)
	}
}

// forgetOverlays takes away the dialogs of a turn that ended.
func (s *Shell) forgetOverlays() {
	c := s.window.Canvas()
	if list := c.Overlays().List(); len(list) > 0 {
		c.Overlays().Remove(list[0])
	}
	c.Unfocus()
	c.SetOnTypedKey(nil)
}

// wish does something if who sits here may, and as soon as somebody has signed in. The last wish
// counts.
func (s *Shell) wish(w wish) {
	switch {
	case s.shut():
		s.wished = &w
	case s.May(w.needs):
		w.do()
	default:
		s.Toast(kit.ToneWarn, kit.T("You may not open this. Ask an admin of this desk."))
	}
}

// wishFile opens the import of a file.
func (s *Shell) wishFile(path string) {
	s.wish(wish{core.ImportFiles, func() { s.openFile(path) }})
}

// lock locks the desk.
func (s *Shell) lock() {
	if !s.shut() {
		s.leave(s.desk.Lock, s.Fail)
	}
}

// signOut ends the sign-in here.
func (s *Shell) signOut() { s.leave(s.desk.SignOut, s.Fail) }

// leave is not part of the turn it may end.
func (s *Shell) leave(do func(context.Context) error, failed func(error)) {
	async.Run(s.ctx, s.ui, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) },
		func(_ struct{}, err error) {
			s.takeSeat()
			if err != nil && !s.shut() {
				failed(err)
			}
		})
}
