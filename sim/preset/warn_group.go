package preset

import "netsplit/sim"

// group looks at a lane of group replication.
func (l *lane) group() {
	n := l.Nodes()
	if n > 1 && n%2 == 0 {
		l.warn("", "%d members bear the failure of %d, no more than %d members do: a majority is %d", n, (n-1)/2, n-1, l.majority())
	}
	if l.is("single-primary", "off") {
		l.idle("all members take writes", "weight", "prefer")
	}
	if l.count("tries") > 0 && l.given["exit"] && !l.is("exit", "read-only") {
		l.warn("exit", "a member that leaves its group tries to rejoin first, and until it has given up its clients read what may be old")
	}
	if l.count("tries") == 0 && !l.is("exit", "read-only") && l.span("unreachable") == 0 {
		l.warn("exit", "a member without a majority does not leave of its own accord, and answers reads until it is in touch again")
	}
	l.impatient(func(home sim.Addr) sim.Time {
		first := max(l.cfg.Regions["first"], 0)
		t := l.reach(first, l.all(), l.majority())
		if home != first {
			t = max(t, l.Trip(home, first)) + l.Trip(home, first)/2
		}
		return t
	})
}
