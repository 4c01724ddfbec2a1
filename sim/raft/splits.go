package raft

import (
	"slices"
	"strconv"
	"strings"

	"netsplit/sim"
)

// splits are the replicas of one node, one of each split: a Raft each, on one disk and one clock.
type splits struct{ parts []*replica }

// newNode makes what a node runs.
func newNode(env sim.Env, cfg sim.Config) sim.Replica {
	set := newSettings(cfg)
	if set.tt == nil {
		return newReplicaOf(nil, env, set)
	}
	var s splits
	for i := range set.tt.splits {
		own := *set
		own.first = set.tt.leaders[i%len(set.tt.leaders)]
		s.parts = append(s.parts, newReplicaOf(nil, splitEnv{env, i}, &own))
	}
	if len(s.parts) == 1 {
		return s.parts[0]
	}
	return &s
}

// splitEnv is a node's world as the replica of one split knows it.
type splitEnv struct {
	sim.Env
	split int
}

func (e splitEnv) Send(to sim.Addr, k sim.MessageKind, p sim.Payload) {
	if e.split > 0 {
		p = splitPayload{p, e.split}
	}
	e.Env.Send(to, k, p)
}

func (e splitEnv) timer(t sim.TimerID) sim.TimerID { return t + sim.TimerID(e.split)*timers }

func (e splitEnv) SetTimer(t sim.TimerID, after sim.Time) { e.Env.SetTimer(e.timer(t), after) }
func (e splitEnv) StopTimer(t sim.TimerID)                { e.Env.StopTimer(e.timer(t)) }
func (e splitEnv) Disk() sim.Disk                         { return e.Env.Disk().(*disk).of(e.split) }

func (e splitEnv) Persist(rec any) {
	if e.split > 0 {
		rec = splitRecord{rec, e.split}
	}
	e.Env.Persist(rec)
}

// splitPayload carries a message between replicas of a split that is not the first.
type splitPayload struct {
	sim.Payload
	split int
}

func (p splitPayload) AppendTrace(b []byte) []byte {
	return p.Payload.AppendTrace(append(b, 'S', byte(p.split)))
}

// Serves returns the operation that the message is about, if it is about one.
func (p splitPayload) Serves() (sim.OpID, bool) {
	if s, ok := p.Payload.(interface{ Serves() (sim.OpID, bool) }); ok {
		return s.Serves()
	}
	return 0, false
}

// Facts says what the message carries, and of which split.
func (p splitPayload) Facts() []sim.Fact {
	facts := []sim.Fact{sim.Number("split", p.split+1)}
	if f, ok := p.Payload.(interface{ Facts() []sim.Fact }); ok {
		facts = append(facts, f.Facts()...)
	}
	return facts
}

// splitRecord is what the replica of a split that is not the first stores.
type splitRecord struct {
	rec   any
	split int
}

// of returns the disk of a split.
func (d *disk) of(split int) *disk {
	for len(d.more) < split {
		d.more = append(d.more, newDisk().(*disk))
	}
	if split == 0 {
		return d
	}
	return d.more[split-1]
}

// of returns the replica of a key's split.
func (s *splits) of(key string) *replica { return s.parts[splitOf(key, len(s.parts))] }

// splitOf returns the split in which a key lies.
func splitOf(key string, count int) int {
	if i := strings.LastIndexByte(key, '-'); i >= 0 {
		if n, err := strconv.Atoi(key[i+1:]); err == nil && n > 0 {
			return (n - 1) % count
		}
	}
	if len(key) == 1 && key[0] >= 'x' {
		return int(key[0]-'x') % count
	}
	return 0
}

func (s *splits) Start() {
	for _, r := range s.parts {
		r.Start()
	}
}

func (s *splits) Receive(m *sim.Message) {
	p, ok := m.Payload.(splitPayload)
	if !ok {
		s.parts[0].Receive(m)
		return
	}
	own := *m
	own.Payload = p.Payload
	s.parts[p.split].Receive(&own)
}

func (s *splits) Fire(t sim.TimerID) { s.parts[t/timers].Fire(t % timers) }

func (s *splits) Serve(op sim.Op) { s.of(op.Key).Serve(op) }

func (s *splits) Held(yield func(string, sim.OpID)) {
	for _, r := range s.parts {
		r.Held(yield)
	}
}

func (s *splits) Describe(key string) sim.NodeView { return s.of(key).Describe(key) }

func (s *splits) Operate(cmd sim.Command) {
	for _, r := range s.parts {
		r.Operate(cmd)
	}
}

// Show shows the first split, and how the leaders' leases of the others run down.
func (s *splits) Show(v *sim.NodeView) sim.Time {
	until := sim.MaxTime
	for i, r := range s.parts {
		if i == 0 {
			until = r.Show(v)
			continue
		}
		if timer, ok := r.leaseTimer(); ok {
			timer.Name += " " + strconv.Itoa(i+1)
			v.Timers = append(v.Timers, timer)
		}
	}
	return until
}

// Inspect says what the node knows of each split; of logs and peers, those of the first.
func (s *splits) Inspect() sim.Inspection {
	all := s.parts[0].Inspect()
	for i, r := range s.parts[1:] {
		own := r.Inspect()
		for _, f := range own.Facts {
			f.Name = "split " + strconv.Itoa(i+2) + ": " + f.Name
			all.Facts = append(all.Facts, f)
		}
		all.Keys = append(all.Keys, own.Keys...)
	}
	slices.SortFunc(all.Keys, func(a, b sim.KeyFacts) int { return strings.Compare(a.Key, b.Key) })
	return all
}
