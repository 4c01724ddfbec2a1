package foreign

import "slices"

// minimizer takes operations out of a history that is not linearizable while it stays so.
//
// It never takes one out that a kept one shows: else a read would be inexplicable only because its write is missing.
// Then what it leaves is linearizable if the whole is: take the whole's order, without what was taken out. Of a counter, every
// addition counts that was called before the last kept read ended. Items of sets and lists are taken out everywhere.
type minimizer struct {
	object *object
	items  []item
	steps  int // how many the searches may take, all in all; when they are used up, it stops where it is
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
	shrink(len(all), func(from, to int) bool {
		fewer := slices.Clone(kept)
		for i := from; i < to; i++ {
			fewer[i] = false
		}
		m.close(all, t, fewer)
		if slices.Equal(fewer, kept) || !m.broken(chosen(all, fewer)) {
			return false
		}
		kept = fewer
		return true
	}, func() bool { return m.steps > 0 })
	m.items = chosen(all, kept)
}

// shrink tries to drop ever smaller ranges of n things, until no single one can be.
func shrink(n int, drop func(from, to int) bool, on func() bool) {
	for size := (n + 1) / 2; size > 0 && on(); {
		dropped := false
		for from := 0; from < n && on(); from += size {
			if drop(from, min(from+size, n)) {
				dropped = true
			}
		}
		if size > 1 {
			size /= 2
		} else if !dropped {
			return
		}
	}
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
		shown := slices.Clone(t.sure)
		for g, shows := range t.shows {
			shown[g] = shown[g] || slices.ContainsFunc(shows, func(i int) bool { return kept[i] })
		}
		for i := range all {
			if kept[i] {
				continue
			}
			g, a := t.makes[i], all[i].e.act
			if g >= 0 && shown[g] || (a == adds || a == takes) && all[i].op.Call < last {
				kept[i], more = true, true
			}
		}
	}
}

// broken reports whether operations are certain not to be linearizable.
func (m *minimizer) broken(items []item) bool {
	s := newSearch(m.object, items, m.steps)
	answer, _, _ := s.run()
	m.steps = s.steps - len(items) // preparing the search costs something, too
	return answer == No
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
	shrink(len(known), func(from, to int) bool {
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
