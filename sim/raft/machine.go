package raft

import (
	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// register is what one key holds, and the write that set it.
type register struct {
	value   int64
	version sim.OpID
}

// identity tells an operation from any other, however often it is in the log.
type identity struct {
	client sim.Addr
	op     sim.OpID
}

// answer is what came of an operation when it was applied: it is the answer to every attempt.
type answer struct {
	found register // before the operation
	took  bool     // it set the register
}

// machine is the replicated state machine: registers that apply each operation once.
type machine struct {
	opening   func(key string) int64
	registers map[string]register
	seen      map[identity]answer
	past      *past // nil without commit timestamps
}

func newMachine(opening func(string) int64) machine {
	return machine{opening: opening, registers: map[string]register{}, seen: map[identity]answer{}}
}

// read returns a register.
func (m *machine) read(key string) register {
	if r, ok := m.registers[key]; ok {
		return r
	}
	return register{value: m.opening(key)}
}

// effect is what an operation did to a machine. The zero effect is that of an entry without an operation.
type effect struct {
	op    sim.Op
	found register // before the operation
	fresh bool     // the operation had not been applied before
	took  bool     // it set the register
	first answer   // of an operation that is not fresh
}

// apply carries out an operation, unless it has been applied before.
func (m *machine) apply(op sim.Op) effect {
	e := effect{op: op, found: m.read(op.Key)}
	id := identity{op.Client, op.ID}
	if first, ok := m.seen[id]; ok {
		e.first = first
		return e
	}
	e.fresh = true
	e.took = op.Kind == sim.Write || op.Kind == sim.CompareAndSet && e.found.value == op.Expect
	if e.took {
		m.registers[op.Key] = register{op.Value, op.ID}
	}
	m.seen[id] = answer{e.found, e.took}
	return e
}

// undo takes back the effect of what was applied last.
func (m *machine) undo(e effect) {
	if e.took {
		m.registers[e.op.Key] = e.found
	}
	if e.fresh {
		delete(m.seen, identity{e.op.Client, e.op.ID})
	}
}

// result is the answer to the operation.
func (e effect) result() sim.Result {
	a := answer{e.found, e.took}
	if !e.fresh {
		a = e.first
	}
	r := sim.Result{Outcome: sim.OK, Applied: a.took}
	if e.op.Kind == sim.CompareAndSet {
		r.Value, r.Version = a.found.value, a.found.version
	}
	return r
}

// tail is the state machine at the end of a replica's log, where entries may still be truncated.
type tail struct {
	machine
	last    uint64   // index of the last entry
	effects []effect // of the entries that are not applied yet, oldest first
	terms   []uint64 // of those entries
}

// append carries the machine on by one entry.
func (t *tail) append(entry *pb.Entry) effect {
	var e effect
	if operates(entry) {
		e = t.apply(decode(entry.Data))
	}
	t.last = entry.GetIndex()
	t.effects, t.terms = append(t.effects, e), append(t.terms, entry.GetTerm())
	return e
}

// truncate takes the last entry off the log.
func (t *tail) truncate() effect {
	e := t.effects[len(t.effects)-1]
	t.effects, t.terms = t.effects[:len(t.effects)-1], t.terms[:len(t.terms)-1]
	t.last--
	t.undo(e)
	return e
}

// settle forgets the effects of the n oldest entries that were not applied yet: they cannot be truncated any more.
func (t *tail) settle(n int) {
	t.effects = t.effects[:copy(t.effects, t.effects[n:])]
	t.terms = t.terms[:copy(t.terms, t.terms[n:])]
}
