package study

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// soaked returns the larger of two sizes where suites run whole.
func soaked(small, whole int) int {
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return whole
	}
	return small
}

// partlyStale is a world in which some reads are stale and others are not, by chance alone.
const partlyStale = "seed 11\nregions us-east-1 eu-west-1 ap-south-1\nlane q quorum n=3 r=1 w=1 read-repair=none\nworkload register rate=2/s poisson keys=4\nend 6s\n"

// mixed is a world with a fault, in three lanes.
const mixed = "seed 7\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft leader=eu-west-1\nlane quorum quorum\nlane eventual gossip\n" +
	"workload bank rate=1/s poisson\nat 1s partition eu-west-1\nat 3s heal\nend 6s\n"

// TestSweepWorkers: how many workers there are makes no difference.
func TestSweepWorkers(t *testing.T) {
	s := mustParse(t, mixed)
	axis, err := ParseAxis(s, "quorum.r=1,2")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, workers := range []int{1, 4} {
		last := 0
		sweep, err := SweepPlan{Scenario: s, Axes: []Axis{axis}, Seeds: 10, Workers: workers, Progress: func(done, of int) {
			if done != last+1 || of != 20 {
				t.Errorf("progress: %d of %d after %d", done, of, last)
			}
			last = done
		}}.Sweep(t.Context())
		if err != nil || sweep.Done != 20 || last != 20 {
			t.Fatalf("%+v, %v", sweep, err)
		}
		texts = append(texts, inJSON(t, sweep))
	}
	if texts[0] != texts[1] {
		t.Errorf("one worker:\n%s\nfour:\n%s", texts[0], texts[1])
	}
}

// TestSweepCounts holds a sweep to single runs: the share of each promise, and of stale reads by their definition.
func TestSweepCounts(t *testing.T) {
	s, n := mustParse(t, partlyStale), soaked(30, 300)
	sweep, err := SweepPlan{Scenario: s, Seeds: n, First: 1}.Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lane := sweep.Configurations[0].Lanes[0]
	reads, stale, runs, not, predicted := 0, 0, 0, 0, 0.0
	for i := range n {
		one := mustParse(t, strings.Replace(partlyStale, "seed 11", fmt.Sprintf("seed %d", 12+i), 1))
		r, err := New(one)
		if err != nil {
			t.Fatal(err)
		}
		r.AdvanceTo(one.End)
		rep := r.Report().Lanes[0]
		here, old := countStale(r.Lanes()[0])
		reads, stale = reads+here, stale+old
		if old > 0 {
			runs++
		}
		if rep.Linearizable == check.No {
			not++
		}
		predicted += rep.PBS.Predicted * float64(rep.PBS.Reads)
	}
	if lane.Reads != reads || lane.StaleReads != stale || reads == 0 || stale == 0 {
		t.Errorf("%d of %d reads are stale, by a recount %d of %d", lane.StaleReads, lane.Reads, stale, reads)
	}
	if got := broken(lane, Promise(check.StaleRead)); got.Count != runs || got.Of != n {
		t.Errorf("stale reads in %s, by a recount in %d", got.Share, runs)
	}
	if got := broken(lane, Promise(check.Linearizable)); got.Count != not {
		t.Errorf("not linearizable: %d, by the reports %d", got.Count, not)
	}
	t.Logf("%.1f %% of %d reads are stale; PBS predicts %.1f %%", check.Percent(stale, reads), reads, predicted/float64(reads))
	if expected := predicted / 100; float64(stale) > 1.25*expected || float64(stale) < 0.75*expected {
		t.Errorf("PBS predicts %.1f stale reads of %d, and there are %d", expected, reads, stale)
	}
}

// countStale counts answered reads, and the stale ones, by the definition, in a lane that loses nothing.
func countStale(c *sim.Cluster) (reads, stale int) {
	for _, r := range c.History() {
		if r.Kind != sim.Read || r.Result.Outcome != sim.OK {
			continue
		}
		reads++
		since := sim.Time(-1)
		if v := r.Result.Version; v != 0 {
			if w := c.History()[v-1]; w.Result.Outcome == sim.OK {
				since = w.End
			} else {
				continue
			}
		}
		for _, w := range c.History() {
			if w.Key == r.Key && w.Kind != sim.Read && w.Result.Outcome == sim.OK && w.Result.Applied && w.End < r.Start && w.Start > since {
				stale++
				break
			}
		}
	}
	return reads, stale
}

func broken(l LaneLuck, p Promise) PromiseShare {
	for _, b := range l.Broken {
		if b.Promise == p {
			return b
		}
	}
	return PromiseShare{}
}

// TestSweepStops: a sweep whose context ends returns what is done.
func TestSweepStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sweep, err := SweepPlan{Scenario: mustParse(t, mixed), Seeds: 1000, Workers: 2, Progress: func(done, _ int) {
		if done == 5 {
			cancel()
		}
	}}.Sweep(ctx)
	if err != nil || sweep.Done < 5 || sweep.Done > 8 || sweep.Runs != 1000 {
		t.Fatalf("%d of %d runs, %v", sweep.Done, sweep.Runs, err)
	}
	c := sweep.Configurations[0]
	if c.Runs != sweep.Done || c.Lanes[2].Broken[0].Of != c.Runs || len(c.Broken) > 0 {
		t.Errorf("%+v", c)
	}
}

// TestSweepRefuses: what is wrong is named, with the nearest word.
func TestSweepRefuses(t *testing.T) {
	s := mustParse(t, mixed)
	for text, want := range map[string]string{
		"quorum.r":              `expected LANE.KNOB=VALUE,VALUE,..., got "quorum.r"`,
		"r=1,2":                 `expected LANE.KNOB=`,
		"quorom.r=1":            `unknown lane "quorom"; expected one of strong, quorum, eventual; did you mean quorum?`,
		"quorum.raed-repair=on": `unknown knob "raed-repair" of lane quorum; quorum has `,
		"quorum.r=1,1":          `expected different values parted by ,, got "1,1"`,
		"quorum.r=x":            `quorum.r: set: lane quorum: r: expected a whole number from 1 to`,
		"strong.leader=eu-west": `unknown region "eu-west"; expected one of`,
	} {
		if _, err := ParseAxis(s, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := ParseAxis(s, "quorum.raed-repair=on"); !strings.HasSuffix(err.Error(), "did you mean read-repair?") {
		t.Error(err)
	}
	for text, want := range map[string]string{
		"lost-wriet":         `unknown promise "lost-wriet"; expected one of linearizable, `,
		"lost-write":         "lost-write in which lane? expected LANE:lost-write with one of strong, quorum, eventual",
		"evental:stale-read": `unknown lane "evental"; expected one of strong, quorum, eventual; did you mean eventual?`,
	} {
		if _, err := ParseTarget(s, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	good, _ := ParseAxis(s, "quorum.r=1,4")
	for want, p := range map[string]SweepPlan{
		"seeds 0: expected at least 1": {Scenario: s},
		"quorum.r=4: ":                 {Scenario: s, Seeds: 1, Axes: []Axis{good}},
		"quorum.r is set twice":        {Scenario: s, Seeds: 1, Axes: []Axis{good, good}},
		"are over 100000 runs":         {Scenario: s, Seeds: 100_001},
	} {
		if _, err := p.Sweep(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestOtherLuck: a run's own luck is number 0; under another, reseeds are others too, and what was done by hand is left out.
func TestOtherLuck(t *testing.T) {
	s := mustParse(t, mixed+"at 2s reseed 5\nat 2s lane quorum lose 40\n")
	if otherLuck(s, 0) != s || aboutMessages(s) != 1 {
		t.Error("its own luck is another")
	}
	if text := otherLuck(s, 3).String(); !strings.Contains(text, "seed 10\n") || !strings.Contains(text, "reseed 8\n") || strings.Contains(text, "lose") {
		t.Error(text)
	}
	if got := moved(sim.MaxSeed, 2); got != 1 {
		t.Errorf("after the last seed comes %d", got)
	}
}

func inJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
