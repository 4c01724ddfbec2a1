package preset

import "netsplit/sim"

// riakBucket are the properties of a bucket, and what a request may say in their place.
var riakBucket = []Knob{
	{Knob: sim.Knob{Name: "bucket_type", Kind: sim.KnobWord, Default: "default", Words: []string{"default", "created"},
		About: "The bucket's type: the default one, or one that was created, which has siblings and dotted version vectors unless told otherwise."},
		Source: riakBucketType},
	{Knob: sim.Knob{Name: "n_val", Kind: sim.KnobNumber, Default: "3", Min: 1, Max: sim.MaxNodes,
		About: "Partitions that hold each key."}, To: "n", Source: riakBucketType},
	riakQuorum("r", "quorum", riakCounts, "Partitions that must answer a read; one that has nothing counts as well, see notfound_ok."),
	riakQuorum("w", "quorum", riakCounts, "Partitions that must have received a write."),
	riakQuorum("dw", "quorum", riakCounts, "Partitions that must have stored a write; the one that coordinates always must."),
	riakQuorum("rw", "quorum", riakCounts, "Partitions that a deletion waits for, in place of w and dw."),
	riakQuorum("pr", "0", riakNone, "Of the partitions that answer a read, so many must be primaries; while fewer are up it is refused."),
	riakQuorum("pw", "0", riakNone, "Of the partitions that store a write, so many must be primaries; while fewer are up it is refused."),
	riakQuorum("node_confirms", "0", riakNone, "A write must be stored on so many different nodes; found out when all partitions have answered."),
	riakSwitch("notfound_ok", "true", "notfound-ok", riakBucketType, "Whether a partition that has nothing counts towards r."),
	riakSwitch("basic_quorum", "false", "basic-quorum", riakBucketType, "With notfound_ok=false: whether a majority that has nothing ends a read, rather than n_val-r+1."),
	{Knob: sim.Knob{Name: "allow_mult", Kind: sim.KnobWord, Default: "bucket_type", Words: []string{"bucket_type", "true", "false"},
		About: "Whether concurrent writes stay side by side as siblings; by default as the bucket type has it: false for the default one, true for a created one."},
		Source: riakBucketType},
	{Knob: sim.Knob{Name: "dvv_enabled", Kind: sim.KnobWord, Default: "bucket_type", Words: []string{"bucket_type", "true", "false"},
		About: "Whether each value has a dot, so that a write replaces just what its client had read; by default as the bucket type has it: false for the default one, true for a created one."},
		Source: riakBucketType},
	{Knob: sim.Knob{Name: "last_write_wins", Kind: sim.KnobWord, Default: "false", Words: []string{"true", "false"},
		About: "Whether a partition stores what comes without looking at what it has: what comes last stays."},
		Source: riakBucketType},
	riakSwitch("sloppy_quorum", "true", "sloppy", riakPut, "Whether the next partitions on nodes that are up stand in for primaries that are not; they need not be on different nodes."),
	{Knob: sim.Knob{Name: "datatype", Kind: sim.KnobWord, Default: "none", Words: []string{"none", "counter", "set", "map", "register", "flag"},
		About: "What the bucket's keys are: objects, or data types that merge by themselves."},
		Source: riakTypes},
	{Knob: sim.Knob{Name: "small_vclock", Kind: sim.KnobNumber, Default: "50", Min: 1, Max: 1000,
		About: "A vector clock with so many entries or fewer is not pruned."}, To: "clock-small", Source: riakBucketType},
	{Knob: sim.Knob{Name: "big_vclock", Kind: sim.KnobNumber, Default: "50", Min: 1, Max: 1000,
		About: "A vector clock with more entries is pruned, oldest first."}, To: "clock-big", Source: riakBucketType},
	{Knob: sim.Knob{Name: "young_vclock", Kind: sim.KnobNumber, Default: "20", Max: 1_000_000,
		About: "An entry of fewer seconds is not pruned."}, To: "clock-young", Source: riakBucketType},
	{Knob: sim.Knob{Name: "old_vclock", Kind: sim.KnobNumber, Default: "86400", Max: 1_000_000,
		About: "An entry of more seconds is pruned."}, To: "clock-old", Source: riakBucketType},
}

// riakNode are the settings of requests and nodes.
var riakNode = []Knob{
	{Knob: sim.Knob{Name: "timeout", Kind: sim.KnobTime, Default: "60s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a request waits for partitions; a little less if the client would give up first."},
		To: "timeout", Source: riakPut},
	{Knob: sim.Knob{Name: "put_coordinator_failure_timeout", Kind: sim.KnobTime, Default: "3s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a node waits until the node of a partition has taken a write over, before it asks another."},
		To: "forward-timeout", Source: riakPut},
	{Knob: sim.Knob{Name: "net_ticktime", Kind: sim.KnobTime, Default: "60s", Min: int64(sim.Second), Max: int64(240 * sim.Second),
		About: "Silence after which a node that has closed no connection is taken for down (Erlang's kernel)."},
		To: "suspect-after", Source: erlangKernel},
	{Knob: sim.Knob{Name: "anti_entropy", Kind: sim.KnobWord, Default: "active", Words: []string{"active", "passive"},
		About: "Whether nodes compare hash trees of what they hold; passive leaves it to reads and handoff."},
		Source: riakKVSchema},
	{Knob: sim.Knob{Name: "anti_entropy_tick", Kind: sim.KnobTime, Default: "15s", Min: int64(100 * sim.Millisecond), Max: int64(sim.MaxTime),
		About: "Time between comparisons."}, To: "anti-entropy", Source: riakKVSchema},
	{Knob: sim.Knob{Name: "vnode_inactivity_timeout", Kind: sim.KnobTime, Default: "60s", Min: int64(sim.Second), Max: int64(sim.MaxTime),
		About: "How long nobody has asked a stand-in before it hands off what it holds to its primary."},
		To: "handoff-idle", Source: riakCoreSchema},
	{Knob: sim.Knob{Name: "vnode_management_timer", Kind: sim.KnobTime, Default: "10s", Min: int64(100 * sim.Millisecond), Max: int64(sim.MaxTime),
		About: "How often a node looks whether there is something to hand off."},
		To: "handoff-every", Source: riakCoreSchema},
}

var riakNone = append([]string{"0"}, riakCounts...)

// riakQuorum is a knob that counts partitions.
func riakQuorum(name, value string, words []string, about string) Knob {
	return Knob{Knob: sim.Knob{Name: name, Kind: sim.KnobWord, Default: value, Words: words, About: about}, Source: riakBucketType}
}

// riakSwitch is a knob that is true or false.
func riakSwitch(name, value, to, source, about string) Knob {
	return Knob{Knob: sim.Knob{Name: name, Kind: sim.KnobWord, Default: value, Words: []string{"true", "false"}, About: about},
		To: to, Words: map[string]string{"true": "on", "false": "off"}, Source: source}
}
