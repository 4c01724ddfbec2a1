package study

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

// pried is a world in which everything that can be inspected is at work, and breaks.
const pried = `regions us-east-1 eu-west-1 ap-south-1
replicas 2 per region
lane strong raft leader=eu-west-1 reads=lease snapshot-every=20
lane ring quorum n=3 hinted-handoff=on sloppy=on anti-entropy=1s cas=paxos detector=phi transport=stream
lane loose gossip conflict=dvv session=both
lane sync primary primary=us-east-1 failover=lease lease-region=eu-west-1 sync-mode=on failsafe=on
workload bank rate=5/s poisson keys=3 retry=elsewhere timeout=500ms
at 2s partition eu-west-1
at 3s fsync us-east-1/1 300ms
at 4s crash ap-south-1/1
at 5s heal
at 5.5s drift us-east-1/2 50000ppm
at 6s restart ap-south-1/1
at 6.5s pause eu-west-1/2
at 7s hold us-east-1 ap-south-1
at 8s release us-east-1 ap-south-1
at 8s wipe eu-west-1/1
at 9s drop 20% everywhere
at 9s skew us-east-1/1 -3s
at 10s restart eu-west-1/1
at 10s resume eu-west-1/2
at 11s slow us-east-1/1 50ms
at 12s exit us-east-1/2
end 14s
`

// pry inspects everything in a lane and returns it as JSON.
func pry(t *testing.T, c *sim.Cluster, r *sim.Recorder, withRaw bool) string {
	t.Helper()
	var all []any
	keep := func(v any, err error) {
		if err != nil {
			t.Fatalf("%s at %s: %v", c.Name, c.Now(), err)
		}
		all = append(all, v)
	}
	for a := range sim.Addr(c.Nodes()) {
		keep(c.Inspect(a, withRaw))
	}
	for _, m := range r.InFlightViews(nil) {
		keep(r.InspectMessage(m.ID, withRaw))
	}
	for n := len(c.History()); n > max(0, len(c.History())-5); n-- {
		keep(c.InspectOperation(sim.OpID(n)))
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestInspectionChangesNothing: whoever inspects everything, all the time, has the same trace as who looks at nothing;
// and finds the same in another run of the same text, but for nothing that depends on where things lie in memory.
func TestInspectionChangesNothing(t *testing.T) {
	for seed := range seeds(1, 20) {
		text := fmt.Sprintf("seed %d\n%s", seed, pried)
		sc, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var runs [3]*Run
		var recorders [2][]*sim.Recorder
		for i := range runs {
			if runs[i], err = New(sc); err != nil {
				t.Fatal(err)
			}
			for _, c := range runs[i].Lanes() {
				if i < 2 {
					recorders[i] = append(recorders[i], sim.NewRecorder(c))
				}
			}
		}
		for now, step := sim.Time(0), 0; now <= sc.End; now, step = now+170*sim.Millisecond, step+1 {
			for i := range 2 {
				runs[i].AdvanceTo(now)
			}
			for lane, c := range runs[0].Lanes() {
				a := pry(t, c, recorders[0][lane], step%20 == 0)
				if b := pry(t, runs[1].Lanes()[lane], recorders[1][lane], step%20 == 0); a != b {
					t.Fatalf("seed %d: %s at %s: two runs of one text are inspected as\n%s\n%s", seed, c.Name, now, a, b)
				}
				if strings.Contains(a, "0xc0") {
					t.Fatalf("seed %d: %s at %s shows an address in memory", seed, c.Name, now)
				}
			}
		}
		for i := range runs {
			runs[i].AdvanceTo(sc.End)
		}
		if runs[0].Trace() != runs[2].Trace() {
			t.Errorf("seed %d: inspection changes the trace", seed)
		}
	}
}

// TestTimersHaveNames: what a protocol's timers are for is said of every one that runs.
func TestTimersHaveNames(t *testing.T) {
	sc, err := Parse(pried)
	if err != nil {
		t.Fatal(err)
	}
	run, err := New(sc)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for now := sim.Time(0); now <= sc.End; now += 50 * sim.Millisecond {
		run.AdvanceTo(now)
		for _, c := range run.Lanes() {
			for a := range sim.Addr(c.Nodes()) {
				f, err := c.Inspect(a, false)
				if err != nil {
					t.Fatal(err)
				}
				for _, timer := range f.Timers {
					if timer.Name == "" || timer.From > now {
						t.Fatalf("%s at %s: node %d has a timer %+v", c.Name, now, a, timer)
					}
					seen[timer.Name] = true
				}
			}
		}
	}
	for _, name := range []string{"election", "lease", "lease kept", "suspicion", "round", "heartbeat", "promotion"} {
		if !seen[name] {
			t.Errorf("nobody has seen a timer named %s", name)
		}
	}
}

// TestElectionsComeWhenShown: a follower that nobody wakes stands for election at the instant at which its ring has run
// down, whatever its clock; a quorum's node takes a silent peer for dead with its first look after that.
func TestElectionsComeWhenShown(t *testing.T) {
	sc, err := Parse("seed 3\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft leader=eu-west-1\nlane ring quorum\nworkload none\n" +
		"at 0.5s drift us-east-1/1 -100000ppm\nat 0.7s drift us-east-1/1 30000ppm\nat 1s crash eu-west-1/1\nend 10s\n")
	if err != nil {
		t.Fatal(err)
	}
	run, err := New(sc)
	if err != nil {
		t.Fatal(err)
	}
	strong, ring := run.Lanes()[0], run.Lanes()[1]
	rec := [2]*sim.Recorder{sim.NewRecorder(strong), sim.NewRecorder(ring)}
	run.AdvanceTo(1900 * sim.Millisecond)
	first, node := sim.MaxTime, sim.Addr(-1)
	var suspicion sim.Time
	for _, a := range []sim.Addr{0, 2} {
		if v := strong.Describe(a).Timers; len(v) != 1 || v[0].Name != "election" || v[0].From >= v[0].Until {
			t.Fatalf("node %d shows %+v", a, v)
		} else if v[0].Until < first {
			first, node = v[0].Until, a
		}
	}
	for _, timer := range ring.Describe(0).Timers {
		if timer.Name == "suspicion" && *timer.Peer == 1 {
			suspicion = timer.Until
		}
	}
	for _, r := range rec {
		r.Take()
	}
	run.AdvanceTo(5 * sim.Second)
	notes := rec[0].Take().Notes
	i := slices.IndexFunc(notes, func(n sim.Note) bool { return n.Kind == sim.NoteCampaign })
	if i < 0 || notes[i].At != first || notes[i].Node != node {
		t.Errorf("the first ring runs down at %s on node %d; notes %+v", first, node, notes)
	}
	notes = rec[1].Take().Notes
	i = slices.IndexFunc(notes, func(n sim.Note) bool { return n.Kind == sim.NoteSuspect && n.Node == 0 })
	if i < 0 || suspicion == 0 || notes[i].At < suspicion || notes[i].At > suspicion+270*sim.Millisecond {
		t.Errorf("suspicion runs down at %s; notes %+v", suspicion, notes)
	}
}

// TestHintsAreShown: viewers see what brings a hint as one, and it is sent as a replicate still.
func TestHintsAreShown(t *testing.T) {
	sc, err := Parse("seed 7\nregions us-east-1 eu-west-1 ap-south-1\nlane q quorum hinted-handoff=on\nworkload bank rate=5/s staggered until=4s\n" +
		"at 1s partition ap-south-1\nat 5s heal\nend 8s\n")
	if err != nil {
		t.Fatal(err)
	}
	run, err := New(sc)
	if err != nil {
		t.Fatal(err)
	}
	r := sim.NewRecorder(run.Lanes()[0])
	spy := &kinds{sent: map[sim.MessageKind]int{}}
	run.Lanes()[0].Observe(spy)
	run.AdvanceTo(sc.End)
	shown := map[sim.MessageKind]int{}
	for _, m := range r.Take().Sent {
		shown[m.Kind]++
	}
	if shown[sim.KindHint] == 0 || spy.sent[sim.KindHint] != 0 || spy.sent[sim.KindReplicate] != shown[sim.KindReplicate]+shown[sim.KindHint] {
		t.Errorf("sent %v, shown %v", spy.sent, shown)
	}
	if _, err := Parse("regions us-east-1 eu-west-1\nlink everywhere for hint constant 1ms\nlane q quorum n=2\n"); err == nil || strings.Contains(err.Error(), ", hint") {
		t.Errorf("a delay of hints, which nothing is sent as: %v", err)
	}
}

type kinds struct {
	sim.NopObserver
	sent map[sim.MessageKind]int
}

func (k *kinds) Sent(m *sim.Message) {
	if m.From < 3 && m.To < 3 {
		k.sent[m.Kind]++
	}
}
