package preset

import "netsplit/sim"

// Where Spanner documents itself.
const (
	spannerPaper  = "https://www.usenix.org/system/files/conference/osdi12/osdi12-final-16.pdf"
	spannerPlaces = "https://cloud.google.com/spanner/docs/region-types"
	spannerBounds = "https://cloud.google.com/java/docs/reference/google-cloud-spanner/latest/com.google.cloud.spanner.TimestampBound"
)

// spanner is Google's Spanner: the protocol of the OSDI 2012 paper, placed as Cloud Spanner's instances are.
var spanner = Preset{
	Name: "spanner", Product: "Spanner", Version: "the OSDI 2012 paper, with Cloud Spanner's placement and reads", Of: "raft",
	Configuration: "single-split transactions; leader leases by votes, TrueTime, commit wait, reads by timestamp bound",
	Source:        spannerPaper,
	Knobs: []Knob{
		{Knob: sim.Knob{Name: "default_leader", Kind: sim.KnobRegion,
			About: "The region whose replicas lead while they are well; the scenario's first that is no witness region where none is named."},
			To: "leader", Source: spannerPlaces},
		{Knob: sim.Knob{Name: "witness_regions", Kind: sim.KnobRegions,
			About: "Regions whose replicas vote on leaders and commits, hold no data that can be read, and do not lead."},
			To: "witnesses", Source: spannerPlaces},
		{Knob: sim.Knob{Name: "splits", Kind: sim.KnobNumber, Default: "1", Min: 1, Max: 4,
			About: "How many ranges of keys there are, each a Paxos group of its own: keys that end in -1, -2 and so on, or are called x, y and so on, in turn."},
			To: "splits", Assumed: true},
		{Knob: sim.Knob{Name: "split_leaders", Kind: sim.KnobRegions,
			About: "The regions where the splits are led, in turn; by default all in default_leader."},
			To: "split-leaders", Assumed: true},
		{Knob: sim.Knob{Name: "lease", Kind: sim.KnobTime, Default: "10s", Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
			About: "How long a lease vote lasts; a leader's lease lasts while a majority's votes do."},
			To: "vote-lease", Source: spannerPaper},
		{Knob: sim.Knob{Name: "epsilon", Kind: sim.KnobTime, Default: "4ms", Min: 1, Max: int64(10 * sim.Second),
			About: "By how much TrueTime takes clocks to be wrong at most: the paper saw 1 to 7 ms, 4 ms most of the time. How wrong they are, skew and drift say."},
			To: "epsilon", Source: spannerPaper},
		{Knob: sim.Knob{Name: "commit_wait", Kind: sim.KnobWord, Default: "on", Words: []string{"on", "off"},
			About: "Whether a write is shown and acknowledged only when its timestamp has definitely passed. Spanner cannot do without."},
			To: "commit-wait", Source: spannerPaper},
		{Knob: sim.Knob{Name: "min_next_ts_period", Kind: sim.KnobTime, Default: "8s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "How often a leader promises that what it commits from here on has later timestamps: replicas of an idle split can serve reads as old."},
			To: "safe-every", Source: spannerPaper},
		{Knob: sim.Knob{Name: "min_next_ts_on_demand", Kind: sim.KnobWord, Default: "off", Words: []string{"on", "off"},
			About: "Whether a replica where a read waits asks the leader for that promise; the paper says that a leader may give it."},
			To: "safe-on-demand", Source: spannerPaper},
		{Knob: sim.Knob{Name: "timestamp_bound", Kind: sim.KnobWord, Default: "strong", Words: []string{"strong", "exact_staleness", "max_staleness"},
			About: "What reads ask of their timestamp for which no level is asked."},
			To: "read-bound", Words: map[string]string{"exact_staleness": "exact-staleness", "max_staleness": "max-staleness"}, Source: spannerBounds},
		{Knob: sim.Knob{Name: "staleness", Kind: sim.KnobTime, Default: "15s", Max: int64(sim.Hour),
			About: "With timestamp_bound=exact_staleness how old what is read is, and with max_staleness how old it may be at most."},
			To: "read-staleness", Assumed: true},
		{Knob: sim.Knob{Name: "lease_margin", Kind: sim.KnobTime, Default: "2s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "How near the end of its lease an idle leader asks for lease votes anew."},
			To: "lease-margin", Assumed: true},
		{Knob: sim.Knob{Name: "heartbeat", Kind: sim.KnobTime, Default: "100ms", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "How often a leader tells the others that it is there."},
			To: "heartbeat", Assumed: true},
		{Knob: sim.Knob{Name: "election_timeout", Kind: sim.KnobTime, Default: "1s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "How long a replica hears no leader until it would stand for election, if its lease vote leaves it free."},
			To: "election", Assumed: true},
		{Knob: sim.Knob{Name: "leader_returns", Kind: sim.KnobTime, Default: "10s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second), Words: []string{"never"},
			About: "For how long a replica in the default leader region has to be well until leadership goes back to it."},
			To: "return-after", Assumed: true},
	},
	Levels: []Level{
		{Name: "strong", Read: "TimestampBound.strong()", Write: "a read-write transaction", ReadAs: "linearizable",
			About: "All that was committed before the read began. It takes a leader with a lease, and hangs where there is none."},
		{Name: "eventual", Read: "TimestampBound.ofMaxStaleness(1 hour), the version retention period", Write: "a read-write transaction", ReadAs: "max-staleness-3600s",
			About: "A consistent state of the past, as new as the nearest replica has it: an hour old at most."},
		{Name: "quorum", Read: "TimestampBound.strong()", Write: "a read-write transaction", ReadAs: "linearizable",
			About: "A majority of the replicas that vote has a write before it is acknowledged; reads are strong."},
		{Name: "exact-staleness-TIME", Read: "TimestampBound.ofExactStaleness(TIME)",
			About: "The state of exactly so long ago, from the nearest replica; it waits until that replica has it."},
		{Name: "max-staleness-TIME", Read: "TimestampBound.ofMaxStaleness(TIME)",
			About: "The newest state that the nearest replica has, which is no older than that; it waits until there is one. Single reads only."},
		{Name: "read-timestamp-TIME", Read: "TimestampBound.ofReadTimestamp(TIME)",
			About: "The state at a time counted from the start of the run; the same whenever and wherever it is asked for."},
		{Name: "min-read-timestamp-TIME", Read: "TimestampBound.ofMinReadTimestamp(TIME)",
			About: "The newest state that the nearest replica has, which is that of a time counted from the start or a later one. Single reads only."},
	},
	Simplified: []Simplification{
		{Text: "Transactions are of one key: there is no two-phase commit, and no read waits for a prepared transaction. A snapshot of several splits is made of reads at one read timestamp."},
		{Text: "Each split's Paxos is etcd's Raft, one log in order, with Spanner's lease votes on it. A witness that alone has a log's end leads for as long as it takes to hand over, where Paxos would fetch it."},
		{Text: "How long elections and the return of leadership take, how requests find the leader, and what clients try again are assumptions: nobody publishes them. A replica asks again every 0.5 s until the client's deadline, which is the workload's timeout."},
		{Text: "What Cloud Spanner's inside has become since 2012 is not public."},
		{Text: "epsilon is a figure that is set, not measured, and does not change as the paper's sawtooth does."},
		{Text: "Old versions are never collected, so that no read is refused for being older than the version retention period."},
		{Text: "A disk that is wiped stands for a zone's whole file system: the replica is taken in anew, by the members, before it votes."},
	},
	Verbs: []sim.Verb{sim.VerbTransfer},
	Says:  spannerSays,
}

// spannerSays is what a client of Cloud Spanner reads.
func spannerSays(op sim.Op, r sim.Result) string {
	switch {
	case r.Outcome == sim.OK && (op.Kind == sim.Read || !r.Applied) && r.At != 0:
		return "read_timestamp: " + r.At.String()
	case r.Outcome == sim.OK && r.At != 0:
		return "commit_timestamp: " + r.At.String()
	case r.Reason == sim.ReasonTimeout:
		return "DEADLINE_EXCEEDED"
	case r.Reason == sim.ReasonLevel:
		return "INVALID_ARGUMENT: no such timestamp bound"
	case r.Reason == sim.ReasonUnsupported:
		return "UNIMPLEMENTED: no such operation"
	case r.Outcome == sim.Fail:
		return "UNAVAILABLE"
	}
	return ""
}
