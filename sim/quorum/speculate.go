package quorum

import (
	"slices"

	"netsplit/sim"
)

// How a read's percentile is found: over the latest readWindow reads, once there have been readEnough. Before that half
// of the timeout stands for it, as in Cassandra.
const (
	readWindow = 100
	readEnough = 10
	percentile = 99
)

// reads are how long the latest reads have taken, in a ring.
type reads struct {
	spans []sim.Time
	next  int
}

// took notes how long a read has taken until it was decided.
func (r *replica) took(span sim.Time) {
	if !r.askFew || !r.retryAtPercentile {
		return
	}
	r.reads.add(span)
}

func (w *reads) add(span sim.Time) {
	if len(w.spans) < readWindow {
		w.spans = append(w.spans, span)
	} else {
		w.spans[w.next] = span
		w.next = (w.next + 1) % readWindow
	}
}

// slow returns after what time a read is slower than nearly all.
func (w *reads) slow(timeout sim.Time) sim.Time {
	if len(w.spans) < readEnough {
		return timeout / 2
	}
	sorted := slices.Sorted(slices.Values(w.spans))
	return sorted[(len(sorted)*percentile+99)/100-1]
}

// helps reports whether an answer of a target would bring a request nearer to what it waits for.
func (r *replica) helps(q *request, t target) bool {
	more := append(slices.Clone(q.votes), vote{node: t.node, of: t.of})
	return r.have(&q.demand, more) > r.have(&q.demand, q.votes) && (t.node == t.of || q.demand.primariesIn(q.votes) >= q.demand.primaries)
}

// speculate has a read that is still waiting by then ask one more replica (rapid read protection).
func (r *replica) speculate(q *request) {
	after := r.retryAfter
	switch {
	case r.retryAtPercentile:
		after = r.reads.slow(r.patience(q.op))
	case after == 0:
		return
	}
	r.later(after, func() {
		if q.decided || q.answered {
			return
		}
		for _, t := range q.targets {
			if !slices.Contains(q.asked, t) && !r.detector.dead(t.node) && r.helps(q, t) {
				q.asked = append(slices.Clone(q.asked), t)
				if r.stageOf(q) == "" {
					q.full = append(slices.Clone(q.full), t)
				}
				if t.node == r.env.Self() {
					r.readReply(q, vote{node: t.node, of: t.of}, r.heldFor(t.of, q.op.Key))
				} else {
					r.ask(q, t)
				}
				return
			}
		}
	})
}
