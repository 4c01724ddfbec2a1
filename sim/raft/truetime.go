package raft

import (
	"maps"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// truetime gives a replica commit timestamps by TrueTime (Corbett et al., "Spanner: Google's Globally-Distributed
// Database", OSDI 2012, section 4): see "Timestamps" in the package's comment.
type truetime struct {
	r     *replica
	set   *ttSettings
	asked map[sim.OpID]*request // of this node, and not answered yet

	promise grant    // of this node's lease vote
	echo    echo     // that its answers to the leader carry
	last    sim.Time // the greatest timestamp that it has seen assigned, or has promised not to assign

	pending    []stamped64       // in the log, and not applied, oldest first
	proposed   sim.Time          // the timestamp of the first write that it has given the Raft, and that is not in the log yet; 0 for none
	waiting    []stamped64       // applied, and in their commit wait, oldest first
	shown      sim.Time          // the timestamp of the latest entry that is applied and past its commit wait
	shownIndex uint64            // of that entry
	safe       sim.Time          // up to which it has applied everything, as far as entries and promises tell
	promises   []stamped64       // of leaders, that it has yet to apply up to, oldest first
	heard      []sim.Time        // by node, of a leader: when it was heard last, by this node's monotonic clock
	healthy    sim.Time          // of a leader away from home: since when somebody at home has been well; -1 for not
	fit        sim.Addr          // who that is
	handing    sim.Addr          // to whom leadership is to be handed once that is due; -1 for nobody
	checked    sim.Time          // of a leader: when it was asked last whether it hears a majority
	released   sim.Time          // of a leader: lease votes of before do not count
	mute       bool              // its disk was emptied: it takes no part until the members have taken it in anew
	floor      uint64            // the term of the leader who took it in: messages of earlier terms are not heard
	welcome    map[sim.Addr]bool // of a leader: whom it has had the members take in anew
}

// stamped64 is an index of the log with a timestamp.
type stamped64 struct {
	index uint64
	at    sim.Time
}

func newTruetime(r *replica) *truetime {
	return &truetime{r: r, set: r.set.tt, asked: map[sim.OpID]*request{}, promise: grant{holder: -1}, handing: -1, healthy: -1}
}

// earliest and latest are the ends of TrueTime's interval: the present is between them, if clocks keep to epsilon.
func (t *truetime) earliest() sim.Time { return t.r.env.Now() - t.set.epsilon }
func (t *truetime) latest() sim.Time   { return t.r.env.Now() + t.set.epsilon }

// after reports whether a time has definitely passed.
func (t *truetime) after(at sim.Time) bool { return t.earliest() > at }

// leader reports whether this node is one that may lead, in the Raft and in what it has applied and shown: what earlier
// leaders have left it is visible.
func (t *truetime) leader() bool {
	r := t.r
	return r.role == etcd.StateLeader && !t.witness(r.env.Self()) && !r.reign.handed && r.reign.first != 0 && r.index >= r.reign.first &&
		(len(t.waiting) == 0 || t.waiting[0].index > r.reign.first)
}

// leads reports whether this node leads, and nobody else may.
func (t *truetime) leads() bool { return t.leader() && t.latest() < t.leaseEnd() }

// assign returns the timestamp of the next write: no less than the latest that the present may be, above all before it,
// and within the lease.
func (t *truetime) assign() (sim.Time, bool) {
	at := max(t.latest(), t.last+1, 1)
	if !t.leads() || at >= t.leaseEnd() {
		return 0, false
	}
	t.last = at
	if t.proposed == 0 {
		t.proposed = at
	}
	return at, true
}

// saw takes in the timestamp of an entry at the end of the log.
func (t *truetime) saw(at sim.Time) { t.last = max(t.last, at) }

// appended takes in an entry at the end of the log, in place of any that stood there.
func (t *truetime) appended(index uint64, at sim.Time) {
	for n := len(t.pending); n > 0 && t.pending[n-1].index >= index; n-- {
		t.pending = t.pending[:n-1]
	}
	if at != 0 {
		t.saw(at)
		t.proposed = 0
		t.pending = append(t.pending, stamped64{index, at})
	}
}

// applied takes in that the log is applied up to an entry, and the timestamp that this has; 0 for none.
func (t *truetime) applied(index uint64, at sim.Time) {
	for len(t.pending) > 0 && t.pending[0].index <= index {
		t.pending = t.pending[1:]
	}
	if at != 0 {
		t.saw(at)
		t.safe = max(t.safe, at)
		t.waiting = append(t.waiting, stamped64{index, at})
	}
	for len(t.promises) > 0 && t.promises[0].index <= index {
		t.safe = max(t.safe, t.promises[0].at)
		t.promises = t.promises[1:]
	}
}

// turn goes on with whatever waits for time, for the log or for the lease, and reports whether it has proposed anything.
func (t *truetime) turn() (proposed bool) {
	if !t.r.started {
		return false
	}
	t.show()
	t.abdicate()
	next := sim.MaxTime
	for _, id := range slices.Sorted(maps.Keys(t.asked)) {
		q := t.asked[id]
		if q.due < t.r.env.Elapsed() {
			delete(t.asked, id)
			continue
		}
		wake, did := t.carryOn(q)
		proposed = proposed || did
		next = t.sooner(next, wake)
	}
	if len(t.waiting) > 0 {
		next = t.sooner(next, t.waiting[0].at)
	}
	if t.handing >= 0 {
		next = t.sooner(next, t.last)
	}
	if next < sim.MaxTime {
		t.r.env.SetTimer(timerWait, next-t.earliest()+1)
	}
	return proposed
}

// sooner returns the earlier of two times for which somebody waits; one that has passed nobody waits for.
func (t *truetime) sooner(next, at sim.Time) sim.Time {
	if t.after(at) {
		return next
	}
	return min(next, at)
}

// show ends the commit wait of entries whose timestamps have definitely passed; without commit wait, of all at once.
func (t *truetime) show() {
	for len(t.waiting) > 0 && (!t.set.commitWait || t.after(t.waiting[0].at)) {
		t.shown, t.shownIndex = max(t.shown, t.waiting[0].at), t.waiting[0].index
		t.waiting = t.waiting[1:]
	}
}

// elected and deposed begin and end what this node knows as a leader.
func (t *truetime) elected() {
	t.heard = slices.Repeat([]sim.Time{t.r.env.Elapsed()}, t.r.env.Nodes())
	t.healthy, t.handing, t.released = -1, -1, -sim.MaxTime
	t.checked = t.r.env.Elapsed()
	t.welcome = map[sim.Addr]bool{}
	for i := range t.r.reign.acked {
		t.r.reign.acked[i] = never
	}
	t.r.env.SetTimer(timerSafe, t.set.safeEvery)
	t.again()
}

// deposed is told when the lease ends that this node had: until then it votes for nobody.
func (t *truetime) deposed(end sim.Time) {
	if end > t.promise.until {
		t.promise = grant{holder: t.r.env.Self(), until: end}
	}
	t.handing, t.proposed = -1, 0
	t.r.env.StopTimer(timerSafe)
	t.again()
}

// again has requests that were handed to a log or a leader be handed on anew.
func (t *truetime) again() {
	for _, q := range t.asked { // order does not matter: each is marked by itself
		q.sent = false
	}
}

func (t *truetime) witness(a sim.Addr) bool { return t.set.witness[a] }

// leaving returns when the lease of a leader ends, who may be about to lead no more: up to then it is safe.
func (t *truetime) leaving() sim.Time {
	t.safeTime()
	return t.leaseEnd()
}

// believed takes in what the Raft has come to think; before, this node had a lease until some time.
func (t *truetime) believed(role etcd.StateType, term, lead uint64, end sim.Time) {
	r := t.r
	was, is := role == etcd.StateLeader, r.role == etcd.StateLeader
	if was && (!is || term != r.term) {
		t.deposed(end)
	}
	if is && (!was || term != r.term) {
		t.elected()
	}
	if lead != r.lead {
		t.again()
	}
}

// restarted is told that the node has been restarted: whom it gave its lease vote it does not know.
func (t *truetime) restarted() {
	t.promise = grant{holder: -1, until: t.latest() + t.set.lease}
	t.mute = t.r.blank
	t.sayMute()
}

// saw and tookOver take in the timestamps of an entry at the end of the log, and of a snapshot.
func (r *replica) saw(entry *pb.Entry) {
	if r.tt != nil {
		r.tt.appended(entry.GetIndex(), stampOf(entry))
	}
}

func (r *replica) tookOver() {
	if r.tt != nil {
		r.tt.applied(r.index, r.applied.past.last)
	}
}

// leaseSpan returns the lease of a leader, as of Env.Elapsed.
func (t *truetime) leaseSpan() (from, until sim.Time, ok bool) {
	end := t.leaseEnd()
	if end == never {
		return 0, 0, false
	}
	until = end - t.set.epsilon - t.r.env.Now() + t.r.env.Elapsed()
	return until - t.set.lease, until, true
}

// facts says what this node knows of time.
func (t *truetime) facts() []sim.Fact {
	facts := []sim.Fact{sim.Span("epsilon", t.set.epsilon), sim.Span("greatest timestamp", t.last), sim.Span("safe time", t.safe),
		sim.Span("shown up to", t.shown), sim.Number("writes in their commit wait", len(t.waiting)), sim.Number("operations not answered", len(t.asked)),
		sim.Yes("witness", t.witness(t.r.env.Self())), sim.Yes("waits to be taken in", t.mute)}
	if t.promise.holder >= 0 {
		facts = append(facts, sim.Endpoint("lease vote for", t.promise.holder))
	}
	if t.promise.until > 0 {
		facts = append(facts, sim.Span("lease vote until, by its clock", t.promise.until))
	}
	return facts
}
