package quorum

import "netsplit/sim"

// The phi accrual detector (Hayashibara et al., SRDS 2004) as Cassandra has it (FailureDetector.java): the longer the
// silence, measured in mean intervals between heartbeats, the higher phi, and at a threshold the peer is convicted.
// Intervals are taken to be exponential, where the paper has them normal: phi = silence / (mean x ln 10).
const (
	windowSize     = 1000           // intervals that the mean is taken over
	firstFactor    = 2              // a peer's first interval counts as so many of the heartbeat
	ln10Millionths = 2_302_585      // ln 10, in millionths
	maxLocalPause  = 5 * sim.Second // whoever stood still for so long convicts nobody for as long
)

// detector is one node's opinion of which nodes are alive.
type detector struct {
	byPhi   bool
	every   sim.Time // between heartbeats
	silence sim.Time // of a peer, after which a plain timeout takes it for dead
	phi     int64
	peers   []peer
	checked sim.Time // when silences were looked at last
	paused  sim.Time // when this node was last found to have stood still; before all time at first
}

// peer is what is known of one node.
type peer struct {
	heard  sim.Time // when it was last heard of
	dead   bool
	since  sim.Time // when it had last been heard of before it was taken for dead
	window []sim.Time
	oldest int // in window, once that is full
	sum    sim.Time
}

func newDetector(nodes int, s *settings) *detector {
	return &detector{byPhi: s.byPhi, every: s.heartbeat, silence: s.suspectAfter, phi: s.phi, peers: make([]peer, nodes),
		paused: -sim.MaxTime}
}

// start takes every peer for alive until it has had time to show itself.
func (d *detector) start(now sim.Time) {
	d.checked = now
	for i := range d.peers {
		d.peers[i].heard = now
	}
}

// hear takes in that a peer was heard of, and reports whether it had been taken for dead. By phi heartbeats alone count.
func (d *detector) hear(a sim.Addr, now sim.Time, heartbeat bool) bool {
	p := &d.peers[a]
	if d.byPhi {
		if !heartbeat {
			return false
		}
		p.arrive(now-p.heard, d.every)
	}
	p.heard = now
	was := p.dead
	p.dead = false
	return was
}

// arrive takes an interval between heartbeats into the window. Longer ones than the first counts as are not intervals
// between heartbeats but absences, and left out.
func (p *peer) arrive(interval, every sim.Time) {
	first := firstFactor * every
	switch {
	case len(p.window) == 0:
		interval = first
	case interval > first:
		return
	}
	if p.sum += interval; len(p.window) < windowSize {
		p.window = append(p.window, interval)
		return
	}
	p.sum -= p.window[p.oldest]
	p.window[p.oldest] = interval
	p.oldest = (p.oldest + 1) % windowSize
}

// overdue reports whether a peer that has been silent so long is to be taken for dead.
func (d *detector) overdue(p *peer, silence sim.Time) bool {
	if !d.byPhi {
		return silence > d.silence
	}
	count, sum := int64(len(p.window)), int64(p.sum)
	if count == 0 {
		count, sum = 1, int64(firstFactor*d.every)
	}
	return int64(silence)*count > d.phi*sum/1000*ln10Millionths/1000
}

// check calls convict for each peer that is from now on taken for dead, with how long it has been silent.
func (d *detector) check(self sim.Addr, now sim.Time, convict func(a sim.Addr, silence sim.Time)) {
	if d.byPhi && now-d.checked > maxLocalPause {
		d.paused = now
	}
	d.checked = now
	if d.byPhi && now-d.paused < maxLocalPause {
		return
	}
	for i := range d.peers {
		p, a := &d.peers[i], sim.Addr(i)
		if silence := now - p.heard; a != self && !p.dead && d.overdue(p, silence) {
			p.dead, p.since = true, p.heard
			convict(a, silence)
		}
	}
}

func (d *detector) dead(a sim.Addr) bool { return d.peers[a].dead }

// downFor returns for how long a node that is taken for dead has been silent; 0 for one that is not.
func (d *detector) downFor(a sim.Addr, now sim.Time) sim.Time {
	if !d.peers[a].dead {
		return 0
	}
	return now - d.peers[a].since
}
