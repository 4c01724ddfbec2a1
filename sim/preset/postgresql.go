package preset

import (
	"fmt"

	"netsplit/sim"
)

// postgresql is one primary and its streaming standbys, alone or under Patroni.
var postgresql = Preset{
	Name: "postgresql", Product: "PostgreSQL", Version: "17, with Patroni 4", Of: "primary",
	Configuration: "streaming replication; Patroni and its lease store where failover=patroni",
	Source:        "https://www.postgresql.org/docs/17/warm-standby.html",
	Knobs:         append(postgresqlKnobs(), patroniKnobs()...),
	Levels:        postgresqlLevels,
	Fixed:         map[string]string{"resets": "on", "rejoin": "read-only"},
	Translate:     postgresqlTranslate,
	Check:         postgresqlCheck,
	Says:          postgresqlSays,
	Configurations: []Configuration{
		{Name: "async", Title: "asynchronous, Patroni", Knobs: []string{"failover=patroni", "dcs=SECOND"}, About: "synchronous_standby_names is empty: commits wait for nobody."},
	},
	Simplified: []Simplification{
		{Text: "The log is a list of writes to registers: no transactions of several statements, no MVCC, no vacuum. A megabyte of log is taken for 1024 writes (maximum_lag_on_failover)."},
		{Text: "The lease store (DCS) is one linearizable service on the first machine of the region dcs, beside a replica or apart: where it stands decides who wins. Unless dcs names one it is the first region that is not the primary's."},
		{Text: "Promotion takes a second, a reset by the watchdog five, recovery after a crash crash_recovery; pg_rewind takes no time, and gives up all that its node had beyond the new primary's log, or nothing."},
		{Text: "Conflicts with recovery are left out, and so is max_standby_streaming_delay (30s); so are cascading and logical replication, slots and base backups. A standby is never behind what its primary has kept."},
		{Text: "crash is the machine's end, with its agent: a peer finds out by silence. exit is the end of all processes there, which their machine tells by resets. An agent that lives on beside a dead database is not modelled: primary_start_timeout counts from the restart."},
		{Text: "Every machine has a working watchdog, so watchdog=automatic and required come to the same; automatic does without where ttl leaves no time for it."},
		{Text: "A client talks to the server nearby. With target_session_attrs=read-write that hands its requests to the primary that it follows, as a proxy in its place would. statement_timeout does not end a wait for standbys, since PostgreSQL stops that clock before it commits; cancel does."},
		{Text: "Agents talk over the same connections as the log; a change of the synchronous standbys goes on as soon as it can, not with the next HA loop."},
	},
}

// postgresqlLevels are the article's words, then PostgreSQL's own: of writes the values of synchronous_commit, of reads
// the kinds of servers.
var postgresqlLevels = []Level{
	{Name: "strong", Read: "a read on the primary", Write: "synchronous_commit = remote_apply", ReadAs: "primary", WriteAs: "remote-apply",
		About: "The newest row that the primary knows, and a commit that the synchronous standbys show, if there are any. A primary that has been replaced and does not know it answers reads too."},
	{Name: "eventual", Read: "a read on a hot standby", Write: "synchronous_commit = local", ReadAs: "standby", WriteAs: "local",
		About: "What the server nearby has applied, however old; and a commit that only the primary's disk is sure to have."},
	{Name: "quorum", Read: "a read on the primary", Write: "synchronous_commit = on", ReadAs: "primary", WriteAs: "flush",
		About: "The synchronous standbys that synchronous_standby_names or Patroni asks for have flushed the commit; where none is asked for, nobody else has."},
	{Name: "off", Write: "synchronous_commit = off", WriteAs: "off", About: "Answered before anything is flushed: a crash loses the last wal_writer_delay or more, on a single server too."},
	{Name: "local", Write: "synchronous_commit = local", WriteAs: "local", About: "Flushed on the primary, whatever the standbys have."},
	{Name: "remote-write", Write: "synchronous_commit = remote_write", WriteAs: "remote-write",
		About: "The synchronous standbys have written it to their operating systems: lost where primary and standby crash."},
	{Name: "on", Write: "synchronous_commit = on", WriteAs: "flush", About: "The synchronous standbys have flushed it, and may not show it yet."},
	{Name: "remote-apply", Write: "synchronous_commit = remote_apply", WriteAs: "remote-apply",
		About: "The synchronous standbys show it: a read there finds it, for as long as they are synchronous."},
	{Name: "primary", Read: "a read on the primary", ReadAs: "primary", About: "What the primary shows; one that has been replaced and does not know it answers too."},
	{Name: "standby", Read: "a read on the server nearby", ReadAs: "standby", About: "What the server nearby has applied, however old; two such reads may go back in time."},
}

// postgresqlTranslate sets what depends on more than one knob.
func postgresqlTranslate(own, of sim.Config) {
	is := func(knob, word string) bool { return own.Words[knob] == word }
	if is("failover", "none") {
		of.Words["repoint"] = "off"
	}
	if is("target_session_attrs", "any") {
		of.Words["forward"], of.Words["reads"] = "off", "standby"
	}
	of.Numbers["max-lag"] = own.Numbers["maximum_lag_on_failover"] / bytesOfWrite
	if !is("failover", "patroni") {
		for _, knob := range []string{"watchdog", "failsafe", "sync-mode"} {
			of.Words[knob] = "off"
		}
		of.Words["keeper"], of.Regions["lease-region"] = "shared", -1
		return
	}
	if mode := own.Words["synchronous_mode"]; mode != "off" {
		of.Numbers["k"] = own.Numbers["synchronous_node_count"]
		switch strict := is("synchronous_mode_strict", "true"); {
		case strict && mode == "quorum":
			of.Words["sync-mode"] = "quorum-strict"
		case strict:
			of.Words["sync-mode"] = "strict"
		}
	}
	if is("watchdog", "automatic") && own.Numbers["ttl"]-own.Numbers["loop_wait"] <= int64(watchdogSafety) {
		of.Words["watchdog"] = "off"
	}
	if of.Regions["lease-region"] < 0 {
		of.Regions["lease-region"] = otherRegion(own, max(own.Regions["primary"], 0))
	}
}

const (
	bytesOfWrite   = 1024           // that a write is taken for
	watchdogSafety = 5 * sim.Second // Patroni's safety_margin
)

// otherRegion returns the first node that is not in another's region; that one itself where there is one region.
func otherRegion(cfg sim.Config, than sim.Addr) sim.Addr {
	for a, region := range cfg.RegionOf {
		if region != cfg.RegionOf[than] {
			return sim.Addr(a)
		}
	}
	return than
}

// postgresqlCheck refuses Patroni's settings without Patroni.
func postgresqlCheck(own sim.Config) error {
	if own.Words["failover"] == "patroni" {
		if own.Words["synchronous_mode"] == "off" && own.Words["synchronous_mode_strict"] == "true" {
			return fmt.Errorf("synchronous_mode_strict=true has no meaning with synchronous_mode=off")
		}
		if own.Words["synchronous_mode"] != "off" && own.Words["synchronous_standby_names"] != "none" {
			return fmt.Errorf("synchronous_mode=%s: Patroni writes synchronous_standby_names itself", own.Words["synchronous_mode"])
		}
		return nil
	}
	for _, k := range []struct{ name, off string }{{"synchronous_mode", "off"}, {"synchronous_mode_strict", "false"},
		{"failsafe_mode", "false"}, {"dcs_placement", "beside"}} {
		if v := own.Words[k.name]; v != k.off {
			return fmt.Errorf("%s=%s needs failover=patroni", k.name, v)
		}
	}
	if own.Regions["dcs"] >= 0 {
		return fmt.Errorf("dcs= needs failover=patroni")
	}
	return nil
}

// postgresqlSays writes what psql shows, with VERBOSITY verbose.
func postgresqlSays(op sim.Op, r sim.Result) string {
	switch r.Reason {
	case sim.ReasonReadOnly:
		return "ERROR: 25006: cannot execute UPDATE in a read-only transaction"
	case sim.ReasonNoLeader:
		if op.Kind == sim.Read {
			return "connection to server failed: session is read-only"
		}
		return "ERROR: 25006: cannot execute UPDATE in a read-only transaction"
	case sim.ReasonStopped:
		return "connection to server failed: Connection refused"
	case sim.ReasonRecovering:
		return "FATAL: 57P03: the database system is not accepting connections; Hot standby mode is disabled."
	case sim.ReasonEnded:
		return "WARNING: 57P01: canceling the wait for synchronous replication and terminating connection due to administrator command"
	case sim.ReasonAlone:
		return "WARNING: canceling wait for synchronous replication due to user request"
	}
	return ""
}
