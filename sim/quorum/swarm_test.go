package quorum_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/quorum"
)

// trial is one run of the swarm: what is configured, what is done and so what must hold.
type trial struct {
	text      string
	w         int  // acknowledgements of a write, by nodes that hold its key
	strict    bool // no node stands in for another
	linear    bool // quorums overlap, reads repair first, and stamps are in the order of real time
	converges bool // hints or trees bring every replica up to date
}

// byLevel are write levels; fewest returns the replicas that one needs at least, when n of them are in three regions.
var byLevel = []string{"quorum", "all", "each-quorum", "local-quorum", "two"}

func fewest(level string, n int) int {
	return map[string]int{"quorum": n/2 + 1, "all": n, "each-quorum": 3 * (n/3/2 + 1), "local-quorum": n/3/2 + 1, "two": 2}[level]
}

// randomTrial draws a configuration and an hour of bad luck, or rather 15 s of it and 40 s of peace.
func randomTrial(seed int) trial {
	rnd := rand.New(rand.NewPCG(uint64(seed), 9))
	maybe := func() bool { return rnd.IntN(2) == 0 }
	pick := func(words ...string) string { return words[rnd.IntN(len(words))] }
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	perRegion := 1 + rnd.IntN(2)
	n := 3 + 2*rnd.IntN(perRegion)
	r, w := n/2+1, n/2+1
	if maybe() {
		r, w = 1+rnd.IntN(n), 1+rnd.IntN(n)
	}
	repair, sloppy, hints := pick("none", "async", "blocking"), rnd.IntN(4) == 0, maybe()
	trees := pick("off", "off", "1s", "3s")
	reads, alone := rnd.IntN(3) == 0, maybe()
	knobs := fmt.Sprintf("n=%d r=%d w=%d read-repair=%s read-fan-out=%s detector=%s anti-entropy=%s placement=%s speculative-retry=%s",
		n, r, w, repair, pick("all", "r"), pick("timeout", "phi"), trees, pick("ring", "first"), pick("99p", "off", "0.05s"))
	for _, k := range []struct {
		on   bool
		text string
	}{{sloppy, " sloppy=on"}, {hints, " hinted-handoff=on"}, {reads, " read-before-write=on"}} {
		if k.on {
			knobs += k.text
		}
	}
	var b strings.Builder
	for at, k := sim.Second, 1; at < 17*sim.Second; k++ {
		client, verb := pick(regions...), "read"
		if maybe() {
			verb = "write"
			if alone {
				client = regions[0]
			}
		}
		fmt.Fprintf(&b, "at %s %s %s %s", at, verb, client, pick("x", "y"))
		if verb == "write" {
			fmt.Fprintf(&b, " %d", k)
		}
		b.WriteString("\n")
		at += sim.Time(rnd.Int64N(int64(600 * sim.Millisecond)))
	}
	acks := w
	if word := pick(byLevel...); rnd.IntN(4) == 0 {
		knobs += " write-level=" + word
		acks = fewest(word, n)
	}
	rules := pick("lww", "lww", "lww", "dvv", "vector-clock")
	if rules != "lww" && !reads {
		knobs += " conflict=" + rules
	}
	linear := !strings.Contains(knobs, "conflict=") && !strings.Contains(knobs, "write-level=") && r+w > n && 2*r > n && !sloppy && repair == "blocking" && (alone || reads)
	crashes := maybe()
	var without []string
	switch {
	case !crashes: // a coordinator that crashes takes with it what it meant to keep hints of
		without = []string{"crash"}
	case linear: // what is shown before it is durable may be gone, and a clock that a crash has reset may go back
		without = []string{"fsync", "skew", "drift"}
	}
	b.WriteString(storm(rnd, regions, perRegion, 15*sim.Second, without...) + "end 55s\n")
	if !crashes && maybe() { // who asks the same replica again asks for the same write, but for a crash in between
		b.WriteString("workload register rate=0.001/s staggered retry=same retries=2 until=0.001s\n")
	}
	head := fmt.Sprintf("seed %d\nregions %s\nreplicas %d per region\nlane q quorum %s\n", seed, strings.Join(regions, " "), perRegion, knobs)
	return trial{text: head + b.String(), w: acks, strict: !sloppy, linear: linear, converges: trees != "off" || hints && !crashes}
}

// watcher checks, at each acknowledgement, that as many replicas have had the write as acknowledged it.
type watcher struct {
	sim.NopObserver
	w      int
	world  *world
	got    map[sim.OpID]map[sim.Addr]bool // which replicas of its key a write has reached
	broken string
}

func watch(w *world, acks int) *watcher {
	o := &watcher{w: acks, world: w, got: map[sim.OpID]map[sim.Addr]bool{}}
	w.cluster.Observe(o)
	return o
}

func (o *watcher) reach(node sim.Addr, key string, w sim.OpID) {
	if int(node) >= o.world.cluster.Nodes() || !o.world.cluster.Replicates(node, key) {
		return
	}
	if o.got[w] == nil {
		o.got[w] = map[sim.Addr]bool{}
	}
	o.got[w][node] = true
}

// Arrived takes note of writes on their way to replicas.
func (o *watcher) Arrived(m *sim.Message) {
	m.Payload.Writes(func(key string, w sim.OpID) { o.reach(m.To, key, w) })
}

// Returned looks at an acknowledgement. The request itself has reached its coordinator.
func (o *watcher) Returned(rec *sim.Record) {
	if rec.Kind != sim.Write || rec.Result.Outcome != sim.OK {
		return
	}
	if len(o.got[rec.ID]) < o.w && o.broken == "" {
		o.broken = fmt.Sprintf("operation %d was acknowledged at %s and had reached %d replicas of %d", rec.ID, rec.End, len(o.got[rec.ID]), o.w)
	}
}

// play runs a trial and says what is broken, or "".
func (tr trial) play(t testing.TB, b quorum.Bugs) (broken string, w *world) {
	t.Helper()
	w = newWorld(t, b, tr.text)
	o := watch(w, tr.w)
	answer := w.end()
	scores := w.referee.Scores()
	switch {
	case tr.strict && o.broken != "":
		return o.broken, w
	case scores.Pending != 0:
		return fmt.Sprintf("%d operations are pending", scores.Pending), w
	case tr.linear && answer == check.No:
		return "not linearizable", w
	case tr.converges && scores.AtRisk != 0:
		return fmt.Sprintf("%d writes at risk", scores.AtRisk), w
	}
	if tr.converges {
		for _, key := range []string{"x", "y"} {
			if broken := w.agree(key); broken != "" {
				return broken, w
			}
		}
	}
	return "", w
}

// agree says which replicas of a key do not hold the same, or "". Hints count: in the end none are left.
func (w *world) agree(key string) string {
	var first []sim.OpID
	seen := false
	for a := range sim.Addr(w.cluster.Nodes()) {
		if !w.cluster.Replicates(a, key) {
			continue
		}
		held := w.held[a][key]
		if seen && !slices.Equal(held, first) {
			return fmt.Sprintf("%s: one replica holds %d, node %d holds %d", key, first, a, held)
		}
		first, seen = held, true
	}
	return ""
}

// TestSwarm: whatever is configured and whatever happens, what the configuration promises holds.
func TestSwarm(t *testing.T) {
	n := seeds(300, 10_000)
	linear, converging, lost := 0, 0, 0
	for seed := range n {
		tr := randomTrial(seed)
		broken, w := tr.play(t, quorum.Bugs{})
		if broken != "" {
			t.Fatalf("seed %d: %s\n%s", seed, broken, w.replay())
		}
		if tr.linear {
			linear++
		}
		if tr.converges {
			converging++
		}
		lost += w.referee.Scores().LostWrites
	}
	t.Logf("%d runs: %d must be linearizable, %d must converge; %d acknowledged writes were lost to clocks and low levels", n, linear, converging, lost)
}
