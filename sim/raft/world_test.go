package raft

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	pb "go.etcd.io/raft/v3/raftpb"

	etcd "go.etcd.io/raft/v3"

	"netsplit/sim"
)

// world is a Lab of one lane, with what happened in it.
type world struct {
	sim.NopObserver
	t        testing.TB
	lab      *sim.Lab
	cluster  *sim.Cluster
	scenario *sim.Scenario
	replicas []*replica
	notes    []sim.Note
	leaders  map[int64]sim.Addr // by term
	log      []*pb.Entry        // that anybody has applied
	trials   trials             // of every replica
	wipes    bool               // disks are emptied: nothing is promised
}

// newWorld builds the world of a scenario that runs this protocol alone.
func newWorld(t testing.TB, text string) *world {
	t.Helper()
	w := &world{t: t, leaders: map[int64]sim.Addr{}, wipes: strings.Contains(text, " wipe ")}
	p := Protocol()
	p.New = func(env sim.Env, cfg sim.Config) sim.Replica {
		r := newReplica(env, cfg)
		r.trials = w.trials
		r.hears = w.applied
		w.restored(r)
		if int(env.Self()) == len(w.replicas) {
			w.replicas = append(w.replicas, r)
		}
		w.replicas[env.Self()] = r // in place of one that has crashed
		return r
	}
	v := sim.Vocabulary{Protocols: []sim.Protocol{p}}
	var err error
	if w.scenario, err = sim.Parse(text, v); err != nil {
		t.Fatal(err)
	}
	if w.lab, err = sim.NewLab(w.scenario, v); err != nil {
		t.Fatal(err)
	}
	w.cluster = w.lab.Lanes()[0]
	w.cluster.Observe(w)
	return w
}

// run builds the world of a scenario and takes it to its end.
func run(t testing.TB, text string) *world {
	t.Helper()
	w := newWorld(t, text)
	w.lab.AdvanceTo(w.scenario.End)
	return w
}

// Noted fails if two nodes lead in one term, or one steps down from a term that it did not lead.
func (w *world) Noted(n sim.Note) {
	w.notes = append(w.notes, n)
	leader, known := w.leaders[n.N]
	switch {
	case w.wipes:
	case n.Kind == sim.NoteElected && known:
		w.t.Errorf("at %s nodes %d and %d have both led in term %d", n.At, leader, n.Node, n.N)
	case n.Kind == sim.NoteElected:
		w.leaders[n.N] = n.Node
	case n.Kind == sim.NoteDeposed && (!known || leader != n.Node):
		w.t.Errorf("at %s node %d has stepped down from term %d, which it did not lead", n.At, n.Node, n.N)
	}
}

// applied fails if two nodes apply different entries at one place of the log.
func (w *world) applied(e *pb.Entry) {
	switch i := int(e.GetIndex()) - 1; {
	case w.wipes:
	case i == len(w.log):
		w.log = append(w.log, e)
	case i > len(w.log):
		w.t.Fatalf("entry %d is applied, and nobody has applied entry %d", i+1, i)
	case w.log[i].GetTerm() != e.GetTerm() || w.log[i].GetType() != e.GetType() || !bytes.Equal(w.log[i].Data, e.Data):
		w.t.Fatalf("two nodes have applied different entries %d", i+1)
	}
}

// restored takes note of what a replica that is made from a disk has applied.
func (w *world) restored(r *replica) {
	first, _ := r.storage.FirstIndex()
	if first > r.index {
		return
	}
	entries, err := r.storage.Entries(first, r.index+1, math.MaxUint64)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		w.applied(e)
	}
}

// noted returns the notes of one kind, oldest first.
func (w *world) noted(k sim.NoteKind) []sim.Note {
	return slices.DeleteFunc(slices.Clone(w.notes), func(n sim.Note) bool { return n.Kind != k })
}

// named returns what became of the command that the scenario names.
func (w *world) named(name string) *sim.Errand {
	w.t.Helper()
	e := w.cluster.Named(name)
	if e == nil {
		w.t.Fatalf("nothing is named %s", name)
	}
	return e
}

func (w *world) expect(name string, o sim.Outcome, why sim.Reason, balance int64) {
	w.t.Helper()
	if e := w.named(name); e.Outcome != o || e.Reason != why || e.Balance != balance {
		w.t.Errorf("%s: got %s %s %d, want %s %s %d", name, e.Outcome, e.Reason, e.Balance, o, why, balance)
	}
}

// sequence returns the writes of a key that took effect in a replica's log up to an index, found by replaying what is
// applied; what is not may not have been stored yet.
func (w *world) sequence(r *replica, to uint64, key string) []sim.OpID {
	var took []sim.OpID
	add := func(e effect) {
		if e.took && e.op.Key == key {
			took = append(took, e.op.ID)
		}
	}
	m := newMachine(r.env.Opening)
	base := r.tail.last - uint64(len(r.tail.effects)) // it has applied as much, but for a snapshot that is not durable yet
	for _, entry := range w.log[:min(to, base)] {
		if operates(entry) {
			add(m.apply(decode(entry.Data)))
		}
	}
	if to >= base && base == r.index && !maps.Equal(m.registers, r.applied.registers) {
		w.t.Errorf("at %s node %d has %v; the log up to entry %d makes %v", w.lab.Now(), r.env.Self(), r.applied.registers, r.index, m.registers)
	}
	pending := r.tail.effects
	for _, e := range pending[:max(0, int(to)-int(r.tail.last)+len(pending))] {
		add(e)
	}
	return took
}

// agree fails unless all replicas have applied the same, and follow one leader.
func (w *world) agree() {
	w.t.Helper()
	leaders := 0
	first := w.cluster.Describe(0)
	for i, r := range w.replicas {
		v := w.cluster.Describe(sim.Addr(i))
		if v.Role == "leader" {
			leaders++
		}
		if v.Value != first.Value || v.Version != first.Version || v.Term != first.Term {
			w.t.Errorf("node 0 has %+v, node %d has %+v", first, i, v)
		}
		if r.index != w.replicas[0].index || r.tail.last != r.index {
			w.t.Errorf("node %d has applied %d of %d entries, node 0 %d", i, r.index, r.tail.last, w.replicas[0].index)
		}
	}
	if leaders != 1 {
		w.t.Errorf("%d leaders", leaders)
	}
}

// settle gives a world in which all is well more time, up to a minute, until one leads and all have applied the same: a
// healed stream may stay silent for as long as it was cut.
func (w *world) settle() {
	for until := w.lab.Now() + 60*sim.Second; w.lab.Now() < until; w.lab.AdvanceTo(w.lab.Now() + sim.Second) {
		leaders, alike := 0, true
		for _, r := range w.replicas {
			if r.role == etcd.StateLeader {
				leaders++
			}
			alike = alike && r.index == w.replicas[0].index && r.tail.last == r.index && r.term == w.replicas[0].term
		}
		if leaders == 1 && alike {
			return
		}
	}
}

// says prints a note as a person would.
func (w *world) says(n sim.Note) string {
	switch n.Kind {
	case sim.NoteCampaign:
		return fmt.Sprintf("%s stands for election, term %d", w.scenario.Regions[n.Node], n.N)
	case sim.NoteElected:
		return fmt.Sprintf("%s leads, term %d", w.scenario.Regions[n.Node], n.N)
	case sim.NoteDeposed:
		return fmt.Sprintf("%s steps down, term %d", w.scenario.Regions[n.Node], n.N)
	case sim.NoteReset:
		return fmt.Sprintf("%s gives up its connection to %s: %d messages gone", w.scenario.Regions[n.Node], w.scenario.Regions[n.Peer], n.N)
	case sim.NoteDialed:
		return fmt.Sprintf("%s is connected to %s again", w.scenario.Regions[n.Node], w.scenario.Regions[n.Peer])
	case sim.NoteOperator:
		return "an operator gives a command"
	case sim.NoteMembers:
		return fmt.Sprintf("%s goes by other members: %d votes", w.scenario.Regions[n.Node], n.N)
	case sim.NoteCaughtUp:
		return fmt.Sprintf("%s takes a snapshot up to entry %d from %s", w.scenario.Regions[n.Node], n.N, w.scenario.Regions[n.Peer])
	case sim.NoteLinks:
		return "links change"
	case sim.NoteMachine:
		return fmt.Sprintf("something happens to the machine of %s", w.scenario.Regions[n.Node])
	case sim.NotePartition:
		return "the network is parted"
	case sim.NoteHeal:
		return "the network is whole"
	default:
		return strings.TrimSpace(fmt.Sprintf("%s %d", n.Kind, n.N))
	}
}
