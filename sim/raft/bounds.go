package raft

import (
	"slices"
	"strings"

	etcd "go.etcd.io/raft/v3"

	"netsplit/sim"
)

// Reads by timestamp (OSDI 2012, 4.1.3, 4.2.2 and 4.2.4). A strong read is at the timestamp of the last write that its
// leader shows: the leader, while it has its lease, names that to the replica that was asked, and this answers once it
// has applied as much. Any other read is done where it was asked, at a timestamp up to which that replica is safe.

// readNow does a strong read.
func (t *truetime) readNow(q *request) {
	switch {
	case t.leads():
		t.reply(q, t.shown)
	case q.stamped && t.r.index >= q.index:
		t.reply(q, q.at)
	case !q.stamped && !q.sent && t.r.lead != etcd.None && addrOf(t.r.lead) != t.r.env.Self():
		q.sent = true
		t.r.env.Send(addrOf(t.r.lead), sim.KindRequest, call{kind: callStamp, op: q.op})
	}
}

// readAt does a read that has a bound, and returns for which time it waits, if it does for that alone.
func (t *truetime) readAt(q *request) (wake sim.Time) {
	safe := t.safeTime()
	switch {
	case safe < q.bound.at:
		if t.set.onDemand && !q.sent && t.r.lead != etcd.None && addrOf(t.r.lead) != t.r.env.Self() {
			q.sent = true
			t.r.env.Send(addrOf(t.r.lead), sim.KindRequest, call{kind: callAdvance, op: q.op})
		}
		return q.bound.at
	case !t.after(q.bound.at):
		return q.bound.at
	case q.bound.kind == exactStaleness, q.bound.kind == readTimestamp:
		t.reply(q, q.bound.at)
	default:
		t.reply(q, max(q.bound.at, min(safe, t.earliest()-1)))
	}
	return never
}

// reply answers a read as of a timestamp.
func (t *truetime) reply(q *request, at sim.Time) {
	found := t.r.applied.readAt(q.op.Key, at)
	t.answer(q, sim.Result{Outcome: sim.OK, Value: found.value, Version: found.version, At: max(at, 0)})
}

// safeTime is t_safe: the timestamp up to which nothing more can be written that is not applied here. A leader moves it
// on to the present, to the end of its lease, or to before the first write that it has yet to show.
func (t *truetime) safeTime() sim.Time {
	if !t.leader() {
		return t.safe
	}
	at := min(t.latest(), t.leaseEnd()-1)
	switch {
	case len(t.waiting) > 0:
		at = min(at, t.waiting[0].at-1)
	case len(t.pending) > 0:
		at = min(at, t.pending[0].at-1)
	}
	if at > t.safe {
		t.saw(at)
		t.safe = at
	}
	return t.safe
}

// advance has a leader promise that what it orders from here on is later than the present, within its lease.
func (t *truetime) advance() (call, bool) {
	if !t.leads() {
		return call{}, false
	}
	t.saw(min(t.latest(), t.leaseEnd()-1))
	return call{kind: callSafe, at: t.last, index: t.r.tail.last, term: t.r.term}, true
}

// publish tells every replica so.
func (t *truetime) publish() {
	t.r.env.SetTimer(timerSafe, t.set.safeEvery)
	c, ok := t.advance()
	if !ok {
		return
	}
	t.promised(c)
	for a := range sim.Addr(t.r.env.Nodes()) {
		if a != t.r.env.Self() {
			t.r.env.Send(a, sim.KindHeartbeat, c)
		}
	}
}

// promised takes in a leader's promise: it counts once all is applied that was ordered before it.
func (t *truetime) promised(c call) {
	if c.index <= t.r.index {
		t.safe = max(t.safe, c.at)
		return
	}
	t.promises = append(t.promises, stamped64{c.index, c.at})
}

// levels lists those that clients may ask for.
func levels() []string {
	list := []string{linearizable, leased, local}
	for _, kind := range timedLevels {
		list = append(list, kind+sim.LevelTime)
	}
	return list
}

// timedLevels are those of reads that name a time.
var timedLevels = []string{exactStaleness, maxStaleness, readTimestamp, minReadTimestamp}

// timed reports whether only a lane with commit timestamps knows a level.
func timed(level string) bool {
	return slices.ContainsFunc(timedLevels, func(kind string) bool { return strings.HasPrefix(level, kind+"-") })
}
