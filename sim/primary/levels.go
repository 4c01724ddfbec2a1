package primary

import (
	"slices"

	"netsplit/sim"
)

// The levels of reads.
const (
	levelPrimary = "primary" // by the primary
	levelStandby = "standby" // by the node that is asked
)

// levels lists what a client may ask for, operation by operation: of writes, what commit= may be; of reads, by whom.
var levels = []string{levelOff, levelLocal, levelWrite, levelFlush, levelApply, levelPrimary, levelStandby}

// levelOf returns what a write waits for: its client's word, or else the lane's. A semi-synchronous primary knows one
// way alone.
func (r *replica) levelOf(op sim.Op) string {
	if r.set.sync == syncSemi || op.Level == levelPrimary || op.Level == levelStandby || !slices.Contains(levels, op.Level) {
		return r.set.commit
	}
	return op.Level
}

// readsHere reports whether this node answers a read itself, be it a standby or not.
func (r *replica) readsHere(op sim.Op) bool {
	switch {
	case r.role == keeper:
		return false
	case op.Kind != sim.Read:
		return false
	case op.Level == levelPrimary:
		return false
	}
	return r.set.readHere || op.Level == levelStandby
}

// awaited reports whether the primary waits to hear that this standby has done so much with one of its commits in a
// part of the log, after one index and up to another.
func (r *replica) awaited(level string, after, upTo int) bool {
	return r.set.commit == level || slices.ContainsFunc(r.j.records[min(after, upTo):upTo], func(rec record) bool {
		return r.levelOf(rec.op) == level
	})
}

// answerBeforeFlush answers the commit that is the last of the log, and has it flushed before long: a crash until then
// loses it.
func (r *replica) answerBeforeFlush(q request) {
	index := r.j.last()
	r.j.showOne(index)
	r.reply(q, r.applied(index))
	if !r.writerDue {
		r.writerDue = true
		r.env.SetTimer(timerWriter, r.set.writerDelay)
	}
}

// flushLate flushes what was answered before.
func (r *replica) flushLate() {
	r.writerDue = false
	if r.role == primary {
		r.flushTo(r.j.last())
	}
}
