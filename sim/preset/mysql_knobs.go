package preset

import "netsplit/sim"

// mysqlKnobs are the settings of replication.
func mysqlKnobs() []Knob {
	return []Knob{
		{Knob: sim.Knob{Name: "rpl_semi_sync_source_enabled", Kind: sim.KnobWord, Default: "OFF", Words: []string{"OFF", "ON"},
			About: "Whether a commit waits until replicas have it in their relay logs (0 by default)."},
			To: "sync", Words: map[string]string{"OFF": "async", "ON": "semi"}, Source: mysqlSemiSync},
		{Knob: sim.Knob{Name: "rpl_semi_sync_source_timeout", Kind: sim.KnobTime, Default: "10s", Min: oneMS, Max: tenMinutes,
			About: "How long a commit waits; then the source waits for nobody any more, all who wait are answered, until a replica has caught up (10000 ms)."},
			To: "semi-timeout", Source: mysqlSemiSync},
		{Knob: sim.Knob{Name: "rpl_semi_sync_source_wait_for_replica_count", Kind: sim.KnobNumber, Default: "1", Min: 1, Max: sim.MaxNodes,
			About: "How many replicas a commit waits for."}, To: "k", Source: mysqlSemiSync},
		{Knob: sim.Knob{Name: "rpl_semi_sync_source_wait_point", Kind: sim.KnobWord, Default: "AFTER_SYNC", Words: []string{"AFTER_SYNC", "AFTER_COMMIT"},
			About: "Whether a commit waits before or after it is visible to all but its committer."},
			To: "wait-point", Words: map[string]string{"AFTER_SYNC": "after-sync", "AFTER_COMMIT": "after-commit"}, Source: mysqlSemiSync},
		{Knob: sim.Knob{Name: "rpl_semi_sync_source_wait_no_replica", Kind: sim.KnobWord, Default: "ON", Words: []string{"ON", "OFF"},
			About: "Whether commits wait for the timeout also once too few replicas are connected, or for nobody at once."},
			To: "wait-no-replica", Words: map[string]string{"ON": "on", "OFF": "off"}, Source: mysqlSource},
		{Knob: sim.Knob{Name: "rpl_semi_sync_replica_enabled", Kind: sim.KnobRegions,
			About: "The regions whose replicas acknowledge, in order of preference for failover_picks=first; by default all (a variable of each replica, 0 by default there)."},
			To: "standbys", Assumed: true},
		{Knob: sim.Knob{Name: "net_write_timeout", Kind: sim.KnobTime, Default: "60s", Min: oneMS, Max: tenMinutes,
			About: "How long a replica may be silent before the source takes it for disconnected."}, To: "sender-timeout", Source: mysqlServer},
		{Knob: sim.Knob{Name: "replica_net_timeout", Kind: sim.KnobTime, Default: "60s", Min: oneMS, Max: tenMinutes,
			About: "How long a source may be silent before its replica connects anew."}, To: "receiver-timeout", Source: mysqlReplica},
		{Knob: sim.Knob{Name: "SOURCE_DELAY", Kind: sim.KnobTime, Default: "0s", Max: tenMinutes,
			About: "How long a replica keeps a transaction before it applies it, here from its arrival on; it acknowledges it before."}, To: "apply-lag", Source: mysqlDelayed},
	}
}

// mysqlFailover are settings of the playground's: where the clients and the source are, and who replaces it.
func mysqlFailover() []Knob {
	return []Knob{
		{Knob: sim.Knob{Name: "source", Kind: sim.KnobRegion,
			About: "The region whose first server is the source when the run starts; the scenario's first where none is named."}, To: "primary", Assumed: true},
		{Knob: sim.Knob{Name: "routing", Kind: sim.KnobWord, Default: "source", Words: []string{"source", "nearby"},
			About: "Which server a client's session is with: the source, by way of the server nearby, or that one itself, which refuses writes if it is a replica."}, Assumed: true},
		{Knob: sim.Knob{Name: "crash_recovery", Kind: sim.KnobTime, Default: "5s", Max: tenMinutes,
			About: "What a server takes to recover after a crash before it takes connections."}, To: "start-time", Assumed: true},
		{Knob: sim.Knob{Name: "failover", Kind: sim.KnobWord, Default: "none", Words: []string{"none", "manual", "external"},
			About: "Who replaces a source: nobody (a server that is promoted has no replicas until they rejoin), an operator who points the other replicas at it, or a tool."},
			To: "failover", Words: map[string]string{"manual": "none", "external": "tool"}, Assumed: true},
		{Knob: sim.Knob{Name: "failover_tool", Kind: sim.KnobRegion,
			About: "The region on whose first machine the tool runs; by default the first that is not the source's."}, To: "tool-region", Assumed: true},
		{Knob: sim.Knob{Name: "InstancePollSeconds", Kind: sim.KnobTime, Default: "5s", Min: oneMS, Max: tenMinutes,
			About: "How often the tool looks at the source (Orchestrator)."}, To: "tool-every", Source: orchestratorPoll},
		{Knob: sim.Knob{Name: "failover_after", Kind: sim.KnobTime, Default: "10s", Min: oneMS, Max: tenMinutes,
			About: "After how long without an answer the tool replaces the source."}, To: "tool-after", Assumed: true},
		{Knob: sim.Knob{Name: "failover_picks", Kind: sim.KnobWord, Default: "most-advanced", Words: []string{"most-advanced", "first"},
			About: "Whom the tool makes the source: the replica with most of the log of those that answer, or the first of the list that does."}, To: "tool-picks", Assumed: true},
		{Knob: sim.Knob{Name: "fencing", Kind: sim.KnobWord, Default: "off", Words: []string{"off", "on"},
			About: "Whether a source that the tool may not hear makes itself read-only before the tool makes another."}, To: "fencing", Assumed: true},
	}
}
