package preset

import "netsplit/sim"

// gossip looks at a gossip lane.
func (l *lane) gossip() {
	stores := l.Nodes() - len(l.cfg.Lists["cache"])
	if fan := l.count("fan-out"); l.given["fan-out"] && fan > stores-1 {
		l.warn("fan-out", "a replica has %d others to compare with: fan-out=%d asks no more than those", stores-1, fan)
	}
	if interval := l.span("interval"); l.is("push", "off") && interval >= l.s.End && stores > 1 {
		l.warn("interval", "with push=off a write travels by comparison alone, and the first comes after %s: a run of %s may see none", ms(interval), ms(l.s.End))
	}
	if len(l.cfg.Lists["cache"]) == 0 {
		l.idle("no node is a cache", "ttl")
	}
	if l.is("push", "stream") {
		l.idle("writes are shipped by streams, and replicas compare nothing (push=stream)", "fan-out")
	} else {
		l.idle("writes are not shipped by streams (push=stream)", "ship-after", "ship-within")
	}
	l.sessions()
	l.graves()
	l.impatient(func(home sim.Addr) sim.Time {
		if l.Replicates(home, l.s.Workload.MainKey()) {
			return 0
		}
		for _, a := range l.all() {
			if l.Replicates(a, l.s.Workload.MainKey()) {
				return l.Trip(home, a)
			}
		}
		return 0
	})
}

// sessions looks at promises to clients.
func (l *lane) sessions() {
	if l.is("session", "none") {
		l.idle("reads are promised nothing (session=none)", "wait")
		return
	}
	if l.sticks() && len(l.cfg.Lists["cache"]) == 0 && !l.crashes() {
		l.warn("session", "clients stay with one replica, which has all that they wrote and read: session has no effect unless it crashes (session=roam of the workload lets them move)")
	}
	if wait := l.span("wait"); wait >= l.s.Workload.AttemptTimeout() {
		l.warn("wait", "a replica that is behind holds a read back for %s, and clients wait for %s: they get no answer in place of a refusal", ms(wait), ms(l.s.Workload.AttemptTimeout()))
	}
}

// crashes reports whether the script takes a node of the lane down.
func (l *lane) crashes() bool {
	for _, c := range l.s.Commands {
		if (c.Lane == "" || c.Lane == l.Name) && (c.Verb == sim.VerbCrash || c.Verb == sim.VerbExit || c.Verb == sim.VerbWipe) {
			return true
		}
	}
	return false
}
