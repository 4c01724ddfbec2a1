package check

import (
	"slices"

	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// Limits of the search for a linearization.
const (
	MaxSteps   = 500_000 // steps of the model for one search
	MaxStretch = 4000    // completions between two quiescent cuts
	CheckEvery = 200     // completions between two fixed points of judgement within a stretch
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
	ViolationAt int // the 1-based completion after which the model is violated; 0 for none
	Covers      int // completed operations of the lane that the verdict covers
}

// Verdict judges everything that has completed so far.
func (r *Referee) Verdict() Verdict {
	v := Verdict{Model: Linearizable, Answer: Yes, Covers: r.counts[sim.OK] + r.counts[sim.Fail] + r.counts[sim.Info]}
	for _, g := range r.order {
		g.judge()
		if g.violation == 0 {
			if g.unknown || g.unsure {
				v.Answer, v.Covers = Unknown, min(v.Covers, g.covers)
			}
			if g.beyond > 0 {
				v.Answer, v.Covers = Unknown, min(v.Covers, g.beyond-1)
			}
			continue
		}
		if v.ViolationAt == 0 || g.violation < v.ViolationAt {
			v.ViolationAt = g.violation
		}
		if !g.noted {
			g.noted = true
			r.notes = append(r.notes, sim.Note{At: g.violatedAt, Kind: sim.NoteViolated, Node: -1, Peer: -1, N: int64(g.violation)})
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
	call, ret int64 // ret is 0 while pending, and for good without an answer
	returned  int64 // of a write: the earliest response that returned it; 0 while none has
}

// register is the history of one key, in stretches between quiescent cuts: moments at which no operation was
// pending. A write without an answer counts once a response returns it: until then nothing shows that it took
// effect, so it is carried from stretch to stretch, and it cannot have mattered before the stretch of that response.
// One thing only can need a write that no response returned: a compare-and-set that was itself left without an
// answer, took effect, and may have met that write's value. Where nothing else explains a stretch with such a
// compare-and-set, those writes may have taken effect in it.
type register struct {
	key     string
	byID    map[sim.OpID]*interval
	pending int
	closed  []stretch
	open    stretch
	carried []*interval // unplaced writes without an answer from stretches before
	states  []state     // which the register may have had at the last judged cut

	dirty      bool // something completed since the last judgement
	unsure     bool // the search for what completed since the last fixed point was cut short
	unknown    bool // for good
	beyond     int  // the first completion that says what no register can; 0 for none
	increments []*interval
	set        bool // something else than increments may have changed it
	covers     int  // the last completion of the lane known to be well
	violation  int
	violatedAt sim.Time
	noted      bool // the violation has been told
}

// stretch is what was called since the cut before.
type stretch struct {
	start int64
	last  int64 // the tick of its last event, once closed
	good  int   // completions known to be well
	ops   []*interval
	ends  []*interval // the completed ones, in order of completion
}

// state is what a register holds.
type state struct {
	write sim.OpID
	value int64
	ended bool // the stretch has; what has not taken effect does not any more
}

func newRegister(c *sim.Cluster, key string) *register {
	return &register{key: key, byID: map[sim.OpID]*interval{},
		states: []state{{value: c.Workload().Opening(key)}}}
}

func (g *register) call(rec *sim.Record, tick int64) {
	op := &interval{rec: rec, call: tick}
	g.byID[rec.ID] = op
	if rec.Kind == sim.Increment {
		g.increments = append(g.increments, op)
	} else if rec.Kind != sim.Read {
		g.set = true
	}
	if !rec.Kind.Plain() {
		return
	}
	g.pending++
	g.open.ops = append(g.open.ops, op)
}

func (g *register) end(rec *sim.Record, tick int64) {
	op := g.byID[rec.ID]
	if !g.plain(rec) && g.beyond == 0 {
		g.beyond = rec.Completion
	}
	if !rec.Kind.Plain() {
		op.ret = tick
		return
	}
	g.pending--
	g.dirty = true
	g.open.ends = append(g.open.ends, op)
	if rec.Result.Outcome == sim.OK && g.plain(rec) {
		op.ret = tick
		if w := g.byID[rec.Result.Version]; w != nil && w.returned == 0 {
			w.returned = tick
		}
	}
	if len(g.increments) > 0 && !g.set && rec.Kind == sim.Read && rec.Result.Outcome == sim.OK && g.violation == 0 {
		g.countTo(op)
	}
	if g.pending == 0 {
		g.open.last = tick
		g.closed = append(g.closed, g.open)
		g.open = stretch{start: tick}
	}
}

// close carries what a judged stretch leaves behind over the cut.
func (g *register) close(s stretch) {
	finals := g.finals(s)
	var left []state
	for _, final := range finals {
		if len(finals) == 1 {
			left = append(left, final)
			break
		}
		res := g.possible(s, len(s.ends), &final)
		g.unknown = g.unknown || res == porcupine.Unknown
		if res == porcupine.Ok {
			left = append(left, final)
		}
	}
	g.states = left
	g.carry(s)
}

// finals returns the states that a stretch may leave: those of writes that nothing shows to have been overwritten,
// or where nothing was written, those before it.
func (g *register) finals(s stretch) []state {
	history := g.operations(s, len(s.ends))
	var finals []state
	written := false
	for _, op := range history {
		if in := op.Input.(input); in.writes() {
			written = true
			if !overwritten(op, history) {
				finals = append(finals, state{write: in.rec.ID, value: in.rec.Value})
			}
		}
	}
	if !written {
		return g.states
	}
	return finals
}

// overwritten reports whether an operation of the history shows that the write w did not last: another write, or
// one that found another write, began after w had returned, or a compare-and-set took effect on it.
func overwritten(w porcupine.Operation, history []porcupine.Operation) bool {
	id := w.Input.(input).rec.ID
	for _, op := range history {
		in := op.Input.(input)
		after, found := op.Call > w.Return, in.answered && in.rec.Kind.Finds()
		switch {
		case in.rec.ID == id:
		case after && (in.writes() || found && in.rec.Result.Version != id):
			return true
		case found && in.rec.Result.Applied && in.rec.Result.Version == id:
			return true
		}
	}
	return false
}

// carry keeps the writes that no response had returned by the cut and forgets the rest.
func (g *register) carry(s stretch) {
	all := slices.Concat(g.carried, s.ops)
	g.carried = nil
	for _, op := range all {
		if op.rec.Kind != sim.Read && op.rec.Result.Outcome == sim.Info && (op.returned == 0 || op.returned > s.last) {
			g.carried = append(g.carried, op)
		}
	}
}

// possible looks for a linearization of the first n completions of a stretch that leaves the register in the
// final state, if one is given.
func (g *register) possible(s stretch, n int, final *state) porcupine.CheckResult {
	history := g.operations(s, n)
	if final != nil {
		read := &sim.Record{Op: sim.Op{Kind: sim.Read}, Result: sim.Result{Outcome: sim.OK, Version: final.write}}
		history = append(history, porcupine.Operation{Input: input{rec: read, answered: true}, Call: lastTick - 1, Return: lastTick})
	}
	steps := 0
	res := g.search(history, &steps)
	if res == porcupine.Illegal {
		if hidden := g.hidden(s, history); len(hidden) > 0 {
			res = g.search(append(history, hidden...), &steps)
		}
	}
	return res
}

// lastTick is after every event of a lane.
const lastTick = 1 << 62

// search tries every state that the register may have had before the stretch.
func (g *register) search(history []porcupine.Operation, steps *int) porcupine.CheckResult {
	for _, from := range g.states {
		if porcupine.CheckOperations(model(from, steps), history) {
			return porcupine.Ok
		}
		if *steps > MaxSteps {
			return porcupine.Unknown
		}
	}
	return porcupine.Illegal
}

// operations returns what counts when the first n completions of a stretch are known: answered operations, and
// writes that a response among them returned.
func (g *register) operations(s stretch, n int) []porcupine.Operation {
	horizon := int64(0)
	for _, op := range s.ends[:n] {
		horizon = max(horizon, op.ret)
	}
	var history []porcupine.Operation
	for _, op := range slices.Concat(g.carried, s.ops) {
		if op.ret != 0 && op.ret <= horizon {
			history = append(history, op.operation(s, op.ret, true))
		} else if op.rec.Kind != sim.Read && op.returned != 0 && op.returned <= horizon {
			history = append(history, op.operation(s, op.returned, false))
		}
	}
	return history
}

// hidden returns the writes without an answer that no response returned and whose values a compare-and-set without
// an answer may have met, directly or by way of one another; and after them the end of the stretch.
func (g *register) hidden(s stretch, history []porcupine.Operation) []porcupine.Operation {
	shown, wanted := map[sim.OpID]bool{}, map[int64]bool{}
	for _, o := range history {
		in := o.Input.(input)
		shown[in.rec.ID] = true
		if in.rec.Kind == sim.CompareAndSet && !in.answered {
			wanted[in.rec.Expect] = true
		}
	}
	var hidden []porcupine.Operation
	for found := true; found; {
		found = false
		for _, op := range slices.Concat(g.carried, s.ops) {
			rec := op.rec
			if rec.Kind == sim.Read || shown[rec.ID] || rec.Result.Outcome == sim.Fail || !wanted[rec.Value] {
				continue
			}
			found, shown[rec.ID] = true, true
			if rec.Kind == sim.CompareAndSet {
				wanted[rec.Expect] = true
			}
			o := op.operation(s, lastTick, false)
			o.Input = input{rec: rec, optional: true}
			hidden = append(hidden, o)
		}
	}
	if len(hidden) > 0 {
		hidden = append(hidden, porcupine.Operation{Input: input{end: true}, Call: lastTick - 3, Return: lastTick - 2})
	}
	return hidden
}
