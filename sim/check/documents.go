package check

import (
	"math"
	"slices"

	"netsplit/sim"
)

// cart is the invariant of a cart: no item that was added vanishes.
type cart struct{}

func (cart) effect(e *sim.Errand) int64 { return entries(e) }

func (cart) harm(a *account, h held) harm { return harm{missing: a.vanished(h)} }

func (cart) tell(h harm) string { return plural(h.missing, "item", "items") + " vanished" }

// feed is the invariant of a feed: no post disappears, and posts stand in order. A post that was acknowledged before
// another began stands before it. Where every version is built on one that its writer has read, as by all protocols
// here, posts can disappear but not change places.
type feed struct{}

func (feed) effect(e *sim.Errand) int64 { return entries(e) }

func (feed) harm(a *account, h held) harm {
	return harm{missing: a.vanished(h), broken: a.disorder(h)}
}

func (feed) tell(h harm) string {
	return phrases(phrase{h.missing, plural(h.missing, "post", "posts") + " gone"},
		phrase{h.broken, plural(h.broken, "pair", "pairs") + " of posts out of order"})
}

// entries returns how many entries an Errand adds to a document.
func entries(e *sim.Errand) int64 {
	if e.Kind == sim.ErrandAdd || e.Kind == sim.ErrandPost || e.Kind == sim.ErrandInsert {
		return 1
	}
	return 0
}

// vanished returns the number of entries that were acknowledged and that the agreed document lacks, by the candidate
// that explains most.
func (a *account) vanished(h held) int64 {
	if !h.agreed {
		return 0
	}
	errands, numbers := map[int]bool{}, map[int64]bool{} // a set knows numbers alone
	for _, item := range h.items {
		errands[item.Errand] = true
		numbers[item.Number] = numbers[item.Number] || item.Errand == 0
	}
	present := func(e *sim.Errand) bool { return errands[e.ID] || numbers[e.Amount] }
	removed := func(e *sim.Errand) bool {
		return e.Kind == sim.ErrandRemove || slices.ContainsFunc(a.removals, func(r *sim.Errand) bool { return r.Amount == e.Amount })
	}
	least := int64(math.MaxInt64)
	for _, c := range a.candidates {
		missing := int64(0)
		if c.set != nil && c.set.Kind == sim.ErrandSet && c.set.Outcome == sim.OK && !present(c.set) {
			missing++
		}
		for _, e := range a.done {
			if !present(e) && !removed(e) && c.certain(e) {
				missing++
			}
		}
		least = min(least, missing)
	}
	return least
}

// disorder returns the number of pairs of which one was acknowledged before the other began, yet stands after it.
func (a *account) disorder(h held) int64 {
	if !h.agreed {
		return 0
	}
	by := map[int]*sim.Errand{}
	for _, e := range a.done {
		by[e.ID] = e
	}
	pairs := int64(0)
	latest := sim.Time(-1) // start of those before
	for i, item := range h.items {
		e := by[item.Errand]
		if e == nil {
			continue
		}
		if e.End < latest {
			for _, earlier := range h.items[:i] {
				if o := by[earlier.Errand]; o != nil && e.End < o.Start {
					pairs++
				}
			}
		}
		latest = max(latest, e.Start)
	}
	return pairs
}
