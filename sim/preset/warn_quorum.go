package preset

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// quorum looks at a quorum lane.
func (l *lane) quorum() {
	n := l.count("n")
	r, w := l.waits("read-level", "r"), l.waits("write-level", "w")
	l.overlap(n, r, w)
	l.detector()
	l.hints()
	l.primaries(r.count, w.count)
	l.coordinator(max(r.count, w.count))
	if !l.is("read-fan-out", "r") {
		l.idle("reads ask all replicas at once (read-fan-out=all)", "speculative-retry")
	}
	l.graves()
	l.product()
	l.vnodes()
}

// demand is how many answers a read or a write waits for.
type demand struct {
	count int
	local bool   // of its own region alone
	each  bool   // of every region
	hint  bool   // or for a hint
	knob  string // that says so
	how   string // what it says
}

// waits returns what a knob of levels, or the count in its place, asks for.
func (l *lane) waits(level, count string) demand {
	n := l.count("n")
	word := l.cfg.Words[level]
	d := demand{knob: level, how: level + "=" + word}
	switch word {
	case "count":
		return demand{knob: count, count: l.count(count), how: fmt.Sprintf("%s=%d", count, l.count(count))}
	case "one", "any":
		d.count, d.hint = 1, word == "any"
	case "two":
		d.count = 2
	case "three":
		d.count = 3
	case "local-one":
		d.count, d.local = 1, !l.is("data-centres", "one")
	case "local-quorum":
		if d.count, d.local = 1, true; l.is("data-centres", "one") {
			d.count, d.local = n/2+1, false
		}
	case "all":
		d.count = n
	case "each-quorum":
		d.count, d.each = n/2+1, true
	default:
		d.count = n/2 + 1
	}
	l.idle(fmt.Sprintf("%s says what is waited for", d.how), count)
	return d
}

// overlap says whether reads meet the writes before them, and whom an operation cannot do without.
func (l *lane) overlap(n int, r, w demand) {
	knob := r.knob
	switch {
	case w.hint:
		l.warn("write-level", "write-level=any takes a hint for an acknowledgement: no read need see the write until it is handed over")
	case (r.local || w.local) && r.count < n && w.count < n && !r.each && !w.each:
		l.warn(knob, "%s and %s count replicas of one region: reads elsewhere may miss acknowledged writes", r.how, w.how)
	case r.count+w.count <= n:
		l.warn(knob, "reads may miss acknowledged writes: R+W=%d is not more than N=%d", r.count+w.count, n)
	case l.is("sloppy", "on"):
		l.warn("sloppy", "while a replica is away another node stands in for it: then R+W=%d, more than N=%d, does not keep reads from missing acknowledged writes", r.count+w.count, n)
	}
	if n == 1 {
		l.warn("n", "each key is on one node alone: while that is away its keys are, and a wiped disk loses them")
		return
	}
	for _, d := range []demand{w, r} {
		if d.count == n {
			l.warn(d.knob, "%s wait for all %d replicas (%s): one that is away is enough to stop them", map[bool]string{true: "writes", false: "reads"}[d.knob == w.knob], n, d.how)
		}
	}
}

// detector looks at how silent replicas are found out.
func (l *lane) detector() {
	if l.is("detector", "phi") {
		l.idle("detector=phi goes by the intervals between heartbeats", "suspect-after")
		return
	}
	l.idle("detector=timeout goes by suspect-after", "phi")
	if after, beat := l.span("suspect-after"), l.span("heartbeat"); after < 2*beat {
		l.warn("suspect-after", "suspect-after of %s is less than two heartbeats of %s: one that is lost is enough to take a replica for dead", ms(after), ms(beat))
	}
}

// hints looks at what is kept for replicas that are away.
func (l *lane) hints() {
	if !l.is("hinted-handoff", "on") {
		l.idle("no hints are kept (hinted-handoff=off)", "hint-window")
		if l.is("read-repair", "none") && l.span("anti-entropy") == 0 && l.count("n") > 1 {
			l.warn("read-repair", "without read repair, hints and anti-entropy nothing brings a replica what it has missed, until the key is written again")
		}
	} else if away := l.longestAway(); away > l.span("hint-window") {
		l.warn("hint-window", "a region is away for %s, and a replica away for longer than %s gets no new hints: what it misses after that no hint brings", ms(away), ms(l.span("hint-window")))
	}
}

// primaries looks at the counts that only stand-ins make different.
func (l *lane) primaries(r, w int) {
	if l.is("sloppy", "on") {
		return
	}
	why := "with nobody standing in (sloppy=off), all that answer are primaries, and on different nodes"
	if l.count("pr") <= r {
		l.idle(why, "pr")
	}
	for _, knob := range []string{"pw", "node-confirms"} {
		if l.count(knob) <= w {
			l.idle(why, knob)
		}
	}
}

// coordinator compares the time that a coordinator takes with the time that it has.
func (l *lane) coordinator(count int) {
	timeout, most, where := l.span("timeout"), sim.Time(0), ""
	for _, a := range l.all() {
		holders := slices.DeleteFunc(l.all(), func(b sim.Addr) bool { return !l.Replicates(b, l.s.Workload.MainKey()) })
		if t := l.reach(a, holders, count); t > most {
			most, where = t, l.NameOf(a)
		}
	}
	patience := l.s.Workload.Patience() - clientGrace
	switch {
	case most > timeout:
		l.warn("timeout", "%s needs %s to hear from %d replicas of %s, and gives up after %s: what it coordinates gets no answer", where, ms(most), count, l.s.Workload.MainKey(), ms(timeout))
	case l.given["timeout"] && timeout > patience:
		l.warn("timeout", "a coordinator gives up after %s whatever timeout says: clients wait no longer than %s", ms(patience), ms(l.s.Workload.Patience()))
	}
	l.impatient(func(home sim.Addr) sim.Time {
		holders := slices.DeleteFunc(l.all(), func(b sim.Addr) bool { return !l.Replicates(b, l.s.Workload.MainKey()) })
		return l.reach(home, holders, count)
	})
}

// clientGrace is how long before its client a coordinator gives up; see package quorum.
const clientGrace = 100 * sim.Millisecond

// graves compares how long tombstones are kept with how long somebody may miss them.
func (l *lane) graves() {
	if grace, away := l.span("grace"), l.longestAway(); grace > 0 && away > grace {
		l.warn("grace", "a region is away for %s, and tombstones are forgotten after %s: what was deleted meanwhile may come back", ms(away), ms(grace))
	}
}
