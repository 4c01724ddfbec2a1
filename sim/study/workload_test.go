package study

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

var workloadNames = []string{"bank", "inventory", "cart", "likes", "feed", "register"}

// randomShop writes a scenario of all three modes with a random workload, visitors and partitions.
func randomShop(seed uint64) (text, workload string) {
	rnd := rand.New(rand.NewPCG(seed, 21))
	some := func(of ...string) string { return of[rnd.IntN(len(of))] }
	workload = workloadNames[seed%uint64(len(workloadNames))]
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	keys := 1 + rnd.IntN(3)
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane s raft leader=%s\nlane q quorum r=%d w=%d\nlane e gossip\n", seed, strings.Join(regions, " "),
		some(regions...), 1+rnd.IntN(3), 1+rnd.IntN(3))
	fmt.Fprintf(&b, "workload %s %s keys=%d until=9s", workload,
		some("rate=1/s staggered", "rate=1.5/s poisson", "rate=0.7/s poisson", "closed think=300ms"), keys)
	b.WriteString(some("", " reads=10%", " reads=40%") + some("", "", " retry=same timeout=700ms", " retry=elsewhere timeout=400ms retries=2") +
		some("", "", " session=roam") + some("", "", " read-level=one", " write-level=one read-level=all"))
	if keys > 1 {
		b.WriteString(some("", " skew=1", " skew=0.7"))
	}
	if workload == "inventory" {
		fmt.Fprintf(&b, " stock=%d", rnd.IntN(9))
	}
	b.WriteString("\n")
	s, err := Parse(b.String())
	if err != nil {
		panic(err)
	}
	visits := rnd.IntN(3) == 0
	for at := 1000 + rnd.IntN(2000); at < 10_000; at += rnd.IntN(2500) {
		switch {
		case visits && rnd.IntN(3) == 0: // what the workload's clients do, by a visitor
			key := s.Workload.Key(rnd.IntN(keys))
			all := s.Workload.VisitsTo(key)
			own := all[slices.Index(all, sim.VerbRemove)+1:]
			verb := own[rnd.IntN(len(own))]
			number := ""
			if verb.SaysNumber() {
				number = fmt.Sprint(1 + rnd.IntN(12))
			}
			fmt.Fprintf(&b, "at %dms %s %s %s %s\n", at, verb, some(regions...), key, number)
		case visits && rnd.IntN(2) == 0:
			fmt.Fprintf(&b, "at %dms write %s %s %d\n", at, some(regions...), s.Workload.Key(rnd.IntN(keys)), rnd.IntN(12)-1)
		case rnd.IntN(3) == 0:
			fmt.Fprintf(&b, "at %dms heal\n", at)
		case rnd.IntN(5) == 0:
			r := some(regions...)
			fmt.Fprintf(&b, "at %dms cut %s/1 > %s@1\n", at, r, r)
		default:
			fmt.Fprintf(&b, "at %dms partition %s\n", at, some(regions...))
		}
	}
	b.WriteString("at 11s heal\nat 11s mend everywhere\nend 20s\n")
	return b.String(), workload
}

// TestLedgers holds every workload's damage to brute force over what the clients were told, at random moments of random
// worlds. Strong mode never shows any; eventual mode shows some in every workload but the register.
func TestLedgers(t *testing.T) {
	t.Parallel()
	shown := map[string]int{}
	for seed := range uint64(seeds(240, 6000)) {
		text, workload := randomShop(seed)
		s := mustParse(t, text)
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		var watchers []*oracle
		for _, c := range r.Lanes() {
			watchers = append(watchers, newOracle(c))
		}
		steps := rand.New(rand.NewPCG(seed, 4))
		for r.Now() < s.End {
			r.AdvanceTo(min(s.End, r.Now()+sim.Time(steps.Int64N(int64(4*sim.Second)))))
			for i, c := range r.Lanes() {
				got, want := r.Referees[i].Scores(), bruteForce(c)
				if d := max(got.Damage, -got.Damage); d != want || (d == 0) != (got.DamageText == "") {
					t.Fatalf("lane %s at %s: damage %d %q, by brute force %d\n%s", c.Name, r.Now(), got.Damage, got.DamageText, want, text)
				}
				if b := r.Referees[i].Books(); s.Workload.Keys == 1 && (workload == "bank" || workload == "likes") {
					if low, high := bruteForceBounds(c); b.Low != low || b.High != high {
						t.Fatalf("lane %s at %s: between %d and %d, by brute force %d and %d\n%s", c.Name, r.Now(), b.Low, b.High, low, high, text)
					}
				}
				if lost := watchers[i].uncovered(); got.LostWrites+got.AtRisk != lost {
					t.Fatalf("lane %s at %s: lost %d, at risk %d; the oracle has %d\n%s", c.Name, r.Now(), got.LostWrites, got.AtRisk, lost, text)
				}
			}
		}
		rep := r.Report()
		if l := rep.Lanes[0]; l.Damage != 0 || l.Linearizable == check.No || l.LostWrites+l.StaleReads != 0 {
			t.Fatalf("strong: linearizable %s, %+v\n%s", l.Linearizable, l.Scores, text)
		}
		if rep.Lanes[2].Damage != 0 {
			shown[workload]++
		}
	}
	for _, w := range workloadNames {
		if (shown[w] == 0) != (w == "register") {
			t.Errorf("%s: eventual mode showed damage in %d worlds", w, shown[w])
		}
	}
	t.Logf("worlds with damage in eventual mode: %v", shown)
}

// told is an errand by what can be known of it from the history alone.
type told struct {
	*sim.Errand
	acked, maybe bool // it took effect for certain; or may have
}

// toldOf returns the errands that set a key blindly, and those that changed it, for certain or perhaps.
func toldOf(c *sim.Cluster, key string) (sets, rest []told) {
	for _, e := range c.Errands() {
		if e.Key != key {
			continue
		}
		last := c.History()[e.Ops[len(e.Ops)-1]-1]
		o := told{Errand: e}
		if last.Kind != sim.Read {
			o.acked = last.Result.Outcome == sim.OK && last.Result.Applied
			o.maybe = last.Result.Outcome == sim.Pending || last.Result.Outcome == sim.Info
		}
		if e.Kind == sim.ErrandSet {
			sets = append(sets, o)
		} else if o.acked || o.maybe {
			rest = append(rest, o)
		}
	}
	return sets, rest
}

// bruteForce adds up the damage to every key of a lane, by the definition, with no regard to cost.
func bruteForce(c *sim.Cluster) int64 {
	total := int64(0)
	for i := range c.Workload().Keys {
		total += bruteForceKey(c, c.Workload().Key(i))
	}
	return total
}

// startsOf returns the writes that may have set the key last; nil stands for the opening value.
func startsOf(sets []told) []*told {
	var starts []*told
	if !slices.ContainsFunc(sets, func(s told) bool { return s.acked }) {
		starts = append(starts, nil)
	}
	for i := range sets {
		later := func(s told) bool { return s.acked && sets[i].acked && s.Start > sets[i].End }
		if (sets[i].acked || sets[i].maybe) && !slices.ContainsFunc(sets, later) {
			starts = append(starts, &sets[i])
		}
	}
	if len(starts) == 0 { // every write that set it was refused
		starts = append(starts, nil)
	}
	return starts
}

// after returns what must and what may have taken effect after a write set the key.
func after(s *told, rest []told) (must, may []told) {
	for _, e := range rest {
		switch {
		case e.acked && (s == nil || s.acked && e.Start > s.End):
			must = append(must, e)
		case s == nil || e.maybe || e.End >= s.Start:
			may = append(may, e)
		}
	}
	return must, may
}

func startValue(c *sim.Cluster, key string, s *told) int64 {
	if s == nil {
		return c.Workload().Opening(key)
	}
	return s.Amount
}

// bruteForceBounds returns the least and the most that the main key may hold.
func bruteForceBounds(c *sim.Cluster) (low, high int64) {
	key := c.Workload().MainKey()
	sets, rest := toldOf(c, key)
	sums := map[int64]bool{}
	for _, s := range startsOf(sets) {
		must, may := after(s, rest)
		reach(sums, startValue(c, key, s), must, may)
	}
	low, high = int64(1<<40), int64(-1<<40)
	for sum := range sums { // order does not matter
		low, high = min(low, sum), max(high, sum)
	}
	return low, high
}

// bruteForceKey takes each write that may have set the key last, and what must and may have come after it.
func bruteForceKey(c *sim.Cluster, key string) int64 {
	sets, rest := toldOf(c, key)
	agreed, version, amount := agreement(c, key)
	sums, oversold, vanished := map[int64]bool{}, int64(1<<40), int64(1<<40)
	for _, s := range startsOf(sets) {
		must, may := after(s, rest)
		from := startValue(c, key, s)
		sold := int64(0)
		for _, e := range must {
			sold += e.Amount
		}
		oversold = min(oversold, max(sold-max(from, 0), 0))
		reach(sums, from, must, may)
		missing := int64(0)
		for _, e := range append(must, acknowledgedSet(s)...) {
			if agreed && !slices.Contains(contents(c, version), e.ID) {
				missing++
			}
		}
		vanished = min(vanished, missing)
	}
	switch c.Workload().Kind {
	case sim.Inventory:
		return oversold
	case sim.Cart:
		return vanished
	case sim.Feed:
		return vanished + inversions(c, version, agreed)
	case sim.Register:
		return 0
	}
	if !agreed {
		return 0
	}
	low, high := int64(1<<40), int64(-1<<40)
	for sum := range sums { // order does not matter
		low, high = min(low, sum), max(high, sum)
	}
	wrong := max(low-amount, 0) + max(amount-high, 0)
	if c.Workload().Kind == sim.Bank && amount < 0 && c.ErrandOf(version).Kind != sim.ErrandSet {
		wrong -= amount
	}
	return wrong
}

func acknowledgedSet(s *told) []told {
	if s == nil || !s.acked {
		return nil
	}
	return []told{*s}
}

// reach adds every total that may come of it.
func reach(sums map[int64]bool, from int64, must, may []told) {
	effect := map[sim.ErrandKind]int64{sim.ErrandDeposit: 1, sim.ErrandWithdraw: -1, sim.ErrandLike: 1}
	for _, e := range must {
		from += effect[e.Kind] * e.Amount
	}
	level := map[int64]bool{from: true}
	for _, e := range may {
		next := map[int64]bool{}
		for sum := range level { // order does not matter: a set
			next[sum], next[sum+effect[e.Kind]*e.Amount] = true, true
		}
		level = next
	}
	for sum := range level { // order does not matter: a set
		sums[sum] = true
	}
}

func agreement(c *sim.Cluster, key string) (agreed bool, version sim.OpID, amount int64) {
	for node := range sim.Addr(c.Nodes()) {
		v := c.DescribeKey(node, key)
		if node > 0 && v.Version != version {
			return false, 0, 0
		}
		version, amount = v.Version, v.Value
	}
	return true, version, amount
}

// contents returns the errands whose items a version of a document has: those of the version that its errand had read
// just before, and its own.
func contents(c *sim.Cluster, version sim.OpID) []int {
	if version == 0 || !c.Workload().Documents() {
		return nil
	}
	e := c.ErrandOf(version)
	i := slices.Index(e.Ops, version)
	if i == 0 {
		return []int{e.ID}
	}
	return append(contents(c, c.History()[e.Ops[i-1]-1].Result.Version), e.ID)
}

func inversions(c *sim.Cluster, version sim.OpID, agreed bool) int64 {
	if !agreed {
		return 0
	}
	list, count := contents(c, version), int64(0)
	for i := range list {
		for j := range i {
			q, p := c.Errands()[list[j]-1], c.Errands()[list[i]-1]
			if p.Outcome == sim.OK && p.End < q.Start {
				count++
			}
		}
	}
	return count
}
