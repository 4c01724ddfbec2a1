package preset_test

import (
	"fmt"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// outcome is what a run came to.
type outcome struct {
	t     *testing.T
	run   *study.Run
	lane  *sim.Cluster
	notes map[sim.NoteKind]int
	sim.NopObserver
}

func (o *outcome) Noted(n sim.Note) { o.notes[n.Kind]++ }

// count returns how many errands ended so, for a reason.
func (o *outcome) count(how sim.Outcome, why sim.Reason) (n int) {
	for _, e := range o.lane.Errands() {
		if e.Outcome == how && e.Reason == why {
			n++
		}
	}
	return n
}

// errand returns what became of a named one.
func (o *outcome) errand(name string) sim.Errand {
	if e := o.lane.Named(name); e != nil {
		return *e
	}
	o.t.Fatalf("no errand %q", name)
	return sim.Errand{}
}

func play(t *testing.T, text string) (*outcome, []preset.Warning) {
	t.Helper()
	s, err := study.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	run, err := study.New(s)
	if err != nil {
		t.Fatal(err)
	}
	o := &outcome{t: t, run: run, lane: run.Lanes()[0], notes: map[sim.NoteKind]int{}}
	o.lane.Observe(o)
	run.AdvanceTo(s.End)
	return o, preset.Warnings(s)
}

func find(list []preset.Warning, knob, text string) bool {
	for _, w := range list {
		if w.Knob == knob && strings.Contains(w.Text, text) {
			return true
		}
	}
	return false
}

const (
	far    = "regions us-east-1 sa-east-1 ap-southeast-2\n"
	atlas  = "regions us-east-1 eu-west-1 ap-south-1\n"
	busy   = "workload bank rate=10/s poisson\nend 20s\n"
	clerks = "workload bank rate=2/s staggered\nend 20s\n"
	fours  = "regions us-east-1 eu-west-1 ap-south-1 sa-east-1\n"
)

// contradictions are lanes that are warned of, the same without cause for it, and what tells the two apart.
var contradictions = []struct {
	knob, text  string // of the warning
	with, other string
	shows       func(o *outcome) bool
}{
	{"election", "worst round trip 312 ms, between sa-east-1/1 and ap-southeast-2/1, is above the election timeout of 199 ms, and ap-southeast-2/1 hears from a majority after 200 ms only: expect elections without cause until another leads",
		far + "lane a raft election=199ms heartbeat=99500us leader=ap-southeast-2\nend 30s\n", far + "lane a raft leader=ap-southeast-2\nend 30s\n",
		func(o *outcome) bool { return o.notes[sim.NoteDeposed] > 0 }},
	{"election", "and so is the shortest to a majority, 115 ms: expect elections without cause, on and on",
		far + "lane a raft election=100ms heartbeat=50ms\nend 30s\n", far + "lane a raft election=400ms heartbeat=50ms\nend 30s\n",
		func(o *outcome) bool { return o.notes[sim.NoteCampaign] > 100 }},
	{"election", "expect elections without cause whenever it leads",
		far + "lane a raft election=150ms heartbeat=50ms\nat 5s transfer ap-southeast-2/1\nend 30s\n", far + "lane a raft election=400ms heartbeat=50ms\nat 5s transfer ap-southeast-2/1\nend 30s\n",
		func(o *outcome) bool { return o.notes[sim.NoteDeposed] > 1 }},
	{"heartbeat", "one that is lost or late is enough",
		atlas + "lane a raft transport=datagram heartbeat=800ms\nat 1s drop 10% everywhere\nend 60s\n",
		atlas + "lane a raft transport=datagram heartbeat=100ms\nat 1s drop 10% everywhere\nend 60s\n",
		func(o *outcome) bool { return o.notes[sim.NoteCampaign] > 2 }},
	{"election-max", "expect votes to be split",
		atlas + "replicas 3 per region\nlane a raft election-max=1.001s pre-vote=off\n" + crashes,
		atlas + "replicas 3 per region\nlane a raft pre-vote=off\n" + crashes,
		func(o *outcome) bool { return o.notes[sim.NoteCampaign] > 4*o.notes[sim.NoteElected] }},
	{"election", "votes are not stored in time",
		atlas + "lane a raft\nat 1s fsync us-east-1/1 5s\nat 1s fsync eu-west-1/1 5s\nat 2s crash us-east-1/1\nend 30s\n",
		atlas + "lane a raft\nat 1s fsync us-east-1/1 50ms\nat 1s fsync eu-west-1/1 50ms\nat 2s crash us-east-1/1\nend 30s\n",
		func(o *outcome) bool { return o.notes[sim.NoteElected] == 1 }},
	{"", "they get no answer even when all is well",
		far + "lane a raft leader=sa-east-1\nworkload bank rate=1/s staggered timeout=200ms\n", far + "lane a raft leader=sa-east-1\nworkload bank rate=1/s staggered\n",
		func(o *outcome) bool { return o.count(sim.Info, sim.ReasonTimeout) > 10 }},
	{"", "4 voters bear the failure of 1, no more than 3 voters do",
		fours + "lane a raft\nat 1s crash ap-south-1/1\nat 1s crash sa-east-1/1\nat 5s write us-east-1 k 1 as w\n",
		atlas + "lane a raft\nat 1s crash ap-south-1/1\nat 5s write us-east-1 k 1 as w\n",
		func(o *outcome) bool { return o.errand("w").Outcome != sim.OK }},
	{"forward", "all but the leader's own clients are refused",
		atlas + "lane a raft forward=off\n" + clerks, atlas + "lane a raft forward=off\nworkload bank rate=2/s staggered retry=elsewhere\n",
		func(o *outcome) bool { return o.count(sim.Fail, sim.ReasonNotLeader) > 20 }},
	{"max-drift", "leased reads may be stale", atlas + "lane a raft reads=lease\nat 1s drift us-east-1/1 -90000ppm\n",
		atlas + "lane a raft reads=lease\nat 1s drift us-east-1/1 -100ppm\n", nil},
	{"snapshot-every", "expect no snapshot", atlas + "lane a raft snapshot-every=100000\n", atlas + "lane a raft\n", nil},

	{"r", "reads may miss acknowledged writes: R+W=2 is not more than N=3",
		atlas + "lane a quorum r=1 w=1\n" + busy, atlas + "lane a quorum r=2 w=2\n" + busy,
		func(o *outcome) bool { return o.run.Referees[0].Scores().StaleReads > 0 }},
	{"read-level", "count replicas of one region",
		atlas + "replicas 3 per region\nlane a quorum n=9 read-level=local-quorum write-level=local-quorum\n" + busy,
		atlas + "replicas 3 per region\nlane a quorum n=9 read-level=local-quorum write-level=each-quorum\n" + busy,
		func(o *outcome) bool { return o.run.Referees[0].Scores().StaleReads > 0 }},
	{"write-level", "takes a hint for an acknowledgement",
		atlas + "lane a quorum n=1 r=1 w=1 placement=first write-level=any hinted-handoff=on\n" + firstDown,
		atlas + "lane a quorum n=1 r=1 w=1 placement=first write-level=all hinted-handoff=on\n" + firstDown,
		func(o *outcome) bool { return o.errand("w").Outcome == sim.OK && o.errand("r").Outcome != sim.OK }},
	{"w", "writes wait for all 3 replicas (w=3): one that is away is enough to stop them",
		atlas + "lane a quorum w=3\n" + oneDown, atlas + "lane a quorum w=2\n" + oneDown,
		func(o *outcome) bool { return o.errand("w").Outcome != sim.OK }},
	{"read-level", "reads wait for all 3 replicas (read-level=all)",
		atlas + "lane a quorum read-level=all\n" + oneDown, atlas + "lane a quorum\n" + oneDown,
		func(o *outcome) bool { return o.errand("r").Outcome != sim.OK }},
	{"suspect-after", "one that is lost is enough to take a replica for dead",
		atlas + "lane a quorum suspect-after=0.3s\nat 1s drop 10% everywhere\nend 60s\n", atlas + "lane a quorum suspect-after=2s\nat 1s drop 10% everywhere\nend 60s\n",
		func(o *outcome) bool { return o.notes[sim.NoteSuspect] > 5 }},
	{"hint-window", "gets no new hints", atlas + "lane a quorum hinted-handoff=on hint-window=1s read-repair=none\n" + longAway,
		atlas + "lane a quorum hinted-handoff=on read-repair=none\n" + longAway,
		func(o *outcome) bool { return o.lane.DescribeKey(2, "k").Value != 7 }},
	{"read-repair", "nothing brings a replica what it has missed", atlas + "lane a quorum read-repair=none\n" + longAway,
		atlas + "lane a quorum read-repair=none anti-entropy=1s\n" + longAway,
		func(o *outcome) bool { return o.lane.DescribeKey(2, "k").Value != 7 }},
	{"timeout", "what it coordinates gets no answer",
		far + "lane a quorum timeout=110ms\n" + clerks, far + "lane a quorum\n" + clerks,
		func(o *outcome) bool { return o.count(sim.Info, sim.ReasonTimeout) > 10 }},
	{"timeout", "gives up after 1900 ms whatever timeout says",
		atlas + "lane a quorum timeout=9s w=3\nat 1s cut everywhere\nat 1.1s write us-east-1 k 1 as w\n", atlas + "lane a quorum timeout=1s w=3\nat 1s cut us-east-1 ap-south-1\nat 1.1s write us-east-1 k 1 as w\n",
		func(o *outcome) bool { e := o.errand("w"); return e.End-e.Start > 1800*sim.Millisecond }},
	{"n", "each key is on one node alone", atlas + "lane a quorum n=1 r=1 w=1\n" + oneDown, atlas + "lane a quorum\n" + oneDown, nil},
	{"sloppy", "another node stands in for it", atlas + "lane a quorum sloppy=on\n" + parted, atlas + "lane a quorum\n" + parted,
		func(o *outcome) bool {
			return o.errand("w").Outcome == sim.OK && o.errand("r").Outcome == sim.OK && o.errand("r").Balance != 7
		}},

	{"grace", "what was deleted meanwhile may come back", atlas + "lane a gossip grace=1s\n" + deleted, atlas + "lane a gossip\n" + deleted,
		func(o *outcome) bool { return o.lane.DescribeKey(0, "k").Value == 7 }},
	{"wait", "they get no answer in place of a refusal",
		atlas + "lane a gossip session=both wait=5s interval=60s push=off\n" + roams, atlas + "lane a gossip session=both wait=0.5s interval=60s push=off\n" + roams,
		func(o *outcome) bool {
			return o.count(sim.Info, sim.ReasonTimeout) > 0 && o.count(sim.Fail, sim.ReasonBehind) == 0
		}},
	{"interval", "a run of 20 s may see none", atlas + "lane a gossip push=off interval=60s\nat 1s write us-east-1 k 7\n", atlas + "lane a gossip push=off\nat 1s write us-east-1 k 7\n",
		func(o *outcome) bool { return o.lane.DescribeKey(1, "k").Value != 7 }},

	{"k", "commits wait for 2 of 2 standbys (sync=first)", atlas + "lane a primary sync=first k=2\n" + oneDown, atlas + "lane a primary sync=any k=1\n" + oneDown,
		func(o *outcome) bool { return o.errand("w").Outcome != sim.OK }},
	{"semi-timeout", "commits wait for 10 s, and clients for 2 s", atlas + "lane a primary sync=semi k=2\n" + oneDown, atlas + "lane a primary sync=semi k=2 semi-timeout=1s\n" + oneDown,
		func(o *outcome) bool { return o.errand("w").Outcome != sim.OK }},
	{"lease-region", "when that fails, nobody can take over",
		atlas + "lane a primary failover=lease lease-region=us-east-1 ttl=6s loop=1s retry=2s\nat 5s crash us-east-1/1\nend 60s\n",
		atlas + "lane a primary failover=lease lease-region=eu-west-1 ttl=6s loop=1s retry=2s\nat 5s crash us-east-1/1\nend 60s\n",
		func(o *outcome) bool { return o.notes[sim.NoteElected] == 0 }},
	{"retry", "it cannot hold the lease",
		atlas + "lane a primary primary=ap-south-1 failover=lease lease-region=us-east-1 ttl=6s loop=1s retry=100ms\nend 60s\n",
		atlas + "lane a primary primary=ap-south-1 failover=lease lease-region=us-east-1 ttl=6s loop=1s retry=2s\nend 60s\n",
		func(o *outcome) bool { return o.notes[sim.NoteDeposed] > 0 }},
	{"sender-timeout", "expect it to come and go",
		atlas + "lane a primary sender-timeout=50ms\n" + clerks, atlas + "lane a primary sender-timeout=2s\n" + clerks,
		func(o *outcome) bool { return o.notes[sim.NoteSuspect] > 1 }},
	{"commit", "no standby is synchronous", atlas + "lane a primary commit=remote-apply\n" + clerks, atlas + "lane a primary sync=any commit=remote-apply\n" + clerks, nil},
	{"commit", "a failover loses what was acknowledged",
		atlas + "lane a primary failover=lease lease-region=eu-west-1 sync-mode=on commit=local\nat 20s partition us-east-1\nat 21s write us-east-1 k 7 as w\nend 60s\n",
		atlas + "lane a primary failover=lease lease-region=eu-west-1 sync-mode=on\nat 20s partition us-east-1\nat 21s write us-east-1 k 7 as w\nend 60s\n",
		func(o *outcome) bool { return o.errand("w").Outcome == sim.OK }},
	{"tool-region", "the tool runs on the primary's own machine",
		atlas + "lane a primary failover=tool tool-region=us-east-1 fencing=on\nat 5s crash us-east-1/1\nend 60s\n",
		atlas + "lane a primary failover=tool tool-region=eu-west-1 fencing=on\nat 5s crash us-east-1/1\nend 60s\n",
		func(o *outcome) bool { return o.notes[sim.NoteElected] == 0 }},
	{"fencing", "nobody fences a primary that the tool has replaced",
		atlas + "lane a primary failover=tool tool-region=eu-west-1\nat 2s partition us-east-1\nat 30s write us-east-1 k 7 as w\nend 60s\n",
		atlas + "lane a primary failover=tool tool-region=eu-west-1 fencing=on\nat 2s partition us-east-1\nat 30s write us-east-1 k 7 as w\nend 60s\n",
		func(o *outcome) bool { return o.errand("w").Outcome == sim.OK }},
	{"forward", "all but the primary's own clients are refused",
		atlas + "lane a primary forward=off\n" + clerks, atlas + "lane a primary\n" + clerks,
		func(o *outcome) bool { return o.count(sim.Fail, sim.ReasonReadOnly) > 20 }},
}

// What happens in several of them.
const (
	parted    = "at 1s partition us-east-1\nat 5s write us-east-1 k 7 as w\nat 8s read eu-west-1 k as r\n"
	oneDown   = "at 1s crash ap-south-1/1\nat 5s write us-east-1 k 7 as w\nat 8s read eu-west-1 k as r\n"
	firstDown = "at 1s crash us-east-1/1\nat 5s write eu-west-1 k 7 as w\nat 8s read eu-west-1 k as r\n"
	longAway  = "at 1s partition ap-south-1\nat 8s write us-east-1 k 7\nat 12s heal\nend 30s\n"
	deleted   = "at 1s write us-east-1 k 7\nat 4s partition ap-south-1\nat 5s delete us-east-1 k\nat 12s heal\nend 30s\n"
	roams     = "workload bank rate=2/s staggered session=roam\n"
	crashes   = "at 5s crash us-east-1/1\nat 6s crash us-east-1/2\nend 60s\n"
)

// TestContradictionsAreReal: what is warned of happens, and where nothing happens there is no such warning.
func TestContradictionsAreReal(t *testing.T) {
	for _, c := range contradictions {
		t.Run(c.knob+" "+c.text, func(t *testing.T) {
			with, warnings := play(t, c.with)
			if !find(warnings, c.knob, c.text) {
				t.Errorf("no such warning among %q", warnings)
			}
			other, without := play(t, c.other)
			if find(without, c.knob, c.text) {
				t.Errorf("the same warning without cause: %q", without)
			}
			if c.shows == nil {
				return
			}
			if !c.shows(with) {
				t.Errorf("what is warned of does not happen: notes %v, %s", with.notes, tally(with))
			}
			if c.shows(other) {
				t.Errorf("it happens without a warning: notes %v, %s", other.notes, tally(other))
			}
		})
	}
}

func tally(o *outcome) string {
	s := o.run.Referees[0].Scores()
	return fmt.Sprintf("%d ok, %d fail, %d info, %d stale", s.OK, s.Fail, s.Info, s.StaleReads)
}

// TestIdleKnobs: a knob of which we say that it has no effect has none: the run is the same to the last event without it.
func TestIdleKnobs(t *testing.T) {
	for _, c := range []struct{ lane, knob, value string }{
		{"raft", "max-drift", "9000"},
		{"quorum", "hint-window", "2s"},
		{"quorum", "phi", "3"},
		{"quorum detector=phi", "suspect-after", "9s"},
		{"quorum", "speculative-retry", "off"},
		{"quorum read-level=quorum", "r", "1"},
		{"quorum write-level=all", "w", "1"},
		{"quorum", "pr", "2"},
		{"quorum", "pw", "1"},
		{"quorum", "node-confirms", "2"},
		{"gossip", "ttl", "9s"},
		{"gossip", "ship-after", "1s"},
		{"gossip push=stream", "fan-out", "2"},
		{"gossip", "wait", "9s"},
		{"gossip", "session", "both"},
		{"primary", "ttl", "99s"},
		{"primary", "loop", "1s"},
		{"primary", "retry", "1s"},
		{"primary", "max-lag", "1"},
		{"primary", "start-timeout", "1s"},
		{"primary", "race-backoff", "1s"},
		{"primary", "check-timeline", "on"},
		{"primary", "tool-every", "1s"},
		{"primary", "tool-after", "20s"},
		{"primary", "tool-picks", "first"},
		{"primary", "wait-no-replica", "off"},
		{"primary", "semi-timeout", "1s"},
		{"primary", "k", "1"},
		{"primary", "standbys", "eu-west-1"},
	} {
		const rest = "workload bank rate=3/s poisson\nat 4s partition ap-south-1\nat 9s heal\nend 30s\n"
		plain, _ := play(t, atlas+"lane a "+c.lane+"\n"+rest)
		set, warnings := play(t, atlas+"lane a "+c.lane+" "+c.knob+"="+c.value+"\n"+rest)
		if !find(warnings, c.knob, "no effect") {
			t.Errorf("%s %s: no such warning among %q", c.lane, c.knob, warnings)
		}
		if plain.run.Trace() != set.run.Trace() {
			t.Errorf("%s %s=%s has an effect", c.lane, c.knob, c.value)
		}
	}
}

// TestDefaultsAreQuiet: nobody is warned of what he has not chosen, but of what the defaults cannot help.
func TestDefaultsAreQuiet(t *testing.T) {
	_, warnings := play(t, atlas+"lane r raft\nlane q quorum\nlane g gossip\nlane p primary\n"+clerks)
	if len(warnings) != 0 {
		t.Errorf("%q", warnings)
	}
}
