package check

import (
	"cmp"
	"slices"

	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// Budgets of the search for a counterexample, in steps of the model.
const (
	RefuseSteps  = 20_000  // to have porcupine refuse one part of a history
	MinimalSteps = 100_000 // to leave out of it what can be
	firstWindow  = 16      // completions of the first part that is tried; each next one has four times as many
	lastWindow   = 1024    // completions of the last one
)

// linearViolation returns the first violation of linearizability, and whether there is one.
//
// Its counterexample is a part of the key's history that porcupine refuses: every write that a read of it found is in
// it, a compare-and-set whose found version is not in it counts as a mere write, and so does one without an answer. Such
// a part of a linearizable history is linearizable, in the same order. None of its operations can be left out. Only
// where no such part is refused does it matter that a compare-and-set without an answer met its value: then all writes of
// that value stay with it, also those that may never have taken effect.
func (r *Referee) linearViolation() (Violation, bool) {
	r.Verdict()
	var first *register
	for _, g := range r.order {
		if g.answer == No && (first == nil || g.violation < first.violation) {
			first = g
		}
	}
	if first == nil {
		return Violation{}, false
	}
	return first.explain(), true
}

// explain returns the violation of a key, which is worked out once.
func (g *register) explain() Violation {
	if g.violated == nil {
		e := example{g: g, until: g.broken.end}
		var kept []*interval
		if g.tally != nil {
			kept = g.tally.example(g.broken)
		} else {
			kept = e.find()
		}
		v := Violation{Kind: Linearizable, Key: g.key, At: g.violatedAt, Completion: g.violation, Op: g.broken.rec.ID}
		if missed := e.missed(kept); missed != nil {
			v.Missed = missed.rec.ID
		}
		for _, op := range kept {
			v.Ops = append(v.Ops, op.rec.ID)
		}
		g.violated = &v
	}
	return *g.violated
}

// example is the search for the counterexample of a register that is violated.
type example struct {
	g     *register
	until int64 // the tick of the completion after which it is
	exact bool  // what compare-and-sets without an answer met matters, too
	ops   []*interval
	place map[*interval]int
}

// find returns a part of the history that porcupine refuses, as small as it can be made. Only where the search is cut
// short is it the operation that completed last, with what it found.
func (e *example) find() []*interval {
	for _, part := range e.parts() {
		if kept, ok := e.reduce(e.closed(part)); ok {
			return kept
		}
	}
	e.exact = true
	if len(e.g.ops) <= lastWindow {
		if kept, ok := e.reduce(e.closed(e.g.ops)); ok {
			return kept
		}
	}
	return e.closed([]*interval{e.g.broken})
}

// parts returns what may be refused by itself, the smallest first: the operation that completed last with what it
// found; the operations that give the contradicting blocks their bounds; and ever more of the latest.
func (e *example) parts() [][]*interval {
	parts := [][]*interval{{e.g.broken}, append(e.bounds(e.g.contradiction.a), append(e.bounds(e.g.contradiction.b), e.g.broken)...)}
	var known []*interval
	for _, op := range e.g.ops {
		if op.end != 0 && op.end <= e.until {
			known = append(known, op)
		}
	}
	slices.SortFunc(known, func(a, b *interval) int { return cmp.Compare(b.end, a.end) })
	for n := firstWindow; ; n *= 4 {
		parts = append(parts, known[:min(n, len(known))])
		if n >= min(len(known), lastWindow) {
			return parts
		}
	}
}

// bounds returns the operations of a cluster, and of the next of its block, that returned first or were called last.
func (e *example) bounds(c int32) []*interval {
	if c < 0 || e.g.must == nil {
		return nil
	}
	next := e.g.must.clusters[c].next
	var some []*interval
	for _, at := range []int32{c, next} {
		if at < 0 {
			continue
		}
		var first, last *interval
		for _, op := range e.g.ops {
			if !e.counts(op) || !e.in(op, at) {
				continue
			}
			if first == nil || e.back(op) < e.back(first) {
				first = op
			}
			if last == nil || op.call > last.call {
				last = op
			}
		}
		if first != nil {
			some = append(some, first, last)
		}
	}
	return some
}

// in reports whether an operation belongs to a cluster: as its write, or as one that found that.
func (e *example) in(op *interval, c int32) bool {
	w := e.g.must.clusters[c].op
	if op.rec.Kind != sim.Read && op.place == w {
		return true
	}
	version := sim.OpID(0)
	if w >= 0 {
		version = e.g.ops[w].rec.ID
	}
	return e.finds(op) && op.rec.Result.Version == version
}

// outcome returns how an operation had ended by the violation.
func (e *example) outcome(op *interval) sim.Outcome {
	if op.end == 0 || op.end > e.until {
		return sim.Pending
	}
	return op.rec.Result.Outcome
}

// finds reports whether an operation found a version and left it.
func (e *example) finds(op *interval) bool {
	return op.rec.Kind.Finds() && e.outcome(op) == sim.OK && !op.rec.Result.Applied
}

// counts reports whether an operation is known to have taken effect by the violation.
func (e *example) counts(op *interval) bool {
	return e.outcome(op) == sim.OK || op.rec.Kind != sim.Read && op.shown != 0 && op.shown <= e.until
}

// back returns when an operation is known to have taken effect.
func (e *example) back(op *interval) int64 {
	if op.shown != 0 && (e.outcome(op) != sim.OK || op.shown < op.end) {
		return op.shown
	}
	return op.end
}

// closed returns the operations of a part that count, with the writes that its reads found, and that the last completed
// operation found, and what was the first to find a write that had not returned, in order of their calls.
func (e *example) closed(part []*interval) []*interval {
	var all []*interval
	in := map[*interval]bool{}
	for todo := slices.Clone(part); len(todo) > 0; {
		op := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if in[op] || op != e.g.broken && !e.counts(op) && !(e.exact && e.hidden(op)) {
			continue
		}
		all, in[op] = append(all, op), true
		if op == e.g.broken || e.leans(op) {
			todo = append(todo, e.found(op)...)
		}
		if op.shower != nil && op.shown == e.back(op) {
			todo = append(todo, op.shower)
		}
	}
	slices.SortFunc(all, func(a, b *interval) int { return cmp.Compare(a.call, b.call) })
	return all
}

// hidden reports whether an operation may have taken effect, though nothing shows it.
func (e *example) hidden(op *interval) bool {
	return op.call < e.until && !e.counts(op) && (e.outcome(op) == sim.Pending || e.outcome(op) == sim.Info) && op.rec.Kind != sim.Read
}

// found returns the writes that an operation found.
func (e *example) found(op *interval) []*interval {
	if !op.rec.Kind.Finds() || e.outcome(op) != sim.OK {
		return nil
	}
	ids := []sim.OpID{op.rec.Result.Version}
	for _, v := range op.rec.Result.Found.Siblings() {
		ids = append(ids, v.Write)
	}
	var writes []*interval
	for _, id := range ids {
		if w := e.g.byID(id); w != nil && w.call < e.until && w != op && w.rec.Kind != sim.Read {
			writes = append(writes, w)
		}
	}
	return writes
}

// reduce makes a part as small as porcupine still refuses, and reports whether it refuses it at all.
func (e *example) reduce(part []*interval) ([]*interval, bool) {
	e.ops, e.place = part, map[*interval]int{}
	for i, op := range part {
		e.place[op] = i
	}
	budget := RefuseSteps
	all := make([]int, len(part))
	for i := range all {
		all[i] = i
	}
	model := registerModel(e.g.opening)
	if search(model, e.view(all), &budget) != porcupine.Illegal {
		return nil, false
	}
	m := newMinimizer(model, len(part), e.view, e.needs, MinimalSteps)
	m.run()
	kept := make([]*interval, len(m.kept))
	for i, p := range m.kept {
		kept[i] = part[p]
	}
	return kept, true
}

// leans reports whether an operation cannot be kept without the write that it found: a read, or a compare-and-set that
// left what it found or that found what did not take effect.
func (e *example) leans(op *interval) bool {
	w := e.g.byID(op.rec.Result.Version)
	return e.finds(op) || e.outcome(op) == sim.OK && op.rec.Kind.Finds() && w != nil && !w.mayHold()
}

// needs names the writes without which an operation of the part cannot be kept.
func (e *example) needs(i int) []int {
	op := e.ops[i]
	var needed []int
	if e.exact && op.rec.Kind == sim.CompareAndSet && e.outcome(op) != sim.OK {
		for j, w := range e.ops {
			if w.rec.Kind != sim.Read && w.rec.Value == op.rec.Expect && w != op {
				needed = append(needed, j)
			}
		}
	}
	if !e.leans(op) {
		return needed
	}
	for _, w := range e.found(e.ops[i]) {
		needed = append(needed, e.place[w])
	}
	return needed
}

// lastTick is after every event of a lane.
const lastTick = 1 << 62

// view returns operations of the part as porcupine takes them.
func (e *example) view(kept []int) []porcupine.Operation {
	here, shown := map[sim.OpID]bool{0: true}, map[sim.OpID]int64{}
	for _, i := range kept {
		op := e.ops[i]
		here[op.rec.ID] = true
		if op.rec.Kind.Finds() && e.outcome(op) == sim.OK {
			v := op.rec.Result.Version
			if at, ok := shown[v]; !ok || op.end < at {
				shown[v] = op.end
			}
		}
	}
	history := make([]porcupine.Operation, 0, len(kept)+1)
	for _, i := range kept {
		op := e.ops[i]
		in, back := input{rec: op.rec, answered: true}, op.end
		if out := e.outcome(op); out == sim.Pending || out == sim.Info {
			var found bool
			in.answered = false
			if back, found = shown[op.rec.ID]; !found {
				in.optional, back = true, lastTick
			}
			in.blind = found && !e.exact
		} else if w := e.g.byID(op.rec.Result.Version); out == sim.OK && op.rec.Kind == sim.CompareAndSet && op.rec.Result.Applied {
			in.blind = w != nil && w.mayHold() && !here[w.rec.ID]
		}
		if e.exact || !in.optional {
			history = append(history, porcupine.Operation{ClientId: int(op.rec.Client), Input: in, Call: op.call, Return: back})
		}
	}
	if e.exact {
		history = append(history, porcupine.Operation{Input: input{end: true}, Call: lastTick - 2, Return: lastTick - 1})
	}
	return history
}

// saw reports whether an operation found a write: a register's version, or one of the updates of a counter or a set.
func (e *example) saw(op, w *interval) bool {
	if e.g.tally == nil {
		return slices.Contains(e.found(op), w)
	}
	for _, event := range e.g.tally.sight(op.rec).events {
		for ; event != nil; event = event.Before {
			if event.Write == w.rec.ID {
				return true
			}
		}
	}
	return false
}

// missed returns the last write of a counterexample that had returned before the operation that cannot be placed was
// called, and that it did not find; nil for none.
func (e *example) missed(kept []*interval) *interval {
	op := e.g.broken
	if !op.rec.Kind.Finds() || e.outcome(op) != sim.OK {
		return nil
	}
	var last *interval
	for _, w := range kept {
		if w.rec.Kind != sim.Read && !e.saw(op, w) && w != op && e.counts(w) && e.back(w) < op.call &&
			(last == nil || w.call > last.call) {
			last = w
		}
	}
	return last
}
