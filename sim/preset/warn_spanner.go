package preset

import "netsplit/sim"

// timestamps looks at a raft lane with commit timestamps.
func (l *lane) timestamps() {
	epsilon := l.span("epsilon")
	if epsilon == 0 {
		l.idle("there are no commit timestamps (epsilon=off)", "commit-wait", "vote-lease", "lease-margin", "safe-every", "safe-on-demand",
			"return-after", "split-leaders", "read-bound", "read-staleness")
		return
	}
	l.clocks(epsilon)
	if l.is("commit-wait", "off") {
		l.warn("commit-wait", "writes are shown before their timestamps have passed: one that begins later may get an earlier timestamp")
	} else if patience := l.s.Workload.Patience(); 2*epsilon >= patience {
		l.warn("epsilon", "writes wait for twice epsilon=%s, and clients for %s: none is acknowledged in time", ms(epsilon), ms(patience))
	}
	if l.is("read-bound", "strong") {
		l.idle("reads are strong (read-bound=strong)", "read-staleness")
	} else if stale, every := l.span("read-staleness"), l.span("safe-every"); stale < every && l.is("safe-on-demand", "off") {
		l.warn("read-staleness", "a replica where nothing is written is safe up to %s ago: reads of %s ago may wait there", ms(every), ms(stale))
	}
	if l.count("splits") < len(l.cfg.Lists["split-leaders"]) && l.count("splits") == 1 {
		l.warn("split-leaders", "there is one split, led in the first of them")
	}
	for _, knob := range []string{"forward", "leaderless", "max-drift", "new-term", "old-lease", "rivals", "certify", "request-timeout"} {
		l.idle("with commit timestamps a node asks the leader again and again, and leases go by votes (epsilon)", knob)
	}
}

// clocks compares epsilon with how wrong the world's clocks are.
func (l *lane) clocks(epsilon sim.Time) {
	for _, c := range l.s.Commands {
		switch {
		case c.Lane != "" && c.Lane != l.Name:
		case c.Verb == sim.VerbSkew && max(c.By, -c.By) > epsilon:
			l.warn("epsilon", "the clock of %s is set wrong by %s, and epsilon is %s: leases may overlap, and timestamps be out of order", c.Node, ms(max(c.By, -c.By)), ms(epsilon))
			return
		case c.Verb == sim.VerbDrift && sim.Time(max(int64(c.Rate), -int64(c.Rate)))*(l.s.End-c.At)/1_000_000 > epsilon:
			l.warn("epsilon", "the clock of %s drifts by %s, and is wrong by more than epsilon=%s in time: leases may overlap, and timestamps be out of order", c.Node, c.Rate, ms(epsilon))
			return
		}
	}
}
