package quorum

import "netsplit/sim"

// tookWrite notes how long a write has taken until it was acknowledged.
func (r *replica) tookWrite(span sim.Time) {
	if r.insistAtPercentile {
		r.writes.add(span)
	}
}

// insist has a read whose repair is still waited for by then send it to the replicas that it has not asked. As many
// acknowledgements as it has sent repairs will do, whoever they are from: as many replicas as answered then hold what the
// client is told (Cassandra's BlockingPartitionRepair, maybeSendAdditionalWrites).
func (r *replica) insist(q *request) {
	after := r.insistAfter
	switch {
	case r.insistAtPercentile:
		after = r.writes.slow(r.patience(q.op))
	case after == 0:
		return
	}
	r.later(after, func() {
		if q.answered || q.phase != repairAsk {
			return
		}
		for _, t := range q.targets {
			v := vote{node: t.node, of: t.of}
			if q.voted(v) || r.detector.dead(t.node) || !r.counts(q, t) {
				continue
			}
			if q.more = append(q.more, t); t.node == r.env.Self() {
				r.takeIn(t.of, q.op.Key, q.state, func() { r.repairAck(q, v) })
			} else {
				r.askRepair(q, v)
			}
		}
	})
}

// counts reports whether what a replica does counts towards a request at all.
func (r *replica) counts(q *request, t target) bool {
	return q.demand.region == everywhere || r.ring.zoneOf[t.node] == q.demand.region
}
