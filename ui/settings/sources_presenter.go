package settings

import (
	"context"
	"slices"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// sourcesView is what the presenter of the sources drives.
type sourcesView interface {
	showSources(list []core.SourceReport)
	showSourcesError(err error)
}

// sourcesPresenter lists the sources and changes them. Nothing is read before start.
type sourcesPresenter struct {
	*presenter
	view    sourcesView
	loader  *async.Loader[[]core.SourceReport]
	fresh   *async.Coalescer
	stop    func()
	list    []core.SourceReport
	started bool
}

func newSourcesPresenter(p *presenter) *sourcesPresenter {
	s := &sourcesPresenter{presenter: p, loader: async.NewLoader[[]core.SourceReport](p.ui), stop: func() {}}
	s.fresh = async.NewCoalescer(p.ui, s.load)
	return s
}

// start is called whenever the page comes into sight.
func (s *sourcesPresenter) start(v sourcesView) {
	s.view = v
	if !s.started {
		s.started = true
		s.stop = async.Listen(s.ui, s.desk.Subscribe, func(e core.Event) {
			switch e.(type) {
			case core.SourcesChanged, core.TicketsChanged:
				s.fresh.Poke()
			}
		})
	}
	s.load()
}

func (s *sourcesPresenter) close() {
	s.stop()
	s.fresh.Close()
	s.loader.Close()
}

func (s *sourcesPresenter) load() {
	s.loader.Load(s.desk.Sources, func(list []core.SourceReport, err error) {
		if err != nil {
			s.view.showSourcesError(err)
			return
		}
		s.list = list
		s.view.showSources(list)
	})
}

// taken reports whether a source of that name is there.
func (s *sourcesPresenter) taken(name string) bool {
	return slices.ContainsFunc(s.list, func(r core.SourceReport) bool { return r.Name == name })
}

// runNow asks a source now. That it failed is shown in its row.
func (s *sourcesPresenter) runNow(name string, done func()) {
	long(s.presenter, kit.T("Asking %s", name), func(ctx context.Context, _ *core.Progress) (struct{}, error) {
		return struct{}{}, s.desk.RunSource(ctx, name)
	}, func(_ struct{}, err error) {
		done()
		if core.ErrorCode(err) == core.CodeConflict {
			s.host.Fail(err)
		} else if err == nil {
			s.host.Toast(kit.ToneGood, kit.T("%s went well.", name))
		}
		s.load()
	})
}

// enable switches a source on or off, and leaves everything else of it.
func (s *sourcesPresenter) enable(src core.Source, on bool) {
	src.Enabled = on
	s.saveSource(sourceDraft{Source: src}, func(bool) {})
}

// remove forgets a source, after saying what stays.
func (s *sourcesPresenter) remove(r core.SourceReport) {
	q := kit.Question{Title: kit.T("Remove the source %s?", r.Name),
		Text: kit.T("It is not asked any more, and its password is forgotten. The tickets that came from it stay: %s.", kit.Number(r.State.Tickets)),
		Yes:  kit.T("Remove source"), Danger: true}
	s.host.Confirm(q, func() {
		s.run(func(ctx context.Context) error { return s.desk.DeleteSource(ctx, r.Name) }, func() {
			s.host.Toast(kit.ToneGood, kit.T("The source is removed."))
			s.load()
		})
	})
}

// sourceDraft is a source as it stands in its form, with new secrets; nil: unchanged.
type sourceDraft struct {
	core.Source
	secret, client *core.Secret
}

// saveSource stores a source; done hears whether it went well. A fault is shown over the form,
// which stays.
func (s *sourcesPresenter) saveSource(d sourceDraft, done func(ok bool)) {
	async.Run(s.ctx, s.ui, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.desk.SaveSource(ctx, d.Source, d.secret, d.client)
	}, func(_ struct{}, err error) {
		if err != nil {
			s.host.Fail(err)
		}
		done(err == nil)
		s.load()
	})
}

// testSource reads the first tickets of a source as it stands in its form; show hears how it went,
// and the fingerprint of a certificate that is not trusted.
func (s *sourcesPresenter) testSource(d sourceDraft, show func(o outcome, fingerprint string)) {
	async.Run(s.ctx, s.ui, func(ctx context.Context) (string, error) {
		return s.desk.TestSource(ctx, d.Source, d.secret, d.client)
	}, func(sentence string, err error) {
		if err != nil {
			show(outcome{kit.ErrorText(err), kit.ToneBad}, core.FingerprintIn(err))
			return
		}
		show(outcome{sentence, kit.ToneGood}, "")
	})
}

// secretKnown tells whether the source's secrets are stored.
func (s *sourcesPresenter) secretKnown(name string, show func(set bool, where string)) {
	type state struct {
		set   bool
		where string
	}
	async.Run(s.ctx, s.ui, func(ctx context.Context) (state, error) {
		set, where, err := s.desk.SecretState(ctx, name)
		return state{set, where}, err
	}, func(st state, err error) {
		if err == nil { // without an answer the field says nothing of it
			show(st.set, st.where)
		}
	})
}
