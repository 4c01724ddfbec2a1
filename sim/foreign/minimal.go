package foreign

import (
	"cmp"
	"slices"

	"netsplit/sim/shrink"
)

// minimizer takes operations out of a history that is not linearizable while it stays so.
//
// It never takes out all that may have made what a kept one shows, and only what was certainly overwritten before: else a
// read would be inexplicable only because its write is missing. So what it leaves is linearizable if the whole is: take the
// whole's order, without what was taken out, and each read finds what it found. Of a counter, every
// addition counts that was called before the last kept read ended. Items of sets and lists are taken out everywhere.
type minimizer struct {
	object *object
	items  []item
	event  int  // the end of the operation that cannot be placed, which stays
	steps  int  // how many the searches may take, all in all; when they are used up, it stops where it is
	most   int  // steps of one search
	unsure bool // a search was cut short, so more might have been taken out
}

func (m *minimizer) minimize() {
	if m.object.model == Set || m.object.model == List {
		m.forget()
	}
	t := m.object.trace(m.items)
	all := m.items
	kept := make([]bool, len(all))
	for i := range kept {
		kept[i] = true
	}
	shrink.Ranges(len(all), func(from, to int) bool {
		fewer := slices.Clone(kept)
		for i := from; i < to; i++ {
			fewer[i] = all[i].ret == m.event
		}
		m.close(all, t, fewer)
		if some := chosen(all, fewer); len(some) >= len(chosen(all, kept)) || !m.broken(some) {
			return false
		}
		kept = fewer
		return true
	}, func() bool { return m.steps > 0 })
	m.items = chosen(all, kept)
}

func chosen(all []item, kept []bool) []item {
	var some []item
	for i, it := range all {
		if kept[i] {
			some = append(some, it)
		}
	}
	return some
}

// close adds again whatever a kept operation needs.
func (m *minimizer) close(all []item, t *traces, kept []bool) {
	last := 0 // the end of the last kept read
	for i := range all {
		if kept[i] && all[i].e.act == reads {
			last = max(last, all[i].ret)
		}
	}
	for more := true; more; {
		more = false
		first := t.earliest(all, kept)
		over := overwriters(all, kept)
		for i := range all {
			switch g, a := t.makes[i], all[i].e.act; {
			case kept[i]:
			case (a == adds || a == takes) && all[i].op.Call < last, g >= 0 && first[g] < never && !over.before(all, i, first[g]):
				kept[i], more = true, true
			}
		}
		more = t.original(kept, first) || more
	}
}

// earliest returns for each group when the first kept operation that shows it was called; never if none does.
func (t *traces) earliest(all []item, kept []bool) []int {
	first := make([]int, len(t.shows))
	for g, shows := range t.shows {
		first[g] = never
		if t.sure[g] {
			first[g] = 0
		}
		for _, i := range shows {
			if kept[i] {
				first[g] = min(first[g], all[i].op.Call)
			}
		}
	}
	return first
}

// original keeps the latest maker of each group that is shown and of which no maker is kept: it has been overwritten, but
// what was shown should not seem to come from nowhere.
func (t *traces) original(kept []bool, first []int) bool {
	there, more := make([]bool, len(first)), false
	for i, g := range t.makes {
		if g >= 0 && kept[i] {
			there[g] = true
		}
	}
	for i, g := range slices.Backward(t.makes) {
		if g >= 0 && first[g] < never && !there[g] {
			there[g], kept[i], more = true, true, true
		}
	}
	return more
}

// overwritten says, for each operation, when the first write had ended that a kept one later called made, which certainly
// took effect.
type overwritten []int

func overwriters(all []item, kept []bool) overwritten {
	over := make(overwritten, len(all)+1)
	over[len(all)] = never
	for i := len(all) - 1; i >= 0; i-- {
		over[i] = over[i+1]
		if a := all[i].e.act; kept[i] && all[i].ret != 0 && (a == writes || a == swaps) {
			over[i] = min(over[i], all[i].ret)
		}
	}
	return over
}

// before reports whether what an operation wrote was certainly overwritten before a time.
func (over overwritten) before(all []item, i, time int) bool {
	if all[i].ret == 0 {
		return false
	}
	next, _ := slices.BinarySearchFunc(all, all[i].ret, func(it item, ret int) int { return cmp.Compare(it.op.Call, ret) })
	return over[next] < time
}

// broken reports whether operations are certain not to be linearizable.
func (m *minimizer) broken(items []item) bool {
	allowed := min(m.steps, m.most)
	answer, _, _, left := m.object.decide(items, allowed)
	m.unsure = m.unsure || answer == Unknown
	m.steps -= allowed - left + len(items) // preparing costs something, too
	return answer == No
}

// confirm puts everything back if porcupine, with all the steps that it may have for a verdict, finds that what is left is
// linearizable: then the search was wrong of it.
func (m *minimizer) confirm(all []item, steps int) {
	if answer, _ := m.object.ask(m.items, steps/askShare); answer == Yes {
		m.items, m.unsure = all, true
	}
}

// forget takes items of sets or lists out of all operations.
func (m *minimizer) forget() {
	var known []int
	for _, it := range m.items {
		if it.e.act == reads {
			known = append(known, it.seen...)
		} else {
			known = append(known, it.e.item)
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	kept := bitmap(known)
	shrink.Ranges(len(known), func(from, to int) bool {
		fewer := kept
		for _, n := range known[from:to] {
			fewer = without(fewer, n)
		}
		if fewer == kept {
			return false
		}
		items := m.only(fewer)
		if !m.broken(items) {
			return false
		}
		kept = fewer
		return true
	}, func() bool { return m.steps > 0 })
	m.items = m.only(kept)
}

// only returns the operations as if there were no other items than some.
func (m *minimizer) only(some string) []item {
	var items []item
	for _, it := range m.items {
		if it.e.act != reads && !has(some, it.e.item) {
			continue
		}
		if it.e.act == reads {
			it.seen = slices.DeleteFunc(slices.Clone(it.seen), func(n int) bool { return !has(some, n) })
			it.e.to = m.object.holding(it.seen)
		}
		items = append(items, it)
	}
	return items
}
