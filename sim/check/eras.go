package check

import (
	"slices"

	"netsplit/sim"
)

// MaxPartitions is how many partitions are told apart; those after count with the last of them.
const MaxPartitions = 100

// Partition is a time during which nothing got over some link between nodes of different regions, because it was cut or
// held or lost everything, the same regions apart all the while, and what came of the operations that were under way in it. One that was under way in several counts in the last.
type Partition struct {
	From, To sim.Time // To is the present while it lasts
	Lasts    bool
	Sides    []Side // in order of their first regions
	sideOf   []int  // of each region
}

// Side is regions that could still reach each other both ways, if only by others, and what their clients' operations came to.
type Side struct {
	Regions        []int
	OK, Fail, Info int
	StaleReads     int
}

// eras tells the time of partitions from the rest, and time in which some fault was in force from time without.
type eras struct {
	cluster    *sim.Cluster
	partitions []Partition
	calm       [2]*service // reads and writes outside partitions
	calmStale  int
	faults     []span // in which some fault was in force
}

// span is from one instant to another; open while it lasts.
type span struct {
	from, to sim.Time
	open     bool
}

func newEras(c *sim.Cluster) *eras {
	return &eras{cluster: c, calm: [2]*service{newService(c), newService(c)}}
}

// disturbed takes a command that may have put a fault in force, or undone one.
func (e *eras) disturbed() {
	n, now := len(e.faults), e.cluster.Now()
	was, is := n > 0 && e.faults[n-1].open, e.cluster.Disturbed()
	switch {
	case is && !was && n > 0 && e.faults[n-1].to == now:
		e.faults[n-1].open = true
	case is && !was:
		e.faults = append(e.faults, span{from: now, open: true})
	case was && !is:
		e.faults[n-1].open, e.faults[n-1].to = false, now
	}
}

// undisturbed reports whether no fault was in force at any time from one instant to another.
func (e *eras) undisturbed(from, to sim.Time) bool {
	return !slices.ContainsFunc(e.faults, func(s span) bool { return s.from <= to && (s.open || s.to >= from) })
}

// linked takes a command that may have changed which regions can talk.
func (e *eras) linked() {
	cut, sideOf := e.sides()
	now := e.cluster.Now()
	if n := len(e.partitions); n > 0 && e.partitions[n-1].Lasts {
		p := &e.partitions[n-1]
		if cut && (slices.Equal(p.sideOf, sideOf) || n == MaxPartitions) {
			return
		}
		p.Lasts, p.To = false, now
		if p.From == now && cut { // commands of one instant make one partition
			e.partitions = e.partitions[:n-1]
		}
	}
	if !cut {
		return
	}
	if n := len(e.partitions); n == MaxPartitions {
		e.partitions[n-1].Lasts = true
		return
	}
	p := Partition{From: now, Lasts: true, sideOf: sideOf, Sides: make([]Side, slices.Max(sideOf)+1)}
	for region, side := range sideOf {
		p.Sides[side].Regions = append(p.Sides[side].Regions, region)
	}
	e.partitions = append(e.partitions, p)
}

// sides reports whether any link between nodes of different regions is silent, and returns the side of each region.
func (e *eras) sides() (cut bool, sideOf []int) {
	c := e.cluster
	regions := c.RegionOf(sim.Addr(c.Nodes()-1)) + 1
	talk := make([]bool, regions*regions) // some nodes of the two regions can, both ways
	for a := range sim.Addr(c.Nodes()) {
		for b := range sim.Addr(c.Nodes()) {
			if c.RegionOf(a) == c.RegionOf(b) {
				continue
			}
			if c.Silent(a, b) || c.Silent(b, a) {
				cut = true
			} else {
				talk[c.RegionOf(a)*regions+c.RegionOf(b)] = true
			}
		}
	}
	sideOf = make([]int, regions)
	for i := range sideOf {
		sideOf[i] = -1
	}
	sides := 0
	for i := range sideOf {
		if sideOf[i] < 0 {
			spreadSide(talk, sideOf, i, sides)
			sides++
		}
	}
	return cut, sideOf
}

// spreadSide puts a region on a side, and all that it can reach.
func spreadSide(talk []bool, sideOf []int, region, side int) {
	sideOf[region] = side
	for other := range sideOf {
		if talk[region*len(sideOf)+other] && sideOf[other] < 0 {
			spreadSide(talk, sideOf, other, side)
		}
	}
}

// during returns the last partition in which an operation was under way, or nil.
func (e *eras) during(rec *sim.Record) *Partition {
	if n := len(e.partitions); n > 0 {
		if p := &e.partitions[n-1]; p.Lasts || p.To >= rec.Start {
			return p
		}
	}
	return nil
}

// count takes in a completed operation; see figures.count.
func (e *eras) count(rec *sim.Record, latency, fibre sim.Time, known bool) {
	p := e.during(rec)
	if p == nil {
		kind := 0
		if rec.Kind != sim.Read {
			kind = 1
		}
		e.calm[kind].count(rec.Result.Outcome, latency, fibre, known)
		return
	}
	s := p.sideFor(e.cluster, rec)
	switch rec.Result.Outcome {
	case sim.OK:
		s.OK++
	case sim.Fail:
		s.Fail++
	default:
		s.Info++
	}
}

func (p *Partition) sideFor(c *sim.Cluster, rec *sim.Record) *Side {
	return &p.Sides[p.sideOf[c.RegionOf(rec.Client)]]
}

// stale takes in a stale read that has just completed.
func (e *eras) stale(rec *sim.Record) {
	if p := e.during(rec); p != nil {
		p.sideFor(e.cluster, rec).StaleReads++
	} else {
		e.calmStale++
	}
}
