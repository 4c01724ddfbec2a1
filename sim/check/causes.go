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

// explainVerdicts keeps the causes of the first violation of each model, once they are known.
func (r *Referee) explainVerdicts() {
	for _, v := range r.firstViolations() {
		r.explain(v)
	}
}

// firstViolations returns the first violation of each model that is known and whose cause is not kept.
func (r *Referee) firstViolations() (list []Violation) {
	if r.causes.of[Linearizable] == 0 {
		if v := r.Verdict(); v.ViolationAt != 0 {
			list = append(list, r.unlinearizable(v.ViolationAt))
		}
	}
	return list
}

// unlinearizable returns the violation of linearizability at a completion, as far as its evidence is plain.
func (r *Referee) unlinearizable(completion int) Violation {
	e := r.Evidence(completion)
	v := Violation{Kind: Linearizable, Completion: completion, Op: e.Op}
	if e.Op == 0 {
		return v
	}
	op := r.cluster.History()[e.Op-1]
	v.Key, v.At, v.Missed = op.Key, op.End, e.Against
	v.Ops = []sim.OpID{e.Op}
	if e.Against != 0 {
		v.Ops = append(v.Ops, e.Against)
	}
	if e.Shown {
		v.Missed = r.cluster.History()[e.Against-1].Result.Version
		v.Ops = append(v.Ops, v.Missed)
	}
	v.Ops = r.inOrder(v.Ops)
	return v
}

// inOrder sorts operations by their calls and drops what is there twice.
func (r *Referee) inOrder(ops []sim.OpID) []sim.OpID {
	slices.Sort(ops) // operations are numbered as they are called
	if i := slices.IndexFunc(ops, func(id sim.OpID) bool { return id != 0 }); i > 0 {
		ops = ops[i:]
	}
	return slices.Compact(ops)
}

// StaleRead returns the violation that a stale read is: it missed the newest write that had been acknowledged before it
// began. It reports false of a read that was not stale.
func (r *Referee) StaleRead(read sim.OpID) (Violation, bool) {
	if _, stale := r.stale[read]; !stale {
		return Violation{}, false
	}
	rec := r.cluster.History()[read-1]
	v := Violation{Kind: StaleRead, Key: rec.Key, At: rec.End, Completion: rec.Completion, Op: read}
	since := sim.Time(-1) // as judgeRead has it
	if found := rec.Result.Version; found != 0 {
		since = r.cluster.History()[found-1].End
	}
	writes := r.acked[rec.Key]
	for i := len(writes) - 1; i >= 0; i-- {
		if w := writes[i]; w.End < rec.Start && w.Start > since && !r.lost.lostBy(w.ID, rec.End) && !r.shows(rec, w.ID) {
			v.Missed = w.ID
			break
		}
	}
	v.Ops = r.inOrder([]sim.OpID{v.Missed, read, rec.Result.Version})
	return v, true
}

// LostWrite returns the violation that a lost write is.
func (r *Referee) LostWrite(l Loss) Violation {
	if l.Over == l.Write {
		l.Over = 0 // some replica held it still when another took something older in its place
	}
	return Violation{Kind: LostWrite, Key: r.cluster.History()[l.Write-1].Key, At: l.At, Op: l.Write, Missed: l.Over,
		Ops: r.inOrder([]sim.OpID{l.Write, l.Over})}
}

// Waits takes a message that its stream keeps back.
func (r *Referee) Waits(m *sim.Message) { r.trail.waitsOn(m) }

// Sent takes a message on its way.
func (r *Referee) Sent(m *sim.Message) { r.trail.sent(m) }

// Commanded takes a command that is about to be carried out.
func (r *Referee) Commanded(cmd sim.Command) { r.trail.commanded(cmd) }
