package check

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// counted is one random history of a counter or a set.
type counted struct {
	generated
	set     bool
	sights  map[*sim.Record]sight
	replica [2]*sim.Event // the latest update of each actor
	value   int64
	items   []int64
	example []*interval // of the violation that was found
}

// carryOut has an operation take effect.
func (h *counted) carryOut(rec *sim.Record, actor int) {
	rec.Result = sim.Result{Outcome: sim.OK, Applied: rec.Kind != sim.Read}
	if rec.Kind == sim.Read {
		s := sight{value: h.value, items: slices.Clone(h.items)}
		for _, e := range h.replica {
			if e != nil {
				s.events = append(s.events, e)
			}
		}
		h.sights[rec], rec.Result.Value = s, s.value
		return
	}
	e := &sim.Event{Actor: sim.Actor{Node: sim.Addr(actor)}, Count: 1, Write: rec.ID, Before: h.replica[actor]}
	if e.Before != nil {
		e.Count = e.Before.Count + 1 + uint64(rec.ID%2) // other keys take counts too
	}
	h.replica[actor] = e
	h.value += rec.Value
	if h.set {
		h.items = slices.DeleteFunc(h.items, func(i int64) bool { return rec.Kind == sim.Delete || i == rec.Value })
		if rec.Kind == sim.Add {
			h.items = append(h.items, rec.Value)
			slices.Sort(h.items)
		}
		h.value = int64(len(h.items))
	}
}

// part returns what a read finds that has not seen the latest updates of each actor, or takes them to have come in
// another order.
func (h *counted) part(rnd *rand.Rand) sight {
	var s sight
	var seen []int
	for _, e := range h.replica {
		for n := rnd.IntN(3); n > 0 && e != nil; n-- {
			e = e.Before
		}
		if e != nil {
			s.events = append(s.events, e)
		}
		for ; e != nil; e = e.Before {
			seen = append(seen, int(e.Write)-1)
		}
	}
	slices.Sort(seen)
	if rnd.IntN(3) == 0 {
		rnd.Shuffle(len(seen), func(i, j int) { seen[i], seen[j] = seen[j], seen[i] })
	}
	other := counted{set: h.set, sights: map[*sim.Record]sight{}}
	if h.set {
		other.items = []int64{}
	}
	for _, i := range seen {
		rec := *h.recs[i]
		other.carryOut(&rec, 0)
	}
	s.value, s.items = other.value, other.items
	return s
}

// count makes a history of up to so many operations. In a spoilt one, reads find what the key held a while before, or
// what only one of its actors knows.
func count(rnd *rand.Rand, set bool, operations, pending, unanswered int, spoil bool) *counted {
	h := &counted{set: set, sights: map[*sim.Record]sight{}}
	if set {
		h.items = []int64{}
	}
	var open []int
	applied := map[int]bool{}
	var old []sight
	for len(h.recs) < operations || len(open) > 0 {
		switch pick := rnd.IntN(3); {
		case pick == 0 && len(h.recs) < operations && len(open) < pending:
			open, h.events = append(open, len(h.recs)), append(h.events, len(h.recs))
			h.recs = append(h.recs, h.draw(rnd))
		case pick == 1 && len(open) > 0:
			if i := open[rnd.IntN(len(open))]; !applied[i] {
				applied[i] = true
				h.carryOut(h.recs[i], rnd.IntN(2))
				if s, read := h.sights[h.recs[i]]; read {
					if old = append(old, s); spoil && rnd.IntN(2) == 0 {
						s = old[rnd.IntN(len(old))]
					} else if spoil {
						s = h.part(rnd)
					}
					h.sights[h.recs[i]], h.recs[i].Result.Value = s, s.value
				}
			}
		case pick == 2 && len(open) > 0:
			j := rnd.IntN(len(open))
			if operations > 1000 && j == 0 && len(h.recs) < operations {
				continue // a long history is never quiet
			}
			i := open[j]
			silent := unanswered > 0 && rnd.IntN(unanswered) == 0
			if !applied[i] && !silent {
				continue
			}
			if silent {
				if !applied[i] && h.recs[i].Kind != sim.Read && rnd.IntN(2) == 0 {
					h.carryOut(h.recs[i], rnd.IntN(2)) // it took effect after its client had gone
				}
				h.recs[i].Result = sim.Result{Outcome: sim.Info}
			}
			open, h.events = slices.Delete(open, j, j+1), append(h.events, i)
		}
	}
	return h
}

func (h *counted) draw(rnd *rand.Rand) *sim.Record {
	rec := &sim.Record{Op: sim.Op{ID: sim.OpID(len(h.recs) + 1), Kind: sim.Read}}
	switch {
	case rnd.IntN(2) == 0:
	case !h.set:
		rec.Kind, rec.Value = sim.Increment, int64(rnd.IntN(5)-1)
	case rnd.IntN(12) == 0:
		rec.Kind = sim.Delete
	default:
		rec.Kind, rec.Value = []sim.OpKind{sim.Add, sim.Add, sim.Remove}[rnd.IntN(3)], int64(1+rnd.IntN(3))
	}
	return rec
}

// judge feeds a history to a tally and returns the answers after each completion.
func (h *counted) judge() []Answer {
	t := newTally(0)
	t.set, t.sight = h.set, func(rec *sim.Record) sight { return h.sights[rec] }
	ops := map[int]*interval{}
	results := make([]sim.Result, len(h.recs))
	for i, rec := range h.recs {
		results[i], rec.Result = rec.Result, sim.Result{}
	}
	var answers []Answer
	for tick, i := range h.events {
		if op := ops[i]; op == nil {
			ops[i] = &interval{rec: h.recs[i], place: int32(len(ops)), call: int64(tick + 1)}
			t.call(ops[i])
		} else {
			h.recs[i].Result, h.recs[i].Completion = results[i], len(answers)+1
			op.end = int64(tick + 1)
			answers = append(answers, t.returned(op))
			if answers[len(answers)-1] == No {
				h.example = t.example(op)
				return answers
			}
		}
	}
	return answers
}

// whole asks porcupine about the first n events of a history at once, by values.
func (h *counted) whole(n int) bool {
	t := newTally(0)
	t.set, t.sight = h.set, func(rec *sim.Record) sight { return h.sights[rec] }
	ops := map[int]*interval{}
	var list []*interval
	for tick, i := range h.events[:n] {
		if op := ops[i]; op == nil {
			ops[i] = &interval{rec: h.recs[i], call: int64(tick + 1)}
			list = append(list, ops[i])
		} else {
			op.end = int64(tick + 1)
		}
	}
	return porcupine.CheckOperations(t.model(), t.history(list))
}

// contradictory reports whether no order of a few operations has each read see just those of the updates before it that it
// says it has seen; and some order does, without any one of them.
func (h *counted) contradictory(ops []*interval) bool {
	for i := range ops {
		if !h.orderable(slices.Delete(slices.Clone(ops), i, i+1), nil) {
			return false
		}
	}
	return !h.orderable(ops, nil)
}

// orderable tries all orders.
func (h *counted) orderable(left, done []*interval) bool {
	if len(left) == 0 {
		return true
	}
	for i, op := range left {
		early := !slices.ContainsFunc(left, func(o *interval) bool { return o.rec.Result.Outcome == sim.OK && o.end < op.call })
		if early && h.sees(op, left, done) && h.orderable(slices.Delete(slices.Clone(left), i, i+1), append(done, op)) {
			return true
		}
	}
	return false
}

// sees reports whether an operation, if it is a read, has seen all updates that are done and none of those that are left.
func (h *counted) sees(op *interval, left, done []*interval) bool {
	if op.rec.Kind != sim.Read {
		return true
	}
	saw := map[sim.OpID]bool{}
	for _, e := range h.sights[op.rec].events {
		for ; e != nil; e = e.Before {
			saw[e.Write] = true
		}
	}
	return !slices.ContainsFunc(done, func(o *interval) bool { return o.rec.Kind != sim.Read && !saw[o.rec.ID] }) &&
		!slices.ContainsFunc(left, func(o *interval) bool { return saw[o.rec.ID] })
}

// TestTallyAgainstWhole holds the live verdict on counters and sets to porcupine's on the whole history, by values, and
// the violation to the first prefix that porcupine refuses. NETSPLIT_SOAK=1 makes it 20,000 histories.
func TestTallyAgainstWhole(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	histories, violations, unknown, shown := 2000, 0, 0, 0
	if os.Getenv("NETSPLIT_SOAK") != "" {
		histories = 20_000
	}
	for n := range histories {
		h := count(rnd, n%2 == 0, 4+rnd.IntN(16), 1+rnd.IntN(4), []int{0, 12, 4}[n/4%3], n/2%2 == 1)
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
		if want != 0 {
			violations++
		}
		for i, a := range h.judge() {
			bad := want != 0 && i+1 >= want
			if a == Unknown {
				unknown++
			} else if bad != (a == No) {
				for e, i := range h.events {
					t.Logf("event %d: %d %s %d: %s, %+v", e, i+1, h.recs[i].Kind, h.recs[i].Value, h.recs[i].Result.Outcome, h.sights[h.recs[i]])
				}
				t.Fatalf("history %d, set %v: %s after completion %d; violated at %d", n, h.set, a, i+1, want)
			}
		}
		if len(h.example) > 1 && !h.contradictory(h.example) {
			t.Fatalf("history %d, violation at %d: the counterexample shows nothing", n, want)
		}
		if len(h.example) > 1 {
			shown++
		}
		if n/2%2 == 0 && want != 0 {
			t.Fatalf("history %d is not spoilt, yet porcupine refuses it", n)
		}
	}
	if shown < violations/4 || violations < histories/20 || unknown > histories/20 {
		t.Fatalf("%d of %d histories had a violation; %d answers were unknown", violations, histories, unknown)
	}
	t.Logf("%d histories, %d with a violation, %d of them shown by what was seen, %d answers unknown", histories, violations, shown, unknown)
}
