package raft

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

var seeds = flag.Int("seeds", 30, "how many random runs each swarm makes")

var oneSeed = flag.Int("seed", -1, "the only random run that a swarm makes")

// storm writes a scenario of random partitions, over by 20 s, of a bank that is open to the end of them, and of
// visitors who overwrite the balance.
func storm(seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 20))
	var names []string
	for _, i := range luck.Perm(len(sim.Regions))[:2+luck.IntN(4)] {
		names = append(names, sim.Regions[i].Name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane strong raft leader=%s\nworkload bank rate=4/s staggered until=20s\n",
		seed, strings.Join(names, " "), names[luck.IntN(len(names))])
	calm := sim.Time(2+luck.IntN(9)) * sim.Second
	for at := sim.Time(0); ; {
		at += sim.Time(luck.Int64N(int64(calm)))
		if at > 20*sim.Second {
			break
		}
		groups := make([][]string, 3)
		for _, name := range names {
			i := luck.IntN(3)
			groups[i] = append(groups[i], name)
		}
		groups = slices.DeleteFunc(groups, func(g []string) bool { return g == nil })
		if len(groups) == 1 {
			fmt.Fprintf(&b, "at %s heal\n", at)
			continue
		}
		parts := make([]string, len(groups))
		for i, g := range groups {
			parts[i] = strings.Join(g, " ")
		}
		fmt.Fprintf(&b, "at %s partition %s\n", at, strings.Join(parts, " | "))
	}
	for range 100 {
		at := sim.Time(luck.Int64N(int64(20 * sim.Second)))
		fmt.Fprintf(&b, "at %s write %s balance %d\n", at, names[luck.IntN(len(names))], luck.IntN(1000))
	}
	b.WriteString("at 20s heal\nend 30s\n")
	return b.String()
}

// breakdowns writes faults of machines into a storm, over by 20 s: crashes, drift, slow and stuck disks, no wipes. Their
// luck is apart, so that each storm is also run without them.
func breakdowns(text string, seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 21))
	_, list, _ := strings.Cut(text, "regions ")
	list, _, _ = strings.Cut(list, "\n")
	names := strings.Fields(list)
	var b strings.Builder
	for at := sim.Time(0); at < 20*sim.Second; at += sim.Time(luck.Int64N(int64(2 * sim.Second))) {
		node := names[luck.IntN(len(names))] + "/1"
		switch luck.IntN(10) {
		case 0, 1:
			fmt.Fprintf(&b, "at %s crash %s\n", at, node)
		case 2, 3, 4, 5, 6:
			fmt.Fprintf(&b, "at %s restart %s\n", at, node)
		case 7:
			fmt.Fprintf(&b, "at %s drift %s %dppm\n", at, node, luck.IntN(2*sim.MaxDrift)-sim.MaxDrift)
		case 8:
			fmt.Fprintf(&b, "at %s fsync %s %dms\n", at, node, luck.IntN(200))
		case 9:
			fmt.Fprintf(&b, "at %s fsync %s stuck\n", at, node)
		}
	}
	for _, name := range names {
		fmt.Fprintf(&b, "at 20s restart %[1]s/1\nat 20s fsync %[1]s/1 0s\n", name)
	}
	return strings.Replace(text, "end 30s\n", b.String()+"end 30s\n", 1)
}

// TestSwarm checks the invariants of Raft, and those of the adapter, under random partitions.
func TestSwarm(t *testing.T) { swarm(t, storm, 20, 10) }

// TestBreakdownSwarm checks them where machines fail as well.
func TestBreakdownSwarm(t *testing.T) {
	swarm(t, func(seed int) string { return breakdowns(storm(seed), seed) }, 5, 10)
}

// swarm runs random scenarios, which are to see so many acknowledged writes each, and one truncated log in so many.
func swarm(t *testing.T, scenario func(seed int) string, leastAcked, rareTruncated int) {
	var ops, acked, elections, truncated int
	from, to := 0, *seeds
	if *oneSeed >= 0 {
		from, to = *oneSeed, *oneSeed+1
	}
	for seed := from; seed < to; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			text := scenario(seed)
			w, f := play(t, text, trials{})
			w.settle()
			w.agree()
			ops, acked, elections = ops+len(w.cluster.History()), acked+len(f.acked), elections+len(w.noted(sim.NoteElected))
			truncated += f.truncated
			if t.Failed() {
				name, _, _ := strings.Cut(t.Name(), "/")
				t.Logf("replay: go test ./sim/raft -run '^%s$' -seed %d", name, seed)
				t.Logf("the scenario: %s\n%s", sim.Replay(text), text)
			}
		})
	}
	if *oneSeed >= 0 {
		return
	}
	t.Logf("%d runs: %d operations, %d writes acknowledged, %d elections, %d logs truncated",
		*seeds, ops, acked, elections, truncated)
	if *seeds < 20 {
		return
	}
	if elections < 2**seeds || acked < leastAcked**seeds || truncated < *seeds/rareTruncated {
		t.Error("the storm is too calm or too wild to test anything")
	}
}

// play runs a scenario to its end under the eyes of all who check invariants.
func play(t testing.TB, text string, tr trials) (*world, *referee) {
	w := newWorld(t, text)
	w.trials = tr
	for _, r := range w.replicas {
		tr.hears = r.hears
		r.trials = tr
	}
	f := newReferee(w)
	for now := sim.Time(0); now <= w.scenario.End; now += 2 * sim.Second {
		w.lab.AdvanceTo(now)
		w.prefixes()
		f.audit(w)
	}
	w.keepsPromises(sim.Account)
	return w, f
}

// prefixes fails unless every replica shows what the common log makes up to where it has applied it. That the logs are
// one is checked with every entry that anybody applies.
func (w *world) prefixes() {
	w.t.Helper()
	for i, r := range w.replicas {
		took := w.sequence(r, r.index, sim.Account)
		last := sim.OpID(0)
		if len(took) > 0 {
			last = took[len(took)-1]
		}
		if v := w.cluster.Describe(sim.Addr(i)); v.Version != last && !v.Down {
			w.t.Fatalf("at %s node %d shows version %d and has applied %v", w.lab.Now(), i, v.Version, took)
		}
	}
}

// keepsPromises fails unless the log honours what clients were told of a key: acknowledged writes are in it once,
// refused ones are not, and nobody was told of a state older than the newest that anybody knew when he asked.
func (w *world) keepsPromises(key string) {
	w.t.Helper()
	reads := w.replicas[0].set.reads
	history := slices.DeleteFunc(slices.Clone(w.cluster.History()), func(r *sim.Record) bool {
		return r.Key != key || r.Kind == sim.Read && cmp.Or(r.Level, reads) == local // which promises nothing
	})
	place := map[sim.OpID]int{0: 0}
	longest := slices.MaxFunc(w.replicas, func(a, b *replica) int { return int(a.index) - int(b.index) })
	for i, id := range w.sequence(longest, longest.index, key) {
		if _, twice := place[id]; twice {
			w.t.Errorf("write %d took effect twice", id)
		}
		place[id] = i + 1
	}
	for _, r := range history {
		_, in := place[r.ID]
		if r.Result.Outcome == sim.Fail && in {
			w.t.Errorf("operation %d was refused, and took effect", r.ID)
		}
		if r.Result.Applied != in && r.Result.Outcome == sim.OK {
			w.t.Errorf("operation %d was told applied=%t, and is in the log: %t", r.ID, r.Result.Applied, in)
		}
	}
	// seen is the place of the state that an operation left behind, or read.
	seen := func(r *sim.Record) int {
		if r.Result.Applied {
			return place[r.ID]
		}
		return place[r.Result.Version]
	}
	answered := slices.DeleteFunc(history, func(r *sim.Record) bool { return r.Result.Outcome != sim.OK })
	inEnd := slices.SortedFunc(slices.Values(answered), func(a, b *sim.Record) int { return a.Completion - b.Completion })
	newest := 0 // of the states that completed operations have seen
	for _, r := range answered {
		for ; inEnd[0].End < r.Start; inEnd = inEnd[1:] {
			newest = max(newest, seen(inEnd[0]))
		}
		if seen(r) < newest {
			w.t.Errorf("operation %d saw state %d; state %d was known when it began", r.ID, seen(r), newest)
		}
		if found, in := place[r.Result.Version]; !in || r.Kind == sim.CompareAndSet && r.Result.Applied && found != seen(r)-1 {
			w.t.Errorf("operation %d found version %d at %d, and left state %d", r.ID, r.Result.Version, found, seen(r))
		}
	}
}

// TestWipesBreakPromisesAlone: with wiped disks Raft may lose what it acknowledged, but the world goes on.
func TestWipesBreakPromisesAlone(t *testing.T) {
	for seed := range *seeds {
		text := breakdowns(storm(seed), seed)
		run(t, strings.ReplaceAll(text, " crash ", " wipe "))
	}
}
