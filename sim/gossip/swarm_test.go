package gossip

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// conflicts are the words of the knob.
var conflicts = []string{"lww", "vector-clock", "dvv", "counter", "or-set", "mv-register", "lww-register"}

// randomKnobs draws the other knobs. One replica compares with another at least once a second.
func randomKnobs(seed int) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 32))
	some := func(of ...string) string { return of[rnd.IntN(len(of))] }
	return fmt.Sprintf("fan-out=%d interval=%dms push=%s session=%s clock=%s %s", 1+rnd.IntN(3), 100+rnd.IntN(900), some("on", "off"),
		some("none", "read-your-writes", "monotonic", "both"), some(sim.ClockWords...), some("", "", "cache=us-west-2 ttl=2s"))
}

// swarm runs one seed and says what is broken, or "".
func swarm(t *testing.T, seed int, b bugs) (w *world, text, broken string) {
	conflict := conflicts[seed%len(conflicts)]
	text = chaos(seed, conflict, randomKnobs(seed))
	w = run(t, text, b)
	scores := w.referee.Scores()
	switch key := w.parted(); {
	case key != "":
		return w, text, "the replicas do not agree on " + key
	case scores.AtRisk+scores.Pending != 0:
		return w, text, fmt.Sprintf("at risk %d, pending %d", scores.AtRisk, scores.Pending)
	case conflict != "lww" && conflict != "lww-register" && len(w.referee.Losses()) > 0:
		return w, text, fmt.Sprintf("lost: %+v", w.referee.Losses())
	case w.referee.Verdict().Answer != check.No && w.besides():
		return w, text, "the referee says yes to what it cannot know"
	case conflict == "counter":
		return w, text, w.miscounted()
	case conflict == "or-set":
		return w, text, w.missing()
	}
	return w, text, ""
}

// miscounted says what is wrong with a counter: it must be the sum of the acknowledged increments and of any subset
// of those without an answer.
func (w *world) miscounted() string {
	for _, key := range []string{"a", "b"} {
		sum, sums := int64(0), map[int64]bool{0: true}
		for _, rec := range w.cluster.History() {
			switch {
			case rec.Key != key || rec.Kind != sim.Increment || rec.Result.Outcome == sim.Fail:
			case rec.Result.Outcome == sim.OK:
				sum += rec.Value
			default:
				more := map[int64]bool{}
				for s := range sums { // order does not matter: a set
					more[s], more[s+rec.Value] = true, true
				}
				sums = more
			}
		}
		if got := w.replicas[0].store.Read(key).Value; !sums[got-sum] {
			return fmt.Sprintf("%s counts %d; acknowledged %d, and %d sums without an answer", key, got, sum, len(sums))
		}
	}
	return ""
}

// missing says what is wrong with a set: an item is there if an addition of it was acknowledged and every removal
// that may have taken effect had ended before that addition began, and only if somebody may have added it.
func (w *world) missing() string {
	for _, key := range []string{"a", "b"} {
		items := w.replicas[0].store.Get(key).Items()
		for item := range int64(5) {
			must, may := false, false
			for _, add := range w.cluster.History() {
				if add.Key == key && add.Kind == sim.Add && add.Value == item && add.Result.Outcome != sim.Fail {
					may = true
					must = must || add.Result.Outcome == sim.OK && !w.removed(add)
				}
			}
			if has := slices.Contains(items, item); must && !has || has && !may {
				return fmt.Sprintf("%s has %d: item %d must be there %v, may %v", key, items, item, must, may)
			}
		}
	}
	return ""
}

// removed reports whether a removal may have seen an addition.
func (w *world) removed(add *sim.Record) bool {
	return slices.ContainsFunc(w.cluster.History(), func(r *sim.Record) bool {
		removes := r.Kind == sim.Delete || r.Kind == sim.Remove && r.Value == add.Value
		return removes && r.Key == add.Key && r.Result.Outcome != sim.Fail && (r.Result.Outcome != sim.OK || r.End > add.Start)
	})
}

// TestSwarm: whatever the faults and the knobs, the replicas agree once all is mended; nothing stays at risk; nothing
// is lost but under last-writer-wins; counters count and sets keep what was acknowledged.
func TestSwarm(t *testing.T) {
	lost, siblings, ops := 0, 0, 0
	answers := map[check.Answer]int{}
	for _, seed := range seeds(140, 20_000) {
		w, text, broken := swarm(t, seed, bugs{})
		if broken != "" {
			fail(t, seed, text, "%s", broken)
		}
		lost += len(w.referee.Losses())
		ops += len(w.cluster.History())
		answers[w.referee.Verdict().Answer]++
		for _, rec := range w.cluster.History() {
			siblings = max(siblings, len(rec.Result.Found.Siblings()))
		}
	}
	t.Logf("%d operations, %d lost by last-writer-wins, at most %d siblings, linearizable: %v", ops, lost, siblings, answers)
	if len(seeds(140, 0)) > 1 && (lost == 0 || siblings < 2) {
		t.Error("the swarm shows nothing")
	}
}

// besides reports whether a read found values side by side, as no register holds them.
func (w *world) besides() bool {
	return slices.ContainsFunc(w.cluster.History(), func(r *sim.Record) bool {
		return r.Result.Outcome == sim.OK && len(r.Result.Found.Siblings()) > 1
	})
}

// TestOneReplica: a single replica serves one operation after the other. The referee is sure that this is linearizable,
// of registers, counters and sets; and that it is not where a read found two values at once.
func TestOneReplica(t *testing.T) {
	for _, seed := range seeds(70, 5000) {
		conflict := conflicts[seed%len(conflicts)]
		rnd := rand.New(rand.NewPCG(uint64(seed), 34))
		var b strings.Builder
		fmt.Fprintf(&b, "seed %d\nregions us-east-1\nclients 3 per region\nlane e gossip conflict=%s grace=2s\n", seed, conflict)
		for at := 300; at < 12_000; at += rnd.IntN(200) {
			visit(&b, rnd, at, conflict, []string{"us-east-1@1", "us-east-1@2", "us-east-1@3"})
		}
		w := run(t, b.String()+"end 15s\n", bugs{})
		verdict := w.referee.Verdict().Answer
		if want := map[bool]check.Answer{false: check.Yes, true: check.No}[w.besides()]; verdict != want {
			fail(t, seed, b.String(), "linearizable: %s", verdict)
		}
	}
}

// caughtBy returns the first seed under which a check finds a bug.
func caughtBy(t *testing.T, within int, caught func(seed int) bool) {
	t.Helper()
	for seed := range within {
		if caught(seed) {
			t.Logf("caught by seed %d", seed)
			return
		}
	}
	t.Errorf("not caught within %d seeds", within)
}

// TestBugsAreCaught: what the swarm promises breaks when the package does.
func TestBugsAreCaught(t *testing.T) {
	for _, c := range []struct {
		name   string
		within int // seeds
		bugs
	}{{"no exchange", 7, bugs{noExchange: true}}, {"tie by arrival", 140, bugs{tieByArrival: true}}} {
		t.Run(c.name, func(t *testing.T) {
			caughtBy(t, c.within, func(seed int) bool {
				_, _, broken := swarm(t, seed, c.bugs)
				return broken != ""
			})
		})
	}
}
