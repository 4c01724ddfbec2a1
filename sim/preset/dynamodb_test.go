package preset_test

import (
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// dynamoKnobs are all knobs with their defaults: of the table of facts, ConsistentRead and the kinds of tables, which are
// three presets; the rest nobody publishes, and each is called assumed.
var dynamoKnobs = map[string]map[string]struct {
	value   string
	assumed bool
}{
	"dynamodb": {
		"ConsistentRead": {"false", false}, "ClientRequestToken": {"off", false}, "leader": {"", true}, "heartbeat": {"0.5s", true}, "lease": {"4s", true},
		"failure_detection": {"1.5s", true}, "gray_failure_check": {"on", false}, "request_timeout": {"1s", true}, "clock_drift": {"200", true},
	},
	"dynamodb-mrec": {
		"ConsistentRead": {"false", false}, "ClientRequestToken": {"off", false}, "replication_lag_min": {"0.5s", true}, "replication_lag_max": {"2.5s", true},
	},
	"dynamodb-mrsc": {
		"ConsistentRead": {"false", false}, "witness": {"", false}, "orderer": {"", true}, "heartbeat": {"0.1s", true},
		"failure_detection": {"0.5s", true}, "request_timeout": {"1.8s", true},
	},
}

// TestKnobsOfDynamoDB asserts every default.
func TestKnobsOfDynamoDB(t *testing.T) {
	for name, want := range dynamoKnobs {
		p, ok := preset.Named(name)
		if !ok {
			t.Fatalf("no preset %s", name)
		}
		if len(p.Knobs) != len(want) {
			t.Errorf("%s has %d knobs, %d are known", name, len(p.Knobs), len(want))
		}
		for _, k := range p.Knobs {
			if w, ok := want[k.Name]; !ok || w.value != k.Default || w.assumed != k.Assumed {
				t.Errorf("%s: %s is %q by default, assumed: %t; want %q, %t", name, k.Name, k.Default, k.Assumed, w.value, w.assumed)
			}
		}
	}
}

// TestTablesThatCannotBe: what AWS refuses to create is refused, in its words.
func TestTablesThatCannotBe(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"regions a b\nlink a b constant 1ms\nlane x dynamodb-mrsc\n", "an MRSC global table has exactly three Regions"},
		{fours + "lane x dynamodb-mrsc\n", "an MRSC global table has exactly three Regions"},
		{atlas + "lane x dynamodb-mrsc\n", ""},
		{atlas + "lane x dynamodb-mrsc witness=ap-south-1\n", ""},
		{atlas + "lane x dynamodb-mrsc witness=ap-south-1 orderer=ap-south-1\n", "a witness leads only"},
		{atlas + "replicas 2 per region\nlane x dynamodb-mrec\n", "one replica table per Region"},
		{atlas + "lane x dynamodb-mrec replication_lag_min=3s\n", "replication_lag_min=3s is above replication_lag_max=2.5s"},
		{atlas + "lane x dynamodb heartbeat=5s\n", "heartbeat=5s is not below failure_detection=1.5s"},
		{atlas + "lane x dynamodb lease=0.3s\n", "heartbeat=0.5s is not below lease=0.3s"},
	} {
		_, err := study.Parse(c.text)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", c.text, err, c.says)
		}
	}
}

// TestWarningsOfDynamoDB: a table in one Region is not spread over the world, and MRSC not over sets of Regions.
func TestWarningsOfDynamoDB(t *testing.T) {
	for _, c := range []struct {
		text, says string
		warns      bool
	}{
		{atlas + "lane x dynamodb\n", "single-digit milliseconds apart", true},
		{tiny + "lane x dynamodb\n", "single-digit milliseconds apart", false},
		{"regions a b\nlink a b constant 1ms\nlane x dynamodb\n", "a partition has three replicas", true},
		{atlas + "lane x dynamodb-mrsc\n", "within one set of Regions", true},
		{tiny + "lane x dynamodb-mrsc\n", "within one set of Regions", false},
	} {
		s, err := study.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, w := range preset.Warnings(s) {
			found = found || strings.Contains(w.Text, c.says)
		}
		if found != c.warns {
			t.Errorf("%s: %q among the warnings: %t", c.text, c.says, found)
		}
	}
}

// tiny are three Availability Zones.
const tiny = "regions az-a az-b az-c\nlink az-a az-b constant 1ms\nlink az-a az-c constant 1ms\nlink az-b az-c constant 1ms\n"

// grayZones has the leader and one follower in different worlds, while the third hears both.
const grayZones = tiny + "lane d dynamodb %s\n" +
	"at 10s cut az-a az-b\nat 30s write az-a x 1 as a\nat 31s write az-c x 2 as c\nat 32s read az-c x level strong as rc\nat 32s write az-b x 3 as b\nat 32s read az-b x level strong as rb\nend 40s\n"

// TestGrayFailureOfDynamoDB: a follower that alone does not hear the leader starts no failover; its zone's clients alone
// suffer.
func TestGrayFailureOfDynamoDB(t *testing.T) {
	for _, transport := range []string{"", "transport=datagram"} {
		o, _ := play(t, strings.Replace(grayZones, "%s", transport, 1))
		if n := o.notes[sim.NoteCampaign]; n != 1 {
			t.Errorf("%d nodes stood for election, want the first leader alone", n)
		}
		for name, want := range map[string]sim.Outcome{"a": sim.OK, "c": sim.OK, "rc": sim.OK, "b": sim.Info, "rb": sim.Fail} {
			if e := o.errand(name); e.Outcome != want {
				t.Errorf("%s ended as %s, want %s", name, e.Outcome, want)
			}
		}
	}
}

// TestTheLeaseMatters: were the new leader not to wait, or the old one to read on, DY1 and DY4 would see it: here the wait
// goes with the lease.
func TestTheLeaseMatters(t *testing.T) {
	for _, lease := range []string{"4s", "8s", "20s"} {
		o, _ := play(t, tiny+"lane d dynamodb lease="+lease+"\nworkload register rate=5/s staggered timeout=0.5s until=60s\n"+
			"at 10s partition az-a\nat 50s write az-b other 1 as late\nend 62s\n")
		span, _ := sim.ParseTime(lease)
		first := sim.MaxTime
		for _, r := range o.lane.History() {
			if r.Kind != sim.Read && r.Result.Outcome == sim.OK && r.Start > 10*sim.Second {
				first = min(first, r.End)
			}
		}
		if first < 10*sim.Second+span-sim.Second || first > 10*sim.Second+span+2*sim.Second {
			t.Errorf("lease=%s: the first write after the cut was acknowledged at %s", lease, first)
		}
		if e := o.errand("late"); e.Outcome != sim.OK {
			t.Errorf("lease=%s: never served again", lease)
		}
	}
}

// TestMRECInItsRegion: what one Region does alone is linearizable there, conditions included, whatever its clock says.
func TestMRECInItsRegion(t *testing.T) {
	for seed := range dynamoSeeds(10, 300) {
		text := strings.Replace("seed SEED\n"+atlas+"clients 3 per region\nlane d dynamodb-mrec\nworkload register rate=4/s poisson keys=2\n"+
			"at 0s cut us-east-1 eu-west-1\nat 0s cut us-east-1 ap-south-1\nat 3s skew us-east-1/1 -500ms\nat 6s skew us-east-1/1 2s\nat 9s skew us-east-1/1 -2s\nend 15s\n",
			"SEED", []string{"1", "2", "3", "4", "5", "6", "7"}[seed%7], 1)
		o, _ := play(t, text)
		for key, last := range newestOf(o) {
			history := o.lane.History()
			if got := o.lane.DescribeKey(0, key).Version; history[got-1].End < history[last-1].Start {
				t.Errorf("seed %d: %s shows write %d, and the latest in its Region is %d", seed, key, got, last)
			}
		}
	}
}

// newestOf returns by key the write of the first region that was acknowledged last.
func newestOf(o *outcome) map[string]sim.OpID {
	last := map[string]sim.OpID{}
	when := map[string]sim.Time{}
	for _, r := range o.lane.History() {
		if r.Kind != sim.Read && r.Result.Outcome == sim.OK && r.Result.Applied && r.Asked == 0 && r.Start >= when[r.Key] {
			last[r.Key], when[r.Key] = r.ID, r.End
		}
	}
	return last
}
