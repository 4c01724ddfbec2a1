package quorum

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// disk is what a node keeps through a crash: its store, the hints that it keeps for others, and what it has promised and
// accepted.
type disk struct {
	store     sim.Disk
	hints     hints
	acceptors map[string]acceptor
}

func newDisk() sim.Disk {
	return &disk{store: sim.NewStoreDisk(), hints: make(hints, sim.MaxNodes), acceptors: map[string]acceptor{}}
}

// Write takes in a record.
func (d *disk) Write(rec any) {
	switch rec := rec.(type) {
	case hintKept:
		d.hints.write(rec)
	case hintGone:
		d.hints.remove(rec)
	case acceptorRecord:
		d.acceptors[rec.key] = rec.a
	default:
		d.store.Write(rec)
	}
}

// load takes over what the disk has. Numbers of hints go on from there.
func (r *replica) load(d *disk) {
	r.hints = d.hints.clone(r.env.Nodes())
	for _, kept := range r.hints {
		for _, key := range slices.Sorted(maps.Keys(kept)) {
			r.lastHint = max(r.lastHint, kept[key].number)
		}
	}
	r.acceptors = maps.Clone(d.acceptors)
	r.store = sim.NewStore(hintEnv{r.env, r, d}, r.rules)
}

// keep hands the disk a record, and calls durable, which may be nil, once it is on it.
func (r *replica) keep(rec any, durable func()) {
	r.env.Persist(rec)
	r.env.Sync(durable)
}
