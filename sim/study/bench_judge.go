package study

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"netsplit/sim"
	"netsplit/sim/check"
)

// What benchJudge judges.
const (
	judgedPending = 8       // operations under way at any time, so that the key is never quiet
	judgedSilent  = 20      // one of so many operations has no answer
	judgedBudget  = 500_000 // steps of the model that porcupine has for the whole at once
)

// judged is a history of one register as a list of calls and ends: the n-th mention of a record is its n-th.
type judged struct {
	recs    []*sim.Record
	results []sim.Result
	events  []int
	value   int64
	version sim.OpID
}

// newJudged runs operations against one register, each at a random moment between its call and its end: reads, writes
// and compare-and-sets of what the register held at their call. Half of those without an answer take effect.
func newJudged(operations int) *judged {
	rnd := rand.New(rand.NewPCG(1, 1))
	h := &judged{}
	var open []int
	applied := map[int]bool{}
	for len(h.recs) < operations || len(open) > 0 {
		for len(open) < judgedPending && len(h.recs) < operations {
			open, h.events = append(open, len(h.recs)), append(h.events, len(h.recs))
			op := sim.Op{ID: sim.OpID(len(h.recs) + 1), Kind: sim.OpKind(1 + max(rnd.IntN(4)-1, 0)), Expect: h.value}
			if op.Kind != sim.Read {
				op.Value = int64(rnd.IntN(1000))
			}
			h.recs, h.results = append(h.recs, &sim.Record{Op: op}), append(h.results, sim.Result{})
		}
		j := rnd.IntN(len(open))
		i := open[j]
		silent := i%judgedSilent == 0
		if !applied[i] && (!silent || rnd.IntN(2) == 0) {
			applied[i] = true
			h.apply(i)
		}
		if rnd.IntN(2) == 0 {
			continue
		}
		if silent {
			h.results[i] = sim.Result{Outcome: sim.Info}
		}
		if silent || applied[i] {
			h.events = append(h.events, i)
			open[j] = open[len(open)-1]
			open = open[:len(open)-1]
		}
	}
	return h
}

func (h *judged) apply(i int) {
	op := h.recs[i].Op
	h.results[i] = sim.Result{Outcome: sim.OK}
	if op.Kind.Finds() {
		h.results[i].Value, h.results[i].Version = h.value, h.version
	}
	if op.Kind == sim.Write || op.Kind == sim.CompareAndSet && op.Expect == h.value {
		h.results[i].Applied, h.value, h.version = true, op.Value, op.ID
	}
}

// judge feeds the history to a key and returns what each event took, and the answer.
func (h *judged) judge() (key *check.Key, took []time.Duration, answer check.Answer) {
	key = check.NewKey(sim.Account, 0)
	completions := 0
	called := make([]bool, len(h.recs))
	took = make([]time.Duration, len(h.events))
	for i := range h.recs {
		h.recs[i].Result = sim.Result{}
	}
	for e, i := range h.events {
		begun := time.Now()
		if !called[i] {
			called[i] = true
			key.Invoked(h.recs[i])
		} else {
			completions++
			h.recs[i].Result, h.recs[i].Completion = h.results[i], completions
			answer = key.Returned(h.recs[i])
		}
		took[e] = time.Since(begun)
	}
	return key, took, answer
}

// benchJudge measures the judge of linearizability on one key of as many operations as a lane may have, judged after each
// completion, and porcupine on the whole of it. Of several runs it keeps the fastest of each judgement, which other work
// on the machine has slowed least.
func benchJudge() ([]Figure, error) {
	h := newJudged(sim.MaxOps)
	var least []time.Duration
	var key *check.Key
	for range 5 {
		k, took, answer := h.judge()
		if answer != check.Yes {
			return nil, fmt.Errorf("judging %d operations: %s, expected yes", len(h.recs), answer)
		}
		for e := range least {
			took[e] = min(took[e], least[e])
		}
		key, least = k, took
	}
	var all time.Duration
	for _, d := range least {
		all += d
	}
	begun := time.Now()
	whole := key.Whole(judgedBudget)
	took := time.Since(begun)
	return []Figure{
		{"linearizability: an operation of 20,000, 5 % info", fmt.Sprintf("%.1f us", float64(all.Microseconds())/float64(len(h.recs))),
			"judged after each completion, one key, never quiet; at most 5 ms"},
		{"linearizability: the worst single judgement", fmt.Sprintf("%.2f ms", float64(slices.Max(least).Microseconds())/1000),
			fmt.Sprintf("porcupine on the whole at once: %s after %.1f s, of %d steps at most", whole, took.Seconds(), judgedBudget)},
	}, nil
}
