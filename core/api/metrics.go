package api

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// tally counts what the server does, for /metrics.
type tally struct {
	set          *metrics.Set
	requests     sync.Map // answered → *metrics.Counter
	durations    sync.Map // pattern → *durations
	inFlight     *level
	connections  *level
	signInFailed *metrics.Counter
}

// level is a number that goes up and down.
type level struct{ n atomic.Int64 }

func (l *level) Inc() { l.n.Add(1) }
func (l *level) Dec() { l.n.Add(-1) }

type answered struct {
	pattern string
	status  int
}

// bounds are the upper ends of the buckets of durations.
func bounds() []time.Duration {
	return []time.Duration{time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 10 * time.Second}
}

// durations is a histogram as Prometheus wants it.
type durations struct {
	buckets []atomic.Uint64 // one more than there are bounds; not added up
	nanos   atomic.Int64
}

func newTally(s *Server) *tally {
	t := &tally{set: metrics.NewSet(), inFlight: new(level), connections: new(level)}
	t.signInFailed = t.set.NewCounter("deskwatch_sign_in_failures_total")
	t.set.NewGauge("deskwatch_http_connections", func() float64 { return float64(t.connections.n.Load()) })
	t.set.NewGauge("deskwatch_http_requests_in_flight", func() float64 { return float64(t.inFlight.n.Load()) })
	t.set.NewGauge("deskwatch_http_requests_in_work", func() float64 { return float64(len(s.work)) })
	t.set.NewGauge("deskwatch_event_streams", func() float64 { return float64(len(s.streams)) })
	return t
}

// answered counts one request. Patterns are those of the list of routes, so there are few.
func (t *tally) answered(pattern string, status int, took time.Duration) {
	key := answered{pattern, status}
	c, ok := t.requests.Load(key)
	if !ok {
		c, _ = t.requests.LoadOrStore(key, t.set.GetOrCreateCounter(fmt.Sprintf(`deskwatch_http_requests_total{route=%q,status="%d"}`, pattern, status)))
	}
	c.(*metrics.Counter).Inc()
	d, ok := t.durations.Load(pattern)
	if !ok {
		d, _ = t.durations.LoadOrStore(pattern, &durations{buckets: make([]atomic.Uint64, len(bounds())+1)})
	}
	d.(*durations).add(took)
}

// add counts took in the first bucket it fits into.
func (d *durations) add(took time.Duration) {
	i := 0
	for _, b := range bounds() {
		if took <= b {
			break
		}
		i++
	}
	d.buckets[i].Add(1)
	d.nanos.Add(int64(took))
}

// writeDurations writes the histograms of all routes, their buckets in ascending order.
func (t *tally) writeDurations(w io.Writer) {
	const name = "deskwatch_http_request_seconds"
	all := map[string]*durations{}
	t.durations.Range(func(pattern, d any) bool {
		all[pattern.(string)] = d.(*durations)
		return true
	})
	for _, pattern := range slices.Sorted(maps.Keys(all)) {
		d, sum := all[pattern], uint64(0)
		for i, b := range bounds() {
			sum += d.buckets[i].Load()
			fmt.Fprintf(w, "%s_bucket{route=%q,le=%q} %d\n", name, pattern, strconv.FormatFloat(b.Seconds(), 'g', -1, 64), sum)
		}
		sum += d.buckets[len(d.buckets)-1].Load()
		fmt.Fprintf(w, "%s_bucket{route=%q,le=\"+Inf\"} %d\n%s_sum{route=%q} %g\n%s_count{route=%q} %d\n", name, pattern, sum,
			name, pattern, time.Duration(d.nanos.Load()).Seconds(), name, pattern, sum)
	}
}

// metrics answers in the text format of Prometheus.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	figures, err := s.Desk.Figures(r.Context())
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	s.tally.set.WritePrometheus(w)
	s.tally.writeDurations(w)
	for _, f := range figures {
		fmt.Fprintf(w, "deskwatch_%s %s\n", f.Name, strconv.FormatFloat(f.Value, 'g', -1, 64))
	}
	metrics.WriteProcessMetrics(w)
}
