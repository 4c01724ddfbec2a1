package raft

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
)

// lab is a world of a lane with commit timestamps.
type lab struct {
	*sim.Lab
	t     *testing.T
	end   sim.Time
	nodes []*replica // of the first split
}

func newLab(t *testing.T, text string) *lab {
	t.Helper()
	l := &lab{t: t}
	p := Protocol()
	p.New = func(env sim.Env, cfg sim.Config) sim.Replica {
		n := newNode(env, cfg)
		first, ok := n.(*replica)
		if !ok {
			first = n.(*splits).parts[0]
		}
		for len(l.nodes) <= int(env.Self()) {
			l.nodes = append(l.nodes, nil)
		}
		l.nodes[env.Self()] = first
		return n
	}
	v := sim.Vocabulary{Protocols: []sim.Protocol{p}}
	s, err := sim.Parse(text, v)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if l.Lab, err = sim.NewLab(s, v); err != nil {
		t.Fatal(err)
	}
	l.end = s.End
	return l
}

// leaders lists the nodes that take themselves for leaders with a lease.
func (l *lab) leaders() (list []string) {
	for i, r := range l.nodes {
		if c := l.Lanes()[0]; !c.Down(sim.Addr(i)) && r.started && r.tt.leads() {
			list = append(list, c.NameOf(sim.Addr(i)))
		}
	}
	return list
}

const five = "regions us-east-1 us-west-2 eu-west-1\nreplicas 2 in us-east-1\nreplicas 2 in us-west-2\n" +
	"lane s raft epsilon=4ms witnesses=eu-west-1 return-after=5s leader=us-east-1\n"

// TestLeadershipStaysHome: when the leader is lost the other replica of its region takes over, when that is lost too one
// of the second region, never the witness; and leadership comes back.
func TestLeadershipStaysHome(t *testing.T) {
	l := newLab(t, five+"workload register rate=1/s staggered\nat 10s crash us-east-1/1\nat 40s crash us-east-1/2\nat 70s restart us-east-1/1\nat 100s transfer us-west-2/1\nend 130s\n")
	for _, c := range []struct {
		at    sim.Time
		among string
	}{{9, "us-east-1/1"}, {35, "us-east-1/2"}, {65, "us-west-2/1 us-west-2/2"}, {99, "us-east-1/1"}, {102, "us-west-2/1"}, {120, "us-east-1/1"}} {
		l.AdvanceTo(c.at * sim.Second)
		if got := l.leaders(); len(got) != 1 || !strings.Contains(c.among, got[0]) {
			t.Errorf("at %d s %q lead, want one of %s", c.at, got, c.among)
		}
	}
}

// TestWitnessHandsOver: where a witness alone has the end of the log, it leads no longer than it takes to hand over.
func TestWitnessHandsOver(t *testing.T) {
	l := newLab(t, five+"at 10s cut us-east-1 us-west-2\nat 11s write us-east-1 x 7\nat 12s crash us-east-1/1\nat 12s crash us-east-1/2\n"+
		"at 12s mend us-east-1 us-west-2\nat 40s read us-west-2 x as r\nend 45s\n")
	l.AdvanceTo(l.end)
	if got := l.leaders(); len(got) != 1 || !strings.Contains(got[0], "us-west-2") {
		t.Errorf("%q lead", got)
	}
	if r := l.Lanes()[0].History()[1].Result; r.Value != 7 {
		t.Errorf("what the witness kept is lost: %+v", r)
	}
}

// TestWitnessAsksElsewhere: a read of the past in a witness region is done by whoever can read, as of when it was asked.
func TestWitnessAsksElsewhere(t *testing.T) {
	l := newLab(t, five+"at 5s write us-east-1 x 1\nat 8s write us-east-1 x 2\nat 12s partition us-east-1\nat 16.5s read eu-west-1 x level exact-staleness-10s\nend 25s\n")
	l.AdvanceTo(l.end)
	r := l.Lanes()[0].History()[2].Result
	if off := r.At - 6500*sim.Millisecond; r.Outcome != sim.OK || r.Value != 1 || off < 0 || off > 20*sim.Millisecond {
		t.Errorf("it found %+v", r)
	}
}

// havoc draws partitions, one-way cuts, crashes, pauses and clocks that are wrong by so much at the most.
func havoc(seed int, worst sim.Time) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 31))
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nregions %s\nlane s raft epsilon=10ms splits=2 return-after=3s\nworkload register rate=1/s poisson\n", seed, strings.Join(regions, " "))
	for at := sim.Time(0); at < 80*sim.Second; at += sim.Time(luck.Int64N(int64(4 * sim.Second))) {
		a, c := regions[luck.IntN(3)], regions[luck.IntN(3)]
		line := []string{"partition " + a, "heal", "crash " + a + "/1", "restart " + a + "/1", "restart " + c + "/1", "pause " + a + "/1", "resume " + a + "/1",
			"transfer " + a + "/1", "drop 10% everywhere", "drop 0% everywhere", "mend everywhere", "cut " + a + "/1 > " + c + "/1"}[luck.IntN(12)]
		if line != "cut "+a+"/1 > "+a+"/1" {
			fmt.Fprintf(&b, "at %s %s\n", at, line)
		}
		fmt.Fprintf(&b, "at %s skew %s/1 %s\n", at, c, sim.Time(luck.Int64N(2*int64(worst)+1))-worst)
	}
	return b.String() + "end 80s\n"
}

// overlaps counts the instants, of those looked at, at which two nodes lead the first split.
func overlaps(t *testing.T, worst sim.Time, runs int) (count, led int) {
	for seed := range runs {
		l := newLab(t, havoc(seed, worst))
		for now := sim.Time(0); now < l.end; now += 5 * sim.Millisecond {
			l.AdvanceTo(now)
			switch n := len(l.leaders()); {
			case n > 1:
				count++
				fallthrough
			case n == 1:
				led++
			}
		}
	}
	return count, led
}

// TestLeasesDoNotOverlap while clocks keep to epsilon, and may when they do not.
func TestLeasesDoNotOverlap(t *testing.T) {
	if count, led := overlaps(t, 10*sim.Millisecond, 8); count > 0 || led < 20_000 {
		t.Errorf("with good clocks at %d instants two lead; at %d somebody does", count, led)
	}
	if count, _ := overlaps(t, 20*sim.Second, 8); count == 0 {
		t.Error("with bad clocks two never lead")
	}
}

// TestWipedNodeIsTakenIn: a node whose disk was emptied votes for nobody until the members have taken it in anew.
func TestWipedNodeIsTakenIn(t *testing.T) {
	l := newLab(t, "regions us-east-1 eu-west-1 ap-south-1\nlane s raft epsilon=4ms\nworkload register rate=2/s staggered until=50s\n"+
		"at 10s wipe eu-west-1/1\nat 10s partition ap-south-1\nat 11s restart eu-west-1/1\nat 20s heal\nend 60s\n")
	l.AdvanceTo(19 * sim.Second)
	if !l.nodes[1].tt.mute || l.nodes[1].index > 0 {
		t.Errorf("it has applied %d entries though a majority without it has not agreed", l.nodes[1].index)
	}
	l.AdvanceTo(l.end)
	if l.nodes[1].tt.mute || l.nodes[1].index != l.nodes[0].index || !l.nodes[1].member() {
		t.Errorf("it has applied %d of %d entries; mute: %t; member: %t", l.nodes[1].index, l.nodes[0].index, l.nodes[1].tt.mute, l.nodes[1].member())
	}
}

// TestIdleSafeTime: an idle replica is safe up to the latest promise, which comes each 8 s, and with safe-on-demand to
// whenever a read asks.
func TestIdleSafeTime(t *testing.T) {
	text := "regions us-east-1 eu-west-1 ap-south-1\nlane s raft epsilon=4ms%s\nat 1s write us-east-1 x 1\nat 20s read ap-south-1 x level exact-staleness-3s as r\nend 40s\n"
	for knob, fast := range map[string]bool{"": false, " safe-on-demand=on": true} {
		l := newLab(t, fmt.Sprintf(text, knob))
		l.AdvanceTo(l.end)
		c := l.Lanes()[0]
		r := c.History()[1]
		if got := r.Result.Outcome == sim.OK; got != fast {
			t.Errorf("%q: the read ended as %s after %s", knob, r.Result.Outcome, r.End-r.Start)
		}
	}
}

// TestRestartedNodesKeepTheirVotes: nodes that were restarted do not know whom they gave their lease votes.
func TestRestartedNodesKeepTheirVotes(t *testing.T) {
	l := newLab(t, "regions us-east-1 eu-west-1 ap-south-1\nlane s raft epsilon=4ms\nat 9.9s write us-east-1 x 1\nat 10s partition us-east-1\n"+
		"at 10.1s crash eu-west-1/1\nat 10.1s crash ap-south-1/1\nat 10.2s restart eu-west-1/1\nat 10.2s restart ap-south-1/1\nend 26s\n")
	last := 0
	for now := 11 * sim.Second; now < l.end; now += 5 * sim.Millisecond {
		l.AdvanceTo(now)
		got := l.leaders()
		if len(got) > 1 || now < 18*sim.Second && (len(got) == 0 || got[0] != "us-east-1/1") {
			t.Fatalf("at %s %q lead", now, got)
		}
		last = len(got)
	}
	if last != 1 {
		t.Error("nobody leads at the end")
	}
}

// TestAbdicationWaits: who takes over gives later timestamps than whoever handed over had promised, though his clock is
// behind and nothing is in the log.
func TestAbdicationWaits(t *testing.T) {
	l := newLab(t, "regions us-east-1 eu-west-1 ap-south-1\nlane s raft epsilon=200ms\nat 0s skew us-east-1/1 200ms\nat 0s skew eu-west-1/1 -200ms\n"+
		"at 10s read us-east-1 x level max-staleness-1s\nat 10.01s transfer eu-west-1/1\nend 15s\n")
	l.AdvanceTo(10*sim.Second + 9*sim.Millisecond)
	promised := l.nodes[0].tt.last
	if promised < 10*sim.Second+399*sim.Millisecond {
		t.Fatalf("it has promised up to %s", promised)
	}
	for now := l.Now(); now < l.end; now += sim.Millisecond {
		l.AdvanceTo(now)
		if l.nodes[1].tt.leads() {
			if next := l.nodes[1].tt.latest(); next <= promised {
				t.Errorf("at %s its timestamps begin at %s; up to %s was promised", now, next, promised)
			}
			return
		}
	}
	t.Error("leadership was not handed over")
}

func TestSplitOf(t *testing.T) {
	for key, want := range map[string]int{"x": 0, "y": 1, "z": 0, "balance": 0, "stock-1": 0, "stock-2": 1, "stock-3": 0, "a-b": 0} {
		if got := splitOf(key, 2); got != want {
			t.Errorf("%s is in split %d, want %d", key, got, want)
		}
	}
}

func TestBadTimestampKnobs(t *testing.T) {
	for knobs, want := range map[string]string{
		"epsilon=4ms reads=lease":      "read-bound says how",
		"epsilon=4ms check-quorum=off": "needs check-quorum=on",
		"epsilon=4ms vote-lease=2s":    "lease-margin=2s is not below vote-lease=2s",
		"epsilon=5s":                   "leaves nothing",
		"splits=2":                     "needs epsilon",
		"epsilon=4ms witnesses=us-east-1 leader=us-east-1":            "do not lead",
		"epsilon=4ms splits=4 split-leaders=us-east-1,eu-west-1":      "",
		"epsilon=4ms witnesses=us-east-1,eu-west-1 leader=ap-south-1": "",
	} {
		_, err := sim.Parse("regions us-east-1 eu-west-1 ap-south-1\nlane s raft "+knobs+"\n", sim.Vocabulary{Protocols: []sim.Protocol{Protocol()}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", knobs, err, want)
		}
	}
}

// TestLevelsNameTimes: a level that is listed with a time at its end is asked for with one, in a form of the language.
func TestLevelsNameTimes(t *testing.T) {
	for level, want := range map[string]string{"exact-staleness-15s": "", "max-staleness-250ms": "", "read-timestamp-7.5s": "",
		"exact-staleness-soon": "no lane knows the level", "exact-staleness": "no lane knows the level", "staleness-1s": "no lane knows the level"} {
		text := "regions us-east-1 eu-west-1\nlane s raft epsilon=4ms\nworkload register rate=1/s staggered read-level=" + level + "\nat 1s read us-east-1 x level " + level + "\n"
		s, err := sim.Parse(text, sim.Vocabulary{Protocols: []sim.Protocol{Protocol()}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", level, err, want)
		}
		if err == nil && strings.Count(s.String(), level) != 2 {
			t.Errorf("%s is not in the canonical text:\n%s", level, s)
		}
	}
}

// TestLanesWithoutTimestampsRefuse reads that name a time.
func TestLanesWithoutTimestampsRefuse(t *testing.T) {
	for _, knobs := range []string{"raft", "raft epsilon=4ms"} {
		v := sim.Vocabulary{Protocols: []sim.Protocol{Protocol()}}
		s, err := sim.Parse("regions us-east-1 eu-west-1 ap-south-1\nlane s "+knobs+"\nat 20s read us-east-1 x level exact-staleness-1s\n", v)
		if err != nil {
			t.Fatal(err)
		}
		lab, err := sim.NewLab(s, v)
		if err != nil {
			t.Fatal(err)
		}
		lab.AdvanceTo(30 * sim.Second)
		r := lab.Lanes()[0].History()[0].Result
		if refused := r.Reason == sim.ReasonLevel && r.Outcome == sim.Fail; refused != (knobs == "raft") {
			t.Errorf("%s: %+v", knobs, r)
		}
	}
}

// TestTimestampsAreDeterministic: the same text gives the same trace, whoever looks on.
func TestTimestampsAreDeterministic(t *testing.T) {
	text := havoc(3, 10*sim.Millisecond)
	a, b := newLab(t, text), newLab(t, text)
	a.AdvanceTo(a.end)
	for now := sim.Time(0); now <= b.end; now += 130 * sim.Millisecond {
		b.AdvanceTo(now)
		for i := range sim.Addr(3) {
			if _, err := b.Lanes()[0].Inspect(i, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	b.AdvanceTo(b.end)
	if a.Trace() != b.Trace() {
		t.Error("the traces differ")
	}
}
