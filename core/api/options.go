package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"deskwatch/core"
)

// Options is what a Server is made of.
type Options struct {
	Desk     Desk
	Guard    Guard
	Log      *slog.Logger
	Now      func() time.Time
	Settings func() core.ServerSettings // those in force
	Version  string
	Changed  func()         // called when State changed; nil for nobody
	Location *time.Location // days and months of what is asked are of this zone; nil is this machine's
}

// Server answers the routes. Its methods may be called from any goroutine.
type Server struct {
	Options
	hostName string // of this machine

	mux     *http.ServeMux
	handler http.Handler
	routes  []*route
	huma    huma.API
	spec    []byte // the OpenAPI document
	docs    []byte // the page made of it

	work      places // one for every request in work
	signing   places // for signing a token
	streams   places // one for every stream of events
	lookAgain time.Duration
	listeners listeners
	buffers   sync.Pool
	tally     *tally
	calls     callIDs

	listening sync.Mutex
	http      *http.Server
	state     core.ServerState
	ended     chan struct{} // closed when http no longer serves

	quit    context.Context // ends with Stop: streams hang on it
	endQuit context.CancelFunc
}

// New makes a server that does not listen yet.
func New(o Options) (*Server, error) {
	if o.Desk == nil || o.Guard == nil || o.Log == nil || o.Now == nil || o.Settings == nil {
		return nil, errors.New("api: a server needs a desk, a guard, a log, a clock and its settings")
	}
	if o.Changed == nil {
		o.Changed = func() {}
	}
	if o.Location == nil {
		o.Location = time.Local
	}
	s := &Server{Options: o, mux: http.NewServeMux(), work: make(places, inWork), streams: make(places, maxStreams), signing: make(places, signingAtOnce), lookAgain: lookAgainAt, calls: newCallIDs()}
	s.hostName, _ = os.Hostname() // without a name of its own the machine is known by its addresses
	s.quit, s.endQuit = context.WithCancel(context.Background())
	s.tally = newTally(s)
	s.describe()
	s.routes = s.allRoutes()
	for _, r := range s.routes {
		s.mount(r)
	}
	s.mux.HandleFunc("/", s.noSuchRoute)
	if err := s.writeDown(); err != nil {
		return nil, err
	}
	s.handler = s.outermost(s.mux)
	return s, nil
}

// Handler answers requests; Start serves it, tests call it.
func (s *Server) Handler() http.Handler { return s.handler }
