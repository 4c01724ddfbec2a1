package study

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"netsplit/sim"
)

// FindPlan says in which scenario, and of which promise, a luck is looked for that breaks it: of Seeds lucks, from the
// scenario's own on, the first. What is found is then shrunk.
type FindPlan struct {
	Scenario *sim.Scenario
	Target   Target
	Seeds    int
	Shrink   int      // runs that shrinking may take; 0 for ShrinkRuns
	Workers  int      // goroutines; 0 for one a core
	Progress Progress // of runs, as if shrinking took all that it may; nil for nobody
}

// ShrinkRuns is how many runs shrinking may take where a FindPlan does not say.
const ShrinkRuns = 2000

// Found is a minimal run that breaks a promise, or none.
type Found struct {
	Lane    string   `json:"lane"`
	Promise Promise  `json:"promise"`
	Tried   int      `json:"tried"` // lucks; of those, none but the last broke it
	Found   bool     `json:"found"`
	Seed    uint64   `json:"seed"`    // that broke it
	At      sim.Time `json:"at"`      // when that was known in the minimal run
	Text    string   `json:"text"`    // of the minimal run, in canonical form; "" where none was found
	Before  int      `json:"before"`  // commands of the scenario
	After   int      `json:"after"`   // of the minimal run
	Minimal bool     `json:"minimal"` // it breaks no more without any one of its commands
	Runs    int      `json:"runs"`    // that this took
	Cut     bool     `json:"cut"`     // it was stopped before its end
}

// Find carries the plan out. When its context ends it returns what it has by then, with Cut. How many workers there are
// makes no difference.
func (p FindPlan) Find(ctx context.Context) (*Found, error) {
	if p.Seeds < 1 || p.Seeds > MaxSweepRuns {
		return nil, fmt.Errorf("seeds %d: expected 1 to %d", p.Seeds, MaxSweepRuns)
	}
	if p.Shrink == 0 {
		p.Shrink = ShrinkRuns
	}
	count := &counter{of: p.Seeds + p.Shrink, tell: p.Progress}
	f := &Found{Lane: p.Target.Lane, Promise: p.Target.Promise, Before: len(p.Scenario.Commands)}
	number, err := p.first(ctx, count)
	switch {
	case err != nil:
		return nil, err
	case number < 0:
		f.Tried, f.Runs, f.Cut = count.done, count.done, ctx.Err() != nil
		return f, nil
	}
	count.add(p.Seeds - count.done)
	f.Tried, f.Runs, f.Found = number+1, number+1, true
	hit := otherLuck(p.Scenario, uint64(number))
	f.Seed = hit.Seed
	s := &shrinker{ctx: ctx, target: p.Target, left: p.Shrink, count: count}
	if err := s.shrink(hit); err != nil {
		return nil, err
	}
	f.Text, f.At, f.After = s.best.String(), s.at, len(s.best.Commands)
	f.Runs += p.Shrink - s.left
	f.Minimal, f.Cut = s.left > 0 && ctx.Err() == nil, ctx.Err() != nil
	return f, nil
}

// first returns the number of the first luck that breaks the promise; -1 if none does, or the context ended before.
func (p FindPlan) first(ctx context.Context, count *counter) (int, error) {
	var lowest atomic.Int64 // of those that do, so far
	lowest.Store(int64(p.Seeds))
	errs := make([]error, p.Seeds)
	onWorkers(ctx, p.Workers, p.Seeds, func(i int) {
		if int64(i) > lowest.Load() {
			return
		}
		broken, _, err := breaks(ctx, otherLuck(p.Scenario, uint64(i)), p.Target)
		if errs[i] = err; err != nil {
			return
		}
		count.add(1)
		for at := lowest.Load(); broken && int64(i) < at; at = lowest.Load() {
			if lowest.CompareAndSwap(at, int64(i)) {
				break
			}
		}
	})
	n := int(lowest.Load())
	for i, err := range errs[:n] {
		if errors.Is(err, errStopped) {
			return -1, nil
		}
		if err != nil {
			return -1, fmt.Errorf("seed %d: %w", moved(p.Scenario.Seed, uint64(i)), err)
		}
	}
	if n == p.Seeds {
		return -1, nil
	}
	return n, nil
}
