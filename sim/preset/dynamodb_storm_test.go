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

// dynamoSeeds is how many lucks are tried: few in an ordinary run, many with NETSPLIT_SOAK=1.
func dynamoSeeds(few, many int) int {
	if os.Getenv("NETSPLIT_SOAK") != "" {
		return many
	}
	return few
}

// storm writes a scenario of one lane in three regions under random faults of links and machines until 25 s, and then ten
// seconds of quiet. Clocks are set wrong as far as they like, and drift as far as a lease leaves room for.
func storm(seed int, regions []string, links, lane, workload string) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 5))
	of := func(list ...string) string { return list[rnd.IntN(len(list))] }
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\n%slane a %s\nworkload %s until=25s\n", seed, strings.Join(regions, " "), links, lane, workload)
	var ends []string
	for _, r := range regions {
		ends = append(ends, r, r+"/1", r+"@1")
	}
	link := func() string {
		switch from, to := of(ends...), of(ends...); {
		case from == to:
			return "everywhere"
		case rnd.IntN(2) == 0:
			return from + " > " + to
		default:
			return from + " " + to
		}
	}
	for t := 500 + rnd.IntN(1500); t < 25_000; t += 20 + rnd.IntN(2500) {
		fault := ""
		switch node := of(regions...) + "/1"; rnd.IntN(16) {
		case 0, 1, 2:
			fault = "partition " + of(regions...)
		case 3, 4:
			fault = "heal"
		case 5, 6:
			fault = "cut " + link()
		case 7:
			fault = "mend " + of(link(), "everywhere")
		case 8:
			fault = fmt.Sprintf("drop %d%% %s", rnd.IntN(50), link())
		case 9:
			fault = fmt.Sprintf("delay %dms %s", rnd.IntN(600), link())
		case 10:
			fault = of("hold ", "release ") + link()
		case 11:
			fault = of("crash ", "exit ", "pause ") + node
		case 12:
			fault = of("restart ", "resume ") + node
		case 13:
			fault = fmt.Sprintf("drift %s %dppm", node, rnd.IntN(401)-200)
		case 14:
			fault = fmt.Sprintf("skew %s %dms", node, rnd.IntN(4000)-2000)
		default:
			fault = of(fmt.Sprintf("slow %s %dms", node, rnd.IntN(60)), "fsync "+node+" "+of("0s", "5ms", "80ms", "stuck"))
		}
		fmt.Fprintf(&b, "at %dms %s\n", t, fault)
	}
	for _, undo := range []string{"heal", "mend everywhere", "release everywhere", "drop 0% everywhere", "delay 0s everywhere"} {
		b.WriteString("at 25s " + undo + "\n")
	}
	for _, r := range regions {
		for _, undo := range []string{"resume %s/1", "restart %s/1", "slow %s/1 0s", "fsync %s/1 0s"} {
			fmt.Fprintf(&b, "at 25s "+undo+"\n", r)
		}
	}
	return b.String() + "end 35s\n"
}

// Where the lanes are.
var (
	dynamoZones   = []string{"az-a", "az-b", "az-c"}
	dynamoRegions = []string{"us-east-1", "us-east-2", "us-west-2"}
)

const (
	zoneLinks   = "link az-a az-b uniform 0.4ms 1ms\nlink az-a az-c uniform 0.4ms 1ms\nlink az-b az-c uniform 0.4ms 1ms\n"
	regionLinks = "link us-east-1 us-east-2 uniform 5ms 7ms\nlink us-east-1 us-west-2 uniform 30ms 34ms\nlink us-east-2 us-west-2 uniform 24ms 28ms\n"
)

// stormyClients draws who asks for what.
func stormyClients(rnd *rand.Rand) string {
	return []string{"register rate=4/s poisson keys=2", "register rate=6/s staggered reads=70%", "bank rate=4/s poisson timeout=1s",
		"register rate=3/s poisson retry=same timeout=0.5s", "register closed think=80ms retry=elsewhere session=roam timeout=0.7s"}[rnd.IntN(5)]
}

// judged plays a scenario and reports its only lane.
func judged(t *testing.T, text string) study.LaneReport {
	t.Helper()
	s, err := study.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	rep, err := study.Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	return rep.Lanes[0]
}

// keepsPromises fails where a lane of strong reads is not linearizable, loses a write or shows an old one.
func keepsPromises(t *testing.T, few int, scenario func(seed int, rnd *rand.Rand) string) {
	t.Helper()
	n, unknown, ok, operations, away := dynamoSeeds(few, 2000), 0, 0, 0, 0
	for seed := range n {
		text := scenario(seed, rand.New(rand.NewPCG(uint64(seed), 6)))
		l := judged(t, text)
		if l.Linearizable == check.No || l.LostWrites+l.StaleReads+l.LostUpdates > 0 {
			t.Fatalf("seed %d: linearizable %s, %+v\n%s", seed, l.Linearizable, l.Scores, sim.Replay(text))
		}
		if l.Linearizable == check.Unknown {
			unknown++
		}
		if l.DistinctValues != 1 {
			away++
		}
		ok, operations = ok+l.OK, operations+l.Operations
	}
	if ok*4 < operations {
		t.Errorf("%d of %d operations were answered: the storm shows nothing", ok, operations)
	}
	t.Logf("%d seeds: none violated, %d unknown; %d of %d operations were ok; %d had not converged within 10 s of quiet", n, unknown, ok, operations, away)
}

// TestPromisesOfDynamoDB: strongly consistent reads and writes of a table in one Region are linearizable under any faults.
func TestPromisesOfDynamoDB(t *testing.T) {
	t.Parallel()
	keepsPromises(t, 20, func(seed int, rnd *rand.Rand) string {
		lane := "dynamodb ConsistentRead=true"
		if rnd.IntN(3) > 0 {
			lane += fmt.Sprintf(" lease=%dms heartbeat=%dms failure_detection=%dms", 600+rnd.IntN(5000), 50+rnd.IntN(400), 500+rnd.IntN(1500))
		}
		lane += []string{"", " ClientRequestToken=on", " gray_failure_check=off"}[rnd.IntN(3)]
		return storm(seed, dynamoZones, zoneLinks, lane, stormyClients(rnd))
	})
}

// TestPromisesOfMRSC: strongly consistent reads and writes of a global table with MRSC are linearizable under any faults.
func TestPromisesOfMRSC(t *testing.T) {
	t.Parallel()
	keepsPromises(t, 20, func(seed int, rnd *rand.Rand) string {
		lane := "dynamodb-mrsc ConsistentRead=true" + []string{"", "", " witness=us-west-2", " orderer=us-west-2", " witness=us-east-1"}[rnd.IntN(5)]
		return storm(seed, dynamoRegions, regionLinks, lane, stormyClients(rnd))
	})
}

// TestAnomaliesOfMREC: global tables with MREC lose updates and acknowledged writes, and show old values though asked for
// strong reads; and once Regions are in touch again they agree.
func TestAnomaliesOfMREC(t *testing.T) {
	t.Parallel()
	n, lost, updates, stale, violated := dynamoSeeds(20, 2000), 0, 0, 0, 0
	for seed := range n {
		text := storm(seed, dynamoRegions, regionLinks, "dynamodb-mrec ConsistentRead=true", "register rate=1/s poisson")
		l := judged(t, text)
		if l.DistinctValues != 1 || l.AtRisk > 0 {
			t.Fatalf("seed %d: the Regions do not agree: %+v\n%s", seed, l.Scores, sim.Replay(text))
		}
		for _, found := range []struct {
			is    bool
			count *int
		}{{l.LostWrites > 0, &lost}, {l.LostUpdates > 0, &updates}, {l.StaleReads > 0, &stale}, {l.Linearizable == check.No, &violated}} {
			if found.is {
				*found.count++
			}
		}
	}
	if lost == 0 || updates == 0 || stale == 0 || violated == 0 {
		t.Errorf("of %d runs %d lost writes, %d lost updates, %d read stale, %d violated linearizability: no anomalies found", n, lost, updates, stale, violated)
	}
	t.Logf("of %d runs %d lost writes, %d lost updates, %d read stale, %d violated linearizability", n, lost, updates, stale, violated)
}

// TestAnomaliesOfDynamoDB: the default reads of a table in one Region are stale and go back in time.
func TestAnomaliesOfDynamoDB(t *testing.T) {
	t.Parallel()
	n, stale, back := dynamoSeeds(20, 500), 0, 0
	for seed := range n {
		l := judged(t, storm(seed, dynamoZones, zoneLinks, "dynamodb", "register rate=5/s poisson session=roam"))
		if l.StaleReads > 0 {
			stale++
		}
		for _, v := range l.Models {
			if v.Model == check.MonotonicReads && v.Answer == check.No {
				back++
			}
		}
		if l.LostWrites > 0 {
			t.Fatalf("seed %d lost %d writes", seed, l.LostWrites)
		}
	}
	if stale == 0 || back == 0 {
		t.Errorf("of %d runs %d read stale, %d went back in time", n, stale, back)
	}
	t.Logf("of %d runs %d read stale, %d went back in time", n, stale, back)
}
