package sim

import "slices"

// put makes a version one of the values, in place of those that its client had seen.
//
// With a clock per key, as in Riak without dotted versions, a put replaces all that is here if its context covers all
// that is here; else nothing, not even what its client did see: the false concurrency that makes siblings pile up. One
// kind of it is left out: Riak also takes two replicas' objects for concurrent where the dots would tell that one of
// their values is over.
func (c *content) put(v Version, ctx State, conflict Conflict) {
	here := content{live: c.live, seen: c.seen}
	if ctx.c != nil {
		c.seen = latestOf(c.seen, ctx.c.seen)
		covers := !slices.ContainsFunc(here.seen, func(m mark) bool { return !ctx.c.knows(m.dot) })
		if conflict.dotted() || covers {
			c.live = without(c.live, func(u Version) bool { return ctx.c.knows(u.dot) })
		}
	}
	c.enter(v)
	c.live = append(slices.Clone(c.live), v)
	slices.SortFunc(c.live, func(v, w Version) int { return v.dot.compare(w.dot) })
}

// enter notes the event of a version as the latest of its actor.
func (c *content) enter(v Version) {
	c.seen = latestOf(c.seen, []mark{{dot: v.dot, write: v.Write, at: v.Stamp}})
}

// increment adds to what the actor's increments come to: a PN-counter (Shapiro et al. 2011, specification 7).
func (c *content) increment(v Version) {
	m := mark{dot: v.dot, write: v.Write, event: c.event(v)}
	for _, before := range c.seen {
		if before.actor == v.dot.actor {
			m.plus, m.minus = before.plus, before.minus
		}
	}
	m.plus += max(v.Value, 0)
	m.minus += max(-v.Value, 0)
	c.seen = latestOf(c.seen, []mark{m})
}

// change adds or removes an item, or removes all: an observed-remove set without tombstones (Bieniusa et al. 2012).
// What is replaced or removed is what is held here.
func (c *content) change(v Version, k OpKind) {
	c.live = without(c.live, func(u Version) bool { return k == Delete || u.Value == v.Value })
	if k == Add {
		c.live = append(c.live, v)
		slices.SortFunc(c.live, func(v, w Version) int { return v.dot.compare(w.dot) })
	}
	c.seen = latestOf(c.seen, []mark{{dot: v.dot, write: v.Write, event: c.event(v)}})
}

// event returns a version's event, after the latest of its actor that is known here.
func (c *content) event(v Version) *Event {
	e := &Event{Actor: v.dot.actor, Count: v.dot.count, Write: v.Write}
	for _, m := range c.seen {
		if m.actor == v.dot.actor {
			e.Before = m.event
		}
	}
	return e
}

func without(list []Version, out func(Version) bool) []Version {
	return slices.DeleteFunc(slices.Clone(list), out)
}

// Siblings returns the values held side by side, in no order that means anything; treat it as read-only. There is at
// most one where one alone stays and none of a counter or a set. Tombstones are among them.
func (s State) Siblings() []Version {
	if s.c == nil || s.c.conflict.counts() || s.Opening() {
		return nil
	}
	return s.c.live
}

// Items returns what a set holds, in ascending order.
func (s State) Items() []int64 {
	if s.c == nil || s.c.conflict != SetType {
		return nil
	}
	items := make([]int64, len(s.c.live))
	for i, v := range s.c.live {
		items[i] = v.Value
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// Result returns the State as a client is told: the value, which of siblings is the newest, of a counter the sum, and
// of a set the number of items.
func (s State) Result() Result {
	r := Result{Outcome: OK, Found: s}
	switch {
	case s.c == nil:
		r.Absent = true
		return r
	case s.c.conflict == CounterType:
		r.Value = s.c.opening
		for _, m := range s.c.seen {
			r.Value += m.plus - m.minus
		}
	case s.c.conflict == SetType:
		r.Value = int64(len(s.Items()))
	default:
		v, ok := s.Latest()
		if !ok {
			r.Value = s.c.opening
			return r
		}
		r.Value, r.Version, r.Absent = v.Value, v.Write, v.Deleted
		if v.Deleted {
			r.Value = 0
		}
		return r
	}
	for _, m := range s.c.seen {
		r.Version = max(r.Version, m.write)
	}
	return r
}
