package check

import (
	"cmp"
	"slices"

	"netsplit/sim"
)

// Answer is what the referee says of a property.
type Answer string

// The answers. Unknown: the search was cut short.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Verdict says whether a history is what a model allows; linearizable is each key by itself.
type Verdict struct {
	Model       Kind
	Answer      Answer
	ViolationAt int // the 1-based completion after which the model is known to be violated; 0 for none
	Covers      int // completed operations of the lane that the verdict covers
}

// Verdict judges everything that has completed so far.
func (r *Referee) Verdict() Verdict {
	v := Verdict{Model: Linearizable, Answer: Yes, Covers: r.counts[sim.OK] + r.counts[sim.Fail] + r.counts[sim.Info]}
	for _, g := range r.order {
		switch g.answer {
		case Unknown:
			v.Answer, v.Covers = Unknown, min(v.Covers, g.covers)
		case No:
			if v.ViolationAt == 0 || g.violation < v.ViolationAt {
				v.ViolationAt = g.violation
			}
			if !g.noted {
				g.noted = true
				r.notes = append(r.notes, sim.Note{At: g.violatedAt, Kind: sim.NoteViolated, Node: -1, Peer: -1, N: int64(g.violation)})
			}
		}
	}
	if v.ViolationAt != 0 {
		v.Answer = No
	}
	return v
}

// interval is one operation as the checker sees it. Calls and returns are ticks, which order all events of a lane.
type interval struct {
	rec       *sim.Record
	call, end int64     // end is 0 while pending
	shown     int64     // of a write: the earliest response that returned it; 0 while none has
	shower    *interval // what returned it then
	place     int32     // among the operations of its key, in order of their calls
	basis     sim.OpID  // what its Errand had read before
}

// register is the history of one key, judged after each completion.
//
// What says which write it found is placed by a certificate, blocks, without a search. A write without an answer counts
// from the response that returns it: until then nothing shows that it took effect. One thing is left to guess: what a
// compare-and-set met that was itself left without an answer, and took effect. Must is the certificate without any
// guess, and its "no" holds whatever the guess; may is one with guesses, and its "yes" holds because the order is there.
// Where must says "may be" and no guesses are known to go with the rest, they are searched for; see guess.go.
type register struct {
	key     string
	opening int64
	ops     []*interval
	ids     []sim.OpID // of ops, ascending: operations are numbered as they are called
	must    *blocks
	may     *blocks // nil where nothing is guessed, or no guesses go with the rest
	guesses guesses
	tally   *tally // in place of all that, where the key is a counter or a set; else nil

	answer        Answer
	covers        int // the last completion of the lane after which the answer was yes
	violation     int
	violatedAt    sim.Time
	broken        *interval // the operation that completed then
	contradiction contradiction
	violated      *Violation // once it has been worked out
	noted         bool       // the violation has been told
}

func newRegister(key string, opening int64) *register {
	return &register{key: key, opening: opening, must: newBlocks(), answer: Yes}
}

// call takes the call of an operation; basis is what its Errand had read before.
func (g *register) call(rec *sim.Record, tick int64, basis sim.OpID) {
	op := &interval{rec: rec, place: int32(len(g.ops)), call: tick, basis: basis}
	g.ids, g.ops = append(g.ids, rec.ID), append(g.ops, op)
	if g.tally != nil {
		g.tally.call(op)
	}
}

// byID returns an operation of the key; nil for none.
func (g *register) byID(id sim.OpID) *interval {
	if i, there := slices.BinarySearch(g.ids, id); there {
		return g.ops[i]
	}
	return nil
}

// returned takes the end of an operation and judges what has completed up to then.
func (g *register) returned(rec *sim.Record, tick int64) {
	op := g.byID(rec.ID)
	op.end = tick
	if g.answer == No {
		return
	}
	if g.tally == nil && g.tallied(rec) {
		g.recount(op)
	}
	if g.tally != nil && g.answer != No {
		g.note(op, g.tally.returned(op), contradiction{-1, -1})
		return
	}
	if w := g.byID(rec.Result.Version); w != nil && rec.Kind.Finds() && rec.Result.Outcome == sim.OK && w.rec.Kind != sim.Read && w.shown == 0 {
		w.shown, w.shower = tick, op
	}
	if c := g.apply(g.must, op, tick); c != nil {
		g.note(op, No, *c)
		return
	}
	g.note(op, g.settle(op, tick), contradiction{-1, -1})
}

// note takes the answer for what has completed up to and with an operation.
func (g *register) note(op *interval, a Answer, c contradiction) {
	g.answer = a
	switch a {
	case Yes:
		g.covers = op.rec.Completion
	case No:
		g.violation, g.violatedAt = op.rec.Completion, op.rec.End
		g.broken, g.contradiction, g.may = op, c, nil
	}
}

// tallied reports whether a completed operation shows that its key is a counter or a set.
func (g *register) tallied(rec *sim.Record) bool {
	if rec.Result.Outcome != sim.OK {
		return false
	}
	w := g.byID(rec.Result.Version)
	return !rec.Kind.Plain() || rec.Result.Found.Items() != nil || w != nil && !w.rec.Kind.Plain()
}

// recount judges anew, as a counter or a set, what happened before the operation whose end shows the key to be one.
func (g *register) recount(last *interval) {
	g.tally, g.must, g.may = newTally(g.opening), nil, nil
	type event struct {
		tick int64
		op   *interval
	}
	var events []event
	for _, op := range g.ops {
		events = append(events, event{op.call, op})
		if op.end != 0 && op != last {
			events = append(events, event{op.end, op})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.tick, b.tick) })
	for _, e := range events {
		if e.tick == e.op.call {
			g.tally.call(e.op)
		} else if g.answer != No {
			g.note(e.op, g.tally.returned(e.op), contradiction{-1, -1})
		}
	}
}

// apply takes what a completed operation says into a certificate.
func (g *register) apply(s *blocks, op *interval, now int64) *contradiction {
	rec := op.rec
	wrote := rec.Kind != sim.Read && rec.Result.Outcome == sim.OK && rec.Result.Applied
	if rec.Result.Outcome != sim.Info && rec.Kind != sim.Read && !wrote && s.of(op.place) >= 0 {
		return &contradiction{s.of(op.place), -1} // it did not take effect, and was found
	}
	if rec.Result.Outcome != sim.OK {
		return nil
	}
	if !rec.Kind.Finds() {
		if !wrote {
			return nil
		}
		_, c := s.enter(op.place, op.call, now)
		return c
	}
	w, value := g.foundBy(rec)
	if w == nothing || rec.Kind == sim.CompareAndSet && (value == rec.Expect) != wrote {
		return &contradiction{-1, -1}
	}
	found, c := g.show(s, w, now)
	if c != nil || !wrote {
		if c == nil {
			c = s.find(found, op.call)
		}
		return c
	}
	own, c := s.enter(op.place, op.call, now)
	if c != nil || s.clusters[own].prev == found {
		return c
	}
	return s.join(found, own)
}

// nothing is the place of no write, as opposed to the opening value's.
const nothing = -2

// foundBy returns the place of the write that an operation says it found, and its value; or nothing, where there is no
// one such write that may have taken effect. What finds several values side by side finds what no register holds: at
// each moment it has one.
func (g *register) foundBy(rec *sim.Record) (place int32, value int64) {
	if len(rec.Result.Found.Siblings()) > 1 {
		return nothing, 0
	}
	if rec.Result.Version == 0 {
		return -1, g.opening
	}
	w := g.byID(rec.Result.Version)
	if w == nil || !w.mayHold() {
		return nothing, 0
	}
	return w.place, w.rec.Value
}

// mayHold reports whether an operation may have set the register, as far as its own answer tells.
func (op *interval) mayHold() bool {
	r := op.rec.Result
	return op.rec.Kind != sim.Read && op.rec.Kind.Plain() && r.Outcome != sim.Fail && (r.Outcome != sim.OK || r.Applied)
}

// show takes into a certificate that a write, or the opening value, has been found.
func (g *register) show(s *blocks, place int32, now int64) (int32, *contradiction) {
	if place < 0 {
		return 0, nil
	}
	return s.enter(place, g.ops[place].call, now)
}
