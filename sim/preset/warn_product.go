package preset

import "netsplit/sim"

// product looks at what a quorum lane does as Cassandra does, where it is told to.
func (l *lane) product() {
	l.idle("there are no reads of ranges", "range_request_timeout")
	if !l.is("commit-log", "periodic") {
		l.idle("the commit log is not synced by the clock (commit-log="+l.cfg.Words["commit-log"]+")", "commitlog_sync_period")
	}
	if !l.is("commit-log", "group") {
		l.idle("the commit log is not synced in groups (commit-log="+l.cfg.Words["commit-log"]+")", "commitlog_sync_group_window")
	}
	if l.is("commit-log", "batch") {
		l.idle("the disk is synced at each write (commit-log=batch)", "commit-every")
	}
	if !l.is("read-repair", "blocking") {
		l.idle("no read waits for repairs (read-repair="+l.cfg.Words["read-repair"]+")", "repair-retry", "late-answers")
	}
	if !l.is("read-fan-out", "r") {
		l.idle("reads ask all replicas at once (read-fan-out=all)", "read-order")
	}
	if l.is("hinted-handoff", "on") {
		l.idle("a replica that is taken for dead gets a hint (hinted-handoff=on)", "send-to-dead")
	}
	if !l.is("cas", "paxos") {
		l.idle("nobody compares and sets", "serial-level", "cas-timeout")
		if l.is("read-level", "serial") || l.is("read-level", "local-serial") {
			l.warn("read-level", "read-level=%s orders reads after lightweight transactions, and there are none: plain writes are ordered by their timestamps", l.cfg.Words["read-level"])
		}
	}
	l.powerCuts()
}

// powerCuts warns of writes that are acknowledged before they are on disk, where machines lose their power.
func (l *lane) powerCuts() {
	if !l.is("commit-log", "periodic") {
		return
	}
	for _, c := range l.s.Commands {
		if c.Verb == sim.VerbCrash && (c.Lane == "" || c.Lane == l.Name) {
			l.warn("commit-log", "%s loses what it has acknowledged since its commit log was last synced, up to %s before it crashes (commit-log=periodic): a write is gone if it was on no other replica", c.Node, ms(l.span("commit-every")))
			return
		}
	}
}
