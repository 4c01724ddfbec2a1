package check

import (
	"slices"

	"netsplit/sim"
)

// MaxArranged is how many updates of a set between two tiers are put in order, where adding and removing makes the
// order matter; where there are more, the values decide.
const MaxArranged = 64

// follows reports whether the updates of a tier make of the value below it the tier's own, in some order.
func (t *tally) follows(below, l tier) bool {
	if !t.set && below.items == nil && l.items == nil {
		sum := below.value
		for _, u := range l.updates {
			if u.rec.Kind != sim.Increment {
				return false
			}
			sum += u.rec.Value
		}
		return sum == l.value
	}
	a := arrangement{updates: l.updates, before: map[int][]int{}}
	return a.items(below.items, l.items) && a.possible()
}

// arrangement is which of a set's updates must come before which others.
type arrangement struct {
	updates []*interval
	before  map[int][]int
}

// items asks for an order of the updates that makes of the items below those above, and reports whether there may be
// one: for each item, what adds it or removes it last is what returned last of its kind.
func (a *arrangement) items(below, above []int64) bool {
	touched := map[int64]bool{}
	cleared := false
	for _, u := range a.updates {
		switch u.rec.Kind {
		case sim.Delete:
			cleared = true
		case sim.Add, sim.Remove:
			touched[u.rec.Value] = true
		default:
			return false
		}
	}
	all := slices.Concat(below, above)
	for _, u := range a.updates {
		all = append(all, u.rec.Value)
	}
	slices.Sort(all)
	for _, item := range slices.Compact(all) {
		_, was := slices.BinarySearch(below, item)
		_, is := slices.BinarySearch(above, item)
		if !touched[item] && (!cleared || !was) {
			if was != is {
				return false
			}
			continue
		}
		if !a.last(item, was, is) {
			return false
		}
	}
	return true
}

// last has the update that decides about an item come after all that say otherwise.
func (a *arrangement) last(item int64, was, is bool) bool {
	decides := -1
	var others []int
	for i, u := range a.updates {
		adds := u.rec.Kind == sim.Add
		switch {
		case u.rec.Kind != sim.Delete && u.rec.Value != item:
		case adds != is:
			others = append(others, i)
		case decides < 0 || a.back(i) > a.back(decides):
			decides = i
		}
	}
	if decides < 0 {
		return was == is && len(others) == 0
	}
	a.before[decides] = append(a.before[decides], others...)
	return true
}

// back returns when an update was acknowledged.
func (a *arrangement) back(i int) int64 {
	if u := a.updates[i]; u.rec.Result.Outcome == sim.OK && u.end != 0 {
		return u.end
	}
	return never
}

// possible reports whether an order has what must come first come first, in real time as well.
func (a *arrangement) possible() bool {
	if len(a.before) == 0 {
		return true
	}
	if len(a.updates) > MaxArranged {
		return false
	}
	left := make([]int, len(a.updates))
	for i := range left {
		left[i] = i
	}
	for len(left) > 0 {
		free := slices.IndexFunc(left, func(i int) bool {
			return !slices.ContainsFunc(left, func(j int) bool {
				return j != i && (a.back(j) < a.updates[i].call || slices.Contains(a.before[i], j))
			})
		})
		if free < 0 {
			return false
		}
		left = slices.Delete(left, free, free+1)
	}
	return true
}
