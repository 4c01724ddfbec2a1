package preset

import (
	"fmt"
	"strings"

	"netsplit/sim"
)

// raft looks at a raft lane.
func (l *lane) raft() {
	election, heartbeat := l.span("election"), l.span("heartbeat")
	l.elections(election, heartbeat)
	if n := l.Nodes(); n > 1 && n%2 == 0 {
		l.warn("", "%d voters bear the failure of %d, no more than %d voters do: a majority is %d", n, (n-1)/2, n-1, l.majority())
	}
	if nodes := l.slow(election); len(nodes) >= l.majority() {
		l.warn("election", "the disks of %s take longer for an fsync than the election timeout of %s: votes are not stored in time, and while all are as slow nobody is elected", strings.Join(nodes, ", "), ms(election))
	}
	l.impatient(func(home sim.Addr) sim.Time {
		leader := max(l.cfg.Regions["leader"], 0)
		t := l.reach(leader, l.all(), l.majority())
		if home != leader {
			t = max(t, l.Trip(home, leader)) + l.Trip(home, leader)/2
		}
		return t
	})
	if l.is("forward", "off") && l.sticks() && l.Nodes() > 1 {
		l.warn("forward", "followers hand nothing on, and clients do not ask elsewhere: all but the leader's own clients are refused (retry=elsewhere of the workload lets them go on)")
	}
	if l.cfg.Numbers["snapshot-every"] > sim.MaxOps {
		l.warn("snapshot-every", "a lane has no more than %d operations: expect no snapshot", sim.MaxOps)
	}
	l.timestamps()
	if l.span("epsilon") == 0 {
		l.leases()
	}
}

// elections compares the election timeout with the world.
func (l *lane) elections(election, heartbeat sim.Time) {
	if l.Nodes() == 1 {
		return // nobody else stands for election
	}
	nearest, farthest, leader := sim.MaxTime, sim.Time(0), max(l.cfg.Regions["leader"], 0)
	remote := leader
	for _, a := range l.all() {
		t := l.reach(a, l.all(), l.majority())
		if nearest = min(nearest, t); t > farthest {
			farthest, remote = t, a
		}
	}
	worst, where := l.worst()
	counted := heartbeat * max(2, (election+heartbeat-1)/heartbeat) // a leader counts its timeout in heartbeats
	far := fmt.Sprintf("worst round trip %s, between %s, is above the election timeout of %s", ms(worst), where, ms(election))
	switch own := l.reach(leader, l.all(), l.majority()); {
	case nearest > counted:
		l.warn("election", "%s, and so is the shortest to a majority, %s: expect elections without cause, on and on", far, ms(nearest))
	case own > counted:
		l.warn("election", "%s, and %s hears from a majority after %s only: expect elections without cause until another leads", far, l.NameOf(leader), ms(own))
	case farthest > counted:
		l.warn("election", "%s, and %s hears from a majority after %s only: expect elections without cause whenever it leads", far, l.NameOf(remote), ms(farthest))
	}
	if 2*heartbeat > election {
		l.warn("heartbeat", "two heartbeats of %s are more than the election timeout of %s: one that is lost or late is enough for an election", ms(heartbeat), ms(election))
	}
	if most := l.span("election-max"); most > 0 && most-election < nearest {
		l.warn("election-max", "what followers wait differs by less than %s, and a vote takes a round trip of %s: expect votes to be split", ms(most-election), ms(nearest))
	}
}

// leases compares the lease with the world's clocks.
func (l *lane) leases() {
	if !l.is("reads", "lease") && !l.is("old-lease", "leader-waits") {
		l.idle("leases are kept with reads=lease alone", "max-drift")
		return
	}
	for _, c := range l.s.Commands {
		if c.Verb == sim.VerbDrift && (c.Lane == "" || c.Lane == l.Name) && max(int64(c.Rate), -int64(c.Rate)) > l.cfg.Numbers["max-drift"] {
			l.warn("max-drift", "the clock of %s drifts by %s, and leases leave room for %d ppm: leased reads may be stale", c.Node, c.Rate, l.cfg.Numbers["max-drift"])
			return
		}
	}
}
