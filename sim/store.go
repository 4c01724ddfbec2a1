package sim

import "slices"

// Store is one replica's keys, with the clock that stamps its writes and the Rules that it goes by.
type Store struct {
	env    Env
	rules  Rules
	clock  stampClock
	count  uint64       // of writes since the store was made
	epoch  uint64       // of the store as an Actor; 0 until it is drawn
	served map[OpID]int // attempts at each operation
	held   map[string]State
	keys   []string         // of held, sorted
	made   map[string]State // what Update made last of each key, for a coordinator that holds no copy
	ghost  map[string]State // tombstones that are forgotten: what the referee still knows of them

	vnodes map[vnode]dot // the latest event of each of this node's actors; see UpdateAt
}

// NewStore returns the store of a replica as its disk has it. Every key that is not there has its opening value.
func NewStore(env Env, rules Rules) *Store {
	s := &Store{env: env, rules: rules, clock: stampClock{kind: rules.Clock}, made: map[string]State{}}
	s.load(env.Disk().(*storeDisk))
	return s
}

// Rules returns what the store goes by.
func (s *Store) Rules() Rules { return s.rules }

// Get returns what is held of a key.
func (s *Store) Get(key string) State {
	if st, ok := s.held[key]; ok {
		return st
	}
	return s.Opening(key)
}

// Opening returns what a replica holds of a key that nobody has written.
func (s *Store) Opening(key string) State { return opened(s.rules.Conflict, s.env.Opening(key)) }

// Outdo is Update under last-writer-wins, but the version is later than any of a State.
func (s *Store) Outdo(op Op, than State) State {
	st := s.Update(op, State{})
	newest, ok := than.newestStamp()
	if !ok || st.c.live[0].Newer(newest) {
		return st
	}
	s.clock.last = max(s.clock.last, newest.Stamp+1)
	return st.At(newest.Stamp+1, s.env.Self())
}

// At returns a State of one version, under last-writer-wins, with another stamp.
func (s State) At(stamp Time, node Addr) State {
	v := s.c.live[0]
	v.Stamp, v.Tick, v.Node = stamp, 0, node
	return single(s.c.conflict, v, s.c.opening, v.Write)
}

// Keys returns the keys of which something is held, sorted; treat it as read-only.
func (s *Store) Keys() []string { return s.keys }

// Merge takes a State in and reports whether that changed anything. It is then on its way to the disk.
func (s *Store) Merge(key string, st State) bool {
	changed := s.take(key, st)
	if changed {
		s.env.Sync(nil)
	}
	return changed
}

func (s *Store) take(key string, st State) bool {
	if st.Opening() {
		return false
	}
	s.clock.observe(st, s.env.Now())
	held, known := s.held[key]
	if s.rules.Conflict == LatestArrival {
		if !held.Same(st) {
			s.set(key, st)
		}
		return !held.Same(st)
	}
	switch {
	case s.tied(key, st):
		s.set(key, st)
	case held.Covers(st) || !known && s.expired(st):
		return false
	default:
		s.set(key, held.Merge(st))
	}
	return true
}

// Covers reports whether what is held of a key covers a State, which may be of a tombstone that is forgotten here.
func (s *Store) Covers(key string, st State) bool {
	return s.held[key].Covers(st) || st.Opening() || s.expired(st) || s.tied(key, st)
}

// News reports whether something is held of a key that a State, elsewhere, does not cover.
func (s *Store) News(key string, st State) bool { return !st.Covers(s.held[key]) && !s.tied(key, st) }

// tied reports whether arrival decides between what is held and a State.
func (s *Store) tied(key string, st State) bool { return s.rules.TieByArrival && s.held[key].ties(st) }

// Accept merges the State of a write that this replica acknowledges: the write succeeds what it replaces here. Once
// what is held is durable, durable is called, which may be nil.
func (s *Store) Accept(key string, st State, durable func()) {
	// It is said to succeed before it is held: else the referee suspects what is replaced, and looks for it.
	if held, w := s.held[key], st.Made(); w != 0 {
		held.Writes(func(b OpID) {
			if b != w && (s.rules.Conflict.alone() || !slices.Contains(held.Merge(st).writes(), b)) {
				s.env.Follows(w, b)
			}
		})
	}
	s.take(key, st)
	s.env.Sync(durable)
}

// Update returns the State that a write makes of what is held here and of the context that its client sent along. It
// holds nothing of it yet: Accept does. The Rules must be able to carry the operation out, and it must not be too
// much; see Refuses.
func (s *Store) Update(op Op, ctx State) State {
	s.clock.observe(ctx, s.env.Now())
	base := s.held[op.Key].Merge(s.made[op.Key])
	if base.c == nil {
		base = s.Get(op.Key)
	}
	v := s.version(op)
	if s.rules.Conflict.alone() {
		return single(s.rules.Conflict, v, base.c.opening, op.ID)
	}
	v.dot = s.nextDot()
	st := s.next(op, ctx, base, v)
	s.made[op.Key] = st
	return st
}

// version returns what a write makes, without a dot.
func (s *Store) version(op Op) Version {
	v := Version{Value: op.Value, Write: op.ID, Node: s.env.Self(), Deleted: op.Kind == Delete}
	v.Stamp, v.Tick = s.clock.stamp(op, s.env.Now())
	return v
}

// next returns the State that a version makes of another and of a context.
func (s *Store) next(op Op, ctx, base State, v Version) State {
	c := &content{conflict: s.rules.Conflict, opening: base.c.opening, made: op.ID, seen: base.c.seen, live: base.c.live}
	switch s.rules.Conflict {
	case CounterType:
		c.increment(v)
	case SetType:
		c.change(v, op.Kind)
	default:
		c.put(v, ctx, s.rules.Conflict)
		c.settle()
		c.prune(s.rules.Prune, s.env.Now())
	}
	st := newState(c)
	for _, b := range slices.Concat(base.writes(), ctx.writes()) {
		if !slices.Contains(st.writes(), b) {
			s.env.Follows(op.ID, b)
		}
	}
	return st
}

// nextDot returns the next event of the store as an Actor.
func (s *Store) nextDot() dot {
	if s.epoch == 0 {
		s.epoch = s.env.Rand().Uint64() | 1
	}
	s.count++
	return dot{Actor{s.env.Self(), s.epoch}, s.count}
}

// Refuses says why a write is not taken, or NoReason.
func (s *Store) Refuses(op Op) Reason {
	switch held := s.held[op.Key]; {
	case !s.rules.Can(op.Kind):
		return ReasonUnsupported
	case held.c == nil:
	case op.Kind == Write && len(held.c.live) >= MaxSiblings, op.Kind == Add && len(held.c.live) >= MaxItems:
		return ReasonTooMany
	}
	return NoReason
}

// Collect forgets the keys of which nothing is left but tombstones that are older than the grace.
func (s *Store) Collect() {
	for _, key := range slices.Clone(s.keys) {
		if st := s.held[key]; s.expired(st) {
			s.ghost[key] = st
			s.env.Persist(&merged{key, st, true})
			delete(s.held, key)
			delete(s.made, key)
			i, _ := slices.BinarySearch(s.keys, key)
			s.keys = slices.Delete(s.keys, i, i+1)
		}
	}
}

// expired reports whether the State holds nothing but tombstones that are older than the grace.
func (s *Store) expired(st State) bool {
	if s.rules.Grace == 0 || st.c == nil || s.rules.Conflict.counts() {
		return false
	}
	return !slices.ContainsFunc(st.c.live, func(v Version) bool {
		return !v.Deleted || v.Stamp+s.rules.Grace >= s.env.Now()
	})
}

func (s *Store) set(key string, st State) {
	if i, known := slices.BinarySearch(s.keys, key); !known {
		s.keys = slices.Insert(s.keys, i, key)
	}
	delete(s.ghost, key)
	s.held[key] = st
	s.env.Persist(&merged{key, st, false})
	s.env.Holds(key, st.writes()...)
}

// Read returns what a client is told of a key.
func (s *Store) Read(key string) Result {
	if st, forgotten := s.ghost[key]; forgotten { // the key has no value; the referee knows which deletion saw to it
		r := st.Result()
		r.Found = State{}
		return r
	}
	return s.Get(key).Result()
}

// Describe returns the view of a key.
func (s *Store) Describe(key string) NodeView {
	r, held := s.Read(key), s.held[key]
	if held.c == nil {
		held = s.ghost[key]
	}
	return NodeView{Value: r.Value, Version: r.Version, Held: held}
}
