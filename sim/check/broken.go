package check

import (
	"cmp"
	"slices"

	"netsplit/sim"
)

// Broken returns the writes and updates that were lost and the reads that were stale, as violations, in the order in
// which they were facts.
func (r *Referee) Broken() []Violation {
	var list []Violation
	for _, l := range r.lost.losses {
		list = append(list, l.violation(r))
	}
	for _, u := range r.updates.lost {
		list = append(list, u.violation(r))
	}
	for _, reading := range r.readings {
		if s, ok := r.stale[reading.Read]; ok {
			list = append(list, s.violation(r.lost.record(reading.Read)))
		}
	}
	slices.SortStableFunc(list, func(a, b Violation) int { return cmp.Compare(a.At, b.At) })
	return list
}

// violation tells a lost write as the promise that it breaks: a write stays.
func (l Loss) violation(r *Referee) Violation {
	v := Violation{Kind: LostWrite, Key: r.lost.record(l.Write).Key, At: l.At, Op: l.Write, Missed: l.Over, Ops: []sim.OpID{l.Write}}
	if l.Over != 0 {
		v.Ops = []sim.OpID{min(l.Write, l.Over), max(l.Write, l.Over)}
	}
	return v
}

// violation tells a lost update as the promise that it breaks: a read-modify-write finds what it replaces.
func (u UpdateLoss) violation(r *Referee) Violation {
	return Violation{Kind: LostUpdate, Key: u.Key, At: u.At, Completion: r.cluster.History()[u.Second-1].Completion,
		Op: u.Second, Missed: u.First, Ops: []sim.OpID{min(u.First, u.Second), max(u.First, u.Second)}}
}

// violation tells a stale read as the promise that it breaks.
func (s Stale) violation(read *sim.Record) Violation {
	v := Violation{Kind: StaleRead, Key: read.Key, At: read.End, Completion: read.Completion, Op: read.ID, Missed: s.Missed,
		Ops: []sim.OpID{s.Missed, read.ID}}
	if w := read.Result.Version; w != 0 {
		v.Ops = append(v.Ops, w)
	}
	slices.Sort(v.Ops)
	return v
}
