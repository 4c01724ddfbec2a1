package primary

import (
	"maps"
	"slices"

	"netsplit/sim"
)

// timerNames are those of the timers in replica.go.
var timerNames = []sim.TimerName{
	timerWrite:   {Name: "write"},
	timerFlush:   {Name: "flush"},
	timerApply:   {Name: "apply"},
	timerReport:  {Name: "report"},
	timerTick:    {Name: "look at standbys"},
	timerSemi:    {Name: "waits alone after"},
	timerPromote: {Name: "promotion", Ring: true},
	timerStart:   {Name: "restart", Ring: true},
	timerLoop:    {Name: "look at the lease"},
	timerTry:     {Name: "ask the lease again"},
	timerPoll:    {Name: "poll", Ring: true},
	timerSafe:    {Name: "steps down", Ring: true},
	timerDog:     {Name: "watchdog"},
	timerLease:   {Name: "lease kept", Ring: true},
	timerWriter:  {Name: "flush of what was answered"},
	timerWatch:   {Name: "look at the primary"},
	timerFence:   {Name: "fences itself", Ring: true},
}

// Show adds whom the node follows, the end of its log, a primary's lease, and what a primary has not answered.
func (r *replica) Show(v *sim.NodeView) sim.Time {
	switch {
	case r.role == primary:
		v.Lead = new(r.env.Self())
	case r.upstream >= 0 && r.role != promoting:
		v.Lead = new(r.upstream)
	}
	if r.role == keeper {
		return sim.MaxTime
	}
	v.Log = &sim.LogView{Durable: int64(r.j.flushed), Commit: int64(r.j.applied), Entries: r.j.entries(sim.MaxStrip)}
	if r.role != primary {
		return sim.MaxTime
	}
	if r.set.lease && r.renewed > 0 {
		v.Timers = append(v.Timers, sim.TimerView{Name: "lease", From: r.renewed, Until: r.renewed + r.set.ttl})
	}
	r.others(func(a sim.Addr) {
		if r.senders[a].state == gone {
			v.Dead = append(v.Dead, a)
		}
	})
	for _, w := range r.waiters[max(0, len(r.waiters)-sim.MaxTallies):] {
		if have, need := r.progress(w); need > 0 {
			v.Tallies = append(v.Tallies, sim.TallyView{Op: w.op.ID, What: "write", Have: have, Need: need})
		}
	}
	return sim.MaxTime
}

// progress returns how many of how many standbys that a commit waits for have it.
func (r *replica) progress(w waiter) (have, need int) {
	index, level := w.index, r.levelOf(w.op)
	switch {
	case level == levelLocal || r.set.sync == syncSemi && r.alone:
		return 0, 0
	case r.set.mode != off && len(r.names) > 0:
		return r.count(r.names, index, level, false), r.need
	case r.set.strict:
		return r.count(r.set.standbys, index, level, true), 1
	case r.set.mode != off:
		return 0, 0
	case r.set.sync == syncAny:
		return r.count(r.set.standbys, index, level, true), r.set.k
	case r.set.sync == syncSemi:
		return r.count(r.set.standbys, index, level, false), r.set.k
	case r.set.sync == syncFirst:
		var first []sim.Addr
		for _, a := range r.set.standbys {
			if a != r.env.Self() && r.senders[a].state == streaming && len(first) < r.set.k {
				first = append(first, a)
			}
		}
		return r.count(first, index, level, true), r.set.k
	}
	return 0, 0
}

// entries returns the latest of the log, so many at the most.
func (j *journal) entries(most int) []sim.LogEntry {
	var list []sim.LogEntry
	from := max(0, len(j.records)-most)
	for i, rec := range j.records[from:] {
		list = append(list, sim.LogEntry{Index: int64(from + i + 1), Term: rec.line.n, Write: rec.op.ID, Key: rec.op.Key, Value: rec.op.Value})
	}
	return list
}

// Inspect says what the node knows of its log, of the lease and of the others.
func (r *replica) Inspect() sim.Inspection {
	i := sim.Inspection{Log: r.j.entries(sim.MaxInspected), Facts: r.facts(), Peers: r.opinions(), Hide: []string{"set", "flaws"}}
	if r.role != keeper {
		i.Kept = 1
	}
	for _, key := range slices.Sorted(maps.Keys(r.j.shown)) {
		i.Keys = append(i.Keys, sim.RegisterFacts(key, r.j.shown[key].value, r.j.shown[key].write))
	}
	return i
}

func (r *replica) facts() []sim.Fact {
	facts := []sim.Fact{sim.Text("role", roleNames[r.role]), sim.Number("timeline", r.line.n), sim.Endpoint("timeline of", r.line.by)}
	if r.upstream >= 0 {
		facts = append(facts, sim.Endpoint("follows", r.upstream))
	}
	facts = append(facts, sim.Number("last index", r.j.last()), sim.Number("written", r.j.written), sim.Number("flushed", r.j.flushed),
		sim.Number("visible", r.j.applied))
	if r.role == standby {
		facts = append(facts, sim.Yes("connected", r.connected), sim.At("primary heard", r.heardUp-r.ahead()))
	}
	if r.blank {
		facts = append(facts, sim.Yes("its disk was emptied", true))
	}
	if r.other >= 0 {
		facts = append(facts, sim.Endpoint("has heard of the primary", r.other))
	}
	if r.role == primary {
		facts = append(facts, sim.Number("commits not answered", len(r.waiters)), sim.Number("writes that wait for a lock", len(r.queue)),
			sim.Yes("waits for nobody", r.alone))
		facts = append(facts, sim.Endpoints("synchronous standby", r.names)...)
	}
	return append(facts, r.leaseFacts()...)
}

// ahead is how far the node's clock is ahead of its Elapsed.
func (r *replica) ahead() sim.Time { return r.env.Now() - r.env.Elapsed() }

// leaseFacts says what the node knows of the lease, and what is kept of it here.
func (r *replica) leaseFacts() (facts []sim.Fact) {
	if !r.set.lease {
		return nil
	}
	facts = append(facts, sim.Endpoint("lease kept by", r.set.keeper))
	if r.role == primary && r.renewed > 0 {
		facts = append(facts, sim.At("lease renewed", r.renewed), sim.At("lease until", r.renewed+r.set.ttl))
	}
	if r.open {
		facts = append(facts, sim.At("asks the lease since", r.since), sim.Number("tries", r.tries))
	}
	if r.set.failsafe && r.safeUntil > 0 {
		facts = append(facts, sim.At("stands back until", r.safeUntil-r.ahead()))
	}
	if !r.keeps() {
		return facts
	}
	l := r.keeping.lease
	if l.holder >= 0 {
		facts = append(facts, sim.Endpoint("lease held by", l.holder))
	}
	facts = append(facts, sim.Number("lease of timeline", l.line.n), sim.Number("log of its holder", l.optime))
	if l.sync.leader >= 0 && r.set.mode != off {
		facts = append(facts, sim.Endpoint("may follow", l.sync.leader), sim.Number("votes to follow", l.sync.quorum))
		facts = append(facts, sim.Endpoints("may follow", l.sync.voters)...)
	}
	return facts
}

var senderStates = [...]string{gone: "gone", catchingUp: "catching up", streaming: "streaming"}

// opinions is what a primary knows of its standbys, and a keeper of who has asked it.
func (r *replica) opinions() []sim.PeerFacts {
	peers := make([]sim.PeerFacts, 0, r.env.Nodes())
	for a := range sim.Addr(r.env.Nodes()) {
		p := sim.PeerFacts{Peer: a}
		if s := &r.senders[a]; r.role == primary && r.set.holds(a) && a != r.env.Self() {
			p.Facts = []sim.Fact{sim.Text("state", senderStates[s.state]), sim.At("heard", s.heard-r.ahead()), sim.Number("sent up to", s.sent),
				sim.Number("received", s.end), sim.Number("written", s.written), sim.Number("flushed", s.flushed), sim.Number("visible", s.applied)}
		}
		if r.keeps() && len(r.asked) > 0 {
			p.Facts = append(p.Facts, sim.At("asked the lease", r.asked[a]-r.ahead()))
		}
		if len(p.Facts) > 0 {
			peers = append(peers, p)
		}
	}
	return peers
}

// Facts says what is on the disk.
func (d *disk) Facts() []sim.Fact {
	facts := []sim.Fact{sim.Number("records of the log", len(d.records)), sim.Number("refusals", len(d.refused))}
	if d.begun {
		facts = append(facts, sim.Text("role", roleNames[d.place.role]), sim.Number("timeline", d.place.line.n))
	}
	if d.lease != nil && d.lease.holder >= 0 {
		facts = append(facts, sim.Endpoint("lease held by", d.lease.holder))
	}
	return facts
}

var whatNames = [...]string{wal: "log", report: "report", lineage: "timelines", announce: "is the primary", forward: "request, handed on",
	answer: "answer", ask: "asks the lease", grant: "the lease", poll: "asks how far", polled: "says how far", safe: "asks to go on", safeAck: "agrees",
	watchAsk: "asks for a sign of life", watchAck: "is alive", watchSeen: "has heard it", appoint: "makes it the primary"}

var verbNames = [...]string{look: "look", renew: "renew", acquire: "acquire", resume: "resume", setSync: "name standbys", giveUp: "give up"}

// Facts says what the message is for and carries.
func (p payload) Facts() []sim.Fact {
	facts := []sim.Fact{sim.Text("message", whatNames[p.what]), sim.Number("timeline", p.line.n)}
	switch p.what {
	case wal:
		return append(facts, sim.Number("follows index", p.index), sim.Number("records", len(p.records)), sim.Number("log ends at", p.end),
			sim.Yes("wants a report", p.wants))
	case report:
		return append(facts, sim.Number("received", p.end), sim.Number("written", p.written), sim.Number("flushed", p.flushed),
			sim.Number("visible", p.applied), sim.Yes("calls", p.wants))
	case lineage:
		return append(facts, sim.Number("timelines", len(p.spans)), sim.Number("log ends at", p.end))
	case forward:
		return append(facts, sim.OpFacts(p.op)...)
	case answer:
		return append(append(facts, sim.Operation("operation", p.op.ID)), sim.ResultFacts(p.result)...)
	case ask:
		return append(facts, sim.Text("to", verbNames[p.asks.verb]), sim.Number("log ends at", p.asks.optime))
	case grant:
		if p.view.holder >= 0 {
			facts = append(facts, sim.Endpoint("held by", p.view.holder))
		}
		return append(facts, sim.Yes("done", p.view.ok), sim.Number("lease of timeline", p.view.line.n))
	case polled:
		return append(facts, sim.Number("log ends at", p.end), sim.Yes("is a primary", p.reigns))
	}
	return facts
}
