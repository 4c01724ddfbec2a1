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
		list = append(list, r.LostWrite(l))
	}
	for _, u := range r.updates.lost {
		list = append(list, u.violation(r))
	}
	for _, reading := range r.readings {
		if v, stale := r.StaleRead(reading.Read); stale {
			list = append(list, v)
		}
	}
	slices.SortStableFunc(list, func(a, b Violation) int { return cmp.Compare(a.At, b.At) })
	return list
}

// StaleRead returns the violation that a stale read is: it missed the newest write that had been acknowledged before it
// began. It reports false of a read that was not stale.
func (r *Referee) StaleRead(read sim.OpID) (Violation, bool) {
	if _, stale := r.stale[read]; !stale {
		return Violation{}, false
	}
	rec := r.cluster.History()[read-1]
	v := Violation{Kind: StaleRead, Key: rec.Key, At: rec.End, Completion: rec.Completion, Op: read}
	since := sim.Time(-1) // as judgeRead has it
	if found := rec.Result.Version; found != 0 {
		since = r.cluster.History()[found-1].End
	}
	writes := r.acked[rec.Key]
	for i := len(writes) - 1; i >= 0; i-- {
		if w := writes[i]; w.End < rec.Start && w.Start > since && !r.lost.lostBy(w.ID, rec.End) && !r.shows(rec, w.ID) {
			v.Missed = w.ID
			break
		}
	}
	v.Ops = r.inOrder([]sim.OpID{v.Missed, read, rec.Result.Version})
	return v, true
}

// LostWrite returns the violation that a lost write is.
func (r *Referee) LostWrite(l Loss) Violation {
	if l.Over == l.Write {
		l.Over = 0 // some replica held it still when another took something older in its place
	}
	return Violation{Kind: LostWrite, Key: r.cluster.History()[l.Write-1].Key, At: l.At, Op: l.Write, Missed: l.Over,
		Ops: r.inOrder([]sim.OpID{l.Write, l.Over})}
}

// violation tells a lost update as the promise that it breaks: a read-modify-write finds what it replaces.
func (u UpdateLoss) violation(r *Referee) Violation {
	return Violation{Kind: LostUpdate, Key: u.Key, At: u.At, Completion: r.cluster.History()[u.Second-1].Completion,
		Op: u.Second, Missed: u.First, Ops: []sim.OpID{min(u.First, u.Second), max(u.First, u.Second)}}
}
