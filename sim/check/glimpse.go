package check

import (
	"cmp"
	"slices"

	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// maxGlimpses bounds the part of a counter's or a set's history that a counterexample is looked for in.
const maxGlimpses = 60

// glimpse is an operation of a counter or a set as the counterexample takes it: an update, or a read with those of the
// updates that it has seen, as bits.
type glimpse struct {
	read  bool
	which uint64
}

// example returns operations of a violated counter or set that porcupine refuses if reads see which updates they see, as
// few as can be: such as an update that was acknowledged, and a read that began afterwards and has not seen it. Where it
// refuses none, because a read's value is not that of what it has seen, it is that read alone.
func (t *tally) example(broken *interval) []*interval {
	part := t.glimpsed(broken)
	index := map[sim.OpID]int{}
	for i, op := range part {
		index[op.rec.ID] = i
	}
	seen := make([]uint64, len(part))
	for i, op := range part {
		if op.rec.Kind != sim.Read {
			continue
		}
		for _, e := range t.sight(op.rec).events {
			for ; e != nil; e = e.Before {
				if j, in := index[e.Write]; in {
					seen[i] |= 1 << j
				}
			}
		}
	}
	view := func(kept []int) []porcupine.Operation {
		mask := uint64(0)
		for _, i := range kept {
			mask |= 1 << i
		}
		history := make([]porcupine.Operation, len(kept))
		for n, i := range kept {
			op := part[i]
			history[n] = porcupine.Operation{Input: glimpse{op.rec.Kind == sim.Read, 1 << i}, Call: op.call, Return: op.end}
			if op.rec.Kind == sim.Read {
				history[n].Input = glimpse{true, seen[i] & mask}
			} else if op.rec.Result.Outcome != sim.OK || op.end > broken.end {
				history[n].Return = lastTick
			}
		}
		return history
	}
	m := newMinimizer(glimpses(), len(part), view, nil, MinimalSteps)
	if !m.refused(m.kept) {
		return []*interval{broken}
	}
	m.run()
	kept := make([]*interval, len(m.kept))
	for n, i := range m.kept {
		kept[n] = part[i]
	}
	return kept
}

// glimpses is the specification of what reads have seen.
func glimpses() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return uint64(0) },
		Step: func(s, in, _ any) (bool, any) {
			g := in.(glimpse)
			if g.read {
				return s == g.which, s
			}
			return true, s.(uint64) | g.which
		},
	}
}

// glimpsed returns the violating operation, the latest to end before, and the last update that was acknowledged before it
// began and that it has not seen, in order of their calls.
func (t *tally) glimpsed(broken *interval) []*interval {
	var known []*interval
	for _, op := range t.ops {
		if op.end != 0 && op.end <= broken.end && op.rec.Result.Outcome == sim.OK {
			known = append(known, op)
		}
	}
	slices.SortFunc(known, func(a, b *interval) int { return cmp.Compare(b.end, a.end) })
	part := slices.Clone(known[:min(len(known), maxGlimpses)])
	saw := map[sim.OpID]bool{}
	for _, e := range t.sight(broken.rec).events {
		for ; e != nil; e = e.Before {
			saw[e.Write] = true
		}
	}
	missed := slices.IndexFunc(known, func(op *interval) bool {
		return op.rec.Kind != sim.Read && op.end < broken.call && !saw[op.rec.ID]
	})
	if missed >= len(part) {
		part = append(part, known[missed])
	}
	slices.SortFunc(part, func(a, b *interval) int { return cmp.Compare(a.call, b.call) })
	return part
}
