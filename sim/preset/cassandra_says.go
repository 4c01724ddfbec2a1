package preset

import (
	"fmt"

	"netsplit/sim"
)

// cassandraSays writes an error as the native protocol carries it, with its code (native_protocol_v5.spec, section 9).
func cassandraSays(op sim.Op, r sim.Result) string {
	switch {
	case r.Reason == sim.ReasonTooFewLive:
		return fmt.Sprintf("Unavailable required=%d alive=%d (0x1000)", r.Need, r.Have)
	case r.Reason == sim.ReasonLevel && op.Kind == sim.Read:
		return "Invalid: ANY ConsistencyLevel is only supported for writes (0x2200)"
	case r.Reason == sim.ReasonLevel:
		return "Invalid: You must use conditional updates for serializable writes (0x2200)"
	case r.Reason == sim.ReasonContended:
		return fmt.Sprintf("CAS_WRITE_UNKNOWN received=%d blockfor=%d (0x1700)", r.Have, r.Need)
	case r.Reason != sim.ReasonTimeout:
		return ""
	case r.Need == 0: // no coordinator has said so: the client has waited in vain
		return "OperationTimedOut"
	case op.Kind == sim.Read:
		return fmt.Sprintf("Read_timeout received=%d blockfor=%d data_present=%t (0x1200)", r.Have, r.Need, r.Stage == "data")
	}
	kind := "SIMPLE"
	if op.Kind == sim.CompareAndSet && r.Stage != "commit" {
		kind = "CAS"
	}
	return fmt.Sprintf("Write_timeout received=%d blockfor=%d writeType=%s (0x1100)", r.Have, r.Need, kind)
}

// cassandraLevels are the words of the article, then Cassandra's own.
var cassandraLevels = []Level{
	{Name: "strong", Read: "SERIAL", Write: "QUORUM", ReadAs: "serial", WriteAs: "quorum",
		About: "A read by Paxos, which finishes what it finds begun: linearizable as long as all writes are lightweight transactions; a plain write is ordered by its timestamp alone."},
	{Name: "eventual", Read: "ONE", Write: "ONE", ReadAs: "one", WriteAs: "one",
		About: "What one replica holds, however old; a write is told to all replicas, and acknowledged by one."},
	{Name: "quorum", Read: "QUORUM", Write: "QUORUM", ReadAs: "quorum", WriteAs: "quorum",
		About: "More than half of all replicas: a read meets every acknowledged write, but which of two writes stays their timestamps say, whichever came last."},
	{Name: "one", Read: "ONE", Write: "ONE", ReadAs: "one", WriteAs: "one", About: "One replica, anywhere."},
	{Name: "two", Read: "TWO", Write: "TWO", ReadAs: "two", WriteAs: "two", About: "Two replicas, anywhere."},
	{Name: "three", Read: "THREE", Write: "THREE", ReadAs: "three", WriteAs: "three", About: "Three replicas, anywhere."},
	{Name: "local-one", Read: "LOCAL_ONE", Write: "LOCAL_ONE", ReadAs: "local-one", WriteAs: "local-one", About: "One replica of the coordinator's data centre."},
	{Name: "local-quorum", Read: "LOCAL_QUORUM", Write: "LOCAL_QUORUM", ReadAs: "local-quorum", WriteAs: "local-quorum",
		About: "More than half of the replicas in the coordinator's data centre: between data centres it promises nothing."},
	{Name: "each-quorum", Read: "EACH_QUORUM", Write: "EACH_QUORUM", ReadAs: "each-quorum", WriteAs: "each-quorum",
		About: "More than half of the replicas in every data centre: one that is away is enough to stop it."},
	{Name: "all", Read: "ALL", Write: "ALL", ReadAs: "all", WriteAs: "all", About: "All replicas: one that is away is enough to stop it."},
	{Name: "any", Write: "ANY", ReadAs: "any", WriteAs: "any", About: "Of writes alone: a hint at the coordinator will do, which nobody can read."},
	{Name: "serial", Read: "SERIAL", ReadAs: "serial", WriteAs: "serial",
		About: "Of reads and lightweight transactions: by Paxos among all replicas. A plain write at it is refused."},
	{Name: "local-serial", Read: "LOCAL_SERIAL", ReadAs: "local-serial", WriteAs: "local-serial",
		About: "Likewise, among the replicas of the coordinator's data centre: two data centres do not agree with each other."},
}

var cassandraSimplified = []Simplification{
	{Text: "A table has one cell a row, whose value is a number; no ranges, batches, batchlog, counters or materialized views. Rows of several cells, each of which resolves alone, do not exist here."},
	{Text: "A fixed ring: no vnodes of uneven size, nobody joins or leaves, and racks do not exist: neighbours in the ring are in different regions. Snitches know regions, not latencies: a read asks the coordinator, if it holds the row, then replicas of its region, then the next in the ring."},
	{Text: "Each pair of nodes exchanges a heartbeat every second, as often as Cassandra gossips, judged by the phi formula; Cassandra's travel by way of others (gossip), so that a node cut off from one peer alone does not take it for down."},
	{Text: "Versions are compared where Cassandra compares digests, so that a mismatch costs no further round of full reads. Reads by Paxos need no digests there either."},
	{Text: "A tombstone is forgotten as soon as gc_grace_seconds have passed, on each replica by its own clock; Cassandra forgets it at a later compaction. Compaction and its timing are not modelled."},
	{Text: "Repair compares two replicas at a time, all their rows, at an interval (repair=); nodetool repair and its schedulers take a range and all its replicas, and incremental repair does not exist here. Nobody joins, so that no pending replica adds to what a write waits for."},
	{Text: "A run lasts an hour at most: max_hint_window (3 h) and gc_grace_seconds (10 days) never pass in it at their defaults, and a story of what follows sets less."},
	{Text: "Paxos v1 alone (paxos_variant v2 needs two round trips, and repairs by itself); Accord, of Cassandra 6, is not modelled."},
	{Text: "Timestamps of drivers (timestamps=client) are never wrong: skew is of nodes' clocks, ahead by an hour or behind by a minute at most, and shows with timestamps=coordinator."},
	{Text: "Hints and promises of Paxos are synced as the commit log is. With commitlog_sync=periodic a machine that loses its power (crash) loses what was not synced, and a process that ends (exit) does not: its commit log is mapped into memory, as by default, neither compressed nor encrypted."},
	{Text: "A coordinator gives up 0.1 s before its client would, where that is earlier than its own timeout, so that the client reads its error."},
	{Text: "Messages between nodes are lost for good where a connection of Cassandra's would send them again for as long as the request's timeout; nothing that comes late is dropped for its age."},
	{Text: "Replicas never answer with an error of their own: Write_failure (0x1500), Read_failure (0x1300) and Overloaded (0x1001) do not occur. Values are compared as numbers where timestamps tie; Cassandra compares their bytes, which differs for negative ones."},
}
