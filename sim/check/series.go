package check

import (
	"math/bits"
	"slices"

	"netsplit/sim"
)

// Series is what happened in a lane over time: one Point for each span of virtual time, all spans alike. It grows with
// the run up to MaxPoints Points; then every two neighbours become one, so that an hour needs no more room than a minute.
type Series struct {
	sim.NopObserver
	referee *Referee
	every   sim.Time
	points  []Point
	counted sim.Time // when the values were last counted
}

// The Points of a Series.
const (
	MaxPoints   = 720                   // beyond, neighbours become one
	FirstPoints = 250 * sim.Millisecond // how long the span of a Point is at first
	countEvery  = 50 * sim.Millisecond  // the values that replicas hold are counted no more often: it takes time
)

// Point is one span of a Series, the start included and the end not. What has no end counts where it began.
type Point struct {
	OK, Fail, Info int      // operations completed
	Stale          int      // of them, stale reads
	Age            sim.Time // of the stalest of those
	Messages       int      // sent between nodes
	Distinct       int      // the most values that the replicas were found to hold at once, of the key of which they held most

	took []taken // in order; see Took
}

// taken counts the operations that took about as long.
type taken struct {
	class uint16
	count uint32
}

// NewSeries begins a Series of a lane that a referee watches, and in which nothing has happened yet.
func NewSeries(r *Referee) *Series {
	s := &Series{referee: r, every: FirstPoints}
	s.at(0)
	r.cluster.Observe(s)
	return s
}

// Returned counts an operation.
func (s *Series) Returned(rec *sim.Record) {
	p := s.now()
	switch rec.Result.Outcome {
	case sim.OK:
		p.OK++
	case sim.Fail:
		p.Fail++
	case sim.Info:
		p.Info++
	}
	p.take(classOf(latencyOf(s.referee.cluster, rec)), 1)
	if stale, is := s.referee.Stale(rec.ID); is {
		p.Stale++
		p.Age = max(p.Age, stale.Age)
	}
}

// Sent counts a message between nodes.
func (s *Series) Sent(m *sim.Message) {
	if n := sim.Addr(s.referee.cluster.Nodes()); m.From < n && m.To < n {
		s.now().Messages++
	}
}

// Holds counts the values that the replicas hold from now on. A difference that lasts no longer than countEvery may be missed.
func (s *Series) Holds(sim.Addr, string, []sim.OpID) {
	p := s.now()
	if now := s.referee.cluster.Now(); now >= s.counted+countEvery {
		s.counted = now
		p.Distinct = max(p.Distinct, s.referee.ledger.distinct())
	}
}

// now returns the Point of the present instant.
func (s *Series) now() *Point { return s.at(s.referee.cluster.Now()) }

// at returns the Point of an instant that is not before the last one. New ones begin with what is held.
func (s *Series) at(t sim.Time) *Point {
	for int(t/s.every) >= MaxPoints {
		s.coarsen()
	}
	if len(s.points) <= int(t/s.every) {
		held := s.referee.ledger.distinct()
		for len(s.points) <= int(t/s.every) {
			s.points = append(s.points, Point{Distinct: held})
		}
	}
	return &s.points[t/s.every]
}

// coarsen makes one Point of every two neighbours.
func (s *Series) coarsen() {
	s.every *= 2
	half := s.points[:0]
	for i := 0; i < len(s.points); i += 2 {
		p := s.points[i]
		if i+1 < len(s.points) {
			p = p.and(s.points[i+1])
		}
		half = append(half, p)
	}
	clear(s.points[len(half):])
	s.points = half
}

// and returns two Points as one.
func (p Point) and(q Point) Point {
	sum := Point{OK: p.OK + q.OK, Fail: p.Fail + q.Fail, Info: p.Info + q.Info, Stale: p.Stale + q.Stale, Age: max(p.Age, q.Age),
		Messages: p.Messages + q.Messages, Distinct: max(p.Distinct, q.Distinct), took: slices.Clone(p.took)}
	for _, t := range q.took {
		sum.take(t.class, t.count)
	}
	return sum
}

func (p *Point) take(class uint16, count uint32) {
	i, found := slices.BinarySearchFunc(p.took, class, func(t taken, c uint16) int { return int(t.class) - int(c) })
	if !found {
		p.took = slices.Insert(p.took, i, taken{class: class})
	}
	p.took[i].count += count
}

// Took returns the nearest-rank percentile of how long the completed operations took, one without an answer at least the
// client's timeout; -1 where there are none. It is at most a sixteenth too high.
func (p *Point) Took(percent int64) sim.Time {
	left := rank(percent, int64(p.OK+p.Fail+p.Info))
	for _, t := range p.took {
		if left -= int64(t.count); left <= 0 {
			return longestOf(t.class)
		}
	}
	return -1
}

// classOf returns the class of a time in microseconds: exact below 32, in sixteenths of a power of two above.
func classOf(t sim.Time) uint16 {
	v := uint64(max(t, 0))
	shift := max(bits.Len64(v)-5, 0)
	return uint16(shift*16 + int(v>>shift))
}

// longestOf returns the longest time of a class.
func longestOf(class uint16) sim.Time {
	if class < 32 {
		return sim.Time(class)
	}
	shift := int(class)/16 - 1
	return sim.Time((uint64(class)-uint64(shift*16)+1)<<shift) - 1
}

// Every returns the span of a Point.
func (s *Series) Every() sim.Time { return s.every }

// Follow makes Points up to the present instant, if nothing has happened for a while.
func (s *Series) Follow() { s.now() }

// Points returns the Points from the start up to the latest; they count until the run goes on.
func (s *Series) Points() []Point { return s.points }

// distinct returns how many values the replicas hold, of the key of which they hold most.
func (l *ledger) distinct() int {
	most := 0
	for _, a := range l.order {
		most = max(most, l.held(a.key).distinct)
	}
	return most
}
