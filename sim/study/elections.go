package study

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"netsplit/sim"
)

// fiveServers is a world of the Raft adapter as its papers have it: five servers, messages that pass each other, no
// PreVote no CheckQuorum, and a newer term alone that makes nobody wait anew.
const fiveServers = "regions a b c d e\nlink everywhere uniform %s %s\nlink a a constant 0.01ms\n" +
	"lane raft raft transport=datagram new-term=goes-on pre-vote=off check-quorum=off heartbeat=%s election=%s election-max=%s\n"

// servers are the nodes of such a world.
var servers = []string{"a", "b", "c", "d", "e"}

// witness notes what elections are made of.
type witness struct {
	sim.NopObserver
	elected   []sim.Note
	campaigns []sim.Note
	held      []sim.OpID // by node: the latest write in its log
}

// Noted takes elections and campaigns down.
func (w *witness) Noted(n sim.Note) {
	switch n.Kind {
	case sim.NoteElected:
		w.elected = append(w.elected, n)
	case sim.NoteCampaign:
		w.campaigns = append(w.campaigns, n)
	}
}

// Holds takes down what is in a node's log.
func (w *witness) Holds(node sim.Addr, _ string, ops []sim.OpID) {
	w.held[node] = 0
	for _, op := range ops {
		w.held[node] = max(w.held[node], op)
	}
}

// stageOf begins the world of a scenario under another seed.
func stageOf(s *sim.Scenario, seed int) (*sim.Lab, *witness, error) {
	own := *s
	own.Seed = uint64(seed) + 1
	lab, err := sim.NewLab(&own, Vocabulary())
	if err != nil {
		return nil, nil, err
	}
	w := &witness{held: make([]sim.OpID, lab.Lanes()[0].Nodes())}
	lab.Lanes()[0].Observe(w)
	return lab, w, nil
}

// trialsOf plays n trials on every core, and returns their milliseconds, sorted.
func trialsOf(ctx context.Context, n int, play func(seed int) (sim.Time, error)) ([]float64, error) {
	times, errs := make([]float64, n), make([]error, n)
	inParallel(ctx, n, func(i int) {
		var t sim.Time
		t, errs[i] = play(i)
		times[i] = t.Milliseconds()
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(times)
	return times, nil
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// share returns the value below which a share of sorted values lies.
func share(sorted []float64, p float64) float64 {
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}

// against adds a row that holds one of our figures to a reference, within a tolerance in percent; 0 for none.
func (t *Table) against(what, figure string, published, reference, ours, tolerance float64) {
	off := ours/reference - 1
	verdict := "within"
	switch {
	case tolerance == 0:
		verdict = "-"
	case math.Abs(100*off) > tolerance:
		verdict = "OUT"
		t.Out++
	}
	t.Rows = append(t.Rows, []string{what, figure, fmt.Sprintf("%.0f", published), fmt.Sprintf("%.0f", reference),
		fmt.Sprintf("%.1f", ours), fmt.Sprintf("%+.1f %%", 100*off), verdict})
}

// availSim holds the adapter to AvailSim's figures for a wide area (Ongaro, Consensus: Bridging Theory and Practice,
// 2014, chapter 9): all begin with fresh timers, and some have failed.
func availSim(ctx context.Context, n int) (Table, error) {
	t := Table{Title: fmt.Sprintf("Elections over a wide area, as AvailSim has them: one-way delay uniform 30-40 ms, election timeout 300-600 ms, five servers; ms until a leader is elected, %d trials", n),
		Head: []string{"servers failed", "", "published", "reference", "ours", "error", "verdict"}}
	for failed, f := range [][4]float64{{}, {475, 468, 1500, 1432}, {650, 620, 3000, 2641}} {
		if failed == 0 {
			continue
		}
		text := fmt.Sprintf(fiveServers, "30ms", "40ms", "100ms", "300ms", "600ms")
		for _, name := range servers[:failed] {
			text += fmt.Sprintf("at 0s crash %s/1\n", name)
		}
		s, err := Parse(text)
		if err != nil {
			return t, err
		}
		times, err := trialsOf(ctx, n, func(seed int) (sim.Time, error) { return firstLeader(s, seed) })
		if err != nil {
			return t, err
		}
		t.against(fmt.Sprint(failed), "mean", f[0], f[1], mean(times), 5)
		t.against(fmt.Sprint(failed), "p99.9", f[2], f[3], share(times, 0.999), 0)
	}
	return t, nil
}

// firstLeader returns when somebody is elected.
func firstLeader(s *sim.Scenario, seed int) (sim.Time, error) {
	lab, w, err := stageOf(s, seed)
	if err != nil {
		return 0, err
	}
	for len(w.elected) == 0 {
		if lab.Now() > 60*sim.Second {
			return 0, fmt.Errorf("elections: seed %d: nobody is elected", seed)
		}
		lab.AdvanceTo(lab.Now() + 100*sim.Millisecond)
	}
	return w.elected[0].At, nil
}

// figure16 is that figure of the Raft paper: how long it takes to find out that the leader has crashed and to elect
// another, in milliseconds: the 10th, 50th, 90th and 99th percentile and the mean. The election timeout is drawn from
// least to most milliseconds.
var figure16 = []struct {
	least, most int
	published   [5]float64
}{
	{150, 300, [5]float64{125, 171, 244, 415, 181}},
	{12, 24, [5]float64{20, 30, 53, 87, 35}},
	{50, 100, [5]float64{48, 67, 96, 169, 71}},
}

// figure16Table plays what the figure says of its making: five servers, one-way delays uniform within 1.75 and 5.25 ms,
// logs of different lengths, and a leader that crashes at a uniform moment of the heartbeat interval, half the least
// timeout, after a heartbeat that all have heard.
func figure16Table(ctx context.Context, n int) (Table, error) {
	t := Table{Title: fmt.Sprintf("A leader's crash, detected and replaced: figure 16 of the Raft paper, ms, %d trials each", n),
		Head: []string{"timeout", "", "published", "reference", "ours", "error", "verdict"}}
	for _, f := range figure16 {
		beat := sim.Time(f.least) * sim.Millisecond / 2
		s, err := Parse(fmt.Sprintf(fiveServers, "1.75ms", "5.25ms", beat, sim.Time(f.least)*sim.Millisecond, sim.Time(f.most)*sim.Millisecond))
		if err != nil {
			return t, err
		}
		times, err := trialsOf(ctx, n, func(seed int) (sim.Time, error) { return replaced(s, seed, beat, sim.Time(f.most)*sim.Millisecond) })
		if err != nil {
			return t, err
		}
		what := fmt.Sprintf("%d-%d", f.least, f.most)
		ours := []float64{share(times, 0.1), share(times, 0.5), share(times, 0.9), share(times, 0.99), mean(times)}
		for i, name := range []string{"p10", "p50", "p90", "p99", "mean"} {
			t.against(what, name, f.published[i], f.published[i], ours[i], 8)
		}
	}
	return t, nil
}

// replaced returns how long after a leader's crash another is elected.
func replaced(s *sim.Scenario, seed int, beat, most sim.Time) (sim.Time, error) {
	for luck := seed; ; luck += 1 << 30 { // until a is the leader when calm sets in
		lab, w, err := stageOf(s, luck)
		if err != nil {
			return 0, err
		}
		lab.AdvanceTo(3 * most)
		last := w.elected[len(w.elected)-1]
		if last.Node != 0 {
			continue
		}
		heartbeat := last.At + ((lab.Now()-last.At+100*sim.Millisecond)/beat+1)*beat // the last
		if err := differ(lab, heartbeat-40*sim.Millisecond-beat/3); err != nil {
			return 0, err
		}
		moment := sim.Time(rand.New(rand.NewPCG(uint64(luck), 16)).Int64N(int64(beat)))
		lab.AdvanceTo(heartbeat + moment)
		elected := len(w.elected)
		crash, err := lab.Do(sim.Command{Verb: sim.VerbCrash, Node: "a/1"})
		if err != nil {
			return 0, err
		}
		lab.AdvanceTo(crash.At)
		if held := w.held[1:]; !slices.IsSorted(held) || held[0] != 0 || len(slices.Compact(slices.Clone(held))) != 4 {
			return 0, fmt.Errorf("elections: seed %d: the logs end with writes %v", seed, held)
		}
		for len(w.elected) == elected {
			lab.AdvanceTo(lab.Now() + most)
		}
		return w.elected[elected].At - crash.At, nil
	}
}

// differ makes the logs of b, c, d and e three, two, one and no entries shorter than that of a, the leader, who does
// not hear of it: from a moment on.
func differ(lab *sim.Lab, from sim.Time) error {
	var failed error
	do := func(cmd sim.Command) {
		if _, err := lab.Do(cmd); err != nil {
			failed = err
		}
	}
	drop := func(from, to string, odds sim.Chance) {
		do(sim.Command{Verb: sim.VerbDrop, Chance: odds, Links: sim.Links{From: from, To: to, OneWay: true}})
	}
	lab.AdvanceTo(from)
	for _, name := range servers[1:] {
		drop(name, "a", sim.Always)
	}
	for i := range 3 {
		lab.AdvanceTo(from + sim.Time(10+5*i)*sim.Millisecond)
		for _, name := range servers[1 : 2+i] {
			drop("a", name, sim.Always)
		}
		do(sim.Command{Verb: sim.VerbWrite, Region: "a", Key: "x", Value: int64(i)})
		lab.AdvanceTo(lab.Now() + 100)
		for _, name := range servers[1 : 2+i] {
			drop("a", name, 0)
		}
	}
	return failed
}

// together is the chance that the c-th of s deadlines, drawn uniformly from a range, comes within a share of that range
// after the first: at least c-1 of the others do.
func together(s, c int, part float64) float64 {
	sum := 0.0
	for k := c - 1; k <= s; k++ {
		ways := 1.0
		for i := range k {
			ways = ways * float64(s-i) / float64(i+1)
		}
		sum += ways * math.Pow(part, float64(k)) * math.Pow(1-part, float64(s-k))
	}
	return sum
}

// splitTable holds the deadlines that the adapter draws in the world, when no server hears another, to the chance that
// several stand for election at once, within 4 binomial standard deviations.
func splitTable(ctx context.Context, n int) (Table, error) {
	t := Table{Title: fmt.Sprintf("Split votes: the chance that the c-th of s servers stands for election within a latency of the first, in parts of the range of timeouts; %d trials", n),
		Head: []string{"s", "c", "latency", "closed form", "ours", "deviations", "verdict"}}
	s, err := Parse(fmt.Sprintf(fiveServers, "30ms", "40ms", "100ms", "300ms", "600ms") +
		"at 0s crash a/1\nat 0s partition a | b | c | d | e\nend 0.6s\n")
	if err != nil {
		return t, err
	}
	const alive = 4
	gaps := make([][alive]sim.Time, n)
	if _, err := trialsOf(ctx, n, func(seed int) (sim.Time, error) {
		lab, w, err := stageOf(s, seed)
		if err != nil {
			return 0, err
		}
		lab.AdvanceTo(s.End)
		seen := 0
		for _, c := range w.campaigns {
			if c.N == 1 && seen < alive { // of its first term
				gaps[seed][seen] = c.At - w.campaigns[0].At
				seen++
			}
		}
		return 0, nil
	}); err != nil {
		return t, err
	}
	for c := 2; c <= alive; c++ {
		for _, part := range []float64{0.05, 0.12, 0.25, 0.5} {
			met := 0
			for _, g := range gaps {
				if float64(g[c-1]) <= part*float64(300*sim.Millisecond) {
					met++
				}
			}
			want, ours := together(alive, c, part), float64(met)/float64(n)
			off := (ours - want) / math.Sqrt(want*(1-want)/float64(n))
			verdict := "within"
			if math.Abs(off) > 4 {
				verdict = "OUT"
				t.Out++
			}
			t.Rows = append(t.Rows, []string{fmt.Sprint(alive), fmt.Sprint(c), fmt.Sprint(part), fmt.Sprintf("%.5f", want),
				fmt.Sprintf("%.5f", ours), fmt.Sprintf("%+.1f", off), verdict})
		}
	}
	return t, nil
}
