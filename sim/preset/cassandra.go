package preset

import (
	"fmt"

	"netsplit/sim"
)

// Where Cassandra and its Java driver document themselves.
const (
	cassandraYAML     = "https://github.com/apache/cassandra/blob/cassandra-5.0/conf/cassandra.yaml"
	cassandraConfig   = "https://github.com/apache/cassandra/blob/cassandra-5.0/src/java/org/apache/cassandra/config/Config.java"
	cassandraTable    = "https://github.com/apache/cassandra/blob/cassandra-5.0/src/java/org/apache/cassandra/schema/TableParams.java"
	cassandraDynamo   = "https://cassandra.apache.org/doc/5.0/cassandra/architecture/dynamo.html"
	cassandraHints    = "https://cassandra.apache.org/doc/5.0/cassandra/managing/operating/hints.html"
	cassandraRepair   = "https://cassandra.apache.org/doc/5.0/cassandra/managing/operating/read_repair.html"
	cassandraCQL      = "https://cassandra.apache.org/doc/5.0/cassandra/developing/cql/dml.html"
	cassandraDriver   = "https://docs.datastax.com/en/developer/java-driver/4.17/manual/core/configuration/reference/"
	cassandraGossiper = "https://github.com/apache/cassandra/blob/cassandra-5.0/src/java/org/apache/cassandra/gms/Gossiper.java"
)

// cassandraWords are Cassandra's consistency levels as the scenario language writes them.
var (
	cassandraReads  = []string{"local-one", "one", "two", "three", "quorum", "local-quorum", "each-quorum", "all", "serial", "local-serial"}
	cassandraWrites = []string{"local-one", "any", "one", "two", "three", "quorum", "local-quorum", "each-quorum", "all"}
)

// cassandra is a cluster of one table of single cells, whose coordinators are asked by drivers.
var cassandra = Preset{
	Name: "cassandra", Product: "Cassandra", Version: "5.0", Of: "quorum",
	Configuration: "one table; every region is a rack of one data centre, or a data centre of its own (endpoint_snitch)",
	Source:        cassandraDynamo,
	Knobs:         append(cassandraCluster, cassandraTimes...),
	Levels:        cassandraLevels,
	Fixed: map[string]string{"detector": "phi", "heartbeat": "1s", "read-fan-out": "r", "late-answers": "ignore", "send-to-dead": "off",
		"timeout": "2s"},
	Translate:  cassandraSettings,
	Check:      checkCassandra,
	Says:       cassandraSays,
	Simplified: cassandraSimplified,
}

// cassandraCluster are the knobs of keyspace, table and driver.
var cassandraCluster = []Knob{
	{Knob: sim.Knob{Name: "replication_factor", Kind: sim.KnobNumber, Default: "3", Min: 1, Max: sim.MaxNodes,
		About: "Replicas of each row: in all with one data centre, in each with several."}, Source: cassandraDynamo},
	{Knob: sim.Knob{Name: "endpoint_snitch", Kind: sim.KnobWord, Default: "SimpleSnitch", Words: []string{"SimpleSnitch", "Ec2MultiRegionSnitch"},
		About: "What is a data centre: all regions together, with replicas spread over them, or each region (NetworkTopologyStrategy)."},
		To: "data-centres", Words: map[string]string{"SimpleSnitch": "one", "Ec2MultiRegionSnitch": "regions"}, Source: cassandraYAML},
	{Knob: sim.Knob{Name: "read_consistency", Kind: sim.KnobWord, Default: "local-one", Words: cassandraReads,
		About: "The consistency level of a read that names none (the driver's basic.request.consistency, LOCAL_ONE)."}, To: "read-level", Source: cassandraDriver},
	{Knob: sim.Knob{Name: "write_consistency", Kind: sim.KnobWord, Default: "local-one", Words: cassandraWrites,
		About: "The consistency level of a write that names none, and of the commit of a lightweight transaction (likewise)."}, To: "write-level", Source: cassandraDriver},
	{Knob: sim.Knob{Name: "serial_consistency", Kind: sim.KnobWord, Default: "serial", Words: []string{"serial", "local-serial"},
		About: "Whose replicas vote on a lightweight transaction (the driver's basic.request.serial-consistency, SERIAL)."}, To: "serial-level", Source: cassandraDriver},
	{Knob: sim.Knob{Name: "lightweight_transactions", Kind: sim.KnobWord, Default: "off", Words: []string{"on", "off"},
		About: "Whether a client that has read a row writes it with IF and what it found, rather than plainly."},
		To: "cas", Words: map[string]string{"on": "paxos", "off": "reads"}, Source: cassandraCQL},
	{Knob: sim.Knob{Name: "paxos_variant", Kind: sim.KnobWord, Default: "v1", Words: []string{"v1"},
		About: "How a lightweight transaction is agreed on: prepare, read, propose and commit, four round trips."}, Source: cassandraConfig},
	{Knob: sim.Knob{Name: "timestamps", Kind: sim.KnobWord, Default: "client", Words: []string{"client", "coordinator"},
		About: "Whose clock stamps a write: the driver's, or where it leaves that out the coordinator's."}, To: "clock", Source: cassandraDynamo},
	{Knob: sim.Knob{Name: "read_repair", Kind: sim.KnobWord, Default: "BLOCKING", Words: []string{"BLOCKING", "NONE"},
		About: "Whether a read brings those that it has asked up to date before it answers, which makes quorum reads monotonic."},
		To: "read-repair", Words: map[string]string{"BLOCKING": "blocking", "NONE": "none"}, Source: cassandraRepair},
	{Knob: sim.Knob{Name: "speculative_retry", Kind: sim.KnobTime, Default: "99p", Words: []string{"99p", "never"}, Min: 1, Max: int64(60 * sim.Second),
		About: "When a read asks one replica more than it needs: after the 99th percentile of reads, or after a time."},
		To: "speculative-retry", Words: map[string]string{"never": "off"}, Source: cassandraTable},
	{Knob: sim.Knob{Name: "additional_write_policy", Kind: sim.KnobTime, Default: "99p", Words: []string{"99p", "never"}, Min: 1, Max: int64(60 * sim.Second),
		About: "When a read that waits for a repair sends it to the replicas that it has not asked: after the 99th percentile of writes, or after a time."},
		To: "repair-retry", Words: map[string]string{"never": "off"}, Source: cassandraTable},
	{Knob: sim.Knob{Name: "gc_grace_seconds", Kind: sim.KnobNumber, Default: "864000", Min: 0, Max: 864000,
		About: "Seconds that a tombstone is kept: 10 days, longer than any run here, so that a story of what comes back sets less."}, Source: cassandraTable},
}

// cassandraTimes are the knobs of cassandra.yaml.
var cassandraTimes = []Knob{
	{Knob: sim.Knob{Name: "read_request_timeout", Kind: sim.KnobTime, Default: "5s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a coordinator waits for replicas to read."}, To: "read-timeout", Source: cassandraConfig},
	{Knob: sim.Knob{Name: "write_request_timeout", Kind: sim.KnobTime, Default: "2s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a coordinator waits for replicas to write, and to vote on a lightweight transaction; then it keeps hints."}, To: "timeout", Source: cassandraConfig},
	{Knob: sim.Knob{Name: "cas_contention_timeout", Kind: sim.KnobTime, Default: "1.8s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a lightweight transaction tries again against others of the same row."}, To: "cas-timeout", Source: cassandraConfig},
	{Knob: sim.Knob{Name: "hinted_handoff_enabled", Kind: sim.KnobWord, Default: "true", Words: []string{"true", "false"},
		About: "Whether a coordinator keeps what a replica has missed, and sends it on when that is up again."},
		To: "hinted-handoff", Words: map[string]string{"true": "on", "false": "off"}, Source: cassandraHints},
	{Knob: sim.Knob{Name: "max_hint_window", Kind: sim.KnobTime, Default: "3h", Words: []string{"3h"}, Min: 1, Max: int64(sim.MaxTime),
		About: "A replica that has been down for longer gets no new hints: 3 h, longer than any run here, so that a story of what is missed sets less."}, To: "hint-window", Source: cassandraHints},
	{Knob: sim.Knob{Name: "phi_convict_threshold", Kind: sim.KnobNumber, Default: "8", Min: 5, Max: 16,
		About: "How improbable a node's silence must be for it to be marked down: 8 is 18.4 mean intervals between heartbeats, which come every second."}, To: "phi", Source: cassandraConfig},
	{Knob: sim.Knob{Name: "commitlog_sync", Kind: sim.KnobWord, Default: "periodic", Words: []string{"periodic", "batch", "group"},
		About: "When a replica acknowledges: at once, so that a crash loses what has come since the last sync; or once it is on disk, alone or with others."},
		To: "commit-log", Source: cassandraYAML},
	{Knob: sim.Knob{Name: "commitlog_sync_period", Kind: sim.KnobTime, Default: "10s", Min: int64(sim.Millisecond), Max: int64(600 * sim.Second),
		About: "Time between syncs of the commit log with commitlog_sync=periodic."}, Source: cassandraYAML},
	{Knob: sim.Knob{Name: "commitlog_sync_group_window", Kind: sim.KnobTime, Default: "1s", Min: int64(sim.Millisecond), Max: int64(600 * sim.Second),
		About: "Time between syncs of the commit log with commitlog_sync=group."}, Source: cassandraYAML},
}

// cassandraSettings finishes what the names of the knobs do not say.
func cassandraSettings(own, of sim.Config) {
	replicas := own.Numbers["replication_factor"]
	if own.Words["endpoint_snitch"] != "SimpleSnitch" {
		replicas *= int64(len(perRegion(own)))
	}
	of.Numbers["n"] = replicas
	of.Numbers["r"], of.Numbers["w"] = min(replicas, 2), min(replicas, 2) // the levels stand in their place
	of.Numbers["grace"] = max(own.Numbers["gc_grace_seconds"]*int64(sim.Second), 1)
	if own.Words["max_hint_window"] != "" {
		of.Numbers["hint-window"] = int64(3 * sim.Hour)
	}
	of.Numbers["commit-every"] = own.Numbers["commitlog_sync_period"]
	if own.Words["commitlog_sync"] == "group" {
		of.Numbers["commit-every"] = own.Numbers["commitlog_sync_group_window"]
	}
}

// perRegion returns how many nodes each region has.
func perRegion(cfg sim.Config) map[int]int {
	nodes := map[int]int{}
	for _, region := range cfg.RegionOf {
		nodes[region]++
	}
	return nodes
}

// checkCassandra refuses a keyspace that its data centres cannot hold. Cassandra takes it, and refuses all that is asked of it.
func checkCassandra(own sim.Config) error {
	if own.Words["endpoint_snitch"] == "SimpleSnitch" {
		return nil
	}
	rf := int(own.Numbers["replication_factor"])
	for a, region := range own.RegionOf {
		if nodes := perRegion(own)[region]; nodes < rf {
			return fmt.Errorf("replication_factor=%d: the data centre of %s has %d nodes", rf, own.Names[a], nodes)
		}
	}
	return nil
}
