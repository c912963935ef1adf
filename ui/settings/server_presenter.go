package settings

import (
	"context"
	"os"
	"slices"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// How many posts of collectors are listed at first, more at a time, and at most.
const (
	uploadsFirst = 10
	uploadsMore  = 40
	uploadsMost  = 210
)

// serverView is what the presenter of the REST server and of signing in drives.
type serverView interface {
	showServer(s serverShown)
	showUploads(list []core.Upload, more bool)
	showUploadsError(err error)
	showSeat(o outcome)
}

// serverShown is how the REST server is doing, as the page says it.
type serverShown struct {
	Standing    outcome
	URL         string // "" while it does not run
	Fingerprint string // "" not known
	Command     string // posts a file
	CanRenew    bool   // the certificate in use is the desk's own
}

// serverPresenter follows the REST server, what was posted to it, and who sits here. Nothing is
// read before one of the pages comes into sight.
type serverPresenter struct {
	*presenter
	view    serverView
	uploads *async.Loader[[]core.Upload]
	users   *async.Loader[[]core.User]
	status  *async.Loader[core.DeskStatus]
	all     *async.Coalescer
	posts   *async.Coalescer
	stop    func()
	limit   int
	shown   *uploadsShown // nil: nothing is
	lent    bool          // the protection came with letting others in

	computer     string // the name of this one; "" not known
	watching     bool   // this process watches
	knownWatcher bool
	lookedAt     bool
}

// uploadsShown is the list of posts as it is on the page.
type uploadsShown struct {
	list []core.Upload
	more bool
}

func newServerPresenter(p *presenter) *serverPresenter {
	s := &serverPresenter{presenter: p, uploads: async.NewLoader[[]core.Upload](p.ui), users: async.NewLoader[[]core.User](p.ui),
		status: async.NewLoader[core.DeskStatus](p.ui), stop: func() {}, limit: uploadsFirst}
	s.all, s.posts = async.NewCoalescer(p.ui, s.load), async.NewCoalescer(p.ui, s.loadUploads)
	s.computer, _ = os.Hostname() // without it the address is the one the server says
	return s
}

// start is called whenever one of the two pages comes into sight.
func (s *serverPresenter) start(v serverView) {
	s.view = v
	if !s.lookedAt {
		s.lookedAt = true
		s.stop = async.Listen(s.ui, s.desk.Subscribe, s.hear)
	}
	s.load()
}

func (s *serverPresenter) close() {
	s.stop()
	s.all.Close()
	s.posts.Close()
	s.uploads.Close()
	s.users.Close()
	s.status.Close()
}

func (s *serverPresenter) hear(e core.Event) {
	switch e.(type) {
	case core.ServerChanged, core.SettingsChanged, core.SeatChanged, core.UsersChanged, core.StatusChanged:
		s.all.Poke()
	case core.SourcesChanged, core.TicketsChanged: // they follow a post that was accepted
		s.posts.Poke()
	}
}

// load says how everything stands now.
func (s *serverPresenter) load() {
	s.showState()
	s.showSeat()
	s.status.Load(s.desk.Status, func(st core.DeskStatus, err error) {
		if err == nil { // the status line of the window says it when there is an error
			s.watching, s.knownWatcher = st.Watching, true
			s.showState()
		}
	})
	s.users.Load(s.desk.Users, func(list []core.User, err error) {
		if err == nil { // without the list the core alone refuses what would lock everybody out
			s.signers = signersAmong(list)
			s.showSeat()
			s.tell()
		}
	})
	s.loadUploads()
}

// loadUploads lists what was posted, for those who may see it.
func (s *serverPresenter) loadUploads() {
	if !s.host.May(core.EditServer) {
		return
	}
	limit := s.limit
	s.uploads.Load(func(ctx context.Context) ([]core.Upload, error) {
		return s.desk.Uploads(ctx, limit+1) // one more says whether there are more
	}, func(list []core.Upload, err error) {
		if err != nil {
			s.shown = nil
			s.view.showUploadsError(err)
			return
		}
		now := uploadsShown{slices.Clone(list[:min(len(list), limit)]), len(list) > limit && limit < uploadsMost}
		if s.shown != nil && s.shown.more == now.more && slices.Equal(s.shown.list, now.list) {
			return // most tickets come otherwise, and somebody may be about to press a button here
		}
		s.shown = &now
		s.view.showUploads(now.list, now.more)
	})
}

// moreUploads lists older posts too.
func (s *serverPresenter) moreUploads() {
	s.limit = min(s.limit+uploadsMore, uploadsMost)
	s.loadUploads()
}

func (s *serverPresenter) showState() {
	st := s.desk.ServerState()
	elsewhere := s.knownWatcher && !s.watching
	own := s.saved.Server.TLS == core.TLSGenerated
	address := addressFor(st.URL, s.saved.Server, s.computer)
	s.view.showServer(serverShown{
		Standing: serverStanding(st, s.saved.Server.Enabled, elsewhere, s.desk.Now()),
		URL:      address, Fingerprint: st.Fingerprint, Command: collectCommand(address, st.Fingerprint, own),
		CanRenew: own && s.host.May(core.EditServer),
	})
}

func (s *serverPresenter) showSeat() { s.view.showSeat(seatStanding(s.desk.Seat(), s.signers)) }

// newCertificate replaces the desk's own certificate, after saying whom that concerns.
func (s *serverPresenter) newCertificate(done func()) {
	q := kit.Question{Title: kit.T("Make a new certificate?"),
		Text: kit.T("The server goes on with a new certificate at once. Everybody who trusts the fingerprint of the old one is refused until they trust the new one."),
		Yes:  kit.T("Make a new certificate"), Danger: true}
	s.host.Confirm(q, func() {
		s.run(s.desk.NewServerCertificate, func() {
			s.host.Toast(kit.ToneGood, kit.T("The new certificate is made. Tell those who trusted the old one its fingerprint."))
			s.load()
		})
	})
	done()
}

// saveUpload writes a refused document to a file.
func (s *serverPresenter) saveUpload(id int64, path string) {
	s.run(func(ctx context.Context) error { return s.desk.SaveUpload(ctx, id, path) }, func() {
		s.host.Toast(kit.ToneGood, kit.T("The document is written to %s.", path))
	})
}
