package api

import (
	"fmt"
	"net/http"
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
	bounds  []time.Duration
	buckets []*metrics.Counter // one more than there are bounds
	sum     *metrics.FloatCounter
	count   *metrics.Counter
}

func newTally(s *Server) *tally {
	t := &tally{set: metrics.NewSet(), inFlight: new(level)}
	t.signInFailed = t.set.NewCounter("deskwatch_sign_in_failures_total")
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
		d, _ = t.durations.LoadOrStore(pattern, t.newDurations(pattern))
	}
	d.(*durations).add(took)
}

func (t *tally) newDurations(pattern string) *durations {
	name := "deskwatch_http_request_seconds"
	d := &durations{bounds: bounds(), sum: t.set.GetOrCreateFloatCounter(fmt.Sprintf(`%s_sum{route=%q}`, name, pattern)), count: t.set.GetOrCreateCounter(fmt.Sprintf(`%s_count{route=%q}`, name, pattern))}
	for _, b := range d.bounds {
		d.buckets = append(d.buckets, t.set.GetOrCreateCounter(fmt.Sprintf(`%s_bucket{route=%q,le=%q}`, name, pattern, strconv.FormatFloat(b.Seconds(), 'g', -1, 64))))
	}
	d.buckets = append(d.buckets, t.set.GetOrCreateCounter(fmt.Sprintf(`%s_bucket{route=%q,le="+Inf"}`, name, pattern)))
	return d
}

// add counts took in every bucket it lies under.
func (d *durations) add(took time.Duration) {
	for i := len(d.bounds) - 1; i >= 0 && took <= d.bounds[i]; i-- {
		d.buckets[i].Inc()
	}
	d.buckets[len(d.bounds)].Inc()
	d.sum.Add(took.Seconds())
	d.count.Inc()
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
	for _, f := range figures {
		fmt.Fprintf(w, "deskwatch_%s %s\n", f.Name, strconv.FormatFloat(f.Value, 'g', -1, 64))
	}
	metrics.WriteProcessMetrics(w)
}
