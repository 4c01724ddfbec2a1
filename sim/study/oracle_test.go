package study

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
)

// oracle knows what the referee knows and counts anew, by the definitions, with no regard to cost.
type oracle struct {
	sim.NopObserver
	cluster *sim.Cluster
	parents map[sim.OpID][]sim.OpID
	tips    map[string]map[sim.Addr][]sim.OpID
	ended   []*sim.Record
}

func newOracle(c *sim.Cluster) *oracle {
	o := &oracle{cluster: c, parents: map[sim.OpID][]sim.OpID{}, tips: map[string]map[sim.Addr][]sim.OpID{}}
	c.Observe(o)
	return o
}

func (o *oracle) Holds(node sim.Addr, key string, writes []sim.OpID) {
	if o.tips[key] == nil {
		o.tips[key] = map[sim.Addr][]sim.OpID{}
	}
	o.tips[key][node] = writes
}

func (o *oracle) Follows(w, before sim.OpID) {
	if o.cluster.History()[w-1].Result.Outcome != sim.OK {
		o.parents[w] = append(o.parents[w], before)
	}
}

func (o *oracle) Returned(rec *sim.Record) { o.ended = append(o.ended, rec) }

// uncovered counts acknowledged writes of which no replica and no message in flight holds one or a successor.
func (o *oracle) uncovered() int {
	covered := map[sim.OpID]bool{}
	var walk func(sim.OpID)
	walk = func(w sim.OpID) {
		if w != 0 && !covered[w] {
			covered[w] = true
			for _, p := range o.parents[w] {
				walk(p)
			}
		}
	}
	for _, tips := range o.tips { // order does not matter: a set
		for _, held := range tips { // order does not matter: a set
			for _, w := range held {
				walk(w)
			}
		}
	}
	o.cluster.InFlight(func(m *sim.Message) bool {
		m.Payload.Writes(func(_ string, w sim.OpID) { walk(w) })
		return true
	})
	count := 0
	for _, rec := range o.ended {
		if acknowledged(rec) && !covered[rec.ID] {
			count++
		}
	}
	return count
}

func acknowledged(rec *sim.Record) bool {
	return rec.Kind != sim.Read && rec.Result.Outcome == sim.OK && rec.Result.Applied
}

// stale counts stale reads; lost says when a write was lost.
func (o *oracle) stale(lost map[sim.OpID]sim.Time) int {
	count := 0
	for _, read := range o.ended {
		if read.Kind != sim.Read || read.Result.Outcome != sim.OK {
			continue
		}
		since := sim.Time(-1)
		if v := read.Result.Version; v != 0 {
			rec := o.cluster.History()[v-1]
			if rec.Result.Outcome != sim.OK {
				continue
			}
			since = rec.End
		}
		for _, w := range o.ended {
			at, gone := lost[w.ID]
			if acknowledged(w) && w.Key == read.Key && w.End < read.Start && since < w.Start && (!gone || at > read.End) && !o.shown(read, w.ID) {
				count++
				break
			}
		}
	}
	return count
}

// transport names a lane's transport by the last bit of a number.
func transport(n uint64) string { return []string{" transport=datagram", " transport=stream"}[n%2] }

// shown reports whether a read that found several writes found w or a successor of it.
func (o *oracle) shown(read *sim.Record, w sim.OpID) bool {
	count, covered := 0, map[sim.OpID]bool{}
	var walk func(sim.OpID)
	walk = func(v sim.OpID) {
		if !covered[v] {
			covered[v] = true
			for _, p := range o.parents[v] {
				walk(p)
			}
		}
	}
	read.Result.Found.Writes(func(v sim.OpID) {
		count++
		walk(v)
	})
	return count > 1 && covered[w]
}

// randomWorld writes a scenario with random regions, quorums, keys, visitors and partitions.
func randomWorld(seed uint64) string {
	rnd := rand.New(rand.NewPCG(seed, 9))
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1", "us-west-2", "sa-east-1"}[:2+rnd.IntN(4)]
	n := 1 + rnd.IntN(len(regions))
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane e gossip conflict=%s%s\nlane q quorum%s n=%d r=%d w=%d\nlane s raft%s\n", seed,
		strings.Join(regions, " "), []string{"lww", "dvv", "vector-clock"}[seed%3], transport(seed), transport(seed>>1), n, 1+rnd.IntN(n), 1+rnd.IntN(n), transport(seed>>2))
	if rnd.IntN(2) == 0 {
		fmt.Fprintf(&b, "workload bank rate=%d/s staggered until=7s\n", 1+rnd.IntN(3))
	}
	keys := []string{"a", "b", "balance"}
	for at := 300; at < 9000; at += rnd.IntN(600) {
		r := regions[rnd.IntN(len(regions))]
		switch rnd.IntN(9) {
		case 0:
			fmt.Fprintf(&b, "at %dms partition %s\n", at, r)
		case 1:
			fmt.Fprintf(&b, "at %dms partition %s\n", at, strings.Join(regions, " | "))
		case 2:
			fmt.Fprintf(&b, "at %dms heal\n", at)
		case 3, 4, 5:
			fmt.Fprintf(&b, "at %dms read %s %s\n", at, r, keys[rnd.IntN(3)])
		default:
			fmt.Fprintf(&b, "at %dms write %s %s %d\n", at, r, keys[rnd.IntN(3)], rnd.IntN(900))
		}
	}
	if rnd.IntN(2) == 0 {
		b.WriteString("at 9.5s heal\n")
	}
	fmt.Fprintf(&b, "end %dms\n", 9000+rnd.IntN(12000))
	return b.String()
}

// TestRefereeAgainstOracle holds lost writes, writes at risk and stale reads to the oracle, at random moments of
// random worlds.
func TestRefereeAgainstOracle(t *testing.T) {
	t.Parallel()
	lost, stale := 0, 0
	for seed := range uint64(seeds(300, 20_000)) {
		text := randomWorld(seed)
		s := mustParse(t, text)
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		var oracles []*oracle
		for _, c := range r.Lanes() {
			oracles = append(oracles, newOracle(c))
		}
		steps := rand.New(rand.NewPCG(seed, 4))
		for r.Now() < s.End {
			r.AdvanceTo(min(s.End, r.Now()+sim.Time(steps.Int64N(int64(3*sim.Second)))))
			for i, o := range oracles {
				if got, want := r.Referees[i].Scores(), o.uncovered(); got.LostWrites+got.AtRisk != want {
					t.Fatalf("lane %s at %s: lost %d, at risk %d; the oracle has %d\n%s", o.cluster.Name, r.Now(), got.LostWrites, got.AtRisk, want, text)
				}
			}
		}
		for i, o := range oracles {
			at := map[sim.OpID]sim.Time{}
			for _, l := range r.Referees[i].Losses() {
				at[l.Write] = l.At
			}
			got := r.Referees[i].Scores()
			if want := o.stale(at); got.StaleReads != want {
				t.Fatalf("lane %s: %d stale reads; the oracle has %d\n%s", o.cluster.Name, got.StaleReads, want, text)
			}
			lost, stale = lost+got.LostWrites, stale+got.StaleReads
		}
	}
	if lost == 0 || stale == 0 {
		t.Fatalf("%d lost, %d stale: the worlds show nothing", lost, stale)
	}
	t.Logf("%d lost, %d stale", lost, stale)
}
