package gossip

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// world is a Lab of one lane, with its referee and its replicas.
type world struct {
	cluster  *sim.Cluster
	referee  *check.Referee
	replicas []*replica // the stores; of a node that has crashed, the one that came after
}

// run takes a scenario to its end, under a protocol with bugs.
func run(t testing.TB, text string, b bugs) *world {
	t.Helper()
	w := &world{}
	p := protocol(b)
	made := p.New
	p.New = func(env sim.Env, cfg sim.Config) sim.Replica {
		r := made(env, cfg)
		if s, ok := r.(*replica); ok {
			w.replicas = slices.DeleteFunc(w.replicas, func(old *replica) bool { return old.env.Self() == env.Self() })
			w.replicas = append(w.replicas, s)
		}
		return r
	}
	v := sim.Vocabulary{Protocols: []sim.Protocol{p}}
	s, err := sim.Parse(text, v)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	lab, err := sim.NewLab(s, v)
	if err != nil {
		t.Fatal(err)
	}
	w.cluster = lab.Lanes()[0]
	w.referee = check.New(w.cluster)
	lab.AdvanceTo(s.End)
	return w
}

// parted says of which key two replicas hold different states, or "".
func (w *world) parted() string {
	for _, a := range w.replicas {
		for _, b := range w.replicas {
			for _, key := range a.store.Keys() {
				if !a.store.Get(key).Same(b.store.Get(key)) {
					return key
				}
			}
		}
	}
	return ""
}

// seeds returns the seeds that a test tries: few ordinarily, many with NETSPLIT_SOAK=1, one with NETSPLIT_SEED=N.
func seeds(few, many int) []int {
	if one, err := strconv.Atoi(os.Getenv("NETSPLIT_SEED")); err == nil {
		return []int{one}
	}
	if os.Getenv("NETSPLIT_SOAK") != "" {
		few = many
	}
	all := make([]int, few)
	for i := range all {
		all[i] = i
	}
	return all
}

// fail ends a test with the lines that replay its seed, and its world.
func fail(t *testing.T, seed int, text, format string, args ...any) {
	t.Helper()
	t.Fatalf("seed %d: %s\nreplay: NETSPLIT_SEED=%d go test ./sim/gossip -run '^%s$'\n%s", seed, fmt.Sprintf(format, args...), seed,
		strings.Split(t.Name(), "/")[0], sim.Replay(text))
}

// Regions of random worlds.
var regions = []string{"us-east-1", "eu-west-1", "ap-south-1", "us-west-2"}

// chaos writes random faults and visits until 15 s, then mends all; it ends at 40 s. With what conflict says the
// visitors do what it can; knobs are added to the lane's line.
func chaos(seed int, conflict, knobs string) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 31))
	some := func(of ...string) string { return of[rnd.IntN(len(of))] }
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane e gossip conflict=%s %s\n", seed, strings.Join(regions, " "), conflict, knobs)
	for t := 300; t < 15_000; t += 1 + rnd.IntN(300) {
		if rnd.IntN(3) > 0 {
			visit(&b, rnd, t, conflict, regions)
			continue
		}
		a, z, node := some(regions...), some(regions...), some(regions...)+"/1"
		fault := some("partition "+a, "heal", "partition "+strings.Join(regions, " | "), "cut "+a+" > "+z, "mend "+a+" "+z,
			fmt.Sprintf("drop %d%% %s %s", rnd.IntN(80), a, z), fmt.Sprintf("duplicate %d%% everywhere", rnd.IntN(100)),
			fmt.Sprintf("reorder %d%% %dms everywhere", 1+rnd.IntN(60), 1+rnd.IntN(900)), "hold "+a+" "+z, "release everywhere",
			fmt.Sprintf("delay %dms %s %s", rnd.IntN(900), a, z), "pause "+node, "resume "+node, "crash "+node, "restart "+node,
			fmt.Sprintf("fsync %s %dms", node, rnd.IntN(400)),
			fmt.Sprintf("slow %s %dms", node, rnd.IntN(50)), fmt.Sprintf("skew %s %dms", node, rnd.IntN(3000)-1500))
		if fault == "partition "+strings.Join(regions, " ") {
			continue
		}
		fmt.Fprintf(&b, "at %dms %s\n", t, fault)
	}
	b.WriteString("at 15s heal\nat 15s mend everywhere\nat 15s release everywhere\nat 15s drop 0% everywhere\nat 15s duplicate 0% everywhere\n" +
		"at 15s reorder 0% 0s everywhere\nat 15s delay 0s everywhere\n")
	for _, r := range regions {
		fmt.Fprintf(&b, "at 15s restart %[1]s/1\nat 15s resume %[1]s/1\nat 15s slow %[1]s/1 0s\nat 15s fsync %[1]s/1 0s\n", r)
	}
	b.WriteString("end 40s\n")
	return b.String()
}

// visit writes what one or two clients do at one instant.
func visit(b *strings.Builder, rnd *rand.Rand, t int, conflict string, clients []string) {
	for range 1 + rnd.IntN(2) {
		who, key := clients[rnd.IntN(len(clients))], []string{"a", "b"}[rnd.IntN(2)]
		do := fmt.Sprintf("write %s %s %d", who, key, rnd.IntN(900))
		switch {
		case rnd.IntN(4) == 0:
			do = "read " + who + " " + key
		case conflict == "counter":
			do = fmt.Sprintf("increment %s %s %d", who, key, rnd.IntN(9)-3)
		case rnd.IntN(8) == 0:
			do = "delete " + who + " " + key
		case conflict == "or-set":
			do = fmt.Sprintf("%s %s %s %d", []string{"add", "add", "remove"}[rnd.IntN(3)], who, key, rnd.IntN(5))
		}
		fmt.Fprintf(b, "at %dms %s\n", t, do)
	}
}
