package preset

import "netsplit/sim"

// Where PostgreSQL and Patroni document themselves.
const (
	postgresReplication = "https://www.postgresql.org/docs/17/runtime-config-replication.html"
	postgresWAL         = "https://www.postgresql.org/docs/17/runtime-config-wal.html"
	patroniSettings     = "https://patroni.readthedocs.io/en/latest/dynamic_configuration.html"
	patroniWatchdog     = "https://patroni.readthedocs.io/en/latest/watchdog.html"
)

const (
	tenMinutes = int64(600 * sim.Second)
	oneMS      = int64(sim.Millisecond)
)

// postgresqlKnobs are PostgreSQL's own settings, and where its clients and its primary are.
func postgresqlKnobs() []Knob {
	return []Knob{
		{Knob: sim.Knob{Name: "synchronous_commit", Kind: sim.KnobWord, Default: "on", Words: []string{"off", "local", "remote_write", "on", "remote_apply"},
			About: "What has been done with a commit when its client is answered: nothing, flushed here, or also written, flushed or applied by the synchronous standbys."},
			To: "commit", Words: map[string]string{"remote_write": "remote-write", "on": "flush", "remote_apply": "remote-apply"}, Source: postgresWAL},
		{Knob: sim.Knob{Name: "synchronous_standby_names", Kind: sim.KnobWord, Default: "none", Words: []string{"none", "FIRST", "ANY"},
			About: "Which standbys a commit waits for: none, the first num_sync of standby_name that are connected, or any num_sync of them."},
			To: "sync", Words: map[string]string{"none": "async", "FIRST": "first", "ANY": "any"}, Source: postgresReplication},
		{Knob: sim.Knob{Name: "num_sync", Kind: sim.KnobNumber, Default: "1", Min: 1, Max: sim.MaxNodes,
			About: "How many standbys: the number in FIRST num_sync (...) and ANY num_sync (...)."}, To: "k", Source: postgresReplication},
		{Knob: sim.Knob{Name: "standby_name", Kind: sim.KnobRegions,
			About: "The regions of the standbys in the list of synchronous_standby_names, in order of priority; by default all (*)."}, To: "standbys", Source: postgresReplication},
		{Knob: sim.Knob{Name: "wal_sender_timeout", Kind: sim.KnobTime, Default: "60s", Min: oneMS, Max: tenMinutes, Words: []string{"never"},
			About: "How long a standby may be silent before its primary counts it out; never is PostgreSQL's 0."}, To: "sender-timeout", Source: postgresReplication},
		{Knob: sim.Knob{Name: "wal_receiver_timeout", Kind: sim.KnobTime, Default: "60s", Min: oneMS, Max: tenMinutes, Words: []string{"never"},
			About: "How long a primary may be silent before its standby calls anew; never is PostgreSQL's 0."}, To: "receiver-timeout", Source: postgresReplication},
		{Knob: sim.Knob{Name: "wal_receiver_status_interval", Kind: sim.KnobTime, Default: "10s", Min: oneMS, Max: tenMinutes,
			About: "How often a standby reports with nothing new."}, To: "status-interval", Source: postgresReplication},
		{Knob: sim.Knob{Name: "wal_writer_delay", Kind: sim.KnobTime, Default: "200ms", Min: oneMS, Max: int64(10 * sim.Second),
			About: "With synchronous_commit=off, how long after a commit was answered it is flushed."}, To: "writer-delay", Source: postgresWAL},
		{Knob: sim.Knob{Name: "hot_standby", Kind: sim.KnobWord, Default: "on", Words: []string{"on", "off"},
			About: "Whether clients can connect to a standby, and read."}, To: "hot-standby", Source: postgresReplication},
		{Knob: sim.Knob{Name: "recovery_min_apply_delay", Kind: sim.KnobTime, Default: "0s", Max: tenMinutes,
			About: "How long a standby keeps a commit before it applies it, here from its arrival on."}, To: "apply-lag", Source: postgresReplication},
		{Knob: sim.Knob{Name: "target_session_attrs", Kind: sim.KnobWord, Default: "read-write", Words: []string{"any", "read-write"},
			About: "Which server a client's session is with (libpq, where any is the default): the one nearby, which refuses writes if it is a standby, or the primary, by way of the one nearby."}, Assumed: true},
		{Knob: sim.Knob{Name: "primary", Kind: sim.KnobRegion,
			About: "The region whose first server is the primary when the run starts; the scenario's first where none is named."}, To: "primary", Assumed: true},
		{Knob: sim.Knob{Name: "crash_recovery", Kind: sim.KnobTime, Default: "5s", Max: tenMinutes,
			About: "What a server takes to recover after a crash before it takes connections."}, To: "start-time", Assumed: true},
		{Knob: sim.Knob{Name: "failover", Kind: sim.KnobWord, Default: "none", Words: []string{"none", "manual", "patroni"},
			About: "Who replaces a primary: nobody (pg_promote makes a primary of one server, and no other follows it until it rejoins), an operator whose promote also points the other standbys at it, or Patroni. None but Patroni's own rules fences the old one."},
			To: "failover", Words: map[string]string{"manual": "none", "patroni": "lease"}, Assumed: true},
	}
}

// patroniKnobs are Patroni's settings; they have a meaning with failover=patroni alone.
func patroniKnobs() []Knob {
	return append([]Knob{
		{Knob: sim.Knob{Name: "dcs", Kind: sim.KnobRegion,
			About: "The region that keeps Patroni's leader key: who cannot reach it cannot hold it."},
			To: "lease-region", Assumed: true},
		{Knob: sim.Knob{Name: "dcs_placement", Kind: sim.KnobWord, Default: "beside", Words: []string{"beside", "apart"},
			About: "Whether the machine of the lease store holds a server too, or nothing else."},
			To: "keeper", Words: map[string]string{"beside": "shared"}, Assumed: true},
		{Knob: sim.Knob{Name: "ttl", Kind: sim.KnobTime, Default: "30s", Min: oneMS, Max: tenMinutes,
			About: "How long the leader key lasts after a renewal."}, To: "ttl", Source: patroniSettings},
		{Knob: sim.Knob{Name: "loop_wait", Kind: sim.KnobTime, Default: "10s", Min: oneMS, Max: tenMinutes,
			About: "How long the HA loop sleeps; the leader renews its key with each."}, To: "loop", Source: patroniSettings},
		{Knob: sim.Knob{Name: "retry_timeout", Kind: sim.KnobTime, Default: "10s", Min: oneMS, Max: tenMinutes,
			About: "How long an agent tries to reach the lease store before a leader demotes itself."}, To: "retry", Source: patroniSettings},
		{Knob: sim.Knob{Name: "maximum_lag_on_failover", Kind: sim.KnobNumber, Default: "1048576", Max: sim.MaxOps * bytesOfWrite,
			About: "Bytes of log that a candidate may be behind what the leader published last."}, Source: patroniSettings},
		{Knob: sim.Knob{Name: "primary_race_backoff", Kind: sim.KnobTime, Default: "0s", Max: tenMinutes,
			About: "How long a standby does not stand while it still receives log from the primary."}, To: "race-backoff", Source: patroniSettings},
		{Knob: sim.Knob{Name: "primary_start_timeout", Kind: sim.KnobTime, Default: "300s", Max: tenMinutes,
			About: "How long a leader may recover after a crash before it gives its key up; 0s prefers failing over."}, To: "start-timeout", Source: patroniSettings},
		patroniBool("check_timeline", "Whether a node on an older timeline than the leader's does not stand.", "check-timeline", "off", "on"),
		patroniBool("use_pg_rewind", "Whether a server whose log has branched off is rewound to follow; else it stays out, and answers reads from what it has, until an operator has it rejoin.", "rejoin", "read-only", "rewind"),
	}, patroniSafety()...)
}

// patroniSafety are those of Patroni's settings that say when a write may be lost, and two leaders stand side by side.
func patroniSafety() []Knob {
	return []Knob{
		{Knob: sim.Knob{Name: "synchronous_mode", Kind: sim.KnobWord, Default: "off", Words: []string{"off", "on", "quorum"},
			About: "Whether the leader chooses its synchronous standbys, and none but they, or with quorum a server that finds enough of them no further, may follow it."},
			To: "sync-mode", Source: patroniSettings},
		patroniBool("synchronous_mode_strict", "Whether commits wait also when there is no synchronous standby.", "", "", ""),
		{Knob: sim.Knob{Name: "synchronous_node_count", Kind: sim.KnobNumber, Default: "1", Min: 1, Max: sim.MaxNodes,
			About: "How many synchronous standbys the leader keeps, or must hear from."}, Source: patroniSettings},
		patroniBool("failsafe_mode", "Whether a leader that cannot reach the lease store goes on while all other members answer it.", "failsafe", "off", "on"),
		{Knob: sim.Knob{Name: "watchdog", Kind: sim.KnobWord, Default: "automatic", Words: []string{"off", "automatic", "required"},
			About: "Whether a watchdog resets a leader's machine 5 s before its key can end (safety_margin)."},
			To: "watchdog", Words: map[string]string{"automatic": "on", "required": "on"}, Source: patroniWatchdog},
	}
}

// patroniBool is a setting that is true or false, false by default.
func patroniBool(name, about, to, no, yes string) Knob {
	return Knob{Knob: sim.Knob{Name: name, Kind: sim.KnobWord, Default: "false", Words: []string{"false", "true"}, About: about},
		To: to, Words: map[string]string{"false": no, "true": yes}, Source: patroniSettings}
}
