package primary

import "netsplit/sim"

// The words of the knobs.
const (
	syncAsync = "async"
	syncFirst = "first"
	syncAny   = "any"
	syncSemi  = "semi"

	levelOff    = "off"
	levelLocal  = "local"
	levelWrite  = "remote-write"
	levelFlush  = "flush"
	levelApply  = "remote-apply"
	afterSync   = "after-sync"
	afterCommit = "after-commit"

	failoverNone  = "none"
	failoverLease = "lease"
	failoverTool  = "tool"

	on, off    = "on", "off"
	modeStrict = "strict"
	modeQuorum = "quorum"

	modeQuorumStrict = "quorum-strict"

	rejoinRewind  = "rewind"
	rejoinStayOut = "stay-out"

	rejoinReadOnly = "read-only"
	readsPrimary   = "primary"
	readsStandby   = "standby"
	keeperShared   = "shared"
	keeperApart    = "apart"
)

// The scales of the knobs that are times.
const (
	least = int64(sim.Millisecond)
	most  = int64(10 * 60 * sim.Second)
)

// knobs lists the settings. Where a default is not the product's, About says so.
func knobs() []sim.Knob {
	return []sim.Knob{
		{Name: "primary", Kind: sim.KnobRegion,
			About: "The region whose first node is the primary when the run starts; the scenario's first where none is named."},
		{Name: "sync", Kind: sim.KnobWord, Default: syncAsync, Words: []string{syncAsync, syncFirst, syncAny, syncSemi},
			About: "Whose acknowledgements a commit waits for: nobody's, those of the first k standbys in order or of any k " +
				"(PostgreSQL synchronous_standby_names; '' by default), or of any k until a timeout (MySQL rpl_semi_sync_source_enabled; 0)."},
		{Name: "k", Kind: sim.KnobNumber, Default: "1", Min: 1, Max: sim.MaxNodes,
			About: "How many standbys (PostgreSQL FIRST k and ANY k; MySQL rpl_semi_sync_source_wait_for_replica_count, 1; " +
				"Patroni synchronous_node_count, 1)."},
		{Name: "standbys", Kind: sim.KnobRegions,
			About: "The regions of the standbys that may count as synchronous, in order of priority (the list of " +
				"synchronous_standby_names); by default all, in the scenario's order."},
		{Name: "commit", Kind: sim.KnobWord, Default: levelFlush, Words: []string{levelOff, levelLocal, levelWrite, levelFlush, levelApply},
			About: "What a standby must have done with a commit; with off it is answered before it is flushed here (PostgreSQL synchronous_commit: off, local, remote_write, on, remote_apply; on)."},
		{Name: "semi-timeout", Kind: sim.KnobTime, Default: "10s", Min: least, Max: most,
			About: "How long a commit waits before the primary waits for nobody any more (MySQL rpl_semi_sync_source_timeout, 10000 ms)."},
		{Name: "wait-point", Kind: sim.KnobWord, Default: afterSync, Words: []string{afterSync, afterCommit},
			About: "Whether others see a commit once it is acknowledged or while it waits (MySQL rpl_semi_sync_source_wait_point, AFTER_SYNC)."},
		{Name: "sender-timeout", Kind: sim.KnobTime, Default: "60s", Min: least, Max: most, Words: []string{"never"},
			About: "How long a standby may be silent before its primary counts it out (PostgreSQL wal_sender_timeout, 60 s)."},
		{Name: "receiver-timeout", Kind: sim.KnobTime, Default: "60s", Min: least, Max: most, Words: []string{"never"},
			About: "How long a primary may be silent before its standby calls anew (PostgreSQL wal_receiver_timeout, 60 s)."},
		{Name: "status-interval", Kind: sim.KnobTime, Default: "10s", Min: least, Max: most,
			About: "How often a standby reports with nothing new (PostgreSQL wal_receiver_status_interval, 10 s)."},
		{Name: "write-delay", Kind: sim.KnobTime, Default: "0.315ms", Max: most,
			About: "What a standby takes to write what has arrived; assumed, see the package's comment."},
		{Name: "flush-delay", Kind: sim.KnobTime, Default: "0.27ms", Max: int64(sim.MaxDelay),
			About: "What a standby takes to flush what it has written, exponential, its mean; assumed."},
		{Name: "apply-delay", Kind: sim.KnobTime, Default: "0.094ms", Max: int64(sim.MaxDelay),
			About: "What a standby takes to apply what it has flushed, exponential, its mean; assumed."},
		{Name: "failover", Kind: sim.KnobWord, Default: failoverNone, Words: []string{failoverNone, failoverLease, failoverTool},
			About: "Who replaces a primary: nobody but an operator's promote (PostgreSQL and MySQL alone), whoever gets the lease (Patroni), or whom a tool outside chooses (Orchestrator)."},
		{Name: "lease-region", Kind: sim.KnobRegion,
			About: "The region whose first machine keeps the lease (Patroni's DCS, as one linearizable service)."},
		{Name: "keeper", Kind: sim.KnobWord, Default: keeperShared, Words: []string{keeperShared, keeperApart},
			About: "Whether the machine that keeps the lease holds a replica too or nothing else (a DCS beside the databases, or apart)."},
		{Name: "ttl", Kind: sim.KnobTime, Default: "30s", Min: least, Max: most,
			About: "How long the lease lasts after a renewal (Patroni ttl, 30)."},
		{Name: "loop", Kind: sim.KnobTime, Default: "10s", Min: least, Max: most,
			About: "How often a node looks at the lease, and its holder renews it (Patroni loop_wait, 10)."},
		{Name: "retry", Kind: sim.KnobTime, Default: "10s", Min: least, Max: most,
			About: "How long a node tries to reach the lease before a primary steps down (Patroni retry_timeout, 10)."},
		{Name: "max-lag", Kind: sim.KnobNumber, Default: "1000", Min: 0, Max: sim.MaxOps,
			About: "Writes that a candidate may be behind what the last holder published (Patroni maximum_lag_on_failover, 1048576 " +
				"bytes; a write is taken for about a kilobyte of log)."},
		{Name: "sync-mode", Kind: sim.KnobWord, Default: off, Words: []string{off, on, modeStrict, modeQuorum, modeQuorumStrict},
			About: "Whether the holder of the lease chooses the synchronous standbys, and only they may follow it (Patroni " +
				"synchronous_mode, off; synchronous_mode_strict)."},
		{Name: "failsafe", Kind: sim.KnobWord, Default: off, Words: []string{off, on},
			About: "Whether a primary that cannot reach the lease goes on while all other nodes acknowledge it (Patroni failsafe_mode, off)."},
		{Name: "watchdog", Kind: sim.KnobWord, Default: off, Words: []string{off, on},
			About: "Whether a timer resets a primary's machine 5 s before its lease ends unrenewed (Patroni watchdog; automatic there)."},
		{Name: "rejoin", Kind: sim.KnobWord, Default: rejoinRewind, Words: []string{rejoinRewind, rejoinStayOut, rejoinReadOnly},
			About: "Whether a node whose log has branched off gives the branch up, stays out, or stays out and answers reads from it (Patroni use_pg_rewind; false there)."},
		{Name: "reads", Kind: sim.KnobWord, Default: readsPrimary, Words: []string{readsPrimary, readsStandby},
			About: "Whether a standby hands reads to the primary or answers them itself (PostgreSQL hot_standby, on: by the client's choice)."},
		{Name: "forward", Kind: sim.KnobWord, Default: on, Words: []string{on, off},
			About: "Whether a standby hands writes to the primary that it follows, as a proxy before it would, or refuses them (PostgreSQL error 25006)."},
	}
}
