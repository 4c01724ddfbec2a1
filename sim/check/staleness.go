package check

import (
	"slices"

	"netsplit/sim"
)

// Staleness is how stale the answered reads were. A fresh read has age 0 and is 0 versions behind.
type Staleness struct {
	Reads, Stale       int
	P50, P95, P99, Max sim.Time // nearest-rank percentiles of the age, over all answered reads
	Behind             []int    // reads by how many versions they were behind, from 0; the last counts MaxBehind and more
	Since              []Since  // reads by the time since the latest acknowledgement; empty parts are left out
}

// MaxBehind is how many versions behind are told apart.
const MaxBehind = 10

// Since counts reads that began so long after the latest acknowledgement of a write of their key, and how many of
// them were stale. Reads of keys of which no write had been acknowledged are nowhere.
type Since struct {
	From, To     sim.Time // From included, To not; 0 for no end
	Reads, Stale int
}

// sinceBounds part reads by the time since the latest acknowledgement.
var sinceBounds = [...]sim.Time{0, 10 * sim.Millisecond, 30 * sim.Millisecond, 100 * sim.Millisecond, 300 * sim.Millisecond, sim.Second, 3 * sim.Second}

// SinceOf returns the index in SinceParts of a time since an acknowledgement.
func SinceOf(t sim.Time) int {
	i, _ := slices.BinarySearch(sinceBounds[:], t+1)
	return i - 1
}

// SinceParts returns the parts into which reads are divided, with no reads in them.
func SinceParts() []Since {
	list := make([]Since, len(sinceBounds))
	for i, from := range sinceBounds {
		list[i].From = from
		if i+1 < len(sinceBounds) {
			list[i].To = sinceBounds[i+1]
		}
	}
	return list
}

// Reading is an answered read, and the write of its key that was acknowledged last before the read began; 0 for none.
type Reading struct {
	Read, Latest sim.OpID
	Calm         bool // no fault was in force from the call of the write, if there is one, to the end of the read
}

// read takes in an answered read.
func (r *Referee) read(rec *sim.Record) {
	reading := Reading{Read: rec.ID}
	from := rec.Start
	writes := r.acked[rec.Key]
	for i := len(writes) - 1; i >= 0; i-- {
		if writes[i].End < rec.Start {
			reading.Latest, from = writes[i].ID, writes[i].Start
			break
		}
	}
	reading.Calm = r.eras.undisturbed(from, rec.End)
	r.readings = append(r.readings, reading)
}

// Readings returns the answered reads, in order of their answers; treat it as read-only.
func (r *Referee) Readings() []Reading { return r.readings }

// Staleness returns how stale the reads were so far.
func (r *Referee) Staleness() Staleness {
	s := Staleness{Reads: len(r.readings), Stale: len(r.stale), Behind: make([]int, MaxBehind+1), Since: SinceParts()}
	s.Behind[0] = s.Reads - s.Stale
	var ages []sim.Time
	history := r.cluster.History()
	for _, reading := range r.readings {
		stale, is := r.stale[reading.Read]
		if is {
			ages = append(ages, stale.Age)
			s.Behind[min(stale.Behind, MaxBehind)]++
		}
		if reading.Latest == 0 {
			continue
		}
		part := &s.Since[SinceOf(history[reading.Read-1].Start-history[reading.Latest-1].End)]
		part.Reads++
		if is {
			part.Stale++
		}
	}
	s.Since = slices.DeleteFunc(s.Since, func(p Since) bool { return p.Reads == 0 })
	slices.Sort(ages)
	at := func(percent int64) sim.Time { // what is not in ages is 0
		if i := rank(percent, int64(s.Reads)) - int64(s.Reads-len(ages)); i > 0 && len(ages) > 0 {
			return ages[i-1]
		}
		return 0
	}
	s.P50, s.P95, s.P99, s.Max = at(50), at(95), at(99), at(100)
	return s
}
