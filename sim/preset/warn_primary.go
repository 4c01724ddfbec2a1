package preset

import (
	"slices"

	"netsplit/sim"
)

// primary looks at a primary lane.
func (l *lane) primary() {
	first := max(l.cfg.Regions["primary"], 0)
	standbys := l.standbys(first)
	byMode, sync := !l.is("sync-mode", "off"), !l.is("sync", "async")
	if !byMode && !sync {
		l.idle("commits wait for nobody (sync=async)", "k", "standbys")
	}
	if !l.is("sync", "semi") {
		l.idle("only semi-synchronous commits wait no longer than that (sync=semi)", "semi-timeout")
		l.idle("only semi-synchronous commits ask whether replicas are connected (sync=semi)", "wait-no-replica")
	}
	switch word := l.cfg.Words["commit"]; {
	case !byMode && !sync && (word == "remote-write" || word == "remote-apply"):
		l.warn("commit", "no standby is synchronous: commits wait for the primary's own disk alone, whatever commit=%s says", word)
	case byMode && (word == "off" || word == "local"):
		l.warn("commit", "commits wait for no standby, whichever the holder of the lease keeps: with commit=%s a failover loses what was acknowledged", word)
	}
	l.tool()
	l.waitsFor(standbys, sync && !byMode)
	l.lease(first)
	l.senders(first)
	if l.is("forward", "off") && l.sticks() && l.Nodes() > 1 {
		l.warn("forward", "standbys hand no writes on, and clients do not ask elsewhere: all but the primary's own clients are refused (a workload whose clients retry elsewhere lets them go on)")
	}
	l.impatient(func(home sim.Addr) sim.Time {
		t := sim.Time(0)
		if home != first {
			t = l.Trip(home, first)
		}
		if sync && !byMode && !l.is("commit", "local") {
			t += l.reach(first, standbys, l.count("k"))
		}
		return t
	})
}

// standbys lists the nodes that may count as synchronous.
func (l *lane) standbys(first sim.Addr) []sim.Addr {
	list := l.cfg.Lists["standbys"]
	if len(list) == 0 {
		list = l.all()
	}
	return slices.DeleteFunc(slices.Clone(list), func(a sim.Addr) bool {
		return a == first || !l.Replicates(a, l.s.Workload.MainKey())
	})
}

// waitsFor looks at what a standby's failure does to commits.
func (l *lane) waitsFor(standbys []sim.Addr, sync bool) {
	switch k := l.count("k"); {
	case !sync || l.is("commit", "local"):
	case l.is("sync", "semi"):
		if t, patience := l.span("semi-timeout"), l.s.Workload.Patience(); t > patience {
			l.warn("semi-timeout", "when too few standbys answer, commits wait for %s, and clients for %s: until then they get no answer", ms(t), ms(patience))
		}
	case k == len(standbys):
		l.warn("k", "commits wait for %d of %d standbys (sync=%s): one that is away is enough to stop all writes", k, len(standbys), l.cfg.Words["sync"])
	}
}

// lease looks at who replaces a primary.
func (l *lane) lease(first sim.Addr) {
	if !l.is("failover", "lease") {
		l.idle("no lease says who replaces a primary (failover="+l.cfg.Words["failover"]+")", "ttl", "loop", "retry", "max-lag",
			"watchdog", "start-timeout", "race-backoff", "check-timeline")
		return
	}
	keeper := l.cfg.Regions["lease-region"]
	if keeper == first {
		l.warn("lease-region", "the lease is kept on the primary's own machine, %s: when that fails, nobody can take over", l.NameOf(first))
	}
	most, who := sim.Time(0), sim.Addr(0)
	for _, a := range l.all() {
		if a != keeper && l.Trip(a, keeper) > most {
			most, who = l.Trip(a, keeper), a
		}
	}
	if retry := l.span("retry"); most > retry {
		l.warn("retry", "%s reaches the lease after %s, and tries for %s: it cannot hold the lease", l.NameOf(who), ms(most), ms(retry))
	}
}

// tool looks at the tool that replaces a primary.
func (l *lane) tool() {
	if !l.is("failover", "tool") {
		l.idle("no tool looks at the primary (failover="+l.cfg.Words["failover"]+")", "tool-every", "tool-after", "tool-picks")
		return
	}
	if first, at := max(l.cfg.Regions["primary"], 0), l.cfg.Regions["tool-region"]; at == first {
		l.warn("tool-region", "the tool runs on the primary's own machine, %s: when that fails, nobody replaces it", l.NameOf(first))
	}
	if l.is("fencing", "off") {
		l.warn("fencing", "nobody fences a primary that the tool has replaced (fencing=off): where it lives on out of sight, both take writes")
	}
}

// senders compares the primary's patience with its standbys' distance.
func (l *lane) senders(first sim.Addr) {
	timeout, most, who := l.span("sender-timeout"), sim.Time(0), sim.Addr(0)
	for _, a := range l.all() {
		if a != first && l.Trip(first, a) > most {
			most, who = l.Trip(first, a), a
		}
	}
	if timeout > 0 && most > timeout {
		l.warn("sender-timeout", "%s answers after %s, and is counted out after %s of silence: expect it to come and go", l.NameOf(who), ms(most), ms(timeout))
	}
}
