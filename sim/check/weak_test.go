package check

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"netsplit/sim"
)

// weakHistory is a random history of a few sessions and keys: events in order of their ticks, with what each operation
// came to. Nothing says that it is anything's history: what is found is drawn.
func weakHistory(rnd *rand.Rand) []event {
	ops, sessions, keys := 3+rnd.IntN(5), 1+rnd.IntN(3), 1+rnd.IntN(2)
	overlap := rnd.IntN(3) == 0
	var recs []*sim.Record
	var open []*sim.Record
	var events []event
	busy := map[sim.Addr]int{}
	store := map[string][]*sim.Record{} // writes of a key in the order in which they were called
	for len(recs) < ops || len(open) > 0 {
		if len(recs) < ops && (len(open) == 0 || rnd.IntN(2) == 0) {
			rec := &sim.Record{Op: sim.Op{ID: sim.OpID(len(recs) + 1), Client: sim.Addr(rnd.IntN(sessions)), Key: []string{"x", "y"}[rnd.IntN(keys)],
				Kind: []sim.OpKind{sim.Read, sim.Read, sim.Write, sim.Write, sim.CompareAndSet, sim.Delete}[rnd.IntN(6)]}}
			if busy[rec.Client] > 0 && !overlap {
				continue
			}
			busy[rec.Client]++
			recs, open = append(recs, rec), append(open, rec)
			events = append(events, event{rec: rec, tick: tick(len(events) + 1)})
			if rec.Kind != sim.Read {
				store[rec.Key] = append(store[rec.Key], rec)
			}
			continue
		}
		if len(open) == 0 {
			continue
		}
		i := rnd.IntN(len(open))
		rec := open[i]
		if rnd.IntN(12) == 0 && len(recs) == ops {
			break // the rest stays pending
		}
		open = slices.Delete(open, i, i+1)
		busy[rec.Client]--
		rec.Result = drawn(rnd, rec, store[rec.Key])
		events = append(events, event{rec, tick(len(events) + 1), true})
	}
	n := 0
	for _, e := range events {
		if e.end {
			n++
			e.rec.Completion = n
		}
	}
	return events
}

// drawn draws what an operation came to: mostly a late version of its key, at times anything.
func drawn(rnd *rand.Rand, rec *sim.Record, writes []*sim.Record) sim.Result {
	r := sim.Result{Outcome: sim.OK, Applied: rec.Kind != sim.Read}
	switch draw := rnd.IntN(20); {
	case draw < 2:
		return sim.Result{Outcome: sim.Info}
	case draw == 2:
		return sim.Result{Outcome: sim.Fail}
	case draw < 6 && rec.Kind == sim.CompareAndSet:
		r.Applied = false
	}
	if !rec.Kind.Finds() {
		return r
	}
	var others []sim.OpID
	for _, w := range writes {
		if w.ID != rec.ID && (w.Result.Outcome != sim.Fail || rnd.IntN(20) == 0) {
			others = append(others, w.ID)
		}
	}
	if len(others) > 0 && rnd.IntN(6) > 0 {
		r.Version = others[max(rnd.IntN(len(others)), rnd.IntN(len(others)))]
	}
	if rnd.IntN(60) == 0 {
		r.Version = rec.ID // corrupted
	}
	return r
}

// everyModel are those that the brute force knows.
var everyModel = append([]Kind{Sequential, Causal}, guarantees...)

// firstBroken returns by brute force the first completion after which a model is violated; 0 for none.
func firstBroken(events []event, m Kind) int {
	n := 0
	for i, e := range events {
		if e.end {
			n++
			if b := newBrute(events[:i+1]); !b.allowed(m) {
				return n
			}
		}
	}
	return 0
}

// TestWeakAgainstBruteForce holds each model's verdict to its definition, tried on all orders, and every counterexample
// too. NETSPLIT_SOAK=1 makes it 100,000 histories.
func TestWeakAgainstBruteForce(t *testing.T) {
	histories := 4000
	if os.Getenv("NETSPLIT_SOAK") != "" {
		histories = 100_000
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	broken := map[Kind]int{}
	for n := range histories {
		events := weakHistory(rnd)
		w := newWeak(recordsOf(events), func(sim.OpID) []sim.OpID { return nil })
		for _, e := range events {
			w.feed(e)
		}
		got := map[Kind]int{}
		for _, m := range everyModel {
			v := w.verdict(m)
			if m == Sequential {
				v = w.sequential(Verdict{Answer: Unknown}, false)
			}
			want := firstBroken(events, m)
			if got[m] = v.ViolationAt; got[m] != want || (v.Answer == No) != (want != 0) || v.Answer == Unknown {
				t.Fatalf("history %d, %s: %s at %d, want %d\n%s", n, m, v.Answer, got[m], want, show(events))
			}
			if want != 0 {
				broken[m]++
				holdLeast(t, events, w, m, want)
			}
		}
		if at := got[Causal]; at != 0 && (got[Sequential] == 0 || got[Sequential] > at) {
			t.Fatalf("history %d: causal broken at %d, sequential at %d", n, at, got[Sequential])
		}
		for _, m := range guarantees {
			if at := got[m]; at != 0 && (got[Causal] == 0 || got[Causal] > at) {
				t.Fatalf("history %d: %s broken at %d, causal at %d", n, m, at, got[Causal])
			}
		}
	}
	for _, m := range everyModel {
		if broken[m] < histories/50 || broken[m] > histories*49/50 {
			t.Errorf("%d of %d histories violate %s: the test shows nothing", broken[m], histories, m)
		}
	}
	t.Logf("%d histories; violated: %v", histories, broken)
}

// feed takes an event.
func (w *weak) feed(e event) {
	if e.end {
		w.returned(e.rec)
	} else {
		w.called(e.rec)
	}
}

// holdLeast holds a counterexample to what is promised of it: it is violated at the completion that the verdict names,
// not without any of its operations, and it has the writes that its reads found.
func holdLeast(t *testing.T, events []event, w *weak, m Kind, at int) {
	t.Helper()
	v := w.violation(m)
	if m == Sequential {
		v = w.unordered()
	}
	upTo := slices.IndexFunc(events, func(e event) bool { return e.end && e.rec.Completion == at })
	ops := only(events[:upTo+1], v.Ops)
	if v.Completion != at || newBrute(ops).allowed(m) || !slices.Contains(v.Ops, v.Op) || v.Missed != 0 && !slices.Contains(v.Ops, v.Missed) {
		t.Fatalf("%s: %+v is no counterexample for completion %d\n%s", m, *v, at, show(events))
	}
	for i := range v.Ops {
		rest := only(ops, slices.Delete(slices.Clone(v.Ops), i, i+1))
		if whole(rest) && !newBrute(rest).allowed(m) {
			t.Fatalf("%s: %+v needs no operation %d\n%s", m, *v, v.Ops[i], show(events))
		}
	}
}

// recordsOf returns a history's records by operation.
func recordsOf(events []event) func(sim.OpID) *sim.Record {
	records := map[sim.OpID]*sim.Record{}
	for _, e := range events {
		records[e.rec.ID] = e.rec
	}
	return func(id sim.OpID) *sim.Record { return records[id] }
}
