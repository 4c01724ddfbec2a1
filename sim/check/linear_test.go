package check

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// mixture says what a random history is made of.
type mixture struct {
	operations, pending int // at most
	kinds               []sim.OpKind
	values              int  // numbers written, from 0
	unanswered, refused int  // one of so many operations; 0 for none
	busy                bool // exactly so many operations, one of which is pending all the time
	modify              bool // compare-and-sets expect what there is at their call, and write what nobody else does
}

// mixtures are what short histories are drawn from: some of everything, many compare-and-sets without an answer, and no
// compare-and-sets.
var mixtures = []mixture{
	{14, 4, []sim.OpKind{sim.Read, sim.Write, sim.CompareAndSet}, 3, 5, 0, false, false},
	{12, 5, []sim.OpKind{sim.Read, sim.CompareAndSet, sim.CompareAndSet, sim.Write}, 2, 2, 12, false, false},
	{16, 5, []sim.OpKind{sim.Read, sim.Read, sim.Write, sim.Delete}, 4, 6, 9, false, false},
	{16, 4, []sim.OpKind{sim.Read, sim.CompareAndSet, sim.Delete}, 2, 9, 0, false, false},
}

// generated is one random history of a register, as a list of calls and returns in order.
type generated struct {
	recs   []*sim.Record
	events []int // index of the record; its first mention is the call, its second the return
}

// draw makes an operation on a register that holds a value.
func (m mixture) draw(rnd *rand.Rand, id sim.OpID, value int64) *sim.Record {
	rec := &sim.Record{Op: sim.Op{ID: id, Kind: m.kinds[rnd.IntN(len(m.kinds))]}}
	switch {
	case rec.Kind == sim.CompareAndSet && m.modify:
		rec.Value, rec.Expect = 1_000_000+int64(rec.ID), value
	case rec.Kind == sim.CompareAndSet:
		rec.Value, rec.Expect = int64(rnd.IntN(m.values)), int64(rnd.IntN(m.values))
	case rec.Kind == sim.Write:
		rec.Value = int64(rnd.IntN(m.values))
	}
	return rec
}

// generate makes a history by running operations against one register, each at a random moment between its call
// and its return, and then spoils some of the answers. Some operations get no answer, and apply late or never.
func generate(rnd *rand.Rand, m mixture, spoil bool) generated {
	var h generated
	s := state{}
	var open []int // called, not returned
	applied := map[int]bool{}
	apply := func(i int) {
		rec := h.recs[i]
		applied[i] = true
		switch {
		case rec.Kind == sim.Read:
			rec.Result = sim.Result{Outcome: sim.OK, Version: s.write}
		case rec.Kind == sim.CompareAndSet && s.value != rec.Expect:
			rec.Result = sim.Result{Outcome: sim.OK, Version: s.write}
		default:
			rec.Result = sim.Result{Outcome: sim.OK, Applied: true}
			if rec.Kind == sim.CompareAndSet {
				rec.Result.Version = s.write
			}
			s = state{write: rec.ID, value: rec.Value}
		}
	}
	total := 4 + rnd.IntN(m.operations-3)
	if m.busy {
		total = m.operations
	}
	for len(h.recs) < total || len(open) > 0 {
		switch pick := rnd.IntN(3); {
		case pick == 0 && len(h.recs) < total && len(open) < m.pending:
			rec := m.draw(rnd, sim.OpID(len(h.recs)+1), s.value)
			h.recs = append(h.recs, rec)
			open = append(open, len(h.recs)-1)
			h.events = append(h.events, len(h.recs)-1)
		case pick == 1 && len(open) > 0:
			if i := open[rnd.IntN(len(open))]; !applied[i] {
				apply(i)
			}
		case pick == 2 && len(open) > 0:
			j := rnd.IntN(len(open))
			if m.busy && j == 0 && len(h.recs) < total {
				continue
			}
			i := open[j]
			unanswered, refused := rnd.IntN(m.unanswered) == 0, m.refused > 0 && !applied[i] && rnd.IntN(m.refused) == 0
			if !applied[i] && !unanswered && !refused {
				continue
			}
			if unanswered {
				h.recs[i].Result = sim.Result{Outcome: sim.Info}
			} else if refused {
				h.recs[i].Result = sim.Result{Outcome: sim.Fail}
			}
			open = append(open[:j], open[j+1:]...)
			h.events = append(h.events, i)
			if unanswered && !applied[i] && h.recs[i].Kind == sim.Write && rnd.IntN(2) == 0 {
				s = state{write: h.recs[i].ID, value: h.recs[i].Value} // it took effect after its client had gone
			}
		}
	}
	for range 4 {
		if rec := h.recs[rnd.IntN(len(h.recs))]; spoil && rec.Kind.Finds() && rec.Result.Outcome == sim.OK {
			rec.Result.Version = sim.OpID(rnd.IntN(int(rec.ID)))
			break
		}
	}
	return h
}

// whole asks porcupine about the first n events of a history at once: what has no answer by then may take effect
// at any later time, or never.
func (h generated) whole(n int) bool {
	const never = 1 << 40
	ops := map[int]*porcupine.Operation{}
	var order []int
	for tick, i := range h.events[:n] {
		rec := h.recs[i]
		switch op := ops[i]; {
		case op == nil:
			ops[i] = &porcupine.Operation{Input: input{rec: rec, optional: true}, Call: int64(tick), Return: never}
			order = append(order, i)
		case rec.Result.Outcome == sim.Fail:
			delete(ops, i)
			order = slices.DeleteFunc(order, func(j int) bool { return i == j })
		case rec.Result.Outcome == sim.OK:
			op.Input, op.Return = input{rec: rec, answered: true}, int64(tick)
		}
	}
	var history []porcupine.Operation
	for _, i := range order {
		if in := ops[i].Input.(input); in.rec.Kind != sim.Read || in.answered {
			history = append(history, *ops[i])
		}
	}
	history = append(history, porcupine.Operation{Input: input{end: true}, Call: never - 2, Return: never - 1})
	return porcupine.CheckOperations(porcupine.Model{
		Init: func() any { return state{} },
		Step: func(s, in, _ any) (bool, any) { return step(s.(state), in.(input)) },
	}, history)
}

// incremental feeds a history to a register and says whether any answer on the way was unknown.
func (h generated) incremental() (g *register, unknown bool) {
	g = newRegister("x", 0)
	h.replay(g, func() { unknown = unknown || g.answer == Unknown })
	return g, unknown
}

// replay feeds a history to a register; judged is called after each completion.
func (h generated) replay(g *register, judged func()) {
	called := map[int]bool{}
	completions := 0
	results := make([]sim.Result, len(h.recs))
	for i, rec := range h.recs {
		results[i], rec.Result = rec.Result, sim.Result{}
	}
	for tick, i := range h.events {
		if !called[i] {
			called[i] = true
			g.call(h.recs[i], int64(tick+1), 0)
			continue
		}
		completions++
		h.recs[i].Result, h.recs[i].Completion = results[i], completions
		g.returned(h.recs[i], int64(tick+1))
		judged()
	}
}

// TestLinearizableAgainstWhole holds the live verdict to porcupine's on the whole history, and the violation to
// the first prefix that porcupine refuses. NETSPLIT_SOAK=1 makes it 20,000 histories.
func TestLinearizableAgainstWhole(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	violations, histories := 0, 3000
	if os.Getenv("NETSPLIT_SOAK") != "" {
		histories = 20_000
	}
	for n := range histories {
		h := generate(rnd, mixtures[n/2%len(mixtures)], n%2 == 1)
		want, completions := 0, 0
		seen := map[int]bool{}
		for e, i := range h.events {
			if seen[i] {
				completions++
				if want == 0 && !h.whole(e+1) {
					want = completions
				}
			}
			seen[i] = true
		}
		g, unknown := h.incremental()
		if got := g.violation; got != want || unknown {
			for e, i := range h.events {
				t.Logf("event %d: %+v", e, *h.recs[i])
			}
			t.Fatalf("history %d: violation at %d, unknown %v, want %d", n, got, unknown, want)
		}
		if want != 0 {
			violations++
			if complaint := unfit(g); complaint != "" {
				for e, i := range h.events {
					t.Logf("event %d: %+v", e, *h.recs[i])
				}
				t.Fatalf("history %d, violation at %d: counterexample %+v: %s", n, want, g.explain(), complaint)
			}
		}
		if n%2 == 0 && want != 0 {
			t.Fatalf("history %d is not spoilt, yet porcupine refuses it", n)
		}
	}
	if violations < histories/20 {
		t.Fatalf("only %d of %d histories had a violation: the test shows nothing", violations, histories)
	}
	t.Logf("%d histories, %d with a violation", histories, violations)
}

// unfit says what is wrong with a counterexample: porcupine must refuse it, the operation that completed last must be in
// it, every write that a read of it found must be, and it must be legal without any one operation that may go.
func unfit(g *register) string {
	v := g.explain()
	e := example{g: g, until: g.broken.end, place: map[*interval]int{}}
	for i, id := range v.Ops {
		e.ops = append(e.ops, g.byID(id))
		e.place[g.byID(id)] = i
		e.exact = e.exact || e.hidden(g.byID(id))
	}
	if !slices.Contains(v.Ops, g.broken.rec.ID) || v.Op != g.broken.rec.ID {
		return "without the operation that completed last"
	}
	for pass := range 2 { // the second without regard to what compare-and-sets without an answer met, or with it
		e.exact = e.exact != (pass == 1)
		all := make([]int, len(e.ops))
		needed := map[int]bool{}
		for i, op := range e.ops {
			all[i] = i
			if w := g.byID(op.rec.Result.Version); e.finds(op) && w != nil && w != op && w.rec.Kind != sim.Read && !slices.Contains(v.Ops, w.rec.ID) {
				return "a read without the write that it found"
			}
			for _, j := range e.needs(i) {
				needed[j] = true
			}
		}
		budget := 1_000_000
		if search(registerModel(g.opening), e.view(all), &budget) != porcupine.Illegal {
			continue
		}
		for i := range e.ops {
			rest := slices.Delete(slices.Clone(all), i, i+1)
			if !needed[i] && search(registerModel(g.opening), e.view(rest), &budget) != porcupine.Ok {
				return fmt.Sprintf("operation %d can be left out", v.Ops[i])
			}
		}
		return ""
	}
	return "porcupine does not refuse it"
}

// TestFoundBeforeItsTurn: of a chain of compare-and-sets the last was found first, and only later do the others return; a
// read that began in between and found the head of the chain came too late.
func TestFoundBeforeItsTurn(t *testing.T) {
	op := func(id sim.OpID, kind sim.OpKind, value, expect int64, found sim.OpID) *sim.Record {
		return &sim.Record{Op: sim.Op{ID: id, Kind: kind, Value: value, Expect: expect},
			Result: sim.Result{Outcome: sim.OK, Applied: kind != sim.Read, Version: found}}
	}
	h := generated{recs: []*sim.Record{op(1, sim.Write, 1, 0, 0), op(2, sim.CompareAndSet, 2, 1, 1), op(3, sim.CompareAndSet, 3, 2, 2),
		op(4, sim.Read, 0, 0, 3), op(5, sim.Read, 0, 0, 1)}}
	for _, c := range []struct {
		events []int
		want   int
	}{{[]int{0, 0, 1, 2, 3, 3, 4, 1, 2, 4}, 5}, {[]int{0, 0, 1, 2, 3, 4, 3, 1, 2, 4}, 0}} {
		h.events = c.events
		if whole := h.whole(len(c.events)); whole != (c.want == 0) {
			t.Fatalf("%v: porcupine says %v", c.events, whole)
		}
		if g, unknown := h.incremental(); g.violation != c.want || unknown {
			t.Errorf("%v: violation at %d, want %d; unknown %v", c.events, g.violation, c.want, unknown)
		}
	}
}
