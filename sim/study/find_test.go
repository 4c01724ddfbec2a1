package study

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// rich is a world in which most things have nothing to do with what goes wrong.
const rich = "seed 3\nregions us-east-1 eu-west-1 ap-south-1 sa-east-1\nreplicas 2 per region\nclients 2 per region\nlane e gossip\nlane q quorum n=3 r=1 w=1\n" +
	"workload bank rate=0.5/s poisson keys=4 until=30s\nat 1s delay 20ms us-east-1 ap-south-1\nat 2s crash ap-south-1/2\nat 3s partition eu-west-1\n" +
	"at 4s restart ap-south-1/2\nat 4s pause us-east-1/1\nat 5s resume us-east-1/1\nat 8s heal\nat 9s skew us-east-1/1 0.05s\nend 15s\n"

// TestFind: what is found breaks the promise in the same lane, says so of itself, and does not without any one of its
// commands; and how many workers look makes no difference.
func TestFind(t *testing.T) {
	targets := []string{"e:lost-write", "q:stale-read", "e:linearizable", "e:damage", "q:causal"}
	for _, text := range targets[:soaked(3, len(targets))] {
		s := mustParse(t, rich)
		target, err := ParseTarget(s, text)
		if err != nil {
			t.Fatal(err)
		}
		f, err := FindPlan{Scenario: s, Target: target, Seeds: 50, Workers: 1}.Find(t.Context())
		if err != nil || !f.Found || !f.Minimal || f.Cut {
			t.Fatalf("%s: %+v, %v", text, f, err)
		}
		again, err := FindPlan{Scenario: s, Target: target, Seeds: 50, Workers: 4}.Find(t.Context())
		if err != nil || inJSON(t, again) != inJSON(t, f) {
			t.Errorf("with four workers %+v, %v; with one %+v", again, err, f)
		}
		small := mustParse(t, f.Text)
		if small.String() != f.Text || len(small.Lanes) != 1 || small.Lanes[0].Name != target.Lane || len(small.Commands) != f.After {
			t.Errorf("%s: %s", text, f.Text)
		}
		rep, err := Execute(small)
		if err != nil || !rep.Holds() || len(rep.Expects) != 1 {
			t.Errorf("%s: %+v, %v\n%s", text, rep.Expects, err, f.Text)
		}
		for i := range small.Commands {
			less := *small
			less.Commands = slices.Delete(slices.Clone(small.Commands), i, i+1)
			if broken, _, err := breaks(t.Context(), &less, target); broken || err != nil {
				t.Errorf("%s: %v, though this is broken without its command %d:\n%s", text, err, i, f.Text)
			}
		}
		t.Logf("%s: %d runs, %d of %d commands\n%s", text, f.Runs, f.After, f.Before, f.Text)
	}
}

// TestFindNothing: where nothing breaks the promise, or nobody waits for it, that is said.
func TestFindNothing(t *testing.T) {
	s := mustParse(t, mixed)
	f, err := FindPlan{Scenario: s, Target: Target{"strong", Promise(check.LostWrite)}, Seeds: 5}.Find(t.Context())
	if err != nil || f.Found || f.Tried != 5 || f.Text != "" || f.Cut {
		t.Errorf("%+v, %v", f, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f, err = FindPlan{Scenario: s, Target: Target{"strong", Promise(check.LostWrite)}, Seeds: 1000, Progress: func(done, _ int) {
		if done == 3 {
			cancel()
		}
	}}.Find(ctx)
	if err != nil || f.Found || f.Tried < 3 || f.Tried > 10 || !f.Cut {
		t.Errorf("stopped: %+v, %v", f, err)
	}
}

// TestTurning holds a curve to single runs of the text with its reseeds, and to what it must be at its end.
func TestTurning(t *testing.T) {
	text := strings.Replace(partlyStale, "seed 11", "seed 20", 1)
	s := mustParse(t, text)
	target := Target{"q", Promise(check.StaleRead)}
	plan := TurningPlan{Scenario: s, Target: target, Seeds: 12, Moments: 10, Workers: 1}
	turning, err := plan.Turning(t.Context())
	if err != nil || !turning.Broken || turning.Cut || len(turning.Curve) > 10 {
		t.Fatalf("%+v, %v", turning, err)
	}
	for _, m := range turning.Curve {
		want := 0
		for i := range plan.Seeds {
			rep, err := Execute(mustParse(t, text+fmt.Sprintf("at %s reseed %d\n", m.At, 21+i)))
			if err != nil {
				t.Fatal(err)
			}
			if rep.Lanes[0].StaleReads > 0 {
				want++
			}
		}
		if m.Count != want {
			t.Errorf("at %s: %s, by single runs %d", m.At, m.Share, want)
		}
		t.Log(m.At, m.Share)
	}
	last := turning.Curve[len(turning.Curve)-1]
	if last.At != turning.At || last.Count != plan.Seeds || turning.Sure == nil || turning.Likely == nil || turning.Likely.At > turning.Sure.At {
		t.Errorf("%+v, likely %+v, sure %+v", last, turning.Likely, turning.Sure)
	}
	plan.Workers = 4
	if again, err := plan.Turning(t.Context()); err != nil || inJSON(t, again) != inJSON(t, turning) {
		t.Errorf("with four workers %+v, %v", again, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	plan.Progress = func(done, _ int) {
		if done == 30 {
			cancel()
		}
	}
	if cut, err := plan.Turning(ctx); err != nil || !cut.Cut || len(cut.Curve) < 1 || len(cut.Curve) > 3 {
		t.Errorf("stopped: %+v, %v", cut, err)
	}
}

// TestTurningOfNothing: a run without any time has one moment, and a plan that is too large is refused.
func TestTurningOfNothing(t *testing.T) {
	s := mustParse(t, strings.Replace(mixed, "end 6s", "end 0s", 1))
	turning, err := TurningPlan{Scenario: s, Target: Target{"quorum", NoDamage}, Seeds: 3}.Turning(t.Context())
	if err != nil || turning.Broken || len(turning.Curve) != 1 || turning.Curve[0].Of != 3 || turning.Likely != nil {
		t.Errorf("%+v, %v", turning, err)
	}
	if _, err := (TurningPlan{Scenario: s, Target: Target{"quorum", NoDamage}, Seeds: MaxTurningRuns}).Turning(t.Context()); err == nil {
		t.Error("it takes any number of runs")
	}
}

// TestTurn: a turn is where a curve comes to stay over a threshold, not where it first touches it.
func TestTurn(t *testing.T) {
	of := func(percents ...float64) *turning {
		tu := &turning{}
		for i, p := range percents {
			tu.Curve = append(tu.Curve, Moment{sim.Time(i), Share{Percent: p}})
		}
		return tu
	}
	for _, c := range []struct {
		curve *turning
		want  *Turn
	}{{of(10, 60, 40, 50, 100), &Turn{2, 3}}, {of(90, 80), &Turn{-1, 0}}, {of(90, 30), nil}, {of(), nil}} {
		if got := c.curve.turn(likely); (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%+v: %+v, want %+v", c.curve.Curve, got, c.want)
		}
	}
}

// TestShrinkStops: who stops while something is shrunk gets what there is by then, which breaks the promise too.
func TestShrinkStops(t *testing.T) {
	s, target := mustParse(t, rich), Target{"e", Promise(check.LostWrite)}
	for _, at := range []int{51, 55} { // 50 lucks, then runs of the shrinker
		ctx, cancel := context.WithCancel(t.Context())
		f, err := FindPlan{Scenario: s, Target: target, Seeds: 50, Workers: 1, Progress: func(done, _ int) {
			if done >= at {
				cancel()
			}
		}}.Find(ctx)
		if err != nil || !f.Found || !f.Cut || f.Minimal {
			t.Fatalf("%+v, %v", f, err)
		}
		if rep, err := Execute(mustParse(t, f.Text)); err != nil || !rep.Holds() {
			t.Errorf("%v, %s", err, f.Text)
		}
	}
	f, err := FindPlan{Scenario: s, Target: target, Seeds: 50, Shrink: 3}.Find(t.Context())
	if err != nil || !f.Found || f.Cut || f.Minimal || f.Runs != f.Tried+3 {
		t.Errorf("with few runs %+v, %v", f, err)
	}
}
