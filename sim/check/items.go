package check

import (
	"slices"

	"netsplit/sim"
)

// itemBounds is what is certain of one item of a set when a read ends, whatever the order. It is there if an addition
// that was acknowledged before the read began was called after all removals had returned; it is not if a removal was
// called after all additions had.
type itemBounds struct{ added, removed, addedBy, removedBy int64 }

// allows reports whether a read that has just ended may have found these items, as far as that is certain.
func (t *tally) allows(read *interval, items []int64) bool {
	known := map[int64]*itemBounds{}
	of := func(item int64) *itemBounds {
		if known[item] == nil {
			known[item] = &itemBounds{}
		}
		return known[item]
	}
	cleared := itemBounds{} // by deletions
	for _, op := range t.ops {
		out := op.rec.Result.Outcome
		if op.end != 0 && (out == sim.Fail || out == sim.OK && !op.rec.Result.Applied) {
			continue
		}
		by, sure := int64(never), int64(0) // until when it may take effect; its call, if it has before the read
		if op.end != 0 && out == sim.OK {
			if by = op.end; op.end < read.call {
				sure = op.call
			}
		}
		switch op.rec.Kind {
		case sim.Add:
			b := of(op.rec.Value)
			b.added, b.addedBy = max(b.added, sure), max(b.addedBy, by)
		case sim.Remove:
			b := of(op.rec.Value)
			b.removed, b.removedBy = max(b.removed, sure), max(b.removedBy, by)
		case sim.Delete:
			cleared.removed, cleared.removedBy = max(cleared.removed, sure), max(cleared.removedBy, by)
		}
	}
	for _, item := range items {
		b := of(item)
		if b.addedBy == 0 || max(b.removed, cleared.removed) > b.addedBy {
			return false
		}
	}
	for item, b := range known {
		if _, found := slices.BinarySearch(items, item); !found && b.added > max(b.removedBy, cleared.removedBy) {
			return false
		}
	}
	return true
}
