package server

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are a server's figures. No label says which room or who: there are too many, and it is nobody's business.
type metrics struct {
	registry *prometheus.Registry
	sent     prometheus.Counter
	dropped  prometheus.Counter
	lag      prometheus.Histogram
	turn     prometheus.Histogram
	appended prometheus.Histogram
	slowed   prometheus.Counter
	rejects  *prometheus.CounterVec
}

// rejectKinds are the values of the label "reason", which are there from the start, at 0.
var rejectKinds = []string{"host", "origin", "request_rate", "sockets", "sockets_per_address", "rooms", "rooms_per_address", "room_rate",
	"hello", "leaving", "message_rate", "message", "viewers", "command", "exports", "wake", "log", "right"}

func newMetrics(g *gate, ready func() bool) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "netsplit", Name: name, Help: help})
	}
	histogram := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "netsplit", Name: name, Help: help,
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}})
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "netsplit", Name: name, Help: help}, value)
	}
	m := &metrics{registry: prometheus.NewRegistry(),
		sent:     counter("frames_sent_total", "Messages handed to viewers' connections."),
		dropped:  counter("frames_dropped_total", "Messages not sent because a viewer had not read those before; a full state makes up for them."),
		lag:      histogram("tick_lag_seconds", "How much later than due rooms took their turns."),
		turn:     histogram("turn_seconds", "How long rooms' turns took."),
		appended: histogram("append_seconds", "How long it took until entries of rooms' logs were durable."),
		slowed:   counter("turns_slowed_total", "Turns of rooms that cost more than a room may, and so fell behind their pace."),
		rejects: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "netsplit", Name: "rejects_total",
			Help: "What was refused, by reason."}, []string{"reason"}),
	}
	for _, kind := range rejectKinds {
		m.rejects.WithLabelValues(kind)
	}
	m.registry.MustRegister(m.sent, m.dropped, m.lag, m.turn, m.appended, m.slowed, m.rejects, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("rooms", "Rooms that are awake.", func() float64 { rooms, _ := g.counts(); return float64(rooms) }),
		gauge("viewers", "Viewers that are connected.", func() float64 { _, sockets := g.counts(); return float64(sockets) }),
		gauge("ready", "1 while the server takes new viewers.", func() float64 {
			if ready() {
				return 1
			}
			return 0
		}))
	return m
}

// Metrics answers with the server's figures as Prometheus reads them. It belongs on an address of its own.
func (s *Server) Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: MaxScrapes, Timeout: ScrapeTime}))
	return mux
}

// A room that stands alone, as in tests, has no metrics: then nothing is counted.

func (m *metrics) reject(kind string) {
	if m != nil {
		m.rejects.WithLabelValues(kind).Inc()
	}
}

// frame counts a message to a viewer that was sent, or was not.
func (m *metrics) frame(sent bool) {
	switch {
	case m == nil:
	case sent:
		m.sent.Inc()
	default:
		m.dropped.Inc()
	}
}

// tookTurn notes a turn of a room: by how much it was late, how long it took, and whether that was more than it may.
func (m *metrics) tookTurn(late, took time.Duration, slowed bool) {
	if m == nil {
		return
	}
	m.lag.Observe(max(0, late).Seconds())
	m.turn.Observe(took.Seconds())
	if slowed {
		m.slowed.Inc()
	}
}

// append notes how long an entry of a log took to be durable.
func (m *metrics) append(took time.Duration) {
	if m != nil {
		m.appended.Observe(took.Seconds())
	}
}
