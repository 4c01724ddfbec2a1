package preset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// riakDefaults are the knobs with the defaults that riak_core_bucket_type, the put and get FSMs, the schemas of riak_kv and
// riak_core, and Erlang's kernel have.
var riakDefaults = []sim.Setting{
	{Name: "bucket_type", Value: "default"},
	{Name: "n_val", Value: "3"}, {Name: "r", Value: "quorum"}, {Name: "w", Value: "quorum"}, {Name: "dw", Value: "quorum"}, {Name: "rw", Value: "quorum"},
	{Name: "pr", Value: "0"}, {Name: "pw", Value: "0"}, {Name: "node_confirms", Value: "0"},
	{Name: "notfound_ok", Value: "true"}, {Name: "basic_quorum", Value: "false"},
	{Name: "allow_mult", Value: "bucket_type"}, {Name: "dvv_enabled", Value: "bucket_type"},
	{Name: "last_write_wins", Value: "false"}, {Name: "sloppy_quorum", Value: "true"}, {Name: "datatype", Value: "none"},
	{Name: "small_vclock", Value: "50"}, {Name: "big_vclock", Value: "50"}, {Name: "young_vclock", Value: "20"}, {Name: "old_vclock", Value: "86400"},
	{Name: "timeout", Value: "60s"}, {Name: "put_coordinator_failure_timeout", Value: "3s"}, {Name: "net_ticktime", Value: "60s"},
	{Name: "anti_entropy", Value: "active"}, {Name: "anti_entropy_tick", Value: "15s"},
	{Name: "vnode_inactivity_timeout", Value: "60s"}, {Name: "vnode_management_timer", Value: "10s"},
}

// TestRiakDefaults: the knobs are those of the table, with its defaults, and these are values that they take.
func TestRiakDefaults(t *testing.T) {
	p, _ := preset.Named("riak")
	var got []sim.Setting
	for _, k := range p.Knobs {
		got = append(got, sim.Setting{Name: k.Name, Value: k.Default})
	}
	if !slices.Equal(got, riakDefaults) {
		t.Errorf("the knobs are %v, want %v", got, riakDefaults)
	}
	text := "regions us-east-1 eu-west-1 ap-south-1\nlane riak riak"
	for _, k := range riakDefaults {
		text += " " + k.Name + "=" + k.Value
	}
	if _, err := study.Parse(text + "\n"); err != nil {
		t.Error(err)
	}
}

// riakConfig returns what the mode is given for some knobs.
func riakConfig(t *testing.T, knobs string) sim.Config {
	t.Helper()
	s, err := study.Parse("regions us-east-1 eu-west-1 ap-south-1 us-west-2 sa-east-1\nlane riak riak " + knobs + "\n")
	if err != nil {
		t.Fatal(err)
	}
	run, err := study.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return run.Lanes()[0].Config()
}

// TestRiakTranslates: what the knobs come to in the mode.
func TestRiakTranslates(t *testing.T) {
	cfg := riakConfig(t, "")
	numbers := map[string]int64{"n": 3, "r": 2, "w": 2, "dw": 2, "rw": 2, "pr": 0, "pw": 0, "node-confirms": 0, "clock-small": 50, "clock-big": 50, "clock-young": 20, "clock-old": 86_400}
	for name, want := range numbers {
		if got := cfg.Numbers[name]; got != want {
			t.Errorf("%s is %d, want %d", name, got, want)
		}
	}
	times := map[string]sim.Time{"timeout": 60 * sim.Second, "forward-timeout": 3 * sim.Second, "suspect-after": 60 * sim.Second, "heartbeat": 15 * sim.Second,
		"anti-entropy": 15 * sim.Second, "handoff-idle": 60 * sim.Second, "handoff-every": 10 * sim.Second}
	for name, want := range times {
		if got := sim.Time(cfg.Numbers[name]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := riakConfig(t, "n_val=5 r=all w=one pr=quorum").Numbers; got["r"] != 5 || got["w"] != 1 || got["pr"] != 3 {
		t.Errorf("of n_val=5 all, one and quorum are %d, %d and %d", got["r"], got["w"], got["pr"])
	}
	for knobs, want := range map[string]string{
		"": "lww clock-newest", "bucket_type=created": "lww dotted", "bucket_type=created dvv_enabled=false": "lww clock",
		"allow_mult=true": "lww clock", "allow_mult=true dvv_enabled=true": "lww dotted", "bucket_type=created allow_mult=false": "lww dotted-newest",
		"last_write_wins=true": "lww arrival", "bucket_type=created last_write_wins=true": "lww arrival",
		"datatype=counter": "counter plain", "datatype=set": "or-set plain", "datatype=map": "or-set plain", "datatype=flag": "or-set plain",
		"datatype=register": "lww-register plain",
	} {
		if cfg := riakConfig(t, knobs); cfg.Words["conflict"]+" "+cfg.Words["objects"] != want {
			t.Errorf("%s: conflicts are %s %s, want %s", knobs, cfg.Words["conflict"], cfg.Words["objects"], want)
		}
	}
}

// TestRiakRefuses what Riak refuses, in its words.
func TestRiakRefuses(t *testing.T) {
	for knobs, want := range map[string]string{
		"w=4":                                  "w=4: {n_val_violation,3}",
		"pr=5":                                 "pr=5: {n_val_violation,3}",
		"node_confirms=4":                      "node_confirms=4: {n_val_violation,3}",
		"n_val=6":                              "n_val=6 is more than the 5 replicas",
		"allow_mult=true last_write_wins=true": "exclude each other",
		"datatype=set allow_mult=false":        "needs allow_mult=true",
	} {
		_, err := study.Parse("regions us-east-1 eu-west-1 ap-south-1 us-west-2 sa-east-1\nlane riak riak " + knobs + "\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", knobs, err, want)
		}
	}
}

// TestRiakRuns plays short scenarios, whose expectations say what Riak does beside its rows. y is held by the first three
// regions, k2 by the last three.
func TestRiakRuns(t *testing.T) {
	const head = "regions us-east-1 eu-west-1 ap-south-1 us-west-2 sa-east-1\n" +
		"workload register rate=0.001/s staggered timeout=60s until=0.001s\n"
	for name, text := range riakRuns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, held := range riakPlay(t, head+text).Report().Expects {
				if !held.Holds {
					t.Errorf("expect %s: got %s", held.Expect, held.Got)
				}
			}
		})
	}
}

var riakRuns = map[string]string{
	// A partition without the key counts towards r; with notfound_ok=false it does not, unless n_val-r+1 are without it.
	"notfound_ok": `lane riak riak anti_entropy=passive
lane false riak notfound_ok=false anti_entropy=passive
at 1s cut us-east-1 > ap-south-1
at 1s cut us-east-1 > eu-west-1
at 2s write us-east-1 y 7 level one as w1
at 2s delay 500ms us-east-1 > sa-east-1
at 2.1s read sa-east-1 y level one as r1
at 2.1s read us-west-2 v level one as r2
end 10s
expect riak w1 ok
expect riak r1 ok 0 says notfound
expect riak r2 ok 0 says notfound
expect false r1 ok 7
expect false r2 ok 0 says notfound
`,
	// A read that has answered repairs once all have, or its time is over: eu-west-1 has missed y, and ap-south-1 stands still.
	"repair waits for all": `lane riak riak anti_entropy=passive transport=datagram
lane short riak anti_entropy=passive transport=datagram timeout=5s
lane whole riak anti_entropy=passive transport=datagram
at 2s cut us-east-1 > eu-west-1
at 3s write us-east-1 y 1 as w1
at 9s lane riak pause ap-south-1/1
at 9s lane short pause ap-south-1/1
at 10s read us-west-2 y level one as r0
at 16s read eu-west-1 y level one as r1
end 20s
expect riak w1 ok
expect riak r0 ok 1
expect riak r1 ok 0 says notfound
expect short r1 ok 1
expect whole r1 ok 1
`,
	// A node that starts in isolation has no connections, and stands in for the others at once; one that is back hears of them.
	"starts anew": `lane riak riak
lane back riak
at 5s partition us-east-1
at 16.2s exit us-east-1/1
at 17s lane back heal
at 18s restart us-east-1/1
at 20s write us-east-1 y 1 as w1
at 21s read us-east-1 y level strong as r1
end 25s
expect riak w1 ok within 0.05s
expect riak r1 fail says {pr_val_unsatisfied,2,1}
expect back w1 ok 1
expect back r1 ok 1
`,
	// A deletion by a client that has read nothing reads first, and is refused as a read is.
	"a deletion reads first": `lane riak riak pr=2
lane pw riak pw=2
at 1s exit eu-west-1/1
at 1s exit ap-south-1/1
at 5s delete us-east-1 y as d1
end 10s
expect riak d1 fail says {pr_val_unsatisfied,2,1}
expect pw d1 fail says {pw_val_unsatisfied,2,1}
`,
	// pr says as well how many without the key end a read: two of three, though the third that holds it would do for r.
	"notfound and pr": `lane riak riak anti_entropy=passive notfound_ok=false r=one
lane pr riak anti_entropy=passive notfound_ok=false r=one pr=quorum
at 1s cut us-east-1 > ap-south-1
at 1s cut us-east-1 > eu-west-1
at 2s write us-east-1 y 7 level one as w1
at 2s delay 500ms us-east-1 > us-west-2
at 2.1s read us-west-2 y as r1
end 10s
expect riak w1 ok
expect riak r1 ok 7
expect pr r1 ok 0 within 0.4s says notfound
`,
	// r=all, notfound_ok=false: one of three holds it. The first without it ends the read, which has found nothing by then, or has
	// found too little.
	"r_val_unsatisfied": `lane riak riak notfound_ok=false r=all anti_entropy=passive net_ticktime=4s
at 1s partition us-east-1
at 10s write us-east-1 y 7 level one as w1
at 10s write us-east-1 v 8 level one as w2
at 15s heal
at 25s read eu-west-1 v as r1
at 25s read us-east-1 y as r2
at 27s read us-east-1 y as r3
end 40s
expect riak w1 ok
expect riak w2 ok
expect riak r1 ok 0 says notfound
expect riak r2 fail says {r_val_unsatisfied,3,1}
expect riak r3 ok 7
`,
	// A node without a partition of the key hands a write on; one that is paused and does not answer within 3 s is not asked again.
	"forward": `lane riak riak
at 1s pause us-west-2/1
at 1s pause ap-south-1/1
at 2s write us-east-1 k2 7 as w1
at 30s read sa-east-1 k2 level one as r1
at 40s resume ap-south-1/1
at 40s resume us-west-2/1
at 50s read eu-west-1 k2 as r2
end 60s
expect riak w1 ok after 3s
expect riak r1 ok 7
expect riak r2 ok 7
`,
	// A process that ends closes its connections: its partitions are stood in for at once. A machine that dies does not.
	"node down": `lane riak riak w=all dw=all
at 2s exit eu-west-1/1
at 3s write us-east-1 y 1 as w1
at 20s restart eu-west-1/1
at 40s crash eu-west-1/1
at 41s write us-east-1 y 2 as w2
at 120s write us-east-1 y 3 as w3
end 130s
expect riak w1 ok within 1s
expect riak w2 info after 59s says timeout
expect riak w3 ok within 1s
`,
	// W counts who has received a write, DW who has stored it: while disks stand still W alone is met.
	"dw": `lane riak riak w=all dw=one
lane durable riak w=one dw=all
at 1s fsync eu-west-1/1 stuck
at 1s fsync ap-south-1/1 stuck
at 2s write us-east-1 y 1 as w1
at 3s write us-east-1 v 1 level all as w2
at 4s write us-east-1 w 1 level one as w3
end 70s
expect riak w1 ok within 1s
expect riak w2 info after 59s says timeout
expect riak w3 ok within 1s
expect durable w1 info after 59s says timeout
`,
	// The coordinator writes first: with its own disk at a standstill nobody else hears of the write.
	"coordinator first": `lane riak riak w=one dw=one anti_entropy=passive
at 1s fsync us-east-1/1 stuck
at 2s write us-east-1 y 1 as w1
at 63s read eu-west-1 y level one as r1
end 70s
expect riak w1 info says timeout
expect riak r1 ok 0 says notfound
`,
	// allow_mult=false goes by causality first: who has read a value replaces it, whatever the clocks say. A blind write loses
	// to what a fast clock stamped.
	"causality before clocks": `lane riak riak
at 0.5s skew eu-west-1/1 60s
at 1s write eu-west-1 y 1 as w1
at 2s read us-east-1 y as r1
at 3s write us-east-1 y 2 as w2
at 4s read ap-south-1 y as r2
at 5s write eu-west-1 v 1 as w3
at 6s write us-east-1 v 2 as w4
at 7s read ap-south-1 v as r3
end 10s
expect riak r2 ok 2 siblings 2
expect riak w4 ok
expect riak r3 ok 1 siblings 1
expect riak lost-writes = 1
`,
	// The levels of requests, on a node that is alone.
	"levels": `lane riak riak net_ticktime=4s
at 1s partition us-east-1
at 10s write us-east-1 y 1 level all as w1
at 11s write us-east-1 y 2 level strict-quorum as w2
at 12s write us-east-1 y 3 level primary-one as w3
at 13s write us-east-1 y 4 level primary-all as w4
at 14s write us-east-1 y 5 level eventual as w5
at 15s read us-east-1 y level strong as r1
at 16s read us-east-1 y level quorum as r2
at 17s read us-east-1 k2 level primary-one as r3
at 18s delete us-east-1 y level strong as d1
end 20s
expect riak w1 ok
expect riak w2 fail says {insufficient_vnodes,1,need,2}
expect riak w3 ok
expect riak w4 fail says {pw_val_unsatisfied,3,1}
expect riak w5 ok
expect riak r1 fail says {pr_val_unsatisfied,2,1}
expect riak r2 ok 5
expect riak r3 fail says {pr_val_unsatisfied,1,0}
expect riak d1 fail
`,
	// Sets and flags: an addition that a removal has not seen stays.
	"sets": `lane riak riak datatype=set
at 1s add us-east-1 y 1
at 5s partition us-east-1
at 80s remove us-east-1 y 1 as d1
at 81s add eu-west-1 y 1 as a1
at 82s add eu-west-1 y 2 as a2
at 90s heal
at 220s read us-east-1 y as r1
end 230s
expect riak d1 ok
expect riak r1 ok 2 siblings 1 2
expect riak lost-writes = 0
`,
}

// TestRiakLateErrors: partitions that have all the siblings that they may have refuse one more. A coordinator that refuses
// itself has applied nothing; if others do, the write stays where it was stored.
func TestRiakLateErrors(t *testing.T) {
	var b strings.Builder
	b.WriteString("regions us-east-1 eu-west-1 ap-south-1 us-west-2 sa-east-1\n" +
		"lane dw riak bucket_type=created anti_entropy=passive\nlane pw riak bucket_type=created anti_entropy=passive pw=2\n")
	for i := range sim.MaxSiblings {
		fmt.Fprintf(&b, "at %dms write us-east-1 y %d\n", 1000+100*i, i)
	}
	b.WriteString("at 20s write us-east-1 y 200 as w1\nat 21s exit us-east-1/1\nat 22s write us-west-2 y 201 as w2\nat 25s read sa-east-1 y as r1\nend 30s\n" +
		"expect dw w1 fail says max_siblings\nexpect dw w2 info says {dw_val_unsatisfied,2,1}\nexpect dw r1 ok 201\n" +
		"expect pw w1 fail says max_siblings\nexpect pw w2 info says {pw_val_unsatisfied,2,0}\n")
	for _, held := range riakPlay(t, b.String()).Report().Expects {
		if !held.Holds {
			t.Errorf("expect %s: got %s", held.Expect, held.Got)
		}
	}
}
