package check

import "netsplit/sim"

// Stale says how far a stale read was behind.
type Stale struct {
	Age    sim.Time // the read's start minus the earliest acknowledgement of a newer write
	Behind int      // newer writes acknowledged before the read began
	Missed sim.OpID // the one acknowledged first
}

// Stale returns how stale a read was, and whether it was.
func (r *Referee) Stale(read sim.OpID) (Stale, bool) {
	s, ok := r.stale[read]
	return s, ok
}

// StaleReads counts the reads that were stale.
func (r *Referee) StaleReads() int { return len(r.stale) }

// judgeRead decides whether a read was stale: some write was acknowledged before the read began, and began after
// the write that the read returned had been acknowledged. Writes already lost do not count.
func (r *Referee) judgeRead(rec *sim.Record) {
	since := sim.Time(-1) // when the write that was returned had been acknowledged
	if v := rec.Result.Version; v != 0 {
		w := r.cluster.History()[v-1]
		if w.Result.Outcome != sim.OK {
			return
		}
		since = w.End
	}
	var s Stale
	writes := r.acked[rec.Key]
	for i := len(writes) - 1; i >= 0 && writes[i].End > since; i-- {
		w := writes[i]
		if w.End < rec.Start && w.Start > since && !r.lost.isLost(w.ID) && !r.shows(rec, w.ID) {
			s.Behind++
			s.Age, s.Missed = rec.Start-w.End, w.ID
		}
	}
	if s.Behind > 0 {
		r.stale[rec.ID] = s
		r.eras.stale(rec)
		if r.causes.of[StaleRead] == 0 {
			v, _ := r.StaleRead(rec.ID)
			r.explain(v)
		}
	}
}

// shows reports whether a read that found several writes found w among them, or a successor of it.
func (r *Referee) shows(read *sim.Record, w sim.OpID) bool {
	found := writes(read.Result.Found)
	return len(found) > 1 && r.lost.includes(found, w, read.End)
}
