package primary

import "netsplit/sim"

// behindTimeline reports whether a candidate has not reached the timeline that the last primary said to be on
// (Patroni check_timeline).
func (r *replica) behindTimeline(v view) bool {
	return r.set.checkTimeline == on && r.reached < v.timeline
}

// isBehind reports whether this node is behind one that has answered. Without check-timeline=compare positions alone say
// so, whatever log they are in.
func (r *replica) isBehind(reply polledReply) bool {
	mine := r.j.lineAt(r.j.last()).n
	if r.set.checkTimeline != timelineCompare {
		return reply.end > r.j.last()
	}
	return reply.at.n > mine || reply.at.n == mine && reply.end > r.j.last()
}

// backing is what a standby knows of whether its primary still writes (Patroni primary_race_backoff).
type backing struct {
	seen  int  // the end of the log at the latest turn of the loop
	moved bool // since the one before
	since sim.Time
}

func (b *backing) look(last int) { b.moved, b.seen = last != b.seen, last }

// backsOff reports whether this node does not stand for the lease yet, since its log still grows.
func (r *replica) backsOff() bool {
	b, now := &r.backing, r.env.Elapsed()
	if r.set.raceBackoff == 0 {
		return false
	}
	if b.since == 0 && b.moved {
		b.since = now
	}
	return b.since != 0 && now-b.since < r.set.raceBackoff
}
