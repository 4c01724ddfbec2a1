package raft

import (
	"maps"
	"math"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"

	"netsplit/sim"
)

// timerNames are those of the timers in election.go.
var timerNames = []sim.TimerName{
	timerHeartbeat: {Name: "heartbeat"},
	timerForget:    {Name: "forget leader"},
	timerCampaign:  {Name: "election", Ring: true},
	timerSnapshot:  {Name: "snapshot"},
	timerAgain:     {Name: "ask again"},
	timerPatience:  {Name: "request timeout"},
	timerServe:     {Name: "old lease"},
	timerSafe:      {Name: "safe time"},
	timerWait:      {Name: "wait for the clock"},
	timerAsk:       {Name: "hand on again"},
	timerHand:      {Name: "hand over"},
	timerMute:      {Name: "tell of an empty disk"},
}

// Show adds whom the node follows, the end of its log, a leader's lease, and what a leader has not committed.
func (r *replica) Show(v *sim.NodeView) sim.Time {
	if r.lead != etcd.None {
		v.Lead = new(addrOf(r.lead))
	}
	v.Log = &sim.LogView{Commit: int64(r.commit), Durable: int64(r.durable()), Entries: r.entries(sim.MaxStrip)}
	if r.role != etcd.StateLeader {
		return sim.MaxTime
	}
	if timer, ok := r.leaseTimer(); ok {
		v.Timers = append(v.Timers, timer)
	}
	r.tally(v)
	return sim.MaxTime
}

// entries returns the latest of the log, so many at the most: those that are applied from disk, and those that are not
// as this node has them, on disk or not yet.
func (r *replica) entries(most uint64) []sim.LogEntry {
	list := make([]sim.LogEntry, 0, most)
	first, err := r.storage.FirstIndex()
	r.check(err)
	settled := r.tail.last - uint64(len(r.tail.effects))
	if from := max(first, r.tail.last-min(r.tail.last, most)+1); from <= settled && settled == r.index {
		stored, err := r.storage.Entries(from, settled+1, math.MaxUint64)
		r.check(err)
		for _, entry := range stored {
			list = append(list, r.entry(entry))
		}
	}
	for i, e := range r.tail.effects[max(0, len(r.tail.effects)-int(most)):] {
		at := i + max(0, len(r.tail.effects)-int(most))
		list = append(list, entryOf(settled+1+uint64(at), r.tail.terms[at], e.op, e.took))
	}
	return list
}

// entry shows an entry that has been applied.
func (r *replica) entry(entry *pb.Entry) sim.LogEntry {
	if !operates(entry) {
		return entryOf(entry.GetIndex(), entry.GetTerm(), sim.Op{}, false)
	}
	op := decode(entry.Data).Op
	a := r.applied.seen[identity{op.Client, op.ID}]
	return entryOf(entry.GetIndex(), entry.GetTerm(), op, a.took)
}

func entryOf(index, term uint64, op sim.Op, took bool) sim.LogEntry {
	e := sim.LogEntry{Index: int64(index), Term: int64(term), Write: op.ID, Key: op.Key, Value: op.Value}
	switch {
	case op.ID == 0:
		e.Kind = sim.LogOwn
	case !took:
		e.Kind = sim.LogVoid
	}
	return e
}

// durable returns up to which index the log is on disk.
func (r *replica) durable() uint64 {
	last, err := r.storage.LastIndex()
	r.check(err)
	settled := r.tail.last - uint64(len(r.tail.effects))
	for i := min(last, r.tail.last); i > settled; i-- {
		if term, err := r.storage.Term(i); err == nil && term == r.tail.terms[i-settled-1] {
			return i
		}
	}
	return min(settled, last)
}

// leaseTimer shows how the lease of a leader runs down.
func (r *replica) leaseTimer() (sim.TimerView, bool) {
	from, until, ok := r.leaseSpan()
	return sim.TimerView{Name: "lease", From: from, Until: until}, ok && r.role == etcd.StateLeader
}

// leaseSpan returns the lease of a leader that keeps one: from when a majority has answered, to its end.
func (r *replica) leaseSpan() (from, until sim.Time, ok bool) {
	if r.tt != nil {
		return r.tt.leaseSpan()
	}
	if !r.set.leases() || r.reign.handed || r.reign.first == 0 || r.commit < r.reign.first || len(r.conf.GetVoters()) < 2 {
		return 0, 0, false
	}
	acked := slices.Clone(r.reign.acked)
	acked[r.env.Self()] = math.MaxInt64
	since := agreedOf(acked, r.conf.GetVoters())
	if old := r.conf.GetVotersOutgoing(); len(old) > 0 {
		since = min(since, agreedOf(acked, old))
	}
	return since, since + r.set.lease, since >= 0
}

// tally adds the operations that a leader has not committed: how many of its members have each in their logs.
func (r *replica) tally(v *sim.NodeView) {
	if r.commit >= r.tail.last {
		return
	}
	matches := make([]uint64, 0, sim.MaxNodes)
	r.node.WithProgress(func(_ uint64, _ etcd.ProgressType, p tracker.Progress) { matches = append(matches, p.Match) })
	for _, e := range r.entries(sim.MaxTallies) {
		if e.Index <= int64(r.commit) || e.Write == 0 {
			continue
		}
		have := 0
		for _, match := range matches {
			if match >= uint64(e.Index) {
				have++
			}
		}
		v.Tallies = append(v.Tallies, sim.TallyView{Op: e.Write, What: "write", Have: have, Need: len(r.conf.GetVoters())/2 + 1})
	}
}

// hidden is what the raw state does not show: knobs, and what etcd's Raft draws from the machine's own randomness, on which
// nothing here depends.
var hidden = []string{"set", "trials", "randomizedElectionTimeout"}

// Inspect says what the node knows: of the cluster, its log and its registers.
func (r *replica) Inspect() sim.Inspection {
	first, err := r.storage.FirstIndex()
	r.check(err)
	i := sim.Inspection{Kept: int64(first), Facts: r.facts(), Log: r.entries(sim.MaxInspected), Hide: hidden}
	for _, key := range slices.Sorted(maps.Keys(r.applied.registers)) {
		held := r.applied.registers[key]
		i.Keys = append(i.Keys, sim.RegisterFacts(key, held.value, held.version))
	}
	if r.role == etcd.StateLeader {
		i.Peers = r.opinions()
	}
	return i
}

func (r *replica) facts() []sim.Fact {
	facts := []sim.Fact{sim.Number("term", r.term), sim.Text("role", r.roleName())}
	if r.lead != etcd.None {
		facts = append(facts, sim.Endpoint("follows", addrOf(r.lead)))
	}
	if r.promise.vote != etcd.None {
		facts = append(facts, sim.Endpoint("voted for", addrOf(r.promise.vote)))
	}
	facts = append(facts, sim.Number("last index", r.tail.last), sim.Number("on disk up to", r.durable()), sim.Number("commit index", r.commit), sim.Number("applied", r.index),
		sim.Number("snapshot at", r.snapped), sim.Span("waits for a leader", r.patience),
		sim.Number("requests not answered", len(r.asked)), sim.Number("reads that wait to be applied", len(r.reads)),
		sim.Number("fsyncs waited for", len(r.flushes)))
	for _, id := range r.conf.GetVoters() {
		facts = append(facts, sim.Endpoint("member", addrOf(id)))
	}
	for _, id := range r.conf.GetVotersOutgoing() {
		facts = append(facts, sim.Endpoint("outgoing member", addrOf(id)))
	}
	if r.tt != nil {
		facts = append(facts, r.tt.facts()...)
	}
	if r.promised > 0 && r.tt == nil {
		facts = append(facts, sim.At("votes for nobody until", r.promised))
	}
	if from, until, ok := r.leaseSpan(); ok && r.role == etcd.StateLeader {
		facts = append(facts, sim.At("lease from", from), sim.At("lease until", until))
	}
	return facts
}

// opinions is what a leader knows of the others.
func (r *replica) opinions() (peers []sim.PeerFacts) {
	r.node.WithProgress(func(id uint64, _ etcd.ProgressType, p tracker.Progress) {
		if addrOf(id) == r.env.Self() {
			return
		}
		facts := []sim.Fact{sim.Text("state", p.State.String()), sim.Number("log is the same up to", p.Match), sim.Number("sent next", p.Next),
			sim.Yes("heard lately", p.RecentActive), sim.Yes("sends it no more for now", p.MsgAppFlowPaused)}
		if r.set.leases() && r.reign.acked[addrOf(id)] >= 0 {
			facts = append(facts, sim.At("answered the heartbeat of", r.reign.acked[addrOf(id)]))
		}
		peers = append(peers, sim.PeerFacts{Peer: addrOf(id), Facts: facts})
	})
	slices.SortFunc(peers, func(a, b sim.PeerFacts) int { return int(a.Peer) - int(b.Peer) })
	return peers
}

// Facts says what is on the disk.
func (d *disk) Facts() []sim.Fact {
	first, _ := d.FirstIndex()
	last, _ := d.LastIndex()
	facts := []sim.Fact{sim.Number("term", d.hard.GetTerm()), sim.Number("commit index", d.hard.GetCommit()),
		sim.Number("first index", first), sim.Number("last index", last)}
	if vote := d.hard.GetVote(); vote != etcd.None {
		facts = append(facts, sim.Endpoint("voted for", addrOf(vote)))
	}
	return facts
}

// Facts says what the message carries, in Raft's words.
func (p payload) Facts() []sim.Fact {
	m := p.msg
	facts := []sim.Fact{sim.Text("message", m.GetType().String())}
	number := func(name string, n uint64) {
		if n != 0 {
			facts = append(facts, sim.Number(name, n))
		}
	}
	number("term", m.GetTerm())
	switch m.GetType() {
	case pb.MsgApp:
		number("follows index", m.GetIndex())
		number("of term", m.GetLogTerm())
	case pb.MsgVote, pb.MsgPreVote:
		number("last index", m.GetIndex())
		number("last term", m.GetLogTerm())
	default:
		number("index", m.GetIndex())
	}
	number("commit index", m.GetCommit())
	if m.GetReject() {
		facts = append(facts, sim.Yes("refused", true), sim.Number("up to index", m.GetRejectHint()))
	}
	if len(m.Entries) > 0 && m.GetType() == pb.MsgApp {
		facts = append(facts, sim.Number("entries", len(m.Entries)), sim.Number("last entry", m.Entries[len(m.Entries)-1].GetIndex()))
	}
	if s := m.Snapshot; s != nil {
		facts = append(facts, sim.Number("snapshot at", s.GetMetadata().GetIndex()), sim.Number("bytes", len(s.Data)))
	}
	for _, e := range m.Entries {
		if m.GetType() == pb.MsgProp && operates(e) {
			facts = append(facts, sim.OpFacts(decode(e.Data).Op)...)
		}
	}
	return facts
}

// Facts adds when the heartbeat was sent.
func (p stamped) Facts() []sim.Fact {
	return append(p.payload.Facts(), sim.Span("sent when the leader's clock had run", p.sent))
}
