package preset_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

// syncStandbys watches reads on standbys. What PostgreSQL promises of remote_apply is promised of a synchronous standby: so a
// read counts if the node that answered it was one, as Patroni's /sync has it, when the read began and when it ended.
type syncStandbys struct {
	sim.NopObserver
	lane    *sim.Cluster
	keeper  sim.Addr
	began   map[sim.OpID]bool
	counted int
	stale   []string
}

func (o *syncStandbys) synchronous(node sim.Addr) bool {
	facts, err := o.lane.Inspect(o.keeper, false)
	if err != nil {
		panic(err)
	}
	listed, leader := false, sim.Addr(-1)
	for _, f := range facts.Facts {
		if f.Name == "may follow" && leader < 0 { // the leader is named first
			leader = sim.Addr(f.N)
		} else if f.Name == "may follow" {
			listed = listed || sim.Addr(f.N) == node
		}
	}
	return listed && node != leader
}

func (o *syncStandbys) Invoked(r *sim.Record) {
	if r.Kind == sim.Read && r.Level == "standby" && !strings.HasPrefix(o.lane.Config().Words["sync-mode"], "quorum") {
		o.began[r.ID] = o.synchronous(r.Asked)
	}
}

func (o *syncStandbys) Returned(r *sim.Record) {
	if r.Kind != sim.Read || r.Result.Outcome != sim.OK || !o.began[r.ID] || !o.synchronous(r.Asked) || r.End-r.Start >= sim.ClientTimeout {
		return // or it was tried again, and who has answered is not known
	}
	o.counted++
	history := o.lane.History()
	for _, w := range history {
		if w.Kind == sim.Read || w.Key != r.Key || w.Result.Outcome != sim.OK || !w.Result.Applied || w.End >= r.Start || w.ID == r.Result.Version {
			continue
		}
		if v := r.Result.Version; v == 0 || history[v-1].Result.Outcome == sim.OK && history[v-1].End < w.Start {
			o.stale = append(o.stale, fmt.Sprintf("read %d at %s found %d, not %d acknowledged at %s", r.ID, r.Start, r.Result.Value, w.Value, w.End))
			return
		}
	}
}

// remoteApply draws a world: PostgreSQL under Patroni with synchronous_mode, remote_apply, a watchdog, and harsh faults.
func remoteApply(seed int) (text, keeper string) {
	luck := rand.New(rand.NewPCG(uint64(seed), 88))
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1", "sa-east-1"}[:2+luck.IntN(3)]
	one := func(words ...string) string { return words[luck.IntN(len(words))] }
	keeper = one(regions...)
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane p postgresql failover=patroni dcs=%s synchronous_mode=%s synchronous_commit=remote_apply watchdog=required",
		seed, strings.Join(regions, " "), keeper, one("on", "on", "quorum"))
	fmt.Fprintf(&b, " ttl=%s synchronous_mode_strict=%s use_pg_rewind=%s check_timeline=%s primary_start_timeout=%s", one("9s loop_wait=2s retry_timeout=2s", "12s loop_wait=3s retry_timeout=4s"),
		one("true", "false"), one("true", "false"), one("true", "false"), one("300s", "0s", "3s"))
	fmt.Fprintf(&b, " wal_sender_timeout=%s wal_receiver_timeout=4s wal_receiver_status_interval=1s crash_recovery=%s recovery_min_apply_delay=%s\n",
		one("4s", "60s"), one("0s", "2s"), one("0s", "300ms"))
	fmt.Fprintf(&b, "workload bank rate=1/s staggered%s until=60s\n", one("", " retry=same", " retry=elsewhere"))
	for at := sim.Second; at < 75*sim.Second; at += sim.Time(luck.Int64N(int64(700 * sim.Millisecond))) {
		key := one("balance", "other")
		if luck.IntN(3) == 0 {
			fmt.Fprintf(&b, "at %s write %s %s %d\n", at, one(regions...), key, luck.IntN(100_000))
		} else {
			fmt.Fprintf(&b, "at %s read %s %s level standby\n", at, one(regions...), key)
		}
	}
	b.WriteString(weatherOf(luck, regions, 3*sim.Second, 60*sim.Second, 4*sim.Second, pausing))
	b.WriteString("end 80s\n")
	return b.String(), keeper
}

// TestPromisesOfPostgreSQL: PostgreSQL with synchronous_commit=remote_apply under Patroni with synchronous_mode and a watchdog.
// However regions, links and machines fail, as long as disks keep what they have: no acknowledged write is lost (Patroni,
// replication_modes: synchronous mode), and a read that began on a standby after a write had been acknowledged finds it or a
// later one, if the standby was synchronous (runtime-config-wal, remote_apply: visible to queries on the standby). With
// synchronous_mode=quorum a commit waits for some of them only, and the second is not promised.
func TestPromisesOfPostgreSQL(t *testing.T) {
	reads, answered, changes := 0, 0, 0
	for seed := range lucks(20, 2000) {
		text, keeper := remoteApply(seed)
		run := begin(t, text)
		lane := run.Lanes()[0]
		o := &syncStandbys{lane: lane, keeper: sim.Addr(slices.Index(strings.Fields(strings.Split(text, "\n")[1])[1:], keeper)), began: map[sim.OpID]bool{}}
		lane.Observe(o)
		run.AdvanceTo(80 * sim.Second)
		if lost := len(run.Referees[0].Losses()); lost > 0 || len(o.stale) > 0 {
			t.Fatalf("seed %d: %d acknowledged writes are lost, stale on synchronous standbys: %q\n%s", seed, lost, o.stale, text)
		}
		reads += o.counted
		for _, r := range lane.History() {
			if r.Kind != sim.Read && r.Result.Outcome == sim.OK {
				answered++
			}
		}
		for a := range lane.Nodes() {
			if lane.Describe(sim.Addr(a)).Term > 1 {
				changes++
				break
			}
		}
	}
	t.Logf("%d seeds: %d writes acknowledged, none lost; %d reads on synchronous standbys, none stale; %d runs changed their primary", lucks(20, 2000), answered, reads, changes)
	if reads < lucks(20, 2000) || changes < lucks(20, 2000)/4 {
		t.Errorf("%d reads on synchronous standbys and %d changes of the primary show little", reads, changes)
	}
}
