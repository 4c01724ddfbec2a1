package preset_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/study"
)

// tries returns how many seeds a test tries: few in an ordinary run, many with NETSPLIT_SOAK=1.
func tries(few, many int) int {
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return many
	}
	return few
}

// playToEnd runs a scenario of one lane.
func playToEnd(t *testing.T, text string) *study.Run {
	t.Helper()
	s, err := study.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	run, err := study.New(s)
	if err != nil {
		t.Fatal(err)
	}
	run.AdvanceTo(s.End)
	return run
}

// inTurn writes clients' writes and reads, one at a time, and no two at once.
func inTurn(rnd *rand.Rand, regions []string, from, until sim.Time) string {
	var b strings.Builder
	for at, k := from, 1; at < until; k++ {
		client := regions[rnd.IntN(len(regions))]
		fmt.Fprintf(&b, "at %s write %s x %d level quorum\n", at, client, k)
		at += 400*sim.Millisecond + sim.Time(rnd.Int64N(int64(400*sim.Millisecond)))
	}
	return b.String()
}

// TestAnomaliesOfCassandra: what the documentation does not promise happens, and what tells it apart is what is blamed.
func TestAnomaliesOfCassandra(t *testing.T) {
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	const head = "regions us-east-1 eu-west-1 ap-south-1\n"
	power := func(rnd *rand.Rand) string {
		at := 11*sim.Second + sim.Time(rnd.Int64N(int64(8*sim.Second)))
		return fmt.Sprintf("at %s crash us-east-1/1\nat %s crash eu-west-1/1\nat %s crash ap-south-1/1\nat 21s restart us-east-1/1\nat 21s restart eu-west-1/1\nat 21s restart ap-south-1/1\n", at, at, at)
	}
	skewed := func(rnd *rand.Rand) string {
		return fmt.Sprintf("at 0s skew us-east-1/1 %dms\nat 0s skew ap-south-1/1 -%dms\n", 200+rnd.IntN(1800), 200+rnd.IntN(1800))
	}
	parted := func(rnd *rand.Rand) string {
		return fmt.Sprintf("at %s partition us-east-1\nat 16s write us-east-1 x 77 level local-quorum\nat 17s write eu-west-1 x 78 level local-quorum\nat 30s heal\n", 11*sim.Second+sim.Time(rnd.IntN(1_000_000)))
	}
	for _, c := range []struct {
		name, with, other string
		head              string
		fault             func(*rand.Rand) string
	}{
		{"clocks that differ lose QUORUM writes, with every node up and every link whole", "timestamps=coordinator", "timestamps=client", head, skewed},
		{"a commit log that is synced by the clock loses QUORUM writes where the power fails everywhere", "commitlog_sync=periodic", "commitlog_sync=batch", head, power},
		{"LOCAL_QUORUM loses writes between data centres", "endpoint_snitch=Ec2MultiRegionSnitch", "endpoint_snitch=SimpleSnitch", "regions us-east-1 eu-west-1 ap-south-1\nreplicas 3 per region\n", parted},
	} {
		var found, without, n = 0, 0, tries(8, 200)
		for seed := range n {
			rnd := rand.New(rand.NewPCG(uint64(seed), 21))
			rest := inTurn(rnd, regions, 10500*sim.Millisecond, 15*sim.Second) + c.fault(rnd) + "end 40s\n"
			text := fmt.Sprintf("seed %d\n%slane a cassandra ", seed, c.head)
			if playToEnd(t, text+c.with+"\n"+rest).Referees[0].Scores().LostWrites > 0 {
				found++
			}
			if playToEnd(t, text+c.other+"\n"+rest).Referees[0].Scores().LostWrites > 0 {
				without++
			}
		}
		t.Logf("%s: lost in %d of %d runs with %s, in %d with %s", c.name, found, n, c.with, without, c.other)
		if found == 0 || without > 0 {
			t.Errorf("%s: in %d of %d runs with %s, in %d with %s", c.name, found, n, c.with, without, c.other)
		}
	}
}

// TestCassandraMixesBadly: a plain write that was stamped by a clock ahead outlives a lightweight transaction that came
// after it and was applied: plain writes are ordered by their timestamps, whatever Paxos has decided.
func TestCassandraMixesBadly(t *testing.T) {
	const rest = "workload register rate=0.001/s staggered until=0.001s\nat 1s skew us-east-1/1 20s\nat 5s %s us-east-1 x 1 level quorum\nat 8s swap eu-west-1 x 7 level quorum as s\nat 10s read ap-south-1 x level serial as r\nend 15s\n"
	for verb, want := range map[string]int64{"write": 1, "swap": 7} {
		run := playToEnd(t, "regions us-east-1 eu-west-1 ap-south-1\nlane a cassandra lightweight_transactions=on timestamps=coordinator\n"+fmt.Sprintf(rest, verb))
		lane := run.Lanes()[0]
		if s, r := lane.Named("s"), lane.Named("r"); s.Outcome != sim.OK || r.Outcome != sim.OK || r.Balance != want {
			t.Errorf("%s, then swap: %s, and a read finds %s %d, want %d", verb, s.Outcome, r.Outcome, r.Balance, want)
		}
	}
}

// TestCassandraCommits: once a proposal is accepted it is decided. If those that the commit's level asks for cannot say that
// they know, the client hears of a plain write that timed out; the value is there.
func TestCassandraCommits(t *testing.T) {
	run := playToEnd(t, "regions us-east-1 eu-west-1 ap-south-1\nlink us-east-1 eu-west-1 constant 40ms\nlink us-east-1 ap-south-1 constant 40ms\n"+
		"workload register rate=0.001/s staggered timeout=10s until=0.001s\nlane a cassandra lightweight_transactions=on write_consistency=quorum\n"+
		"at 5s read us-east-1 y level one\nat 10s swap us-east-1 x 7 as s\nat 10.275s partition us-east-1\nat 14s read ap-south-1 x level serial as r\nat 16s heal\nat 30s read eu-west-1 x level one as late\nend 31s\n")
	s, r, late := run.Lanes()[0].Named("s"), run.Lanes()[0].Named("r"), run.Lanes()[0].Named("late")
	if s.Outcome != sim.Info || s.Says != "Write_timeout received=1 blockfor=2 writeType=SIMPLE (0x1100)" {
		t.Errorf("%s %s", s.Outcome, s.Says)
	}
	if r.Outcome != sim.OK || r.Balance != 7 || late.Balance != 7 {
		t.Errorf("found %s %d, and later %d", r.Outcome, r.Balance, late.Balance)
	}
}

// TestCassandraRepairsWhomItAsks: a read brings up to date those that it has asked, and nobody else; at ONE it asks one, and
// repairs nobody. Repair by Merkle trees reaches all.
func TestCassandraRepairsWhomItAsks(t *testing.T) {
	const text = "regions us-east-1 eu-west-1 ap-south-1\nlane a cassandra hinted_handoff_enabled=false %s\n" +
		"at 1s cut us-east-1 eu-west-1\nat 1s cut us-east-1 ap-south-1\nat 2s write us-east-1 x 7 level one\nat 4s mend everywhere\n" +
		"at 5s read us-east-1 x level %s\nat 8s read eu-west-1 x level one as eu\nat 8s read ap-south-1 x level one as ap\nend 9s\n"
	for _, c := range []struct {
		knobs, level string
		eu, ap       int64
	}{{"", "one", 0, 0}, {"", "quorum", 7, 0}, {"", "all", 7, 7}, {"read_repair=NONE", "all", 0, 0}, {"repair=500ms", "one", 7, 7}} {
		lane := playToEnd(t, fmt.Sprintf(text, c.knobs, c.level)).Lanes()[0]
		if eu, ap := lane.Named("eu").Balance, lane.Named("ap").Balance; eu != c.eu || ap != c.ap {
			t.Errorf("%s, read at %s: then %d and %d, want %d and %d", c.knobs, c.level, eu, ap, c.eu, c.ap)
		}
	}
}

// TestCassandraExits: what a replica has acknowledged and not synced outlives its process, whose machine writes it, and not its
// machine.
func TestCassandraExits(t *testing.T) {
	const text = "regions us-east-1 eu-west-1 ap-south-1\nlane a cassandra hinted_handoff_enabled=false commitlog_sync=%s\n" +
		"at 12s write us-east-1 x 7 level all as w\nat 15s %[2]s us-east-1/1\nat 15s %[2]s eu-west-1/1\nat 15s %[2]s ap-south-1/1\n" +
		"at 16s restart us-east-1/1\nat 16s restart eu-west-1/1\nat 16s restart ap-south-1/1\nat 17s read us-east-1 y level one\nat 22s read us-east-1 x level one as r\nend 25s\n"
	for _, c := range []struct {
		sync, verb string
		want       int64
	}{{"periodic", "crash", 0}, {"periodic", "exit", 7}, {"batch", "crash", 7}, {"group", "crash", 7}} {
		run := playToEnd(t, fmt.Sprintf(text, c.sync, c.verb))
		w, r := run.Lanes()[0].Named("w"), run.Lanes()[0].Named("r")
		if lost := run.Referees[0].Scores().LostWrites; w.Outcome != sim.OK || r.Balance != c.want || lost > 0 != (c.want == 0) {
			t.Errorf("%s, %s: write %s, then %s %d, %d lost", c.sync, c.verb, w.Outcome, r.Outcome, r.Balance, lost)
		}
	}
}

// TestCassandraTies: of equal timestamps a tombstone stays, and of two values the larger (Cells.java).
func TestCassandraTies(t *testing.T) {
	run := playToEnd(t, "regions us-east-1 eu-west-1 ap-south-1\nlane a cassandra\n"+
		"at 5s write us-east-1 x 9 level all\nat 5s write eu-west-1 x 3 level all\nat 5s write us-east-1 y 9 level all\nat 5s delete eu-west-1 y level all\n"+
		"at 8s read ap-south-1 x level all as x\nat 8s read ap-south-1 y level all as y\nend 9s\n")
	lane := run.Lanes()[0]
	if x, y := lane.Named("x").Balance, lane.Named("y").Balance; x != 9 || y != 0 {
		t.Errorf("x is %d, y is %d; want 9, and none", x, y)
	}
}

// serialWorld writes a scenario in which clients read at SERIAL and write by lightweight transactions alone, while the world
// does its worst.
func serialWorld(seed int) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 22))
	regions := []string{"us-east-1", "ap-south-1", "us-west-2", "eu-west-1", "eu-central-1"}[:3+2*rnd.IntN(2)]
	rf := 3
	if len(regions) == 5 && rnd.IntN(2) == 0 {
		rf = 5
	}
	commit := []string{"one", "quorum", "quorum", "all", "local-one"}[rnd.IntN(5)]
	snitch := ""
	if rnd.IntN(4) == 0 {
		rf, snitch = 1, " endpoint_snitch=Ec2MultiRegionSnitch"
	}
	return fmt.Sprintf("seed %d\nregions %s\nlink everywhere uniform 1ms %dms\n"+
		"lane a cassandra replication_factor=%d%s lightweight_transactions=on read_consistency=serial write_consistency=%s commitlog_sync=%s phi_convict_threshold=%d\n"+
		"workload bank rate=%d/s %s keys=2 until=26s timeout=%ds\n%send 45s\n",
		seed, strings.Join(regions, " "), 2+rnd.IntN(60), rf, snitch, commit, []string{"batch", "batch", "group"}[rnd.IntN(3)], 5+rnd.IntN(5),
		1+rnd.IntN(2), []string{"staggered", "poisson"}[rnd.IntN(2)], 2+rnd.IntN(3), harsh(rnd, regions, 24*sim.Second))
}

// harsh writes random faults until a time, some of them long enough to be noticed, and then what undoes them all.
func harsh(rnd *rand.Rand, regions []string, until sim.Time) string {
	without := []string{"skew", "nothing", "drop", "nothing"}[rnd.IntN(4)] // so that runs without have more of the rest
	var b strings.Builder
	pick := func() string { return regions[rnd.IntN(len(regions))] }
	node := func() string { return pick() + "/1" }
	pair := func(between string) string {
		a, c := pick(), pick()
		for a == c {
			c = pick()
		}
		return a + between + c
	}
	faults := []func() string{
		func() string { return "partition " + pick() },
		func() string { return "partition " + pair(" ") },
		func() string { return "heal" },
		func() string { return "cut " + pair(" > ") },
		func() string { return "cut " + pair(" ") },
		func() string { return "mend everywhere" },
		func() string { return "hold " + pair(" > ") },
		func() string { return "release everywhere" },
		func() string { return fmt.Sprintf("drop %d%% everywhere", rnd.IntN(30)) },
		func() string { return fmt.Sprintf("duplicate %d%% everywhere", rnd.IntN(60)) },
		func() string { return fmt.Sprintf("reorder %d%% %dms everywhere", 1+rnd.IntN(60), 1+rnd.IntN(500)) },
		func() string { return fmt.Sprintf("delay %dms %s", rnd.IntN(300), pair(" > ")) },
		func() string { return "pause " + node() },
		func() string { return "resume " + node() },
		func() string { return "crash " + node() },
		func() string { return "exit " + node() },
		func() string { return "restart " + node() },
		func() string { return "restart " + node() },
		func() string { return fmt.Sprintf("skew %s %dms", node(), rnd.IntN(20_000)-10_000) },
		func() string { return fmt.Sprintf("drift %s %dppm", node(), rnd.IntN(2000)-1000) },
		func() string { return fmt.Sprintf("fsync %s %dms", node(), rnd.IntN(40)) },
	}
	every := 300 + rnd.IntN(6000)
	for at := sim.Time(rnd.IntN(2000)) * sim.Millisecond; at < until; at += sim.Time(20+rnd.IntN(every)) * sim.Millisecond {
		if fault := faults[rnd.IntN(len(faults))](); !strings.HasPrefix(fault, without) {
			fmt.Fprintf(&b, "at %s %s\n", at, fault)
		}
	}
	calm := []string{"heal", "mend everywhere", "release everywhere", "drop 0% everywhere", "duplicate 0% everywhere", "reorder 0% 0s everywhere", "delay 0s everywhere"}
	for _, region := range regions {
		calm = append(calm, "restart "+region+"/1", "resume "+region+"/1", "fsync "+region+"/1 0s")
	}
	for _, fault := range calm {
		fmt.Fprintf(&b, "at %s %s\n", until, fault)
	}
	return b.String()
}

// TestPromisesOfCassandra: reads at SERIAL and lightweight transactions alone are linearizable whatever the network, the
// clocks and the machines do, with a commit log that is synced before a replica answers (commitlog_sync batch or group).
func TestPromisesOfCassandra(t *testing.T) {
	applied, unknown, n := 0, 0, tries(20, 2000)
	for seed := range n {
		text := serialWorld(seed)
		run := playToEnd(t, text)
		answer, scores := run.Referees[0].Verdict().Answer, run.Referees[0].Scores()
		if answer == check.No || scores.LostWrites+scores.StaleReads != 0 || scores.Damage != 0 {
			t.Fatalf("seed %d: linearizable %s, %+v\n%s", seed, answer, scores, text)
		}
		if answer == check.Unknown {
			unknown++
		}
		for _, rec := range run.Lanes()[0].History() {
			if rec.Kind == sim.CompareAndSet && rec.Result.Outcome == sim.OK && rec.Result.Applied {
				applied++
			}
		}
	}
	t.Logf("%d runs: %d lightweight transactions applied, %d verdicts unknown", n, applied, unknown)
	if applied < 5*n || unknown > n/10 {
		t.Errorf("%d lightweight transactions applied, %d verdicts unknown in %d runs", applied, unknown, n)
	}
}

// TestAnomaliesOfCassandraPaxos: with the default, periodic, replicas promise and accept before that is on disk, and one that
// crashes has forgotten it: the same runs are then not all linearizable.
func TestAnomaliesOfCassandraPaxos(t *testing.T) {
	broken, n := 0, tries(30, 500)
	for seed := range n {
		text := strings.NewReplacer("commitlog_sync=batch", "commitlog_sync=periodic", "commitlog_sync=group", "commitlog_sync=periodic").Replace(serialWorld(seed))
		if playToEnd(t, text).Referees[0].Verdict().Answer == check.No {
			broken++
		}
	}
	t.Logf("commitlog_sync=periodic: %d of %d runs are not linearizable", broken, n)
	if broken == 0 {
		t.Errorf("none of %d runs is broken", n)
	}
}
