package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"deskwatch/core"
	"deskwatch/core/calendar"
	"deskwatch/core/tickets"
)

// replyClock is the first-reply clock in force.
type replyClock struct {
	mu       sync.Mutex // one change at a time
	inForce  atomic.Pointer[calendar.Clock]
	zone     atomic.Pointer[time.Location]
	holidays holidayFile
	trouble  atomic.Pointer[error]
}

// holidayFile is what was read of a holidays file last.
type holidayFile struct {
	path, zone string
	changed    time.Time
	size       int64
	days       []calendar.Holiday
}

// openClock puts the clock of the settings in force. That the holidays cannot be read is logged
// and told by the doctor, and keeps nothing from opening: the clock runs without them.
func (a *App) openClock(ctx context.Context) error {
	err := a.clockChanged(ctx, a.settings.Current())
	if err != nil && a.clock.inForce.Load() != nil {
		a.log.Warn("the holidays are not in force", "err", err)
		return nil
	}
	return err
}

// clockChanged puts the clock of s in force. When the holidays file cannot be used the rest is in
// force all the same, with the holidays read last, and the error says so.
func (a *App) clockChanged(ctx context.Context, s core.Settings) error {
	c := &a.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	read, trouble := a.readHolidays(ctx, s.Clock, c.holidays)
	if trouble == nil {
		c.holidays = read
	}
	cal, err := calendar.New(s.Clock, c.holidays.days)
	if err != nil {
		return err
	}
	c.inForce.Store(calendar.NewClock(cal, s.Clock))
	c.zone.Store(cal.Location())
	c.trouble.Store(&trouble)
	return trouble
}

// clockNow is the clock in force; never nil once the desk is open.
func (a *App) clockNow() tickets.Clock { return a.clock.inForce.Load() }

// clockZone is the zone of the business hours in force.
func (a *App) clockZone() *time.Location { return a.clock.zone.Load() }

// clockTrouble says why the holidays of the settings are not in force; nil when they are.
func (a *App) clockTrouble() error {
	if err := a.clock.trouble.Load(); err != nil {
		return *err
	}
	return nil
}

// readHolidays reads the file s names, unless last is what is in it. A path that does not begin at
// the root begins in the data folder.
func (a *App) readHolidays(ctx context.Context, s core.ClockSettings, last holidayFile) (holidayFile, error) {
	if s.HolidayICS == "" {
		return holidayFile{}, nil
	}
	if err := ctx.Err(); err != nil {
		return last, err
	}
	loc, err := calendar.Zone(s.Zone)
	if err != nil {
		return last, err
	}
	path := s.HolidayICS
	if !filepath.IsAbs(path) {
		path = filepath.Join(a.dataDir, path)
	}
	about, err := os.Stat(path)
	if err != nil || !about.Mode().IsRegular() {
		return last, holidaysUnread(path, err)
	}
	read := holidayFile{path: path, zone: s.Zone, changed: about.ModTime(), size: about.Size()}
	if last.path == read.path && last.zone == read.zone && last.changed.Equal(read.changed) && last.size == read.size {
		return last, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return last, holidaysUnread(path, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	if read.days, err = calendar.ReadHolidays(f, loc, a.now()); err != nil {
		return last, err
	}
	return read, nil
}

func holidaysUnread(path string, cause error) error {
	return core.NewError(core.CodeNotFound, "app.holidays", fmt.Sprintf(
		"The holidays file %s cannot be read. The holidays read last stay in force. Choose another file, or none.", path), cause)
}

// ClockExample says what s makes of an hour that begins on a Friday afternoon. It reads the
// holidays file.
func (a *App) ClockExample(s core.ClockSettings) (string, error) {
	a.clock.mu.Lock()
	last := a.clock.holidays
	a.clock.mu.Unlock()
	read, err := a.readHolidays(a.work, s, last)
	if err != nil {
		return "", err
	}
	cal, err := calendar.New(s, read.days)
	if err != nil {
		return "", err
	}
	return cal.Example(a.now())
}
