package sim

import (
	"encoding/binary"
	"slices"
)

// State is what a replica holds of one key: under last-writer-wins one Version, else siblings, a counter or a set. It
// is never changed once made, and small to pass on. The zero State knows nothing; merging it changes nothing. States
// of one key and one set of Rules form a join semilattice: Merge is commutative, associative and idempotent.
//
// Clients carry the State of their last read of a key back with their next write, as its context: which versions they
// have seen. A context gives nothing back that is lost elsewhere.
type State struct{ c *content }

// content is what a State holds.
type content struct {
	conflict Conflict
	opening  int64     // the value of the key before the first write
	live     []Version // of lww exactly one; else in order of their dots
	seen     []mark    // by actor: all its events up to the mark are known, those that are not live are over
	made     OpID      // by which write, if Store.Update made the State
	digest   uint64
	one      [1]Version // what live is of lww
}

// mark is the latest known event of an actor, and what its increments come to.
type mark struct {
	dot
	write       OpID
	plus, minus int64
	event       *Event // of a counter or a set
	at          Time   // when it was, by the stamp of its version; of values side by side
}

// Event is one update of a counter or a set as the actor that carried it out knows it: the Count-th of the actor, from
// 1, with the one before. It is never changed.
type Event struct {
	Actor  Actor
	Count  uint64
	Write  OpID
	Before *Event // nil for the first
}

func newState(c *content) State {
	c.digest = c.hash()
	return State{c}
}

// single returns the State of one Version under last-writer-wins.
func single(rule Conflict, v Version, opening int64, made OpID) State {
	c := &content{conflict: rule, opening: opening, made: made, one: [1]Version{v}}
	c.live = c.one[:]
	return newState(c)
}

func (c *content) hash() uint64 {
	h := mix(uint64(len(c.live)), uint64(len(c.seen)))
	for i := range c.live {
		v := &c.live[i]
		h = mix(mix(mix(h, uint64(v.Value)), uint64(v.Stamp)), uint64(v.Tick))
		h = mix(mix(h, uint64(v.Write)), uint64(uint32(v.Node)))
		if v.Deleted {
			h = mix(h, 'x')
		}
		if v.dot.count > 0 {
			h = v.dot.hash(h)
		}
	}
	for i := range c.seen {
		m := &c.seen[i]
		h = mix(mix(mix(m.dot.hash(h), uint64(m.write)), uint64(m.plus)), uint64(m.minus))
	}
	return h
}

// opened returns the State of a key that nobody has written.
func opened(c Conflict, opening int64) State {
	if c.alone() {
		return single(c, Version{Value: opening, Stamp: -1, Node: -1}, opening, 0)
	}
	return newState(&content{conflict: c, opening: opening})
}

// Opening reports whether the State holds no write.
func (s State) Opening() bool {
	return s.c == nil || len(s.c.seen) == 0 && (len(s.c.live) == 0 || s.c.live[0].Write == 0)
}

// Merge returns the State of who knows both.
func (s State) Merge(o State) State {
	switch {
	case s.c == nil:
		return o
	case o.c == nil || s.c == o.c || s.Covers(o):
		return s
	case o.Covers(s):
		return o
	}
	if s.c.conflict.byObject() {
		return newState(s.c.mergeObject(o.c))
	}
	return newState(&content{conflict: s.c.conflict, opening: s.c.opening,
		live: union(s.c, o.c), seen: latestOf(s.c.seen, o.c.seen)})
}

// Covers reports whether merging o changes nothing.
func (s State) Covers(o State) bool {
	switch {
	case o.c == nil || s.c == o.c:
		return true
	case s.c == nil:
		return false
	case s.c.conflict.alone():
		return !s.c.later(o.c.live[0], s.c.live[0])
	case s.c.conflict.byObject():
		return s.c.coversObject(o.c)
	}
	for _, m := range o.c.seen {
		if !s.c.knows(m.dot) {
			return false
		}
	}
	for _, v := range s.c.live {
		if o.c.knows(v.dot) && !o.c.shows(v.dot) {
			return false
		}
	}
	return true
}

// ties reports whether two different writes have the same stamp.
func (s State) ties(o State) bool {
	if s.c == nil || o.c == nil || s.c.conflict != LastWriterWins {
		return false
	}
	v, w := s.c.live[0], o.c.live[0]
	return v.Write != w.Write && v.Stamp == w.Stamp && v.Tick == w.Tick
}

// Same reports whether both States hold the same.
func (s State) Same(o State) bool { return s.Digest() == o.Digest() }

// Digest returns a number that tells the State from any other, but for a chance of one in 2^64.
func (s State) Digest() uint64 {
	if s.c == nil {
		return 0
	}
	return s.c.digest
}

// AppendTrace appends bytes that tell the State from any other.
func (s State) AppendTrace(b []byte) []byte {
	if s.c == nil {
		return b
	}
	return s.c.appendTrace(b)
}

func (c *content) appendTrace(b []byte) []byte {
	for _, v := range c.live {
		b = v.AppendTrace(b)
	}
	for _, m := range c.seen {
		b = m.appendTrace(append(b, 'm'))
		b = binary.LittleEndian.AppendUint32(b, uint32(m.write))
		b = binary.LittleEndian.AppendUint64(b, uint64(m.plus))
		b = binary.LittleEndian.AppendUint64(b, uint64(m.minus))
	}
	return b
}

// Writes calls yield for the writes that the State holds and that no other write in it succeeds: its frontier.
func (s State) Writes(yield func(w OpID)) {
	if s.c == nil {
		return
	}
	if s.c.conflict.counts() {
		for _, m := range s.c.seen {
			yield(m.write)
		}
		return
	}
	for _, v := range s.c.live {
		if v.Write != 0 {
			yield(v.Write)
		}
	}
}

// Events returns the latest update of each actor that a counter or a set has seen; it has seen those before them, and no
// others.
func (s State) Events() []*Event {
	if s.c == nil {
		return nil
	}
	var latest []*Event
	for _, m := range s.c.seen {
		if m.event != nil {
			latest = append(latest, m.event)
		}
	}
	return latest
}

// writes lists them.
func (s State) writes() (list []OpID) {
	s.Writes(func(w OpID) { list = append(list, w) })
	return list
}

// Made returns the write that Store.Update made the State for; 0 for a State that came of Merge.
func (s State) Made() OpID {
	if s.c == nil {
		return 0
	}
	return s.c.made
}

// Latest returns the newest Version in the State, tombstones behind values; ok is false where it has none.
func (s State) Latest() (v Version, ok bool) {
	if s.c == nil {
		return Version{}, false
	}
	for _, u := range s.c.live {
		if !ok || u.Deleted == v.Deleted && s.c.later(u, v) || v.Deleted && !u.Deleted {
			v, ok = u, true
		}
	}
	return v, ok
}

// knows reports whether the event is known, be it over or not.
func (c *content) knows(d dot) bool {
	for _, m := range c.seen {
		if m.actor == d.actor {
			return m.count >= d.count
		}
	}
	return false
}

// shows reports whether the event's version is there.
func (c *content) shows(d dot) bool {
	_, ok := slices.BinarySearchFunc(c.live, d, func(v Version, d dot) int { return v.dot.compare(d) })
	return ok
}

// union returns the versions that both have, and those of either that the other does not know.
func union(a, b *content) []Version {
	if a.conflict.alone() {
		if a.later(b.live[0], a.live[0]) {
			return b.live
		}
		return a.live
	}
	var all []Version
	for _, v := range a.live {
		if b.shows(v.dot) || !b.knows(v.dot) {
			all = append(all, v)
		}
	}
	for _, v := range b.live {
		if !a.knows(v.dot) {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(v, w Version) int { return v.dot.compare(w.dot) })
	return all
}

// latestOf returns the later mark of each actor.
func latestOf(a, b []mark) []mark {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(m, n mark) int { return -m.dot.compare(n.dot) })
	all = slices.CompactFunc(all, func(m, n mark) bool { return m.actor == n.actor })
	slices.Reverse(all)
	return all
}
