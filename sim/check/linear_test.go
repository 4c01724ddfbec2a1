package check

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// generated is one random history of a register, as a list of calls and returns in order.
type generated struct {
	recs   []*sim.Record
	events []int // index of the record; its first mention is the call, its second the return
}

// generate makes a history by running operations against one register, each at a random moment between its call
// and its return, and then spoils some of the answers. Some operations get no answer, and apply late or never.
func generate(rnd *rand.Rand, spoil bool) generated {
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
	total := 4 + rnd.IntN(10)
	for len(h.recs) < total || len(open) > 0 {
		switch pick := rnd.IntN(3); {
		case pick == 0 && len(h.recs) < total && len(open) < 4:
			rec := &sim.Record{Op: sim.Op{ID: sim.OpID(len(h.recs) + 1), Kind: sim.OpKind(1 + rnd.IntN(3)),
				Value: int64(rnd.IntN(3)), Expect: int64(rnd.IntN(3))}}
			h.recs = append(h.recs, rec)
			open = append(open, len(h.recs)-1)
			h.events = append(h.events, len(h.recs)-1)
		case pick == 1 && len(open) > 0:
			if i := open[rnd.IntN(len(open))]; !applied[i] {
				apply(i)
			}
		case pick == 2 && len(open) > 0:
			j := rnd.IntN(len(open))
			i := open[j]
			unanswered := rnd.IntN(5) == 0
			if !applied[i] && !unanswered {
				continue
			}
			if unanswered {
				h.recs[i].Result = sim.Result{Outcome: sim.Info}
			}
			open = append(open[:j], open[j+1:]...)
			h.events = append(h.events, i)
			if unanswered && !applied[i] && h.recs[i].Kind == sim.Write && rnd.IntN(2) == 0 {
				s = state{write: h.recs[i].ID, value: h.recs[i].Value} // it took effect after its client had gone
			}
		}
	}
	if spoil {
		if rec := h.recs[rnd.IntN(len(h.recs))]; rec.Result.Outcome == sim.OK && rec.Kind == sim.Read {
			rec.Result.Version = sim.OpID(rnd.IntN(int(rec.ID)))
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

// incremental feeds a history to a register, judging after every event or at the end only, and returns the
// completion that it says was the violation.
func (h generated) incremental(eager bool) int {
	g := &register{byID: map[sim.OpID]*interval{}, states: []state{{}}}
	called := map[int]bool{}
	completions := 0
	results := make([]sim.Result, len(h.recs))
	for i, rec := range h.recs {
		results[i], rec.Result = rec.Result, sim.Result{}
	}
	for tick, i := range h.events {
		if !called[i] {
			called[i] = true
			g.call(h.recs[i], int64(tick+1))
			continue
		}
		completions++
		h.recs[i].Result, h.recs[i].Completion = results[i], completions
		g.end(h.recs[i], int64(tick+1))
		if eager {
			g.judge()
		}
	}
	g.judge()
	return g.violation
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
		h := generate(rnd, n%2 == 1)
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
		for _, eager := range []bool{true, false} {
			if got := h.incremental(eager); got != want {
				for e, i := range h.events {
					t.Logf("event %d: %+v", e, *h.recs[i])
				}
				t.Fatalf("history %d, eager %v: violation at %d, want %d", n, eager, got, want)
			}
		}
		if want != 0 {
			violations++
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

// TestUnknown sees a stretch that is too long end as unknown, not as fine.
func TestUnknown(t *testing.T) {
	g := &register{byID: map[sim.OpID]*interval{}, states: []state{{}}}
	const n = MaxStretch + 2*CheckEvery
	for i := range n {
		g.call(&sim.Record{Op: sim.Op{ID: sim.OpID(i + 1), Kind: sim.Write}}, int64(i+1))
	}
	for i := range n - 1 { // the last stays pending: no quiescent cut
		rec := g.byID[sim.OpID(i+1)].rec
		rec.Result, rec.Completion = sim.Result{Outcome: sim.OK, Applied: true}, i+1
		g.end(rec, int64(n+i+1))
		if i%997 == 0 {
			g.judge()
		}
	}
	g.judge()
	if !g.unknown || g.violation != 0 || g.covers != MaxStretch {
		t.Fatalf("unknown %v, violation %d, covers %d", g.unknown, g.violation, g.covers)
	}
}
