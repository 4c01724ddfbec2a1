package sim

import (
	"maps"
	"slices"
)

// storeDisk is what a Store keeps through a crash: the States, the tombstones that it has forgotten, which are the
// referee's alone, and which operations it has served.
type storeDisk struct {
	held, ghost map[string]State
	served      map[OpID]int // attempts at each operation
}

// merged is the record of what is held of a key from now on; that of an operation served is a serving.
type merged struct {
	key   string
	state State
	ghost bool // it is a tombstone that is forgotten
}

// serving is the record of an attempt at an operation.
type serving struct {
	op       OpID
	attempts int
}

// NewStoreDisk returns an empty Disk for a Store.
func NewStoreDisk() Disk { return &storeDisk{map[string]State{}, map[string]State{}, map[OpID]int{}} }

// Write takes in a record of the Store.
func (d *storeDisk) Write(rec any) {
	switch rec := rec.(type) {
	case *merged:
		delete(d.ghost, rec.key)
		delete(d.held, rec.key)
		if rec.ghost {
			d.ghost[rec.key] = rec.state
		} else {
			d.held[rec.key] = rec.state
		}
	case serving:
		d.served[rec.op] = rec.attempts
	}
}

// load takes over what the disk has. A clock goes on from the stamps that it gave; a hybrid one, from all it saw.
func (s *Store) load(disk *storeDisk) {
	s.held, s.ghost, s.served = maps.Clone(disk.held), maps.Clone(disk.ghost), maps.Clone(disk.served)
	s.keys = slices.Sorted(maps.Keys(s.held))
	for _, key := range s.keys {
		for _, v := range s.held[key].c.live {
			if v.Node == s.env.Self() && s.rules.Clock == CoordinatorClock {
				s.clock.last = max(s.clock.last, v.Stamp)
			}
		}
		s.clock.observe(s.held[key], s.env.Now())
	}
}

// Served reports whether an operation has been served here before.
func (s *Store) Served(op OpID) bool { return s.served[op] > 0 }

// Serve notes that an operation is to be served here. It is the first time, or the client tries again, or neither: then
// the request came twice and is to be ignored.
func (s *Store) Serve(op Op) (first, again bool) {
	before := s.served[op.ID]
	if before > op.Attempt {
		return false, false
	}
	s.served[op.ID] = op.Attempt + 1
	if op.Kind != Read {
		s.env.Persist(serving{op.ID, op.Attempt + 1})
	}
	return before == 0, before > 0
}

// Held calls yield with each write of each key that the store holds and no other there succeeds.
func (s *Store) Held(yield func(key string, w OpID)) {
	for _, list := range []map[string]State{s.held, s.ghost} {
		for _, key := range slices.Sorted(maps.Keys(list)) {
			list[key].Writes(func(w OpID) { yield(key, w) })
		}
	}
}
