package preset_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// TestSpannerDefaults: every knob of Spanner's has the documented default, or is called assumed.
func TestSpannerDefaults(t *testing.T) {
	p, _ := preset.Named("spanner")
	want := map[string]string{"default_leader": "", "witness_regions": "", "splits": "1", "split_leaders": "", "lease": "10s",
		"epsilon": "4ms", "commit_wait": "on", "min_next_ts_period": "8s", "min_next_ts_on_demand": "off", "timestamp_bound": "strong",
		"staleness": "15s", "lease_margin": "2s", "heartbeat": "100ms", "election_timeout": "1s", "leader_returns": "10s"}
	assumed := map[string]bool{"splits": true, "split_leaders": true, "staleness": true, "lease_margin": true, "heartbeat": true,
		"election_timeout": true, "leader_returns": true}
	for _, k := range p.Knobs {
		if d, ok := want[k.Name]; !ok || d != k.Default {
			t.Errorf("%s is %q by default, want %q", k.Name, k.Default, d)
		}
		if k.Assumed != assumed[k.Name] {
			t.Errorf("%s: assumed is %t", k.Name, k.Assumed)
		}
		delete(want, k.Name)
	}
	if len(want) > 0 {
		t.Errorf("no such knobs: %v", want)
	}
}

// spannerSeeds returns the seeds of random worlds: so many ordinarily, 2,000 with NETSPLIT_SOAK=1, one with NETSPLIT_SEED=N.
func spannerSeeds(t *testing.T, few int) (from, to int) {
	if one := os.Getenv("NETSPLIT_SEED"); one != "" {
		n, err := strconv.Atoi(one)
		if err != nil {
			t.Fatal(err)
		}
		return n, n + 1
	}
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return 0, 2000
	}
	return 0, few
}

// spannerRun is what a random run came to.
type spannerRun struct {
	ok, ops  int
	external string // the first violation of external consistency; "" for none
	linear   bool
	lost     int
}

// runSpanner runs a scenario and judges it.
func runSpanner(t *testing.T, text string) spannerRun {
	t.Helper()
	s, err := study.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	run, err := study.New(s)
	if err != nil {
		t.Fatal(err)
	}
	run.AdvanceTo(s.End)
	c := run.Lanes()[0]
	p := spannerRun{external: spannerInverted(c.History()), ops: len(c.History()), lost: run.Referees[0].Scores().LostWrites}
	p.linear = fmt.Sprint(run.Referees[0].Verdict().Answer) != "no"
	for _, r := range c.History() {
		if r.Result.Outcome == sim.OK {
			p.ok++
		}
	}
	return p
}

// spannerInverted returns the first violation of external consistency in a history by its timestamps, or "".
func spannerInverted(history []*sim.Record) string {
	at := map[sim.OpID]sim.Time{}
	var known []*sim.Record
	for _, r := range history {
		if r.Result.Outcome == sim.OK {
			known = append(known, r)
			if r.Result.Applied {
				at[r.ID] = r.Result.At
			}
		}
	}
	for _, r := range known {
		for _, w := range known {
			if w.Result.Applied && w.ID != r.ID {
				if text := spannerClash(w, r, at); text != "" {
					return text
				}
			}
		}
	}
	return ""
}

// spannerClash says how an acknowledged write and another operation contradict each other; "" if they do not.
func spannerClash(w, r *sim.Record, at map[sim.OpID]sim.Time) string {
	wrote, did := w.Result.At, r.Result.At
	found, sees := at[r.Result.Version]
	sees = sees || r.Result.Version == 0
	switch {
	case r.Kind != sim.Read && w.End < r.Start && wrote >= did:
		return fmt.Sprintf("operation %d began at %s after write %d was acknowledged at %s, and has timestamp %s, not after %s", r.ID, r.Start, w.ID, w.End, did, wrote)
	case r.Kind != sim.Read || r.Key != w.Key:
	case r.Level == "" && w.End < r.Start && wrote > did:
		return fmt.Sprintf("strong read %d began after write %d was acknowledged, and is at %s, before %s", r.ID, w.ID, did, wrote)
	case sees && wrote <= did && found < wrote:
		return fmt.Sprintf("read %d at %s found version %d of %s, and not write %d of %s", r.ID, did, r.Result.Version, found, w.ID, wrote)
	case w.ID == r.Result.Version && wrote > did:
		return fmt.Sprintf("read %d at %s found version %d of %s", r.ID, did, w.ID, wrote)
	}
	return ""
}

// TestPromisesSpanner: while clocks keep to epsilon, whatever else fails, strong reads and writes are linearizable,
// timestamps are in the order of time, every read is of its timestamp, and nothing acknowledged is lost.
func TestPromisesSpanner(t *testing.T) {
	from, to := spannerSeeds(t, 20)
	var ops, ok int
	for seed := from; seed < to; seed++ {
		s := spannerStorm{worst: 100, stale: seed%2 == 1, nearby: seed%4 >= 2}
		if seed%3 == 2 { // more elections, and messages that overtake each other
			s.knobs = "transport=datagram lease=3s lease_margin=1s leader_returns=1s"
		}
		p := runSpanner(t, s.draw(seed))
		ops, ok = ops+p.ops, ok+p.ok
		if p.external != "" || p.lost > 0 || !p.linear && !s.stale {
			t.Errorf("seed %d: %s; linearizable: %t, lost writes: %d\nreplay: NETSPLIT_SEED=%d go test ./sim/preset -run TestPromisesSpanner",
				seed, p.external, p.linear, p.lost, seed)
		}
	}
	t.Logf("%d runs: %d operations, %d answered", to-from, ops, ok)
	if to-from > 1 && ok < ops/3 {
		t.Error("the storms are too wild to test anything")
	}
}

// TestAnomaliesSpanner: the order of timestamps is lost without commit wait, though clocks keep to epsilon; and with it
// when they do not, and strong reads are stale then.
func TestAnomaliesSpanner(t *testing.T) {
	for _, c := range []struct {
		what  string
		few   int
		storm spannerStorm
		stale bool // strong reads too
	}{
		{"commit wait off", 5, spannerStorm{worst: 100, knobs: "commit_wait=off", calm: true, nearby: true, wide: true}, false},
		{"clocks worse than epsilon", 5, spannerStorm{worst: 1000, calm: true, wide: true}, false},
		{"clocks far worse than epsilon", 20, spannerStorm{worst: 10_000, wide: true, apart: true}, true},
		{"none", 5, spannerStorm{worst: 100, calm: true, nearby: true, wide: true}, false},
	} {
		from, to := spannerSeeds(t, c.few)
		inversions, violations := 0, 0
		for seed := from; seed < min(to, from+200); seed++ {
			p := runSpanner(t, c.storm.draw(seed))
			if p.external != "" {
				inversions++
			}
			if !p.linear {
				violations++
			}
		}
		t.Logf("%s: of %d runs %d have timestamps out of order, %d are not linearizable", c.what, min(to, from+200)-from, inversions, violations)
		if (inversions == 0) != (c.what == "none") || c.stale && violations == 0 {
			t.Errorf("%s: not what is documented", c.what)
		}
	}
}

// TestSpannerWarnings: what contradicts the world is said, under Spanner's names.
func TestSpannerWarnings(t *testing.T) {
	const head = "regions us-east-1 eu-west-1 ap-south-1\nlane s spanner "
	for text, want := range map[string]string{
		head + "\nat 1s skew us-east-1/1 3ms\n":                                          "",
		head + "\nat 1s skew us-east-1/1 -5ms\n":                                         "epsilon: the clock of us-east-1/1 is set wrong by 5 ms",
		head + "\nat 1s drift eu-west-1/1 500ppm\nend 60s\n":                             "epsilon: the clock of eu-west-1/1 drifts by 500ppm",
		head + "commit_wait=off\n":                                                       "commit_wait: writes are shown before",
		head + "epsilon=1s\n":                                                            "epsilon: writes wait for twice",
		head + "timestamp_bound=exact_staleness staleness=3s\n":                          "staleness: a replica where nothing is written",
		head + "timestamp_bound=exact_staleness staleness=3s min_next_ts_on_demand=on\n": "",
		head + "staleness=3s\n":                                                          "staleness: staleness has no effect: reads are strong (timestamp_bound=strong)",
	} {
		s, err := study.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range preset.Warnings(s) {
			got = append(got, w.Knob+": "+w.Text)
		}
		if all := strings.Join(got, "; "); want == "" && all != "" || !strings.Contains(all, want) {
			t.Errorf("%s: %q, want %q", text, all, want)
		}
	}
}

// TestSpannerLedByNoWitness: where no leader region is named, it is the first that holds data.
func TestSpannerLedByNoWitness(t *testing.T) {
	o, _ := play(t, "regions w a b\nlink w a constant 10ms\nlink w b constant 10ms\nlink a b constant 10ms\nlane s spanner witness_regions=w\n"+
		"at 3s write a x 1 as wrote\nat 4s read a x as found\nend 6s\n")
	if w, r := o.errand("wrote"), o.errand("found"); w.Outcome != sim.OK || r.Outcome != sim.OK || r.End-r.Start > 5*sim.Millisecond {
		t.Errorf("a, which should lead, wrote: %+v, and read: %+v", w, r)
	}
}
