package check

import (
	"slices"

	"netsplit/sim"
)

// ways finds of every answered operation the way that it waited for: the chain of messages that ends with the answer. What
// a node sends because a message came, it sends at the instant when that came, or when what came is on disk, or when a timer
// fires that it set then; so the chain goes from the answer to the message that made the replica send it, from there to
// the one that made that be sent, and so on, back to the request, or to a message that left before the operation was
// called or because of no other. Its messages do not overlap, and all fall between call and return. The fibre bound of the operation is the sum of the
// bounds of their links: so much of its latency no network can save that sends the same messages.
//
// Where the chain does not reach the request, as when an operation rides on what an earlier one had sent, or when a
// message was sent again, the bound is lower than what the operation had to wait for, never higher.
type ways struct {
	cluster *sim.Cluster
	first   uint64 // ID of legs[0]
	legs    []way
	pending []*sim.Record // in order of their calls, some of them answered
	bounds  []sim.Time    // of round trips, by pair of regions; -1 where unknown
	regions int
}

// way is one message of a chain.
type way struct {
	from, to int32 // regions
	sent     sim.Time
	because  uint64 // the message that made it be sent; 0 for none
}

// waysKept is how many messages are kept before any is dropped that no pending operation can be waiting for.
const waysKept = 1024

func newWays(c *sim.Cluster) *ways {
	w := &ways{cluster: c, first: 1, regions: c.RegionOf(sim.Addr(c.Nodes()-1)) + 1}
	w.bounds = make([]sim.Time, w.regions*w.regions)
	for a := range sim.Addr(c.Nodes()) {
		for b := range sim.Addr(c.Nodes()) {
			bound, known := c.Fibre(a, b)
			if !known {
				bound = -1
			}
			w.bounds[c.RegionOf(a)*w.regions+c.RegionOf(b)] = bound
		}
	}
	return w
}

func (w *ways) called(rec *sim.Record) { w.pending = append(w.pending, rec) }

func (w *ways) sent(m *sim.Message) {
	l := way{from: int32(w.cluster.RegionOf(m.From)), to: int32(w.cluster.RegionOf(m.To)), sent: m.Sent}
	if by := w.cluster.Because(); by != nil && by.To == m.From {
		l.because = by.ID
	}
	for w.first+uint64(len(w.legs)) < m.ID { // the transport's own messages
		w.legs = append(w.legs, way{sent: m.Sent})
	}
	w.legs = append(w.legs, l)
}

// returned returns the fibre bound of an operation that has an answer, and whether it is known.
func (w *ways) returned(rec *sim.Record) (sim.Time, bool) {
	defer w.forget()
	m := w.cluster.Handling()
	if rec.Result.Outcome != sim.OK || m == nil {
		return 0, false
	}
	twice := sim.Time(0)
	for id := m.ID; id >= w.first; {
		l := w.legs[id-w.first]
		if l.sent < rec.Start {
			break
		}
		bound := w.bounds[int(l.from)*w.regions+int(l.to)]
		if bound < 0 {
			return 0, false
		}
		twice += bound
		id = l.because
	}
	return twice / 2, true
}

// forget drops the messages that left before every pending operation, once they are many and the most of all.
func (w *ways) forget() {
	if len(w.legs) < waysKept {
		return
	}
	w.pending = slices.DeleteFunc(w.pending, func(rec *sim.Record) bool { return rec.Result.Outcome != sim.Pending })
	drop := len(w.legs)
	if len(w.pending) > 0 {
		drop, _ = slices.BinarySearchFunc(w.legs, w.pending[0].Start, func(l way, t sim.Time) int { return int(l.sent - t) })
	}
	if drop < len(w.legs)/2 {
		return
	}
	w.first += uint64(drop)
	w.legs = slices.Delete(w.legs, 0, drop)
}
