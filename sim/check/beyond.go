package check

import "netsplit/sim"

// What no register does is beyond its model: increments, sets, and reads that find siblings. Such operations are left
// out; if the rest is violated the whole is, because a part of a linearizable history is linearizable; if it is not,
// the verdict is unknown from the first of them on.

// plain reports whether a completed operation is one of a register.
func (g *register) plain(rec *sim.Record) bool {
	switch {
	case rec.Result.Outcome == sim.Fail:
		return true
	case rec.Result.Outcome != sim.OK || !rec.Kind.Finds():
		return rec.Kind.Plain()
	}
	if len(rec.Result.Found.Siblings()) > 1 {
		return false
	}
	w := g.byID[rec.Result.Version]
	return w == nil || w.rec.Kind.Plain()
}

// countTo holds a read of a counter against the increments: all that were acknowledged before it began must be in what
// it found, and nothing but those called before it ended can be. What it misses or invents is a violation; what it
// may have found is not yet linearizable.
func (g *register) countTo(read *interval) {
	low := g.states[0].value // the opening value: nothing but increments has changed it
	high := low
	for _, op := range g.increments {
		by, out := op.rec.Value, op.rec.Result.Outcome
		certain := out == sim.OK && op.ret < read.call
		switch {
		case out == sim.Fail:
		case certain:
			low, high = low+by, high+by
		default:
			low, high = low+min(by, 0), high+max(by, 0)
		}
	}
	if v := read.rec.Result.Value; v < low || v > high {
		g.violation, g.violatedAt = read.rec.Completion, read.rec.End
	}
}
