package preset_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// registerHistory writes a scenario of 5 clients with 4 operations each at QUORUM, the first of them writers, over links
// with a heavy tail and no failures: the shape in which quorums were measured with another simulator (package quorum).
func registerHistory(seed, writers int, lane string, skewed bool) string {
	rnd := rand.New(rand.NewPCG(uint64(seed), 5))
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions a b c\nclients 2 per region\n"+
		"link everywhere mix 0.6 uniform 2.5ms 12.5ms, 0.4 pareto 100ms 1.2\n"+
		"link a a constant 50us\nlink b b constant 50us\nlink c c constant 50us\n"+
		"lane q cassandra timestamps=coordinator read_consistency=quorum write_consistency=quorum %s\n", seed, lane)
	if skewed {
		b.WriteString("at 0s skew a/1 -50ms\nat 0s skew c/1 50ms\n")
	}
	for i, client := range []string{"a@1", "b@1", "c@1", "a@2", "b@2"} {
		at := sim.Second + sim.Time(rnd.Int64N(int64(50*sim.Millisecond)))
		for k := range 4 {
			verb := "read " + client + " k"
			if i < writers {
				verb = fmt.Sprintf("write %s k %d", client, 10*i+k+1)
			}
			fmt.Fprintf(&b, "at %s %s\n", at, verb)
			at += 12*sim.Millisecond + sim.Time(rnd.Int64N(int64(375*sim.Millisecond)))
		}
	}
	b.WriteString("end 8s\n")
	return b.String()
}

// TestCassandraQuorums: R+W>N alone is not linearizable; blocking read repair makes it so while the stamps of writes are in
// the order of real time, and nothing does where clocks differ.
func TestCassandraQuorums(t *testing.T) {
	for _, r := range []struct {
		name    string
		writers int
		skewed  bool
		lane    string
		never   bool // broken
	}{
		{"1 writer, BLOCKING", 1, false, "read_repair=BLOCKING", true},
		{"2 writers, perfect clock, BLOCKING", 2, false, "read_repair=BLOCKING", true},
		{"1 writer, NONE", 1, false, "read_repair=NONE", false},
		{"2 writers, perfect clock, NONE", 2, false, "read_repair=NONE", false},
		{"3 writers, skew -50/0/+50 ms, BLOCKING", 3, true, "read_repair=BLOCKING", false},
		{"3 writers, skew -50/0/+50 ms, NONE", 3, true, "read_repair=NONE", false},
	} {
		bad, n := 0, tries(150, 3000)
		for seed := range n {
			text := registerHistory(seed, r.writers, r.lane, r.skewed)
			if playToEnd(t, text).Referees[0].Verdict().Answer == check.No {
				if bad++; r.never {
					t.Fatalf("%s: not linearizable\n%s", r.name, text)
				}
			}
		}
		t.Logf("%-40s not linearizable: %d of %d", r.name, bad, n)
		if bad == 0 && !r.never {
			t.Errorf("%s: none of %d is broken", r.name, n)
		}
	}
}
