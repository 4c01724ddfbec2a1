package preset_test

import (
	"testing"

	"netsplit/sim/study"
)

// holds plays a scenario, all of whose expectations must hold.
func holds(t *testing.T, text string) {
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
	for _, held := range run.Report().Expects {
		if !held.Holds {
			t.Errorf("expect %s: got %s", held.Expect, held.Got)
		}
	}
}

// patient begins scenarios whose clients wait for longer than the product does.
const patient = "workload register rate=0.001/s staggered timeout=100s until=0.001s\nclients 3 per region\n"

// postgresqlCases are what Patroni's documentation says and is no row.
var postgresqlCases = map[string]string{
	// replication_modes, footnote 2.
	"local commits are not blocked by synchronous_mode, and may be lost": patient + `regions us-east-1 eu-west-1 ap-south-1
lane local postgresql failover=patroni dcs=ap-south-1 use_pg_rewind=true synchronous_mode=on synchronous_commit=local
lane on postgresql failover=patroni dcs=ap-south-1 use_pg_rewind=true synchronous_mode=on
at 13s partition us-east-1
at 18s write us-east-1 x 2 as w
at 60s heal
at 80s read us-east-1 x as home
end 90s
expect local w ok 2 within 50ms
expect local home ok 0
expect local lost-writes = 1
expect on w info
expect on home ok 0
expect on lost-writes = 0
`,
	// replication_modes: a number of standbys that is not there is adjusted.
	"synchronous_node_count is no more than there are": patient + `regions us-east-1 eu-west-1
lane on postgresql failover=patroni dcs=us-east-1 synchronous_mode=on synchronous_node_count=2
lane quorum postgresql failover=patroni dcs=us-east-1 synchronous_mode=quorum synchronous_node_count=2
at 12s write us-east-1 x 1 as both
at 13s exit eu-west-1/1
at 14s write us-east-1 x 2 as alone
end 60s
expect on both ok 1 after 50ms within 1s
expect on alone ok 2 after 5s within 10s
expect quorum both ok 1 after 50ms within 1s
expect quorum alone ok 2 after 5s within 10s
`,
	// replication_modes: the member that is furthest ahead is picked.
	"the standby with the longest log becomes the synchronous one": patient + `regions us-east-1 eu-west-1 ap-south-1 sa-east-1
lane on postgresql failover=patroni dcs=us-east-1 synchronous_mode=on
at 14s exit eu-west-1/1
at 14.5s delay 3000ms us-east-1/1 ap-south-1/1
at 20.2s write us-east-1@1 x 2 as waits
at 60s write us-east-1@2 z 4 as later
end 120s
expect on waits ok 2 within 1s
expect on later ok 4 within 200ms
`,
	// dcs_failsafe_mode: all other members must answer, in every loop; they stand back for ttl.
	"failsafe_mode goes on without the lease store until a member is gone": patient + `regions us-east-1 eu-west-1 ap-south-1 sa-east-1
lane all postgresql failover=patroni dcs=ap-south-1 dcs_placement=apart failsafe_mode=true
lane gone postgresql failover=patroni dcs=ap-south-1 dcs_placement=apart failsafe_mode=true
lane off postgresql failover=patroni dcs=ap-south-1 dcs_placement=apart
at 11s crash ap-south-1/1
at 39s write us-east-1 x 1 as held
at 40s lane gone crash sa-east-1/1
at 70s write us-east-1 x 2 as later
at 110s restart ap-south-1/1
at 160s write us-east-1 x 3 as back
end 180s
expect all held ok 1
expect all later ok 2
expect all back ok 3
expect gone held ok 1
expect gone later fail says 25006
expect gone back ok 3
expect off held fail says 25006
expect off back ok 3
`,
}

// TestPostgreSQLCases plays them.
func TestPostgreSQLCases(t *testing.T) {
	for name, text := range postgresqlCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holds(t, text)
		})
	}
}
