package preset_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/group"
	"netsplit/sim/preset"
)

var groupSeed = flag.Int("group-seed", -1, "the only random world of group replication")

// groupWorld draws a world of group replication under faults of every kind, over by 45 s: lane is what it runs.
func groupWorld(seed int, lane string, wipes bool) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 808))
	pick := func(of ...string) string { return of[luck.IntN(len(of))] }
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1", "sa-east-1", "us-west-2"}[:3+luck.IntN(3)]
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane gr %s\n", seed, strings.Join(regions, " "), lane)
	fmt.Fprintf(&b, "workload register rate=%s %s keys=%s timeout=%s retry=%s session=%s until=55s\n", pick("0.5/s", "1/s", "2/s"),
		pick("poisson", "staggered"), pick("1", "1", "3"), pick("1s", "5s", "20s"), pick("none", "same", "elsewhere"), pick("sticky", "roam"))
	node := func() string { return pick(regions...) + "/1" }
	pair := func() string {
		a, z := luck.IntN(len(regions)), luck.IntN(len(regions)-1)
		if z >= a {
			z++
		}
		return regions[a] + pick(" ", " > ") + regions[z]
	}
	if wipes {
		at := 1 + luck.IntN(30)
		n := node()
		fmt.Fprintf(&b, "at %ds wipe %s\nat %ds restart %s\n", at, n, at+luck.IntN(14), n)
	}
	for range 2 + luck.IntN(5) {
		at := luck.IntN(30_000)
		end := at + 500 + luck.IntN(14_500)
		n, p := node(), pair()
		parted := slices.Clone(regions)
		luck.Shuffle(len(parted), func(i, j int) { parted[i], parted[j] = parted[j], parted[i] })
		faults := [][2]string{{"partition " + strings.Join(parted[:1+luck.IntN(len(parted)-1)], " "), "heal"}, {"cut " + p, "mend " + p},
			{"hold " + p, "release " + p}, {"crash " + n, "restart " + n}, {"exit " + n, "restart " + n}, {"pause " + n, "resume " + n},
			{"pause " + n, "resume " + n}, {"slow " + n + " 150ms", "slow " + n + " 0s"}, {"fsync " + n + " stuck", "fsync " + n + " 0s"},
			{"drop 20% everywhere", "drop 0% everywhere"}, {"delay 900ms " + p, "delay 0s " + p}, {"skew " + n + " 40s", "skew " + n + " -3s"},
			{"drift " + n + " 200ppm", "drift " + n + " 0ppm"}, {"transfer " + n, "transfer " + node()}, {"reorder 30% 700ms everywhere", "reorder 0% 0s everywhere"}}
		if wipes {
			faults = slices.Concat(faults[:3], faults[5:])
		}
		f := faults[luck.IntN(len(faults))]
		fmt.Fprintf(&b, "at %dms %s\nat %dms %s\n", at, f[0], end, f[1])
	}
	b.WriteString("at 45s heal\nat 45s mend everywhere\nat 45s release everywhere\n")
	for _, r := range regions {
		fmt.Fprintf(&b, "at 46s resume %s/1\nat 46s restart %s/1\n", r, r)
	}
	return b.String() + "end 75s\n"
}

// groupLane draws the knobs of a lane with which nothing is to go wrong.
func groupLane(seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 809))
	pick := func(of ...string) string { return of[luck.IntN(len(of))] }
	return fmt.Sprintf("mysql-group-replication version=%s group_replication_consistency=BEFORE_AND_AFTER group_replication_single_primary_mode=%s "+
		"group_replication_member_expel_timeout=%s group_replication_unreachable_majority_timeout=%s group_replication_autorejoin_tries=%s apply_time=%s",
		pick("8.0", "8.4"), pick("ON", "ON", "OFF"), pick("5s", "0s", "15s"), pick("0s", "0s", "3s"), pick("3", "0"), pick("2ms", "100ms", "1s"))
}

// playGroup runs a scenario, which may also name the mode itself, under a referee.
func playGroup(t *testing.T, text string) (*sim.Cluster, *check.Referee) {
	t.Helper()
	v := sim.Vocabulary{Protocols: append(preset.Protocols(), group.Protocol())}
	s, err := sim.Parse(text, v)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	lab, err := sim.NewLab(s, v)
	if err != nil {
		t.Fatal(err)
	}
	c := lab.Lanes()[0]
	ref := check.New(c)
	lab.AdvanceTo(s.End)
	return c, ref
}

// tellHistory logs every operation.
func tellHistory(t *testing.T, c *sim.Cluster) {
	for _, rec := range c.History() {
		t.Logf("%4d %s..%s %s asks %d %s %s value %d expect %d: %s %s value %d version %d applied %v", rec.ID, rec.Start, rec.End, c.NameOf(rec.Client), rec.Asked, rec.Kind,
			rec.Key, rec.Value, rec.Expect, rec.Result.Outcome, rec.Result.Reason, rec.Result.Value, rec.Result.Version, rec.Result.Applied)
	}
}

// told returns what became of every operation.
func told(c *sim.Cluster) string {
	var b strings.Builder
	for _, rec := range c.History() {
		fmt.Fprintln(&b, rec.ID, rec.End, rec.Result.Outcome, rec.Result.Value, rec.Result.Version)
	}
	return b.String()
}

// soaks returns few, or many if the environment asks for it.
func soaks(few, many int) int {
	if os.Getenv("NETSPLIT_SOAK") == "1" {
		return many
	}
	return few
}

// swarm plays many worlds, and reports those that were not linearizable, lost a write or did not converge.
func swarm(t *testing.T, runs int, text func(seed int) string) {
	var answered, writes int
	for seed := range runs {
		if *groupSeed >= 0 && seed != *groupSeed {
			continue
		}
		world := text(seed)
		c, ref := playGroup(t, world)
		for _, rec := range c.History() {
			if rec.Result.Outcome == sim.OK {
				if answered++; rec.Kind != sim.Read {
					writes++
				}
			}
		}
		if v := ref.Verdict(); v.Answer == check.No || len(ref.Losses()) > 0 || ref.StaleReads() > 0 {
			for _, b := range ref.Broken() {
				t.Logf("%s: of operations %v", b.Kind, b.Ops)
			}
			if *groupSeed >= 0 {
				tellHistory(t, c)
			}
			t.Errorf("seed %d: %+v, %d losses, %d stale reads\n%s", seed, v, len(ref.Losses()), ref.StaleReads(), world)
		}
	}
	t.Logf("%d worlds: %d operations were answered, %d of them writes", runs, answered, writes)
}

// TestPromisesGroupReplication: with BEFORE_AND_AFTER nobody reads what is old, and nothing is lost, whatever fails.
func TestPromisesGroupReplication(t *testing.T) {
	t.Parallel()
	swarm(t, soaks(20, 2000), func(seed int) string { return groupWorld(seed, groupLane(seed), false) })
}

// TestGroupReplicationUnderSnapshots is the same where the order underneath is cut short again and again.
func TestGroupReplicationUnderSnapshots(t *testing.T) {
	t.Parallel()
	swarm(t, soaks(10, 500), func(seed int) string {
		return groupWorld(seed, fmt.Sprintf("group consistency=before-and-after snapshot-every=%d single-primary=%s apply=50ms", 1+seed%9,
			[]string{"on", "off"}[seed%2]), false)
	})
}

// TestGroupReplicationWithAnEmptyDisk is the same where one disk is emptied: its server is taken in as a new one.
func TestGroupReplicationWithAnEmptyDisk(t *testing.T) {
	t.Parallel()
	swarm(t, soaks(10, 500), func(seed int) string {
		return groupWorld(seed, fmt.Sprintf("group consistency=before-and-after snapshot-every=%d", 1+seed%50), true)
	})
}

// TestGroupReplicationByForce has an operator force members, and have nodes rejoin, at random: nothing is promised then, but
// the world goes on, and the same world comes to the same.
func TestGroupReplicationByForce(t *testing.T) {
	t.Parallel()
	answered := 0
	for seed := range soaks(10, 500) {
		luck := rand.New(rand.NewPCG(uint64(seed), 810))
		world := groupWorld(seed, "mysql-group-replication group_replication_unreachable_majority_timeout="+[]string{"0s", "8s"}[seed%2], seed%3 == 0)
		regions := strings.Fields(strings.Split(world, "\n")[1])[1:]
		var b strings.Builder
		for range 6 {
			luck.Shuffle(len(regions), func(i, j int) { regions[i], regions[j] = regions[j], regions[i] })
			fmt.Fprintf(&b, "at %dms members %s/1\nat %dms rejoin %s/1\n", luck.IntN(50_000), strings.Join(regions[:1+luck.IntN(len(regions)-1)], "/1 "),
				luck.IntN(60_000), regions[0])
		}
		world = strings.Replace(world, "end 75s\n", b.String()+"end 75s\n", 1)
		first, _ := playGroup(t, world)
		second, _ := playGroup(t, world)
		if told(first) != told(second) {
			t.Errorf("seed %d comes out otherwise when it is run again\n%s", seed, world)
		}
		for _, rec := range first.History() {
			if rec.Result.Outcome == sim.OK && rec.Start > 50*sim.Second {
				answered++
			}
		}
	}
	t.Logf("%d operations were answered at the end", answered)
}
