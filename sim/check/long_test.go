package check

import (
	"math/rand/v2"
	"testing"
	"time"

	"netsplit/sim"
)

// busy is what long histories are drawn from: never quiet, one of twenty operations without an answer.
var busy = map[string]mixture{
	"writes":           {sim.MaxOps, 8, []sim.OpKind{sim.Read, sim.Read, sim.Write}, 1000, 20, 0, true, false},
	"read-modify":      {sim.MaxOps, 8, []sim.OpKind{sim.Read, sim.CompareAndSet}, 1000, 20, 0, true, true},
	"blind conditions": {sim.MaxOps, 8, []sim.OpKind{sim.Read, sim.Write, sim.CompareAndSet}, 4, 20, 0, true, false},
}

// timed replays a history and returns what judging took in all and at most, and whether an answer was unknown.
func (h generated) timed(g *register) (all, worst time.Duration, unknown int) {
	last := time.Now()
	begun := last
	h.replay(g, func() {
		now := time.Now()
		worst, last = max(worst, now.Sub(last)), now
		if g.answer == Unknown {
			unknown++
		}
	})
	return time.Since(begun), worst, unknown
}

// TestLongHistories: as many operations as a lane may have, without a quiet moment, are judged to the last; and a read
// near the end that finds what was overwritten long before is the violation.
func TestLongHistories(t *testing.T) {
	for name, m := range busy {
		for _, spoil := range []bool{false, true} {
			h := generate(rand.New(rand.NewPCG(5, 6)), m, false)
			want := 0
			if spoil {
				want = h.turnStale(m.operations - 100)
			}
			g := newRegister("x", 0)
			all, worst, unknown := h.timed(g)
			t.Logf("%s, spoilt %v: %s in all, at most %s, %s after %d, %d unknown", name, spoil, all, worst, g.answer, g.covers, unknown)
			if g.violation != want || unknown > 0 {
				t.Errorf("%s, spoilt %v: violation at %d, want %d; %d unknown", name, spoil, g.violation, want, unknown)
			}
			if want == 0 {
				continue
			}
			begun := time.Now()
			if complaint := unfit(g); complaint != "" || len(g.explain().Ops) > 10 {
				t.Errorf("%s: counterexample %+v: %s", name, g.explain(), complaint)
			}
			t.Logf("%s: %d operations of %v explain it, after %s", name, len(g.explain().Ops), g.explain(), time.Since(begun))
		}
	}
}

// turnStale has the first read from a place on find the write that the first read of all found, and returns its
// completion.
func (h generated) turnStale(from int) int {
	var first, stale *sim.Record
	for i, rec := range h.recs {
		switch {
		case rec.Kind != sim.Read || rec.Result.Outcome != sim.OK || rec.Result.Version == 0:
		case first == nil:
			first = rec
		case i >= from && stale == nil:
			stale = rec
		}
	}
	stale.Result.Version = first.Result.Version
	completions := 0
	called := map[int]bool{}
	for _, i := range h.events {
		if called[i] {
			completions++
			if h.recs[i] == stale {
				return completions
			}
		}
		called[i] = true
	}
	return 0
}

// TestLongTallies does the same for counters and sets.
func TestLongTallies(t *testing.T) {
	for _, set := range []bool{false, true} {
		for _, spoil := range []bool{false, true} {
			h := count(rand.New(rand.NewPCG(7, 8)), set, sim.MaxOps, 4, 20, false)
			if spoil {
				for i := sim.MaxOps - 100; ; i++ {
					if rec := h.recs[i]; rec.Kind == sim.Read && rec.Result.Outcome == sim.OK {
						h.sights[rec], rec.Result.Value = sight{value: 0, items: h.items[:0]}, 0
						break
					}
				}
			}
			begun := time.Now()
			answers := h.judge()
			last := answers[len(answers)-1]
			t.Logf("set %v, spoilt %v: %s in all, %s after %d", set, spoil, time.Since(begun), last, len(answers))
			if !spoil && last != Yes || spoil && last == Yes || len(answers) < sim.MaxOps-200 {
				t.Errorf("set %v, spoilt %v: %s after %d", set, spoil, last, len(answers))
			}
		}
	}
}
