package preset_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/preset"
)

// TestGroupReplicationDefaults holds every knob to the documented default.
func TestGroupReplicationDefaults(t *testing.T) {
	want := map[string]string{
		"version": "8.4", "group_replication_consistency": "default", "group_replication_single_primary_mode": "ON",
		"group_replication_bootstrap_group": "", "group_replication_member_expel_timeout": "5s",
		"group_replication_unreachable_majority_timeout": "0s", "group_replication_autorejoin_tries": "3",
		"group_replication_exit_state_action": "default", "group_replication_member_weight": "50", "weighted_regions": "",
		"innodb_lock_wait_timeout": "50s", "wait_timeout": "28800", "apply_time": "2ms", "recovery_time": "2s",
	}
	p, _ := preset.Named("mysql-group-replication")
	for _, k := range p.Knobs {
		if def, ok := want[k.Name]; !ok || def != k.Default {
			t.Errorf("%s: %q, want %q", k.Name, k.Default, def)
		}
		delete(want, k.Name)
	}
	for name := range want {
		t.Errorf("there is no %s", name)
	}
}

// TestGroupReplicationVersions: two defaults are the version's, and what is named is what is taken.
func TestGroupReplicationVersions(t *testing.T) {
	for lane, want := range map[string][2]string{
		"":            {"before-on-primary-failover", "offline-mode"},
		"version=8.4": {"before-on-primary-failover", "offline-mode"},
		"version=8.0": {"eventual", "read-only"},
		"version=8.0 group_replication_consistency=BEFORE_ON_PRIMARY_FAILOVER":                                {"before-on-primary-failover", "read-only"},
		"version=8.4 group_replication_consistency=EVENTUAL group_replication_exit_state_action=ABORT_SERVER": {"eventual", "abort-server"},
		"group_replication_consistency=BEFORE_AND_AFTER group_replication_exit_state_action=READ_ONLY":        {"before-and-after", "read-only"},
	} {
		c, _ := playGroup(t, "regions us-east-1 eu-west-1 ap-south-1\nlane gr mysql-group-replication "+lane+"\nend 1s\n")
		if got := [2]string{c.Config().Words["consistency"], c.Config().Words["exit"]}; got != want {
			t.Errorf("%q: %q, want %q", lane, got, want)
		}
	}
}

// TestGroupReplicationRefuses: a group has nine members at most.
func TestGroupReplicationRefuses(t *testing.T) {
	v := sim.Vocabulary{Protocols: preset.Protocols()}
	for replicas, want := range map[int]bool{3: true, 4: false} {
		_, err := sim.Parse(fmt.Sprintf("regions us-east-1 eu-west-1 ap-south-1\nreplicas %d per region\nlane gr mysql-group-replication\n", replicas), v)
		if (err == nil) != want {
			t.Errorf("%d per region: %v", replicas, err)
		}
	}
}

// TestGroupReplicationWarnings: what contradicts is said.
func TestGroupReplicationWarnings(t *testing.T) {
	for text, want := range map[string]string{
		"regions us-east-1 eu-west-1\nlane gr mysql-group-replication\n":                                                                         "2 members bear the failure of 0",
		groupThree + "lane gr mysql-group-replication group_replication_single_primary_mode=OFF group_replication_member_weight=60\n":            "group_replication_member_weight",
		groupThree + "lane gr mysql-group-replication group_replication_autorejoin_tries=0 group_replication_exit_state_action=OFFLINE_MODE\n":   "does not leave of its own accord",
		groupThree + "lane gr mysql-group-replication\n":                                                                                         "",
		groupThree + "lane gr mysql-group-replication group_replication_autorejoin_tries=0 group_replication_unreachable_majority_timeout=10s\n": "",
	} {
		s, err := sim.Parse(text, sim.Vocabulary{Protocols: preset.Protocols()})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, w := range preset.Warnings(s) {
			got.WriteString(w.Knob + ": " + w.Text)
		}
		if !strings.Contains(got.String(), want) || want == "" && got.Len() > 0 {
			t.Errorf("%s\ngot %q, want %q", text, got.String(), want)
		}
	}
}

// groupThree begins the scenarios below.
const groupThree = "regions us-east-1 eu-west-1 ap-south-1\nworkload register rate=0.001/s staggered timeout=60s until=1s\n"

// groupCases are what is no row.
var groupCases = map[string]struct {
	text string
	want map[string]string // by result: outcome and what the client reads, or the value
}{
	"an even split leaves no side functional": {`regions us-east-1 us-west-2 eu-west-1 ap-south-1
workload register rate=0.001/s staggered timeout=10s until=1s
lane gr mysql-group-replication version=8.0
at 5s partition us-east-1 us-west-2
at 30s write us-east-1 x 1 as a
at 30s write eu-west-1 x 2 as b
at 30s read eu-west-1 x as r
at 45s heal
at 50s write us-east-1 x 3 as healed
end 60s
`, map[string]string{"a": "info", "b": "fail ERROR 1290", "r": "ok 0", "healed": "ok 3"}},
	"a row that is locked for too long": {groupThree + `lane gr mysql-group-replication innodb_lock_wait_timeout=10s
at 5s partition us-east-1
at 6s write us-east-1 x 1 as holds
at 7s write us-east-1 x 2 as waits
at 8s write us-east-1 y 2 as other
end 70s
`, map[string]string{"holds": "info", "waits": "fail ERROR 1205", "other": "info"}},
	"a member that is recovering": {groupThree + `lane gr mysql-group-replication recovery_time=20s
at 5s exit ap-south-1/1
at 7s restart ap-south-1/1
at 15s read ap-south-1 x as plain
at 15s read ap-south-1 x level before as before
at 15s write ap-south-1 x 1 level strong as write
at 40s read ap-south-1 x level before as later
end 50s
`, map[string]string{"plain": "ok 0", "before": "fail ERROR 3796", "write": "fail ERROR 1290", "later": "ok 0"}},
	"a primary that comes back at once is a secondary": {groupThree + `lane gr mysql-group-replication
at 5s exit us-east-1/1
at 6s restart us-east-1/1
at 20s write us-east-1 x 1 as old
at 20s write eu-west-1 x 2 as new
end 25s
`, map[string]string{"old": "fail ERROR 1290", "new": "ok 2"}},
	"all crash, and come back": {groupThree + `lane gr mysql-group-replication
at 2s write us-east-1 x 1 as before
at 5s exit us-east-1/1
at 5s exit eu-west-1/1
at 5s exit ap-south-1/1
at 9s restart us-east-1/1
at 9s restart eu-west-1/1
at 9s restart ap-south-1/1
at 30s read us-east-1 x level strong as read
end 40s
`, map[string]string{"before": "ok 1", "read": "ok 1"}},
	"a server that ends itself": {groupThree + `lane gr mysql-group-replication group_replication_exit_state_action=ABORT_SERVER group_replication_autorejoin_tries=0 group_replication_unreachable_majority_timeout=5s
at 5s partition us-east-1
at 30s read us-east-1 x as gone
at 40s heal
at 50s rejoin us-east-1/1
at 70s read us-east-1 x level before as back
end 80s
`, map[string]string{"gone": "fail ERROR 2003", "back": "ok 0"}},
	"tries that are used up": {groupThree + `lane gr mysql-group-replication group_replication_autorejoin_tries=2 group_replication_unreachable_majority_timeout=5s
at 5s partition us-east-1
at 100s read us-east-1 x as trying
at 350s read us-east-1 x as exited
end 360s
`, map[string]string{"trying": "ok 0", "exited": "fail ERROR 3032"}},
	"an operator chooses the primary": {groupThree + `lane gr mysql-group-replication
at 5s transfer ap-south-1/1
at 7s write ap-south-1 x 1 as chosen
at 7s write us-east-1 x 2 as former
end 10s
`, map[string]string{"chosen": "ok 1", "former": "fail ERROR 1290"}},
	"members by force while the others work: two groups": {`regions us-east-1 eu-west-1 ap-south-1
lane gr mysql-group-replication
at 2s write us-east-1 x 1 as w1
at 5s partition us-east-1
at 6s members us-east-1/1
at 15s members us-east-1/1
at 20s write us-east-1 x 2 as forced
at 25s write eu-west-1 x 3 as other
at 30s heal
at 35s read us-east-1 x as ra
at 35s read eu-west-1 x as rb
at 36s write us-east-1 x 4 as wa
at 36s write eu-west-1 x 5 as wb
at 40s rejoin us-east-1/1
at 60s read us-east-1 x as back
at 61s read us-east-1 x level strong as strong
end 65s
`, map[string]string{"forced": "ok 2", "other": "ok 3", "ra": "ok 2", "rb": "ok 3", "wa": "ok 4", "wb": "ok 5", "strong": "ok 5"}},
	"members by force after a majority is gone": {`regions us-east-1 us-west-2 eu-west-1 ap-south-1 sa-east-1
lane gr mysql-group-replication
at 2s write us-east-1 x 1 as w1
at 5s exit us-east-1/1
at 5s exit us-west-2/1
at 5s exit ap-south-1/1
at 20s write eu-west-1 x 2 as blocked
at 25s members eu-west-1/1 sa-east-1/1
at 35s write eu-west-1 x 3 as forced
at 36s read sa-east-1 x level strong as r
at 40s restart us-east-1/1
at 41s restart us-west-2/1
at 42s restart ap-south-1/1
at 70s read us-east-1 x level strong as ra
at 70s read ap-south-1 x level strong as rb
at 71s write eu-west-1 x 4 as later
at 72s exit eu-west-1/1
at 74s restart eu-west-1/1
at 90s read eu-west-1 x level strong as again
end 95s
`, map[string]string{"blocked": "fail ERROR 1290", "forced": "ok 3", "r": "ok 3", "ra": "ok 3", "rb": "ok 3", "again": "ok 4"}},
	"a read that waits for too long": {groupThree + `lane gr mysql-group-replication wait_timeout=10
at 5s partition us-east-1
at 6s read us-east-1 x level before as held
at 6s read us-east-1 x level eventual as free
end 20s
`, map[string]string{"held": "fail ERROR 3797", "free": "ok 0"}},
	"a prepared write holds up whoever begins where it is prepared": {groupThree + `lane gr mysql-group-replication group_replication_consistency=AFTER
at 5s pause ap-south-1/1
at 6s write us-east-1 x 1 as after
at 8s read eu-west-1 x level eventual as there
at 8s read us-east-1 x level eventual as here
end 30s
`, map[string]string{"after": "ok 1", "there": "ok 1", "here": "ok 0"}},
}

// TestGroupReplicationCases plays them.
func TestGroupReplicationCases(t *testing.T) {
	for name, c := range groupCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl, _ := playGroup(t, c.text)
			for result, want := range c.want {
				e := cl.Named(result)
				outcome, rest, _ := strings.Cut(want, " ")
				switch {
				case e == nil || e.Outcome.String() != outcome:
					t.Errorf("%s: %+v, want %s", result, e, want)
				case e.Outcome == sim.OK && rest != "" && rest != strconv.FormatInt(e.Balance, 10):
					t.Errorf("%s: %d, want %s", result, e.Balance, want)
				case e.Outcome != sim.OK && !strings.HasPrefix(e.Says, rest):
					t.Errorf("%s: %q, want %s", result, e.Says, want)
				}
			}
		})
	}
}

// staleAt reports whether a node has answered a stale read from some time on.
func staleAt(c *sim.Cluster, ref *check.Referee, node sim.Addr, from sim.Time) bool {
	return slices.ContainsFunc(c.History(), func(rec *sim.Record) bool {
		_, stale := ref.Stale(rec.ID)
		return stale && rec.Asked == node && rec.Start >= from
	})
}

// TestAnomaliesGroupReplication: below BEFORE_AND_AFTER a sweep finds what the manual owns up to.
func TestAnomaliesGroupReplication(t *testing.T) {
	t.Parallel()
	const faults = `workload register rate=2/s poisson timeout=5s until=40s
at 10s partition us-east-1
at 30s heal
end 60s
`
	const crashes = `workload register rate=2/s poisson timeout=20s until=40s
at 14s crash us-east-1/1
end 60s
`
	runs := soaks(5, 100)
	for _, c := range []struct {
		name, lane, faults string
		newPrimary         bool // that alone is looked at
		never              bool
	}{
		{"stale reads on an isolated member", "version=8.0", faults, false, false},
		{"stale reads on an isolated member, 8.4", "version=8.4", faults, false, false},
		{"stale reads on an isolated member, AFTER", "group_replication_consistency=AFTER", faults, false, false},
		{"a stale read from a new primary", "version=8.0 apply_time=2s", crashes, true, false},
		{"no stale read from a new primary, 8.4", "version=8.4 apply_time=2s", crashes, true, true},
		{"no stale read with BEFORE_AND_AFTER", "group_replication_consistency=BEFORE_AND_AFTER", faults, false, true},
		{"no stale read with BEFORE", "group_replication_consistency=BEFORE apply_time=100ms", crashes, false, true},
	} {
		found := 0
		for seed := range runs {
			cl, ref := playGroup(t, "seed "+strconv.Itoa(seed)+"\nregions us-east-1 eu-west-1 ap-south-1\nlane gr mysql-group-replication "+c.lane+"\n"+c.faults)
			stale := ref.StaleReads() > 0 || ref.Verdict().Answer == check.No
			if c.newPrimary {
				stale = staleAt(cl, ref, 1, 27*sim.Second)
			}
			if stale {
				found++
			}
			if n := len(ref.Losses()); n > 0 {
				t.Errorf("%s: %d acknowledged writes are lost", c.name, n)
			}
		}
		if (found == 0) != c.never {
			t.Errorf("%s: in %d of %d runs", c.name, found, runs)
		}
		t.Logf("%s: in %d of %d runs", c.name, found, runs)
	}
}
