package study

import (
	"context"
	"fmt"
	"math"

	"netsplit/sim"
)

// tally is what came of many trials of one profile and quorum in the world, by index of pbsTimes.
type tally struct {
	done, fresh [len(pbsTimes)]int // reads, and those that saw the write
	disagree    int                // trials of which the model says otherwise
}

// tallyTrials plays n trials for each of pbsTimes, and keeps what the table needs.
func tallyTrials(ctx context.Context, f pbsFigure, n int) (sum tally, err error) {
	gaps := make([]sim.Time, len(pbsTimes))
	for i, ms := range pbsTimes {
		gaps[i] = sim.Time(ms) * sim.Millisecond
	}
	r, err := runTrials(ctx, f.profile, f.quorum, gaps, n)
	if err != nil {
		return sum, err
	}
	for k := range r.list {
		w := &r.list[k]
		if w.disagreement(f.quorum) != "" {
			sum.disagree++
		}
		if i := k % len(gaps); w.readDone != 0 {
			sum.done[i]++
			if !w.stale {
				sum.fresh[i]++
			}
		}
	}
	return sum, nil
}

// worldTable holds the shares of consistent reads in the world to the reference, and each trial to the model.
func worldTable(ctx context.Context, n int) (Table, error) {
	t := Table{Title: fmt.Sprintf("The same by the quorum protocol in the world: %d trials each; and the trials in which the model, fed the world's own delays, disagrees", n),
		Head: append([]string{"profile"}, pbsHead...)}
	sums, errs := make([]tally, len(pbsFigures)), make([]error, len(pbsFigures))
	inParallel(ctx, len(pbsFigures), func(i int) { sums[i], errs[i] = tallyTrials(ctx, pbsFigures[i], n) })
	if ctx.Err() != nil {
		return t, ctx.Err()
	}
	for i, f := range pbsFigures {
		if errs[i] != nil {
			return t, errs[i]
		}
		part := Table{}
		part.world(f, &sums[i])
		for _, row := range part.Rows {
			t.Rows = append(t.Rows, append([]string{f.profile}, row...))
		}
		t.Out += part.Out
	}
	return t, nil
}

// world adds the rows of one profile and quorum.
func (t *Table) world(f pbsFigure, sum *tally) {
	for i := range pbsTimes {
		n := max(1, sum.done[i])
		t.probability(f.quorum, i, f.consistent[i], float64(sum.fresh[i])/float64(n), n)
	}
	t.hold(f.quorum, "trials that disagree", "%.0f", found{math.NaN(), 0, math.NaN()}, float64(sum.disagree), 0, sum.disagree > 0)
}
