package check

import (
	"slices"

	"netsplit/sim"
)

// GilbertLynch is availability as Gilbert and Lynch define it (SIGACT News 2002): every request received by a
// non-failing node gets an answer, and one that is no error. For ever cannot be waited for: what has no answer within
// CutOff of being received counts as having none. Every attempt that arrives is a request. One at a node that went down
// or was paused before its answer or the cut-off is excused.
type GilbertLynch struct {
	Answer   Answer   // unknown while no request counts
	CutOff   sim.Time // the client's timeout
	Received int      // requests that count: answered, refused or silent
	Answered int      // with ok
	Refused  int      // told an error: fail, or info, by which a node says that it cannot tell
	Silent   int      // told nothing in time
	Waiting  int      // requests that have no answer yet, and time left
	Excused  int      // requests that do not count, since the node failed
	First    *Failing // the first request that counts against it, in order of arrival; nil for none
}

// Failing is a request that a node which stood got, and did not answer.
type Failing struct {
	Node    sim.Addr
	Op      sim.OpID
	At      sim.Time // when the node had it
	Refused bool     // it was told an error; otherwise nothing in time
}

// served follows the requests that nodes have received, from the messages between clients and nodes alone.
type served struct {
	cluster *sim.Cluster
	open    []visit // in order of arrival, those that have an answer among them
	counts  GilbertLynch
	early   visit // answered at the instant of its arrival, of which nothing was known yet
	told    sim.Outcome
}

// visit is a request at a node.
type visit struct {
	node sim.Addr
	op   sim.OpID
	at   sim.Time
	done bool
}

func newServed(c *sim.Cluster) *served {
	return &served{cluster: c, counts: GilbertLynch{CutOff: c.Workload().AttemptTimeout()}}
}

// sent takes an answer's departure. That ends every request of its operation at its node. A node may answer while it is
// still being handed the request.
func (s *served) sent(m *sim.Message) {
	if m.Kind != sim.KindReply {
		return
	}
	op, told, ok := m.Answer()
	if !ok {
		return
	}
	s.expire(m.Sent)
	if by := s.cluster.Handling(); by != nil {
		if asked, ok := by.Request(); ok && asked == op && by.To == m.From {
			s.early, s.told = visit{node: m.From, op: op, at: m.Sent}, told
		}
	}
	for i := range s.open {
		if v := &s.open[i]; !v.done && v.op == op && v.node == m.From {
			s.decide(v, told)
		}
	}
}

// arrived takes the arrival of a request, just after its node was handed it.
func (s *served) arrived(m *sim.Message) {
	if m.Kind != sim.KindRequest {
		return
	}
	op, ok := m.Request()
	if !ok || s.cluster.Handling() != m { // a copy that the transport has dropped
		return
	}
	now := s.cluster.Now()
	s.expire(now)
	v := visit{node: m.To, op: op, at: now}
	if early := s.early; early == v {
		s.early = visit{}
		s.decide(&v, s.told)
		return
	}
	s.open = append(s.open, v)
}

// decide counts a request that was answered.
func (s *served) decide(v *visit, told sim.Outcome) {
	v.done = true
	switch told {
	case sim.OK:
		s.counts.Answered++
	default:
		s.counts.Refused++
		s.against(v, true)
	}
}

// against notes the first request that counts against the lane. They are decided in another order than they arrive.
func (s *served) against(v *visit, refused bool) {
	f := s.counts.First
	if f == nil || v.at < f.At || v.at == f.At && v.op < f.Op {
		s.counts.First = &Failing{Node: v.node, Op: v.op, At: v.at, Refused: refused}
	}
}

// expire says "no answer" of the requests whose time is over. An answer at the last instant is in time.
func (s *served) expire(now sim.Time) {
	n := 0
	for ; n < len(s.open) && (s.open[n].done || s.open[n].at+s.counts.CutOff < now); n++ {
		if v := &s.open[n]; !v.done {
			s.counts.Silent++
			s.against(v, false)
		}
	}
	s.open = slices.Delete(s.open, 0, n)
}

// machine excuses what a node has not answered that is down or paused now.
func (s *served) machine(node sim.Addr) {
	s.expire(s.cluster.Now())
	if node < 0 || !s.cluster.Standing(node) {
		return
	}
	for i := range s.open {
		if v := &s.open[i]; !v.done && v.node == node {
			v.done = true
			s.counts.Excused++
		}
	}
}

// GilbertLynch returns how available the lane has been so far.
func (r *Referee) GilbertLynch() GilbertLynch {
	r.served.expire(r.cluster.Now())
	g := r.served.counts
	for _, v := range r.served.open {
		if !v.done {
			g.Waiting++
		}
	}
	g.Received = g.Answered + g.Refused + g.Silent
	switch {
	case g.Refused+g.Silent > 0:
		g.Answer = No
	case g.Received > 0:
		g.Answer = Yes
	default:
		g.Answer = Unknown
	}
	return g
}
