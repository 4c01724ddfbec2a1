package sim

import "slices"

// Objects are what Riak holds of a key (riak_object.erl): values side by side under one clock. Of two objects the one whose
// clock descends from the other's stays whole. Of two that are concurrent, or have one clock and different values, all
// values stay; with dotted versions those go whose dots the other's clock knows, and that the other does not have.
// Where siblings are not wanted (allow_mult=false) the one modified last stays. That is no lattice: which of two
// writes stays may depend on the order in which replicas meet, but once all have met they agree.

// mergeObject returns the content of who has met both.
func (c *content) mergeObject(o *content) *content {
	switch mine, theirs := c.descends(o), o.descends(c); {
	case mine && !theirs:
		return c
	case theirs && !mine:
		return o
	}
	m := &content{conflict: c.conflict, opening: c.opening, seen: latestOf(c.seen, o.seen)}
	if c.conflict.dotted() {
		m.live = union(c, o)
	}
	if len(m.live) == 0 {
		m.live = slices.Concat(c.live, o.live)
		slices.SortFunc(m.live, func(v, w Version) int { return v.dot.compare(w.dot) })
		m.live = slices.CompactFunc(m.live, func(v, w Version) bool { return v.dot == w.dot })
	}
	m.settle()
	return m
}

// coversObject reports whether mergeObject changes nothing.
func (c *content) coversObject(o *content) bool {
	if !c.descends(o) {
		return false
	}
	return !o.descends(c) || slices.Equal(c.mergeObject(o).live, c.live)
}

// descends reports whether a clock knows all that another does.
func (c *content) descends(o *content) bool {
	return !slices.ContainsFunc(o.seen, func(m mark) bool { return !c.knows(m.dot) })
}

// settle leaves the value that was modified last alone, where siblings are not wanted.
func (c *content) settle() {
	if (c.conflict == ObjectNewest || c.conflict == DottedNewest) && len(c.live) > 1 {
		latest := c.live[0]
		for _, v := range c.live[1:] {
			if c.later(v, latest) {
				latest = v
			}
		}
		c.live = []Version{latest}
	}
}

// later reports whether of two values v stays: by Newer or, as in Riak, the one last modified, of equals one that is not
// deleted, then the greater; then the later event, so that replicas decide alike.
func (c *content) later(v, u Version) bool {
	switch {
	case !c.conflict.byObject() && c.conflict != LatestArrival:
		return v.Newer(u)
	case v.Stamp != u.Stamp:
		return v.Stamp > u.Stamp
	case v.Deleted != u.Deleted:
		return u.Deleted
	case v.Value != u.Value:
		return v.Value > u.Value
	case v.dot != u.dot:
		return v.dot.compare(u.dot) > 0
	case v.Node != u.Node:
		return v.Node > u.Node
	}
	return v.Write > u.Write
}

// Pruning is when a clock forgets its oldest actors (vclock.erl, prune): never while it has Small or fewer, or while its
// oldest is younger than Young; else while it has more than Big, or its oldest is older than Old. The zero Pruning
// forgets none. What is forgotten makes writes look concurrent that are not.
type Pruning struct {
	Small, Big int
	Young, Old Time
}

// prune forgets the oldest actors of a clock.
func (c *content) prune(p Pruning, now Time) {
	if p.Small == 0 || len(c.seen) <= p.Small || !c.conflict.byObject() {
		return
	}
	c.seen = slices.Clone(c.seen)
	for len(c.seen) > p.Small {
		oldest := 0
		for i, m := range c.seen {
			if m.at < c.seen[oldest].at {
				oldest = i
			}
		}
		if age := now - c.seen[oldest].at; age < p.Young || len(c.seen) <= p.Big && age <= p.Old {
			return
		}
		c.seen = slices.Delete(c.seen, oldest, oldest+1)
	}
}

// vnode is one of the partitions that a node serves, for itself or in the place of another, as an Actor of one key: Riak
// gives each key of a vnode an epoch of its own.
type vnode struct {
	of  Addr
	key string
}

// UpdateAt is Update by one of the partitions that this node serves: of that what is held there. Whoever finds nothing there
// counts anew, as another actor, for it may have handed off what it held.
func (s *Store) UpdateAt(op Op, ctx, held State, of Addr) State {
	s.clock.observe(ctx, s.env.Now())
	v := s.version(op)
	if s.rules.Conflict.alone() {
		return single(s.rules.Conflict, v, held.c.opening, op.ID)
	}
	at := vnode{of, op.Key}
	d, known := s.vnodes[at]
	if !known || !held.c.knows(d) {
		d = dot{actor: Actor{s.env.Self(), s.env.Rand().Uint64() | 1}}
	}
	d.count++
	if s.vnodes == nil {
		s.vnodes = map[vnode]dot{}
	}
	s.vnodes[at], v.dot = d, d
	return s.next(op, ctx, held, v)
}

// Settle takes a State in by the stamps of its values, whatever comes last: what comparing replicas does. Else it is Merge.
func (s *Store) Settle(key string, st State) {
	if s.rules.Conflict == LatestArrival && !st.Opening() {
		st = s.Get(key).Merge(st)
	}
	s.Merge(key, st)
}

// Crowded reports whether a State has more values side by side than a replica takes.
func (s State) Crowded() bool { return len(s.Siblings()) > MaxSiblings }
