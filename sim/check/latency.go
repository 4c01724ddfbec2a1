package check

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"

	"netsplit/sim"
)

// figuresKept is to how many significant decimal figures latencies are kept: to a thousandth. Below 2.048 ms they are exact.
const figuresKept = 3

// Latency holds nearest-rank percentiles over completed operations, in milliseconds, each at most a thousandth too high.
type Latency struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// latencyOf returns how long an operation took. One without an answer counts as having taken at least the client's
// timeout, so that refusing fast does not look fast.
func latencyOf(c *sim.Cluster, rec *sim.Record) sim.Time {
	latency := rec.End - rec.Start
	if rec.Result.Outcome != sim.OK {
		latency = max(latency, c.Workload().AttemptTimeout())
	}
	return latency
}

// fewTimes is how many times are kept as they are, in less room than a histogram takes.
const fewTimes = 4096

// spread is how long many operations took: a histogram of microseconds. It has room for no more than a client's
// patience, which no operation outlasts, and is made once there are many.
type spread struct {
	patience sim.Time
	few      []int32 // all, in order of size, as long as there is no histogram
	hist     *hdrhistogram.Histogram
	longest  sim.Time
	told     Latency // at the count of toldAt
	toldAt   int64
}

func newSpread(c *sim.Cluster) *spread { return &spread{patience: c.Workload().Patience()} }

func (s *spread) add(t sim.Time) {
	s.longest = max(s.longest, t)
	switch {
	case s.hist != nil:
		record(s.hist, t)
	case len(s.few) < fewTimes && s.patience <= math.MaxInt32:
		i, _ := slices.BinarySearch(s.few, int32(t))
		s.few = slices.Insert(s.few, i, int32(t))
	default:
		s.hist = s.histogram()
		record(s.hist, t)
		s.few = nil
	}
}

func record(h *hdrhistogram.Histogram, t sim.Time) {
	if err := h.RecordValue(int64(t)); err != nil {
		panic(fmt.Sprintf("check: an operation took %s, longer than clients wait: %v", t, err))
	}
}

// histogram returns all that there is.
func (s *spread) histogram() *hdrhistogram.Histogram {
	if s.hist != nil {
		return s.hist
	}
	h := hdrhistogram.New(1, int64(max(s.patience, 2)), figuresKept)
	for _, t := range s.few {
		record(h, sim.Time(t))
	}
	return h
}

// count returns how many operations there are.
func (s *spread) count() int64 {
	if s.hist == nil {
		return int64(len(s.few))
	}
	return s.hist.TotalCount()
}

// latency returns the percentiles, all 0 where there is nothing.
func (s *spread) latency() Latency {
	n := s.count()
	if n == s.toldAt {
		return s.told
	}
	ms := func(percent int64) float64 { return min(s.at(percent, n), s.longest).Milliseconds() }
	s.told, s.toldAt = Latency{ms(50), ms(95), ms(99)}, n
	return s.told
}

// at returns a percentile of n values, as the histogram says it.
func (s *spread) at(percent, n int64) sim.Time {
	if s.hist != nil {
		return sim.Time(s.hist.ValueAtPercentile(nearest(percent, n)))
	}
	return ceiling(sim.Time(s.few[rank(percent, n)-1]))
}

// ceiling returns the greatest time that the histogram does not tell from t: it tells 2,048 in each power of two, from 0 on.
func ceiling(t sim.Time) sim.Time {
	return t | (1<<max(0, bits.Len64(uint64(t))-11) - 1)
}

// nearest returns the percentile of n values that the histogram, which rounds ranks, takes for the nearest rank of
// percent: the least rank that so many percent of the values do not exceed.
func nearest(percent, n int64) float64 { return 100 * float64(rank(percent, n)) / float64(n) }

// rank returns the nearest rank of a percentile of n values, from 1.
func rank(percent, n int64) int64 { return max(1, (percent*n+99)/100) }

// counts holds how often there were times of which there are few different ones.
type counts map[sim.Time]int

// median returns the nearest-rank median, and false where there is nothing.
func (t counts) median() (sim.Time, bool) {
	var times []sim.Time
	n := 0
	for v, count := range t { // order does not matter: sorted below
		times = append(times, v)
		n += count
	}
	if n == 0 {
		return 0, false
	}
	slices.Sort(times)
	left := rank(50, int64(n))
	for _, v := range times {
		if left -= int64(t[v]); left <= 0 {
			return v, true
		}
	}
	panic("check: counts without a median")
}
