package check

import "netsplit/sim"

// tally is the history of a key that is a counter or a set.
type tally struct {
	opening int64
	ops     []*interval
	set     bool
}

func newTally(opening int64) *tally { return &tally{opening: opening} }

func (t *tally) call(op *interval) { t.ops = append(t.ops, op) }

// returned takes the end of an operation and says what is known of the history up to then.
func (t *tally) returned(op *interval) Answer {
	rec := op.rec
	t.set = t.set || rec.Kind == sim.Add || rec.Kind == sim.Remove || rec.Kind == sim.Delete
	if rec.Kind == sim.Read && rec.Result.Outcome == sim.OK && !t.set && !t.within(op) {
		return No
	}
	return Unknown
}

// within holds a read of a counter against the increments: all that were acknowledged before it began must be in what
// it found, and nothing but those called before it ended can be.
func (t *tally) within(read *interval) bool {
	low, high := t.opening, t.opening
	for _, op := range t.ops {
		by, out := op.rec.Value, op.rec.Result.Outcome
		switch {
		case op.rec.Kind != sim.Increment || out == sim.Fail:
		case out == sim.OK && op.end < read.call:
			low, high = low+by, high+by
		default:
			low, high = low+min(by, 0), high+max(by, 0)
		}
	}
	v := read.rec.Result.Value
	return low <= v && v <= high
}
