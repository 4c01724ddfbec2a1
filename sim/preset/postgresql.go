package preset

import "netsplit/sim"

// Where PostgreSQL and Patroni document themselves.
const (
	postgresReplication = "https://www.postgresql.org/docs/17/runtime-config-replication.html"
	postgresWAL         = "https://www.postgresql.org/docs/17/runtime-config-wal.html"
	patroniSettings     = "https://patroni.readthedocs.io/en/latest/dynamic_configuration.html"
)

// postgresql is one primary and its streaming standbys, alone or under Patroni.
var postgresql = Preset{
	Name: "postgresql", Product: "PostgreSQL", Version: "17, with Patroni 4", Of: "primary",
	Configuration: "streaming replication; Patroni and its lease store where failover=patroni",
	Source:        "https://www.postgresql.org/docs/17/warm-standby.html",
	Knobs: []Knob{
		{Knob: sim.Knob{Name: "synchronous_commit", Kind: sim.KnobWord, Default: "on", Words: []string{"local", "remote_write", "on", "remote_apply"},
			About: "What has been done with a commit when its client is answered: flushed here, or also written, flushed or applied by the synchronous standbys."},
			To: "commit", Words: map[string]string{"remote_write": "remote-write", "on": "flush", "remote_apply": "remote-apply"}, Source: postgresWAL},
		{Knob: sim.Knob{Name: "wal_sender_timeout", Kind: sim.KnobTime, Default: "60s", Min: int64(sim.Millisecond), Max: int64(600 * sim.Second), Words: []string{"never"},
			About: "How long a standby may be silent before its primary counts it out."},
			To: "sender-timeout", Source: postgresReplication},
		{Knob: sim.Knob{Name: "failover", Kind: sim.KnobWord, Default: "none", Words: []string{"none", "patroni"},
			About: "Who replaces a primary: nobody but an operator, who fences nobody, or Patroni."},
			To: "failover", Words: map[string]string{"patroni": "lease"}, Source: patroniSettings},
		{Knob: sim.Knob{Name: "dcs", Kind: sim.KnobRegion,
			About: "The region that keeps Patroni's lease: who cannot reach it cannot hold it."},
			To: "lease-region", Assumed: true},
	},
	Levels: []Level{
		{Name: "strong", Read: "a read on the primary", Write: "synchronous_commit = remote_apply", About: "The newest row that the primary knows. A primary that has been replaced and does not know it answers too."},
		{Name: "eventual", Read: "a read on a hot standby", Write: "synchronous_commit = local", About: "What the replica has applied, however old."},
		{Name: "quorum", Read: "a read on the primary", Write: "synchronous_commit = on", About: "The synchronous standbys that synchronous_standby_names asks for have flushed it."},
	},
	Configurations: []Configuration{
		{Name: "async", Title: "asynchronous, Patroni", Knobs: []string{"failover=patroni", "dcs=SECOND"}, About: "synchronous_standby_names is empty: commits wait for nobody."},
	},
	Simplified: []Simplification{
		{Text: "The lease store is one linearizable service on one machine of a region: who cannot reach that machine has no lease."},
	},
	Says: func(_ sim.Op, r sim.Result) string {
		switch r.Reason {
		case sim.ReasonReadOnly:
			return "ERROR 25006: cannot execute UPDATE in a read-only transaction"
		case sim.ReasonStopped:
			return "connection refused"
		case sim.ReasonAlone:
			return "WARNING: canceling wait for synchronous replication due to user request"
		}
		return ""
	},
}
