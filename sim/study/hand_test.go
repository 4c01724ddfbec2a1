package study

import (
	"math/rand/v2"
	"testing"

	"netsplit/sim"
)

// TestHandReplays: whatever a user decides about messages on their way, while links are held and nodes stand still, are
// slow or crash, the text of the run replays it, and a seek behind it sees the same.
func TestHandReplays(t *testing.T) {
	done := map[sim.Verb]int{}
	refused := 0
	for seed := range uint64(12) {
		luck := rand.New(rand.NewPCG(seed, 7))
		s := mustParse(t, "regions us-east-1 eu-west-1 ap-south-1\nlane s raft\nlane q quorum hinted-handoff=on\nlane e gossip\nlane p primary sync=first\n"+
			"workload bank rate=4/s poisson retry=elsewhere\nat 2s hold us-east-1 eu-west-1\nat 3s pause us-east-1/1\nat 4s release everywhere\n"+
			"at 4s resume us-east-1/1\nat 5s slow eu-west-1/1 30ms\nat 6s crash ap-south-1/1\nat 7s restart ap-south-1/1\nat 8s drop 20% everywhere\n")
		r := mustStart(t, s)
		for r.Now() < 10*sim.Second {
			r.AdvanceTo(r.Now() + sim.Time(luck.IntN(200_000)))
			cmd, ok := decision(r.Lanes()[luck.IntN(4)], luck)
			if !ok {
				continue
			}
			if _, err := r.Do(cmd); err != nil {
				refused++
				continue
			}
			done[cmd.Verb]++
			r.AdvanceTo(r.Now() + 1)
		}
		run := r.Scenario()
		again := mustStart(t, mustParse(t, run.String()))
		again.AdvanceTo(r.Now())
		if again.Trace() != r.Trace() {
			t.Errorf("seed %d: the replay differs:\n%s", seed, run.String())
		}
	}
	if done[sim.VerbDeliver] < 50 || done[sim.VerbLose] < 50 || done[sim.VerbPostpone] < 50 || refused < 20 {
		t.Errorf("done %v, refused %d", done, refused)
	}
	t.Logf("done %v, refused %d", done, refused)
}

// decision is about some message on its way in a lane.
func decision(c *sim.Cluster, luck *rand.Rand) (sim.Command, bool) {
	var flying []uint64
	c.InFlight(func(m *sim.Message) bool {
		flying = append(flying, m.ID)
		return true
	})
	if len(flying) == 0 {
		return sim.Command{}, false
	}
	cmd := sim.Command{Lane: c.Name, Message: flying[luck.IntN(len(flying))]}
	cmd.Verb = []sim.Verb{sim.VerbDeliver, sim.VerbLose, sim.VerbPostpone}[luck.IntN(3)]
	if cmd.Verb == sim.VerbPostpone {
		cmd.By = 1 + sim.Time(luck.IntN(2_000_000))
	}
	return cmd, true
}

// TestHandDecides: one message decides a vote, a read or a copy: lost by hand, its effect does not come; delivered by
// hand, it comes at once.
func TestHandDecides(t *testing.T) {
	const world = "regions us-east-1 ap-south-1\nlane e gossip interval=60s\nat 1s write us-east-1 k 7\n"
	for _, c := range []struct {
		verb sim.Verb
		by   sim.Time
		at   sim.Time
		sees int64
	}{
		{sim.VerbDeliver, 0, 1010 * sim.Millisecond, 7},
		{"", 0, 1010 * sim.Millisecond, 0}, // Virginia to Mumbai takes about 95 ms
		{"", 0, 1200 * sim.Millisecond, 7},
		{sim.VerbLose, 0, 1200 * sim.Millisecond, 0},
		{sim.VerbPostpone, sim.Second, 1200 * sim.Millisecond, 0},
		{sim.VerbPostpone, sim.Second, 2200 * sim.Millisecond, 7},
	} {
		r := mustStart(t, mustParse(t, world))
		r.AdvanceTo(1005 * sim.Millisecond)
		id := uint64(0)
		r.Lanes()[0].InFlight(func(m *sim.Message) bool {
			if m.Kind == sim.KindReplicate {
				id = m.ID
			}
			return true
		})
		if c.verb != "" {
			if _, err := r.Do(sim.Command{Lane: "e", Verb: c.verb, Message: id, By: c.by}); err != nil {
				t.Fatal(err)
			}
		}
		r.AdvanceTo(c.at)
		if got := r.Lanes()[0].DescribeKey(1, "k").Value; got != c.sees {
			t.Errorf("%q of message %d by %s: at %s the other region holds %d, expected %d", c.verb, id, c.by, c.at, got, c.sees)
		}
	}
}

func mustStart(t *testing.T, s *sim.Scenario) *Run {
	t.Helper()
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
