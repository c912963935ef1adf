package tickets

import (
	"context"
	"maps"
	"path/filepath"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// noColumn is how TicketMapping.Fields says that a field has no column.
const noColumn = "-"

// importState is what the dialog of an import shows.
type importState struct {
	Path    string // "": no import is being prepared
	Reading bool
	Err     error
	Preview *core.TicketPreview // the last one that could be made
	Edition int                 // grows with every preview
	Chosen  core.TicketMapping
	Hints   core.TableHints
	Running string // base name of the file being imported; "" none
}

// importing is the presenter of the import of a file.
type importing struct {
	*bench
	changed func()
	// preview shows the dialog, pick asks for a file; ended shows a result worth a look.
	preview func()
	pick    func()
	report  func(core.TicketImportResult, string)
	state   importState
	load    *async.Loader[core.TicketPreview]
}

func newImporting(b *bench) *importing {
	return &importing{bench: b, changed: func() {}, preview: func() {}, pick: func() {}, report: func(core.TicketImportResult, string) {},
		load: async.NewLoader[core.TicketPreview](b.ui)}
}

// State is what the dialog shows now.
func (p *importing) State() importState { return p.state }

// choose asks for a file, unless one is being imported.
func (p *importing) choose() {
	if !p.busy() {
		p.pick()
	}
}

func (p *importing) busy() bool {
	if p.state.Running == "" {
		return false
	}
	p.host.Toast(kit.ToneWarn, kit.T("%s is being imported. Open the next file when it is done.", p.state.Running))
	return true
}

// Open begins the preview of a file.
func (p *importing) Open(path string) {
	if p.busy() {
		return
	}
	p.state = importState{Path: path, Edition: p.state.Edition}
	p.read()
	p.preview()
}

// Leave gives the preview up; nothing is imported.
func (p *importing) Leave() {
	p.load.Cancel()
	p.state.Path, p.state.Preview = "", nil
}

// Assign says which column a field is read from; "" takes that back.
func (p *importing) Assign(f core.Field, column string) {
	fields := maps.Clone(p.state.Chosen.Fields)
	if fields == nil {
		fields = map[core.Field]string{}
	}
	if column == "" {
		delete(fields, f)
	} else {
		fields[f] = column
	}
	p.state.Chosen.Fields = fields
	p.read()
}

// Date says how dates are written, where a file leaves two readings.
func (p *importing) Date(format string) {
	p.state.Hints.DateFormat, p.state.Chosen.DateFormat = format, format
	p.read()
}

func (p *importing) request() core.TicketImportRequest {
	return core.TicketImportRequest{Path: p.state.Path, Hints: p.state.Hints, Mapping: p.state.Chosen}
}

func (p *importing) read() {
	p.state.Reading = true
	p.changed()
	req := p.request()
	p.load.Load(func(ctx context.Context) (core.TicketPreview, error) { return p.desk.PreviewTickets(ctx, req) },
		func(v core.TicketPreview, err error) {
			p.state.Reading, p.state.Err = false, err
			if err == nil {
				p.state.Preview = &v
			}
			p.state.Edition++
			p.changed()
		})
}

// CanImport reports whether the file can be imported as it is read now.
func (p *importing) CanImport() bool {
	s := p.state
	return s.Path != "" && !s.Reading && s.Err == nil && s.Preview != nil && len(s.Preview.Missing) == 0 && len(s.Preview.DateChoices) == 0
}

// Import imports the previewed file under the name of a source; full says that it is all there
// is.
func (p *importing) Import(source string, full bool) {
	if !p.CanImport() || p.busy() {
		return
	}
	req := p.request()
	req.Source, req.Full = strings.TrimSpace(source), full
	file := filepath.Base(req.Path)
	p.state.Running = file
	long(p.bench, kit.T("Importing %s", file), func(ctx context.Context, progress *core.Progress) (core.TicketImportResult, error) {
		return p.desk.ImportTickets(ctx, req, progress)
	}, func(r core.TicketImportResult, err error) {
		p.state.Running = ""
		switch {
		case kit.Canceled(err):
			p.host.Toast(kit.ToneMuted, kit.T("The import was stopped. The tickets are as they were before."))
		case err == nil:
			p.tell(r, file)
		}
	})
}

// tell sums an import up, and offers a closer look where something was not taken as it was.
func (p *importing) tell(r core.TicketImportResult, file string) {
	text := kit.T("%s is imported: %s.", file, importedText(r))
	tone := kit.ToneGood
	if r.Rejected > 0 {
		tone = kit.ToneWarn
		text += " " + kit.N("%s row was not taken.", "%s rows were not taken.", r.Rejected)
	}
	if r.Baseline {
		text += " " + kit.T("It is the first load of this source: nobody was told.")
	}
	if r.Rejected == 0 && len(r.UnknownStatuses) == 0 && len(r.UnknownPriorities) == 0 {
		p.host.Toast(tone, text)
		return
	}
	p.host.ToastAction(tone, text, kit.T("Show"), func() { p.report(r, file) })
}

// importedText counts what an import did.
func importedText(r core.TicketImportResult) string {
	parts := []string{kit.T("%s new", kit.Number(r.New)), kit.T("%s changed", kit.Number(r.Changed)), kit.T("%s as they were", kit.Number(r.Unchanged+r.Stale))}
	if r.Gone > 0 {
		parts = append(parts, kit.T("%s gone", kit.Number(r.Gone)))
	}
	return strings.Join(parts, ", ")
}

// LoadSample takes the sample tickets.
func (p *importing) LoadSample() {
	if p.busy() {
		return
	}
	name := kit.T("the sample tickets")
	p.state.Running = name
	long(p.bench, kit.T("Loading the sample tickets"), p.desk.LoadSampleTickets, func(r core.TicketImportResult, err error) {
		p.state.Running = ""
		if err == nil {
			p.host.Toast(kit.ToneGood, kit.T("The sample tickets are loaded: %s.", countText(int(r.Tickets))))
		}
	})
}

// Close ends what is loading.
func (p *importing) Close() { p.load.Close() }
