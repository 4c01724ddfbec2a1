package study

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"netsplit/sim"
	"netsplit/sim/foreign"
)

// historian notes in which order a lane's operations began and ended.
type historian struct {
	sim.NopObserver
	form  Form
	lane  *sim.Cluster
	ticks int
	calls map[sim.OpID]int
	ends  map[sim.OpID]int
	met   map[sim.OpID]sim.OpID // by write that took effect: the one before it
}

func (h *historian) observe(lane *sim.Cluster) {
	h.lane, h.calls, h.ends, h.met = lane, map[sim.OpID]int{}, map[sim.OpID]int{}, map[sim.OpID]sim.OpID{}
	lane.Observe(h)
}

// Invoked notes a call.
func (h *historian) Invoked(r *sim.Record) {
	h.ticks++
	h.calls[r.ID] = h.ticks
}

// Returned notes an end.
func (h *historian) Returned(r *sim.Record) {
	h.ticks++
	h.ends[r.ID] = h.ticks
}

// Follows notes what a write met where it took effect: last, should a log have been cut short.
func (h *historian) Follows(w, before sim.OpID) { h.met[w] = before }

func (h *historian) finish(ctx context.Context, w io.Writer) error {
	history, model, err := h.history()
	if err != nil {
		return err
	}
	if h.form == Porcupine {
		return foreign.Draw(ctx, w, history, model)
	}
	return foreign.Write(w, history)
}

// history returns what a lane's clients asked and were told, once it has been watched from its start. So that no two
// writes of a register look alike, its values are pairs of what was written and the operation that wrote it, the opening
// value being of operation 0. A compare-and-set that has no answer is said to have met what it did meet, and if it took effect
// nowhere what its client had read before; it is a mere write where that was another value. A read that found siblings returned a set of such pairs, which nobody wrote.
func (h *historian) history() (*foreign.History, foreign.Model, error) {
	model, err := h.model()
	if err != nil {
		return nil, "", err
	}
	b := &jepsen{historian: h, model: model, free: map[int]int{}}
	b.open()
	for _, rec := range b.sorted() {
		b.add(rec)
	}
	return &foreign.History{Ops: b.ops}, model, nil
}

// modelOf says what kind of object operations are on; reads are on any.
var modelOf = map[sim.OpKind]foreign.Model{sim.Write: foreign.Register, sim.CompareAndSet: foreign.Register, sim.Delete: foreign.Register,
	sim.Increment: foreign.Counter, sim.Add: foreign.Set, sim.Remove: foreign.Set}

// model returns what kind of object the lane's operations are on.
func (h *historian) model() (foreign.Model, error) {
	model := foreign.Model("")
	for _, rec := range h.lane.History() {
		switch m := modelOf[rec.Kind]; {
		case m == "" || m == model || rec.Result.Outcome == sim.Fail:
		case model == "":
			model = m
		default:
			return "", fmt.Errorf("lane %s has operations of a %s and of a %s: a history is of one kind of object", h.lane.Name, model, m)
		}
	}
	return cmp.Or(model, foreign.Register), nil
}

// jepsen makes the history of a lane.
type jepsen struct {
	*historian
	model foreign.Model
	ops   []foreign.Op
	free  map[int]int // by process: when its last operation ended; none after one that has not
}

func (b *jepsen) sorted() []*sim.Record {
	list := slices.Clone(b.lane.History())
	slices.SortFunc(list, func(x, y *sim.Record) int { return cmp.Compare(b.calls[x.ID], b.calls[y.ID]) })
	return list
}

// open has each key begin with its opening value, by a process that nobody else is, before everything else.
func (b *jepsen) open() {
	var keys []string
	for _, rec := range b.lane.History() {
		if !slices.Contains(keys, rec.Key) {
			keys = append(keys, rec.Key)
		}
	}
	f := map[foreign.Model]string{foreign.Register: ":write", foreign.Counter: ":add"}[b.model]
	for _, key := range keys {
		value := b.lane.Workload().Opening(key)
		if f == "" || b.model == foreign.Counter && value == 0 {
			continue
		}
		arg := foreign.Number(value)
		if b.model == foreign.Register {
			arg = b.value(key, 0)
		}
		n := len(b.ops) - 2*len(keys)
		b.ops = append(b.ops, foreign.Op{Process: "0", F: f, Key: foreign.Text(key).String(), Arg: arg, Result: arg, Outcome: foreign.OK,
			Call: 2*n - 1, Return: 2 * n})
	}
}

// value returns a register's value as an operation wrote it.
func (b *jepsen) value(key string, write sim.OpID) foreign.Value {
	value := foreign.Number(b.lane.Workload().Opening(key))
	if write > 0 {
		rec := b.lane.History()[write-1]
		value = foreign.Number(rec.Value)
		if rec.Kind == sim.Delete {
			value = foreign.Nil()
		}
	}
	return foreign.Pair(value, foreign.Number(int64(write)))
}

// add adds an operation, unless it was refused as one that such an object does not have.
func (b *jepsen) add(rec *sim.Record) {
	if m := modelOf[rec.Kind]; m != "" && m != b.model {
		return
	}
	op := foreign.Op{Key: foreign.Text(rec.Key).String(), Call: b.calls[rec.ID], Return: b.ends[rec.ID], Outcome: foreign.Info}
	switch rec.Result.Outcome {
	case sim.OK:
		op.Outcome = foreign.OK
	case sim.Fail:
		op.Outcome = foreign.Fail
	}
	switch rec.Kind {
	case sim.Read:
		op.F, op.Arg, op.Result = ":read", foreign.Nil(), b.found(rec)
	case sim.Write, sim.Delete:
		op.F, op.Arg = ":write", b.value(rec.Key, rec.ID)
	case sim.CompareAndSet:
		b.swap(rec, &op)
	case sim.Increment, sim.Add:
		op.F, op.Arg = ":add", foreign.Number(rec.Value)
	case sim.Remove:
		op.F, op.Arg = ":remove", foreign.Number(rec.Value)
	}
	if rec.Kind != sim.Read && rec.Kind != sim.CompareAndSet {
		op.Result = op.Arg
		if op.Outcome == foreign.OK && !rec.Result.Applied {
			op.Outcome = foreign.Fail
		}
	}
	op.Process = b.process(rec, &op)
	b.ops = append(b.ops, op)
}

// swap makes a compare-and-set.
func (b *jepsen) swap(rec *sim.Record, op *foreign.Op) {
	op.F = ":cas"
	met, sure := rec.Result.Version, rec.Result.Outcome == sim.OK
	if !sure {
		if met, sure = b.met[rec.ID]; !sure {
			met, sure = b.basis(rec)
		}
	}
	to := b.value(rec.Key, rec.ID)
	op.Arg = foreign.Pair(b.value(rec.Key, met), to)
	op.Result = op.Arg
	switch {
	case op.Outcome == foreign.OK && !rec.Result.Applied:
		op.Arg = foreign.Pair(foreign.Pair(foreign.Number(rec.Expect), foreign.Nil()), to)
		op.Found(b.value(rec.Key, met))
	case op.Outcome == foreign.Info && !sure:
		op.F, op.Arg = ":write", to
	}
}

// basis returns what the client of a compare-and-set had read before, and whether that is the value that it expects.
func (b *jepsen) basis(rec *sim.Record) (sim.OpID, bool) {
	ops := b.lane.ErrandOf(rec.ID).Ops
	i := slices.Index(ops, rec.ID)
	if i < 1 {
		return 0, false
	}
	read := b.lane.History()[ops[i-1]-1]
	return read.Result.Version, read.Result.Outcome == sim.OK && read.Key == rec.Key && read.Result.Value == rec.Expect
}

// found returns what a read returned.
func (b *jepsen) found(rec *sim.Record) foreign.Value {
	switch b.model {
	case foreign.Counter:
		return foreign.Number(rec.Result.Value)
	case foreign.Set:
		var items []foreign.Value
		for _, item := range rec.Result.Found.Items() {
			items = append(items, foreign.Number(item))
		}
		return foreign.SetOf(items...)
	}
	if siblings := rec.Result.Found.Siblings(); len(siblings) > 1 {
		var all []foreign.Value
		for _, v := range siblings { // two may be of one write, which two replicas took
			if one := b.value(rec.Key, v.Write); !slices.ContainsFunc(all, func(a foreign.Value) bool { return a.String() == one.String() }) {
				all = append(all, one)
			}
		}
		return foreign.SetOf(all...)
	}
	return b.value(rec.Key, rec.Result.Version)
}

// process returns a process of an operation's client that is free: another one, as in Jepsen, after an operation without an
// answer, and beside one that has not ended. Those of a client are alike modulo the number of clients, and 0 is nobody's.
func (b *jepsen) process(rec *sim.Record, op *foreign.Op) string {
	p := 1 + int(rec.Client) - b.lane.Nodes()
	for {
		if end, used := b.free[p]; !used || end != 0 && end < op.Call {
			break
		}
		p += b.lane.Clients()
	}
	b.free[p] = op.Return
	if op.Outcome == foreign.Info {
		b.free[p] = 0
	}
	return fmt.Sprint(p)
}
