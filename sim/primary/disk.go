package primary

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// disk is what a node keeps through a crash.
type disk struct {
	begun   bool // it has been started before
	records []record
	place   place
	refused map[sim.OpID]sim.Result
	lease   *lease // of the keeper
}

// place is what a node was and whom it followed.
type place struct {
	role     role
	line     line
	upstream sim.Addr
	blank    bool
}

// cut is the record of a rewind: the log ends at the index.
type cut int

// refusal is the record of a compare-and-set whose condition was false.
type refusal struct {
	op     sim.OpID
	result sim.Result
}

func newDisk() sim.Disk { return &disk{refused: map[sim.OpID]sim.Result{}} }

// Write takes in a record.
func (d *disk) Write(rec any) {
	switch rec := rec.(type) {
	case record:
		d.records = append(d.records, rec)
	case cut:
		d.records = slices.Clip(d.records[:rec])
	case place:
		d.begun, d.place = true, rec
	case refusal:
		d.refused[rec.op] = rec.result
	case lease:
		d.lease = &rec
	}
}

// restore takes up what the disk holds: every write in the log has been committed, also those that nobody was told of.
// By itself a restarted primary is the primary again; with a lease it is a standby until the lease says otherwise.
func (r *replica) restore() {
	d := r.env.Disk().(*disk)
	for _, rec := range d.records {
		r.j.append(rec)
	}
	last := r.j.last()
	r.j.written, r.j.flushed, r.persisted = last, last, last
	r.j.show(last)
	r.refused = maps.Clone(d.refused)
	r.begun, r.reached = d.begun, max(r.j.lineAt(last).n, 1)
	if d.place.role == primary {
		r.reached = d.place.line.n
	}
	switch {
	case d.begun:
		r.role, r.line, r.upstream, r.blank = d.place.role, d.place.line, d.place.upstream, d.place.blank
		if (r.set.lease || r.set.fencing && r.role == primary) && r.role != out {
			r.role, r.upstream = standby, -1
		}
	case r.env.Now() == 0:
		if r.env.Self() == r.set.primary {
			r.role = primary
		}
	default: // the disk has been emptied
		r.blank = true
		if r.env.Self() == r.set.primary || r.set.lease {
			r.upstream = -1
		}
	}
	if !r.set.holds(r.env.Self()) {
		r.role = keeper
	}
	switch {
	case d.lease != nil:
		r.lease = *d.lease
	case r.env.Now() != 0 && !d.begun:
		r.lease = lease{holder: -1, sync: syncKey{leader: -1}}
	}
}

// keepPlace hands the disk what the node is.
func (r *replica) keepPlace() {
	role := r.role
	if role == promoting || role == stopped {
		role = standby
	}
	r.env.Persist(place{role, r.line, r.upstream, r.blank})
	r.env.Sync(nil)
}

// keepTo hands the disk the log up to an index.
func (r *replica) keepTo(index int) {
	for ; r.persisted < index; r.persisted++ {
		r.env.Persist(r.j.records[r.persisted])
	}
}

// keepCut hands the disk that the log has been rewound.
func (r *replica) keepCut(index int) {
	if r.persisted > index {
		r.persisted = index
		r.env.Persist(cut(index))
		r.env.Sync(nil)
	}
}

// keepLease hands the disk the lease.
func (r *replica) keepLease() {
	l := r.lease
	l.sync.voters = slices.Clone(l.sync.voters)
	r.env.Persist(l)
	r.env.Sync(nil)
}

// Held yields the write that set each register at the end of the log.
func (r *replica) Held(yield func(string, sim.OpID)) {
	for _, key := range slices.Sorted(maps.Keys(r.j.tail)) {
		if held := r.j.tail[key]; held.write != 0 {
			yield(key, held.write)
		}
	}
}
