package study

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
)

// TestNoAnswerLooksAlike: to its client a slow link, an overloaded node, a crash and a partition are the same thing, no
// answer, and it learns of each at the same instant.
func TestNoAnswerLooksAlike(t *testing.T) {
	faults := map[string]string{
		"slow link":  "delay 3s eu-west-1@1 eu-west-1/1",
		"overloaded": "slow eu-west-1/1 3s",
		"crash":      "crash eu-west-1/1",
		"partition":  "partition eu-west-1",
		"stuck disk": "fsync eu-west-1/1 stuck",
	}
	for _, lane := range []string{"raft leader=us-east-1", "quorum", "gossip"} {
		for name, fault := range faults {
			if name == "partition" && lane != "raft leader=us-east-1" || lane == "quorum" && name == "stuck disk" {
				continue // it answers, or says how far it came
			}
			run := finished(t, "regions us-east-1 eu-west-1 ap-south-1\nlane x "+lane+"\nat 1s write us-east-1 balance 10\n"+
				"at 2s "+fault+"\nat 2.05s write eu-west-1 balance 20\nend 6s\n")
			rec := *run.Lanes()[0].History()[1]
			if got := fmt.Sprintf("%+v from %s to %s, completion %d", rec.Result, rec.Start, rec.End, rec.Completion); got !=
				fmt.Sprintf("%+v from 2.05s to 4.05s, completion 2", sim.Result{Outcome: sim.Info, Reason: sim.ReasonTimeout}) {
				t.Errorf("%s, %s: %s", lane, name, got)
			}
		}
	}
}

// finished takes a scenario to its end.
func finished(t *testing.T, text string) *Run {
	t.Helper()
	s := mustParse(t, text)
	run, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	run.AdvanceTo(s.End)
	return run
}

// TestCrashesAloneLoseNothing: with two acknowledgements of three, each once durable, a quorum's acknowledged writes
// survive any crashes, even with slow disks, as long as nobody writes at the same time as another.
func TestCrashesAloneLoseNothing(t *testing.T) {
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	acked, crashes := 0, 0
	for seed := range seeds(150, 5_000) {
		rnd := rand.New(rand.NewPCG(uint64(seed), 78))
		var b strings.Builder
		fmt.Fprintf(&b, "seed %d\nregions %s\nlane q quorum n=3 r=2 w=2\n", seed, strings.Join(regions, " "))
		for _, r := range regions {
			fmt.Fprintf(&b, "at 0s fsync %s/1 %dms\n", r, rnd.IntN(3)*rnd.IntN(100))
		}
		for i := range 10 {
			at := 1000 + 3000*i
			fmt.Fprintf(&b, "at %dms write %s balance %d\n", at, regions[rnd.IntN(3)], i+1)
			for range rnd.IntN(4) {
				crashes++
				node, down := regions[rnd.IntN(3)], at+rnd.IntN(400)
				fmt.Fprintf(&b, "at %dms crash %s/1\nat %dms restart %s/1\n", down, node, down+1+rnd.IntN(2000), node)
			}
		}
		b.WriteString("end 40s\n")
		run := finished(t, b.String())
		for _, rec := range run.Lanes()[0].History() {
			if rec.Result.Outcome == sim.OK {
				acked++
			}
		}
		if losses := run.Referees[0].Losses(); len(losses) > 0 {
			t.Fatalf("seed %d: %+v\n%s", seed, losses, sim.Replay(b.String()))
		}
	}
	t.Logf("%d writes acknowledged, %d crashes", acked, crashes)
}
