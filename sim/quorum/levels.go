package quorum

import (
	"slices"

	"netsplit/sim"
)

// The levels, as Cassandra names them (ConsistencyLevel.java). A lane's default has none of these names: it is byCount,
// the counts of the knobs r and w.
const (
	byCount     = "count"
	one         = "one"
	two         = "two"
	three       = "three"
	majority    = "quorum"
	localQuorum = "local-quorum"
	eachQuorum  = "each-quorum"
	all         = "all"
	anyNode     = "any" // of writes alone: a hint will do
	localOne    = "local-one"
	serial      = "serial"       // of reads and of compare-and-set, by Paxos
	localSerial = "local-serial" // likewise, among the replicas of the coordinator's region
)

var levels = []string{one, two, majority, localQuorum, eachQuorum, all, anyNode, localOne, serial, three, localSerial}

// everywhere is the region of a demand in which replicas of all regions count.
const everywhere = -1

// demand is what a level asks of the replicas of a key before the client is answered. It counts replicas and
// promises nothing else.
type demand struct {
	count     int
	region    int   // whose replicas alone count
	each      []int // that many of each region; nil for no such demand
	hint      bool  // a hint counts as well
	primaries int   // so many must be primaries (Riak's pr and pw)
	nodes     int   // on so many different nodes (Riak's node_confirms)
}

// vote is an answer that counts: of a node, in the place of a primary, which is mostly itself.
type vote struct {
	node sim.Addr
	of   sim.Addr
	hint bool // it is the coordinator's, which has kept a hint
}

// demandOf returns what an operation's level asks for, and false for a level at which it cannot be asked for.
func (s *settings) demandOf(op sim.Op, p *placement, home int) (demand, bool) {
	level, count := op.Level, s.w
	d := demand{region: everywhere, primaries: s.pw, nodes: s.confirms}
	if level == "" {
		level = s.writeLevel
	}
	if op.Kind == sim.Read {
		if level, count = op.Level, s.r; level == "" {
			level = s.readLevel
		}
		d.primaries, d.nodes = s.pr, 0
	}
	n := len(p.holders)
	switch level {
	case byCount:
		d.count = count
	case one:
		d.count = 1
	case two:
		d.count = 2
	case three:
		d.count = 3
	case majority, serial:
		d.count = n/2 + 1
	case all:
		d.count = n
	case anyNode:
		d.count, d.hint = 1, true
	case localOne, localQuorum, localSerial:
		d.count, d.region = 1, home
		if level != localOne {
			d.count = p.perZone[home]/2 + 1
		}
	case eachQuorum:
		d.each = make([]int, len(p.perZone))
		for region, held := range p.perZone {
			if held > 0 {
				d.each[region] = held/2 + 1
				d.count += d.each[region]
			}
		}
	}
	return d, op.Kind != sim.Read || level != anyNode
}

// have counts the votes that the demand counts.
func (s *settings) have(d *demand, votes []vote) int {
	if d.each == nil && d.region == everywhere {
		return len(votes)
	}
	count := 0
	seen := make([]int, len(d.each))
	for _, v := range votes {
		region := s.ring.zoneOf[v.node]
		switch {
		case d.each == nil:
			if region == d.region {
				count++
			}
		case seen[region] < d.each[region]:
			seen[region]++
			count++
		}
	}
	return count
}

// met reports whether the votes meet the demand.
func (s *settings) met(d *demand, votes []vote) bool {
	if d.hint && slices.ContainsFunc(votes, func(v vote) bool { return v.hint }) {
		return true
	}
	if s.have(d, votes) < d.count {
		return false
	}
	return d.primaries == 0 && d.nodes == 0 || d.primariesIn(votes) >= d.primaries && d.nodesIn(votes) >= d.nodes
}

// lacking is short for replicas that seem alive: of a demand for each region, in the first that has too few
// (ConsistencyLevel.java, assureSufficientReplicas).
func (s *settings) lacking(d *demand, alive []vote) (have, need int) {
	for region, need := range d.each {
		have := 0
		for _, v := range alive {
			if s.ring.zoneOf[v.node] == region {
				have++
			}
		}
		if have < need {
			return have, need
		}
	}
	return s.short(d, alive)
}

// short returns how many of how many votes there are, of that part of the demand which is not met.
func (s *settings) short(d *demand, votes []vote) (have, need int) {
	if have := s.have(d, votes); have < d.count {
		return have, d.count
	}
	if have := d.primariesIn(votes); have < d.primaries {
		return have, d.primaries
	}
	return d.nodesIn(votes), d.nodes
}

func (d *demand) primariesIn(votes []vote) int {
	count := 0
	for _, v := range votes {
		if v.node == v.of {
			count++
		}
	}
	return count
}

func (d *demand) nodesIn(votes []vote) int {
	var nodes []sim.Addr
	for _, v := range votes {
		if !slices.Contains(nodes, v.node) {
			nodes = append(nodes, v.node)
		}
	}
	return len(nodes)
}
