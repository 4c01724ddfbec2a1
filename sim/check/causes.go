package check

import (
	"cmp"
	"slices"

	"netsplit/sim"
)

// MaxLostExplained is of how many lost writes the causes are kept, the first.
const MaxLostExplained = 20

// causes are the explanations that were made when their violations became known.
type causes struct {
	list []Cause
	of   map[Kind]int
	next int // the number of the passage at which the verdict is asked for again, before the trail forgets
}

// explain keeps the cause of a violation, unless enough of its kind are kept: one, but of lost writes MaxLostExplained.
func (r *Referee) explain(v Violation) {
	most := 1
	if v.Kind == LostWrite {
		most = MaxLostExplained
	}
	if r.causes.of[v.Kind] < most {
		r.causes.of[v.Kind]++
		r.causes.list = append(r.causes.list, r.Explain(v))
	}
}

// Causes returns why the first violation of each kind came about, and the first MaxLostExplained lost writes were lost, in
// the order in which they became facts; treat it as read-only.
func (r *Referee) Causes() []Cause {
	r.explainVerdicts()
	slices.SortFunc(r.causes.list, func(a, b Cause) int {
		v, w := a.Violation, b.Violation
		return cmp.Or(cmp.Compare(v.At, w.At), cmp.Compare(v.Kind, w.Kind), cmp.Compare(v.Op, w.Op))
	})
	return r.causes.list
}

// explainInTime asks for the verdict now and then, so that a cause is looked for while the trail reaches back.
func (r *Referee) explainInTime() {
	if now := r.trail.passages.end(); now >= r.causes.next {
		r.causes.next = now + MaxPassages/4
		r.explainVerdicts()
	}
}

// explainVerdicts keeps the cause of the first violation of each model, once that is known.
func (r *Referee) explainVerdicts() {
	for _, v := range r.Violations() {
		r.explain(v)
	}
}

// inOrder sorts operations by their calls and drops what is there twice.
func (r *Referee) inOrder(ops []sim.OpID) []sim.OpID {
	slices.Sort(ops) // operations are numbered as they are called
	if i := slices.IndexFunc(ops, func(id sim.OpID) bool { return id != 0 }); i > 0 {
		ops = ops[i:]
	}
	return slices.Compact(ops)
}

// Waits takes a message that its stream keeps back.
func (r *Referee) Waits(m *sim.Message) { r.trail.waitsOn(m) }

// Commanded takes a command that is about to be carried out.
func (r *Referee) Commanded(cmd sim.Command) { r.trail.commanded(cmd) }
