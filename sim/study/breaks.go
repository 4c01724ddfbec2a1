package study

import (
	"context"

	"netsplit/sim"
	"netsplit/sim/check"
)

// brokenStep is how often a run is asked whether a promise has been broken.
const brokenStep = 50 * sim.Millisecond

// breaks runs the lane of a target, alone, until its promise is broken or the run ends. It returns whether the promise was
// broken, and when that was known, to brokenStep; for a promise that is judged at the end, then.
func breaks(ctx context.Context, s *sim.Scenario, t Target) (broken bool, at sim.Time, err error) {
	err = Unbroken(func() error {
		r, err := New(alone(s, t.Lane))
		if err != nil {
			return err
		}
		referee := r.Referees[0]
		for r.Now() < s.End {
			if ctx.Err() != nil {
				return errStopped
			}
			r.AdvanceTo(min(r.Now()+brokenStep, s.End))
			if t.Promise.lasting() && t.Promise.kept(referee, false) == check.No {
				broken, at = true, r.Now()
				return nil
			}
		}
		r.AdvanceTo(s.End)
		broken, at = t.Promise.kept(referee, true) == check.No, s.End
		return nil
	})
	return broken, at, err
}
