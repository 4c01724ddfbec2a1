package quorum

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// Protocol describes the quorum protocol to the world.
func Protocol() sim.Protocol { return protocolWith(bugs{}) }

// bugs are deliberate mistakes, which tests make to see them found.
type bugs struct {
	ackEarly       bool // the client is answered before the level is met
	skipRepair     bool // a read that finds stale replicas leaves them so
	forgetPromises bool // an acceptor keeps no promise
	dropHints      bool // a hint that is due is thrown away
	countTwice     bool // an acknowledgement that comes twice counts twice
	writeAnew      bool // a client's next attempt is another write
}

func protocolWith(b bugs) sim.Protocol {
	return sim.Protocol{
		Name:   "quorum",
		Levels: levels,
		Timers: timerNames,
		Disk:   newDisk,
		Can: func(cfg sim.Config, k sim.OpKind) bool {
			return k == sim.CompareAndSet && cfg.Words["cas"] == "paxos" || sim.StoreRules(cfg).Can(k)
		},
		Knobs: slices.Concat(levelKnobs, livenessKnobs, repairKnobs, writeKnobs, cassandraKnobs, sim.StoreKnobs()),
		Check: check,
		Replicates: func(cfg sim.Config) func(sim.Addr, string) bool {
			ring := newRing(cfg)
			return func(node sim.Addr, key string) bool { return ring.of(key).holds(node) }
		},
		New: func(env sim.Env, cfg sim.Config) sim.Replica {
			s := newSettings(cfg)
			s.bugs = b
			return newReplica(env, s)
		},
	}
}

var levelKnobs = []sim.Knob{
	{Name: "n", Kind: sim.KnobNumber, Default: "3", Min: 1, Max: sim.MaxNodes,
		About: "Replicas that hold each key (Dynamo's N; 3 in Dynamo, Cassandra and Riak)."},
	{Name: "r", Kind: sim.KnobNumber, Default: "2", Min: 1, Max: sim.MaxNodes,
		About: "Answers that a read waits for (Dynamo's R; 2 in Dynamo and Riak)."},
	{Name: "w", Kind: sim.KnobNumber, Default: "2", Min: 1, Max: sim.MaxNodes,
		About: "Acknowledgements that a write waits for (Dynamo's W; 2 in Dynamo and Riak)."},
	{Name: "read-level", Kind: sim.KnobWord, Default: byCount, Words: append([]string{byCount}, levels...),
		About: "What a read waits for in place of r (Cassandra's consistency levels; its drivers default to local-one)."},
	{Name: "write-level", Kind: sim.KnobWord, Default: byCount, Words: append([]string{byCount}, levels...),
		About: "What a write waits for in place of w (Cassandra's consistency levels; its drivers default to local-one)."},
	{Name: "pr", Kind: sim.KnobNumber, Default: "0", Min: 0, Max: sim.MaxNodes,
		About: "Of those that answer a read, so many must be primaries (riak_core_bucket_type: 0)."},
	{Name: "pw", Kind: sim.KnobNumber, Default: "0", Min: 0, Max: sim.MaxNodes,
		About: "Of those that acknowledge a write, so many must be primaries (riak_core_bucket_type: 0)."},
	{Name: "node-confirms", Kind: sim.KnobNumber, Default: "0", Min: 0, Max: sim.MaxNodes,
		About: "A write must be acknowledged on so many different nodes (Riak 3: 0)."},
	{Name: "placement", Kind: sim.KnobWord, Default: "ring", Words: []string{"ring", "first"},
		About: "Which nodes hold a key: its neighbours in a ring, spread over regions (NetworkTopologyStrategy), or for every key the first n."},
}

var livenessKnobs = []sim.Knob{
	{Name: "detector", Kind: sim.KnobWord, Default: "timeout", Words: []string{"timeout", "phi"},
		About: "How a silent replica is taken for dead: after suspect-after, or by phi accrual (Hayashibara 2004; Cassandra)."},
	{Name: "heartbeat", Kind: sim.KnobTime, Default: "0.25s", Min: int64(50 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "Time between heartbeats (Cassandra gossips every 1s; the playground is faster, so that a short story shows both sides of it)."},
	{Name: "suspect-after", Kind: sim.KnobTime, Default: "1s", Min: int64(100 * sim.Millisecond), Max: int64(sim.MaxTime),
		About: "Silence after which detector=timeout takes a replica for dead (Riak: Erlang's net_ticktime, 60s; the playground is faster)."},
	{Name: "phi", Kind: sim.KnobNumber, Default: "8", Min: 1, Max: 16,
		About: "Threshold of detector=phi (Cassandra's phi_convict_threshold, 8: 18.4 mean heartbeats of silence)."},
	{Name: "timeout", Kind: sim.KnobTime, Default: "2s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a coordinator waits (Cassandra's write_request_timeout, 2s); a little less if the client would give up first."},
	{Name: "read-fan-out", Kind: sim.KnobWord, Default: "all", Words: []string{"all", "r"},
		About: "Replicas that a read asks: all n (Dynamo, Riak), or those alone that seem alive and that it needs (Cassandra)."},
	{Name: "speculative-retry", Kind: sim.KnobTime, Default: "99p", Words: []string{"99p", "off"}, Min: 1, Max: int64(60 * sim.Second),
		About: "When a read with read-fan-out=r asks one more replica: after the 99th percentile of reads (Cassandra), or after a time."},
}

var repairKnobs = []sim.Knob{
	{Name: "read-repair", Kind: sim.KnobWord, Default: "async", Words: []string{"async", "blocking", "none"},
		About: "Whether a read brings stale replicas up to date: after it has answered (Riak), or before (Cassandra's default)."},
	{Name: "hinted-handoff", Kind: sim.KnobWord, Default: "off", Words: []string{"on", "off"},
		About: "Whether a coordinator keeps a write for a replica that is away, and brings it later (Dynamo section 4.6; Cassandra: on)."},
	{Name: "hint-window", Kind: sim.KnobTime, Default: "3600s", Min: 1, Max: int64(sim.MaxTime),
		About: "A replica away for longer gets no new hints (Cassandra's max_hint_window, 3 h: longer than any run here)."},
	{Name: "anti-entropy", Kind: sim.KnobTime, Default: "off", Words: []string{"off"}, Min: int64(100 * sim.Millisecond), Max: int64(sim.MaxTime),
		About: "Time between comparisons of hash trees with another replica (Dynamo section 4.7; Riak: every 15s; Cassandra: by hand)."},
	{Name: "sloppy", Kind: sim.KnobWord, Default: "off", Words: []string{"on", "off"},
		About: "Whether the next nodes in the ring stand in for primaries that are away (Dynamo section 4.6; Riak's sloppy_quorum: on)."},
}

var writeKnobs = []sim.Knob{
	{Name: "read-before-write", Kind: sim.KnobWord, Default: "off", Words: []string{"on", "off"},
		About: "Whether a write first asks a read's quorum for the latest stamp (Attiya, Bar-Noy and Dolev, JACM 1995; Lynch and Shvartsman 1997)."},
	{Name: "cas", Kind: sim.KnobWord, Default: "off", Words: []string{"paxos", "reads", "off"},
		About: "Whether clients may compare and set, by a round of Paxos for each (Cassandra's lightweight transactions); or only read at the levels of Paxos."},
}

// settings are what the knobs of a lane come to.
type settings struct {
	rules                       sim.Rules
	ring                        *ring
	r, w, pr, pw, confirms      int
	readLevel, writeLevel       string
	byPhi                       bool
	phi                         int64
	heartbeat, suspectAfter     sim.Time
	timeout, hintWindow         sim.Time
	antiEntropy, retryAfter     sim.Time // 0 for off, or at the percentile
	askFew, retryAtPercentile   bool
	blocking, noRepair          bool
	handoff, sloppy, readsFirst bool
	paxos, serialReads          bool
	product                     // what only presets set
	bugs                        bugs
}

func newSettings(cfg sim.Config) *settings {
	number := func(name string) int { return int(cfg.Numbers[name]) }
	span := func(name string) sim.Time { return sim.Time(cfg.Numbers[name]) }
	on := func(name string) bool { return cfg.Words[name] == "on" }
	return &settings{
		rules: sim.StoreRules(cfg), ring: newRing(cfg), r: number("r"), w: number("w"), pr: number("pr"), pw: number("pw"), confirms: number("node-confirms"),
		readLevel: cfg.Words["read-level"], writeLevel: cfg.Words["write-level"],
		byPhi: cfg.Words["detector"] == "phi", phi: cfg.Numbers["phi"],
		heartbeat: span("heartbeat"), suspectAfter: span("suspect-after"), timeout: span("timeout"), hintWindow: span("hint-window"),
		antiEntropy: span("anti-entropy"), retryAfter: span("speculative-retry"),
		retryAtPercentile: cfg.Words["speculative-retry"] == "99p", askFew: cfg.Words["read-fan-out"] == "r",
		blocking: cfg.Words["read-repair"] == "blocking", noRepair: cfg.Words["read-repair"] == "none",
		handoff: on("hinted-handoff"), sloppy: on("sloppy"), readsFirst: on("read-before-write"), paxos: cfg.Words["cas"] == "paxos", serialReads: cfg.Words["cas"] == "reads",
		product: newProduct(cfg),
	}
}

// check refuses what cannot be meant.
func check(cfg sim.Config) error {
	n := cfg.Numbers["n"]
	if n > int64(cfg.Nodes) {
		return fmt.Errorf("n=%d is more than the %d replicas", n, cfg.Nodes)
	}
	for _, name := range []string{"r", "w", "pr", "pw", "node-confirms"} {
		if v := cfg.Numbers[name]; v > n {
			return fmt.Errorf("%s=%d is more than n=%d", name, v, n)
		}
	}
	for _, name := range []string{"read-level", "write-level"} {
		if err := checkLevel(cfg, name, cfg.Words[name]); err != nil {
			return err
		}
	}
	if sim.Time(cfg.Numbers["suspect-after"]) < sim.Time(cfg.Numbers["heartbeat"]) && cfg.Words["detector"] == "timeout" {
		return fmt.Errorf("suspect-after=%s is less than heartbeat=%s: every replica would be taken for dead",
			sim.Time(cfg.Numbers["suspect-after"]), sim.Time(cfg.Numbers["heartbeat"]))
	}
	if sim.StoreRules(cfg).Conflict != sim.LastWriterWins {
		for _, knob := range []string{"cas", "read-before-write"} {
			if word := cfg.Words[knob]; word != "off" {
				return fmt.Errorf("%s=%s gives versions an order by stamp: it needs conflict=lww, not %s", knob, word, cfg.Words["conflict"])
			}
		}
	}
	return nil
}

// checkLevel refuses a level that no key, or not every one, can be asked for at.
func checkLevel(cfg sim.Config, knob, level string) error {
	n, regions := cfg.Numbers["n"], int64(slices.Max(cfg.RegionOf)+1)
	switch {
	case level == two && n < 2:
		return fmt.Errorf("%s=two needs two replicas, and n=1", knob)
	case level == three && n < 3:
		return fmt.Errorf("%s=three needs three replicas, and n=%d", knob, n)
	case cfg.Words["data-centres"] != "one" && (level == localQuorum || level == localOne || level == localSerial) && n < regions:
		return fmt.Errorf("%s=%s needs a replica in every region: n=%d leaves some of the %d regions without", knob, level, n, regions)
	case level == anyNode && knob == "read-level":
		return fmt.Errorf("read-level=any: a hint answers no read")
	case level == anyNode && cfg.Words["hinted-handoff"] != "on" && cfg.Words["sloppy"] != "on":
		return fmt.Errorf("write-level=any needs hinted-handoff=on or sloppy=on")
	case isSerial(level) && knob == "write-level":
		return fmt.Errorf("write-level=%s: only compare-and-set is serial, and always", level)
	case isSerial(level) && cfg.Words["cas"] == "off":
		return fmt.Errorf("read-level=%s needs cas=paxos", level)
	}
	return nil
}
