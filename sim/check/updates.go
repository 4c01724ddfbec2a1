package check

import "netsplit/sim"

// UpdateLoss is a lost update: two read-modify-writes of one version, both acknowledged: Second did not see what First had made of it,
// and put its own in the place.
type UpdateLoss struct {
	Key     string
	Version sim.OpID // the write that both had read; 0 for the opening value
	First   sim.OpID // acknowledged before
	Second  sim.OpID
	At      sim.Time // when Second was acknowledged
}

// updates finds lost updates. A read-modify-write is a write of an errand that read the key before, or a compare-and-set,
// which says itself what it found. What adds to a counter or changes a set replaces nothing and does not count.
// Of more than two from one version each is held against the first.
type updates struct {
	cluster *sim.Cluster
	report  func(UpdateLoss)
	first   map[sim.OpID]sim.OpID // by version, which is of one key alone
	opened  map[string]sim.OpID   // by key: of its opening value
	lost    []UpdateLoss          // in order of the acknowledgements of Second
}

func newUpdates(c *sim.Cluster, report func(UpdateLoss)) *updates {
	return &updates{cluster: c, report: report, first: map[sim.OpID]sim.OpID{}, opened: map[string]sim.OpID{}}
}

// acknowledged takes the acknowledgement of a write that took effect.
func (u *updates) acknowledged(rec *sim.Record) {
	version, ok := u.replaces(rec)
	if !ok {
		return
	}
	first := u.first[version]
	if version == 0 {
		first = u.opened[rec.Key]
	}
	switch {
	case first != 0:
	case version == 0:
		u.opened[rec.Key] = rec.ID
		return
	default:
		u.first[version] = rec.ID
		return
	}
	loss := UpdateLoss{Key: rec.Key, Version: version, First: first, Second: rec.ID, At: rec.End}
	u.lost = append(u.lost, loss)
	u.report(loss)
}

// replaces returns the version that a read-modify-write was made from, and whether the operation is one.
func (u *updates) replaces(rec *sim.Record) (sim.OpID, bool) {
	switch rec.Kind {
	case sim.CompareAndSet:
		return rec.Result.Version, true
	case sim.Write:
		read := sim.OpID(0)
		for _, op := range u.cluster.ErrandOf(rec.ID).Ops {
			if op < rec.ID && u.cluster.History()[op-1].Kind == sim.Read {
				read = op
			}
		}
		if read != 0 {
			return u.cluster.History()[read-1].Result.Version, true
		}
	}
	return 0, false
}

// LostUpdates returns the lost updates, in the order in which they were acknowledged; treat it as read-only.
func (r *Referee) LostUpdates() []UpdateLoss { return r.updates.lost }
