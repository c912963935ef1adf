package orders

import (
	"context"
	"path/filepath"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// importStage is where the Import sub-tab stands.
type importStage int

const (
	stageIdle importStage = iota
	stagePreview
	stageRunning
	stageDone
)

// importState is all the view shows.
type importState struct {
	Stage importStage

	// The list of earlier imports.
	Loading bool
	Err     error
	Imports []core.ImportRecord
	Edition int   // grows when Imports changes
	Undoing int64 // id; 0 none

	// The preview.
	Path       string
	Reading    bool
	PreviewErr error
	Preview    *core.ImportPreview // the last one that could be made
	Choices    importChoices
	PatternErr string
	Found      int // grows with every preview, so that the form is filled anew

	// The forecast.
	Counting    bool
	Forecast    *core.ImportForecast
	ForecastErr error

	// Progress of the forecast or of the import.
	Progress core.ProgressState
	Elapsed  time.Duration

	Result *core.ImportResult
	File   string // base name of the file being imported, or imported last
}

// importing is the presenter of the Import sub-tab.
type importing struct {
	*bench
	changed func()
	moved   func() // the progress moved, nothing else
	state   importState

	list     *async.Loader[[]core.ImportRecord]
	preview  *async.Loader[core.ImportPreview]
	forecast *async.Loader[core.ImportForecast]

	cancel   func() // of the running import
	stopTick func()
}

func newImporting(b *bench) *importing {
	return &importing{
		bench: b, changed: func() {}, moved: func() {}, stopTick: func() {},
		list: async.NewLoader[[]core.ImportRecord](b.ui), preview: async.NewLoader[core.ImportPreview](b.ui),
		forecast: async.NewLoader[core.ImportForecast](b.ui),
	}
}

// State is what the view shows now.
func (p *importing) State() importState { return p.state }

// Load reads the list of earlier imports anew.
func (p *importing) Load() {
	p.state.Loading = true
	p.list.Load(p.desk.Imports, func(list []core.ImportRecord, err error) {
		p.state.Loading, p.state.Err = false, err
		if err == nil {
			p.state.Imports = list
			p.state.Edition++
		}
		p.changed()
	})
}

// Open begins the preview of a file.
func (p *importing) Open(path string) {
	if p.busy() {
		return
	}
	p.state.Stage, p.state.Path, p.state.File = stagePreview, path, filepath.Base(path)
	p.state.Choices, p.state.Preview, p.state.Result = newChoices(), nil, nil
	p.read()
}

// busy reports whether an import is running, and says so.
func (p *importing) busy() bool {
	if p.state.Stage != stageRunning {
		return false
	}
	p.host.Toast(kit.ToneWarn, kit.T("%s is being imported. Open the next file when it is done.", p.state.File))
	return true
}

// Change applies one choice and reads the file's beginning anew.
func (p *importing) Change(f func(c *importChoices)) {
	if p.state.Stage != stagePreview {
		return
	}
	f(&p.state.Choices)
	_, p.state.PatternErr = readPatterns(p.state.Choices.Patterns)
	if p.state.PatternErr != "" {
		p.stopCounting()
		p.changed()
		return
	}
	p.read()
}

// Assign gives a spelling of a status its meaning, or takes the user's choice back when st is nil.
func (p *importing) Assign(raw string, st *core.Status) {
	p.Change(func(c *importChoices) {
		if st == nil {
			delete(c.Statuses, raw)
		} else {
			c.Statuses[raw] = *st
		}
	})
}

func (p *importing) read() {
	p.stopCounting()
	p.state.Forecast, p.state.ForecastErr = nil, nil
	p.state.Reading, p.state.PatternErr = true, ""
	p.changed()
	req := p.state.Choices.request(p.state.Path)
	p.preview.Load(func(ctx context.Context) (core.ImportPreview, error) { return p.desk.PreviewImport(ctx, req) },
		func(v core.ImportPreview, err error) {
			p.state.Reading, p.state.PreviewErr = false, err
			if err == nil {
				p.state.Preview = &v
				p.state.Found++
			}
			if p.CanImport() {
				p.Count()
			}
			p.changed()
		})
}

// CanImport reports whether the file can be imported as it is read now.
func (p *importing) CanImport() bool {
	s := p.state
	return s.Stage == stagePreview && !s.Reading && s.PreviewErr == nil && s.PatternErr == "" &&
		s.Preview != nil && len(s.Preview.Missing) == 0 && len(s.Preview.DateChoices) == 0
}

// Count makes the forecast: what the import would change, and the alerts it would raise.
func (p *importing) Count() {
	progress := new(core.Progress)
	req := p.state.Choices.request(p.state.Path)
	req.DryRun = true
	p.state.Counting, p.state.Forecast, p.state.ForecastErr = true, nil, nil
	p.watch(progress)
	p.changed()
	p.forecast.Load(func(ctx context.Context) (core.ImportForecast, error) {
		return p.desk.ForecastImport(ctx, req, progress)
	},
		func(f core.ImportForecast, err error) {
			p.stopTick()
			p.state.Counting, p.state.ForecastErr = false, err
			if err == nil {
				p.state.Forecast = &f
			}
			p.changed()
		})
}

// StopCounting gives the forecast up; the file can still be imported.
func (p *importing) StopCounting() {
	p.stopCounting()
	p.changed()
}

func (p *importing) stopCounting() {
	p.forecast.Cancel()
	if p.state.Counting {
		p.stopTick()
		p.state.Counting = false
	}
}

// Leave closes the preview, or the result; nothing is imported.
func (p *importing) Leave() {
	if p.state.Stage == stageRunning {
		return
	}
	p.preview.Cancel()
	p.stopCounting()
	p.state.Stage, p.state.Preview, p.state.PreviewErr, p.state.Forecast = stageIdle, nil, nil, nil
	p.changed()
}

// Import imports the previewed file.
func (p *importing) Import() {
	if !p.CanImport() {
		return
	}
	p.stopCounting()
	p.state.Stage = stageRunning
	req := p.state.Choices.request(p.state.Path)
	settings := p.desk.Settings()
	learned := withStatuses(settings, req.Statuses)
	progress, cancel := long(p.bench, kit.T("Importing %s", p.state.File),
		func(ctx context.Context, progress *core.Progress) (core.ImportResult, error) {
			if learned != nil {
				if err := p.desk.SaveSettings(ctx, *learned); err != nil {
					return core.ImportResult{}, err
				}
			}
			return p.desk.Import(ctx, req, progress)
		}, p.ended)
	if p.state.Stage == stageRunning {
		p.cancel = cancel
		p.watch(progress)
		p.changed()
	}
}

func (p *importing) ended(r core.ImportResult, err error) {
	p.stopTick()
	if err != nil {
		p.state.Stage = stagePreview
		if kit.Canceled(err) {
			p.host.Toast(kit.ToneMuted, kit.T("The import was stopped. The order book is as it was before."))
		}
		p.changed()
		return
	}
	p.state.Stage, p.state.Result, p.state.Preview = stageDone, &r, nil
	p.host.ToastAction(kit.ToneGood, kit.T("%s is imported: %s.", p.state.File, countsText(r.ImportCounts)),
		kit.T("Undo"), func() { p.AskUndo(core.ImportRecord{ID: r.ImportID, File: p.state.File, ImportCounts: r.ImportCounts}) })
	p.changed()
	p.Load()
}

// withStatuses returns the settings with the user's assignments, or nil when they add nothing.
func withStatuses(s core.Settings, assigned map[string]core.Status) *core.Settings {
	merged := make(map[string]core.Status, len(s.Orders.Statuses)+len(assigned))
	for k, v := range s.Orders.Statuses {
		merged[k] = v
	}
	news := false
	for k, v := range assigned {
		if old, ok := merged[k]; !ok || old != v {
			merged[k], news = v, true
		}
	}
	if !news {
		return nil
	}
	s.Orders.Statuses = merged
	return &s
}

// Cancel stops the running import; the book stays as it was.
func (p *importing) Cancel() {
	if p.state.Stage == stageRunning && p.cancel != nil {
		p.cancel()
	}
}

// AskUndo takes an import back, after saying what that does.
func (p *importing) AskUndo(r core.ImportRecord) {
	if p.state.Undoing != 0 {
		return
	}
	p.host.Confirm(kit.Question{
		Title: kit.T("Undo the import of %s?", r.File),
		Text: kit.T("%s it brought are removed, and %s it changed become what they were before. Mails that were sent stay sent.",
			kit.N("%s order", "%s orders", r.OrdersNew), kit.N("%s order", "%s orders", r.OrdersChanged)),
		Yes: kit.T("Undo import"), Danger: true,
	}, func() { p.undo(r) })
}

func (p *importing) undo(r core.ImportRecord) {
	p.state.Undoing = r.ID
	p.changed()
	long(p.bench, kit.T("Undoing the import of %s", r.File),
		func(ctx context.Context, progress *core.Progress) (core.UndoResult, error) {
			return p.desk.UndoImport(ctx, r.ID, progress)
		}, func(u core.UndoResult, err error) {
			p.state.Undoing = 0
			if err == nil {
				p.say(kit.T("The import of %s is undone: %s removed, %s restored.", r.File,
					kit.N("%s order", "%s orders", u.Removed), kit.N("%s order", "%s orders", u.Restored)))
				if p.state.Stage == stageDone && p.state.Result != nil && p.state.Result.ImportID == r.ID {
					p.state.Stage, p.state.Result = stageIdle, nil
				}
			}
			p.changed()
			p.Load()
		})
}

// watch shows a counter until stopTick.
func (p *importing) watch(progress *core.Progress) {
	p.stopTick()
	began := p.desk.Now()
	p.state.Progress, p.state.Elapsed = core.ProgressState{}, 0
	p.stopTick = p.tick(func() {
		p.state.Progress, p.state.Elapsed = progress.State(), p.desk.Now().Sub(began)
		p.moved()
	})
}

// countsText sums up what an import did to the book.
func countsText(c core.ImportCounts) string {
	return kit.T("%s new, %s changed, %s as they were", kit.Number(c.OrdersNew), kit.Number(c.OrdersChanged), kit.Number(c.OrdersUnchanged))
}

// Close ends what is under way.
func (p *importing) Close() {
	p.list.Close()
	p.preview.Close()
	p.forecast.Close()
	p.stopTick()
}
