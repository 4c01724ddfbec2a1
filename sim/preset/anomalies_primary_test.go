package preset_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
)

// anomaly is what a product's own documentation says may happen, and a configuration in which it does not.
type anomaly struct {
	name, lane, safe string
	machines         int
}

var primaryAnomalies = []anomaly{
	{"asynchronous failover loses acknowledged writes (Patroni, replication_modes)",
		"postgresql failover=patroni use_pg_rewind=true ttl=9s loop_wait=2s retry_timeout=2s",
		"postgresql failover=patroni use_pg_rewind=true ttl=9s loop_wait=2s retry_timeout=2s synchronous_mode=on", pausing},
	{"the semi-synchronous fallback loses acknowledged writes (replication-semisync)",
		"mysql rpl_semi_sync_source_enabled=ON rpl_semi_sync_source_timeout=1s failover=external fencing=on",
		"mysql rpl_semi_sync_source_enabled=ON rpl_semi_sync_source_timeout=600s rpl_semi_sync_source_wait_for_replica_count=2 failover=external fencing=on", noMachines},
	{"an external failover without fencing has two sources (GitHub, October 2018)",
		"mysql failover=external", "", noMachines},
}

// TestAnomaliesOfPrimaries: under random faults each anomaly shows in some runs, and in none where it is promised not to.
func TestAnomaliesOfPrimaries(t *testing.T) {
	for _, a := range primaryAnomalies {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			runs, writes, n := 0, 0, lucks(15, 400)
			for seed := range n {
				if lost := losses(t, a, a.lane, seed); lost > 0 {
					runs, writes = runs+1, writes+lost
				}
				if a.safe == "" {
					continue
				}
				if lost := losses(t, a, a.safe, seed); lost > 0 {
					t.Fatalf("seed %d: %d acknowledged writes are lost with %s", seed, lost, a.safe)
				}
			}
			t.Logf("%d of %d runs lost %d acknowledged writes", runs, n, writes)
			if runs == 0 {
				t.Error("it does not show")
			}
		})
	}
}

// losses plays one random world and returns how many acknowledged writes are lost in it.
func losses(t *testing.T, a anomaly, lane string, seed int) int {
	luck := rand.New(rand.NewPCG(uint64(seed), 99))
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	text := fmt.Sprintf("seed %d\nregions %s\nlane p %s\nworkload bank rate=2/s staggered until=70s\n", seed, strings.Join(regions, " "), lane)
	text += weatherOf(luck, regions, 3*sim.Second, 60*sim.Second, 12*sim.Second, a.machines)
	for i, r := range regions {
		text += fmt.Sprintf("at %ds rejoin %s/1\n", 90+10*i, r)
	}
	run := begin(t, text+"end 150s\n")
	run.AdvanceTo(150 * sim.Second)
	return len(run.Referees[0].Losses())
}
