package check

import "netsplit/sim"

// Evidence is what makes a violation plain, where that is simple: an operation found one version, although another
// had been acknowledged, or shown to somebody, before it began. Both are facts of the history; that no order
// explains them together with all the others is the verdict's.
type Evidence struct {
	Op      sim.OpID // whose completion ruled the last linearization out
	Against sim.OpID // the write that was acknowledged before Op began, or the operation that was shown another; 0 for none
	Shown   bool     // Against was shown a version; otherwise it is a write that was acknowledged
}

// Evidence returns what makes the violation at a completion plain.
func (r *Referee) Evidence(completion int) Evidence {
	e := Evidence{}
	for _, rec := range r.cluster.History() {
		if rec.Completion == completion {
			e.Op = rec.ID
		}
	}
	if e.Op == 0 {
		return e
	}
	op := r.cluster.History()[e.Op-1]
	if !op.Kind.Finds() || op.Result.Outcome != sim.OK {
		return e
	}
	if w := r.newerAcknowledged(op); w != nil {
		e.Against = w.ID
	} else if q := r.shownBefore(op); q != nil {
		e.Against, e.Shown = q.ID, true
	}
	return e
}

// newerAcknowledged returns the last write that was acknowledged before op began, and began after the write that op
// found had been acknowledged; or nil.
func (r *Referee) newerAcknowledged(op *sim.Record) *sim.Record {
	since := sim.Time(-1)
	if v := op.Result.Version; v != 0 {
		found := r.cluster.History()[v-1]
		if found.Result.Outcome != sim.OK {
			return nil
		}
		since = found.End
	}
	writes := r.acked[op.Key]
	for i := len(writes) - 1; i >= 0; i-- {
		if w := writes[i]; w.End < op.Start && w.Start > since {
			return w
		}
	}
	return nil
}

// shownBefore returns the last operation that ended before op began and had found another version, though not one
// older than the version that op found; or nil.
func (r *Referee) shownBefore(op *sim.Record) *sim.Record {
	var last *sim.Record
	for _, q := range r.cluster.History() {
		if q.Key != op.Key || !q.Kind.Finds() || q.Result.Outcome != sim.OK || q.End >= op.Start {
			continue
		}
		v := q.Result.Version
		older := v == 0 || op.Result.Version != 0 && r.cluster.History()[v-1].Start < r.cluster.History()[op.Result.Version-1].Start
		if v != op.Result.Version && !older && (last == nil || q.End > last.End) {
			last = q
		}
	}
	return last
}
