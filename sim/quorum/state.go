package quorum

import "netsplit/sim"

// state is what a replica holds of a key.
type state = sim.State

// eachWrite yields the writes that a state holds.
func eachWrite(key string, s state, yield func(string, sim.OpID)) {
	s.Writes(func(w sim.OpID) { yield(key, w) })
}

// tellHeld tells the referee what this node holds of a key, hints included.
func (r *replica) tellHeld(key string) {
	var writes []sim.OpID
	add := func(w sim.OpID) { writes = append(writes, w) }
	r.store.Get(key).Writes(add)
	for _, kept := range r.hints {
		kept[key].state.Writes(add)
	}
	r.env.Holds(key, writes...)
}

// hintEnv is the Env of the store: what it tells of itself is told with the hints that this node keeps besides.
type hintEnv struct {
	sim.Env
	r *replica
	d *disk
}

// Disk is the store's part of the disk.
func (e hintEnv) Disk() sim.Disk { return e.d.store }

// Holds adds the hints of the key.
func (e hintEnv) Holds(key string, writes ...sim.OpID) {
	for _, kept := range e.r.hints {
		kept[key].state.Writes(func(w sim.OpID) { writes = append(writes, w) })
	}
	e.Env.Holds(key, writes...)
}
