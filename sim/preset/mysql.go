package preset

import (
	"errors"

	"netsplit/sim"
)

// Where MySQL, and the tool that replaces its source, document themselves.
const (
	mysqlSemiSync    = "https://dev.mysql.com/doc/refman/8.4/en/replication-semisync-interface.html"
	mysqlSource      = "https://dev.mysql.com/doc/refman/8.4/en/replication-options-source.html"
	mysqlReplica     = "https://dev.mysql.com/doc/refman/8.4/en/replication-options-replica.html"
	mysqlServer      = "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html"
	mysqlDelayed     = "https://dev.mysql.com/doc/refman/8.4/en/replication-delayed.html"
	orchestratorPoll = "https://github.com/openark/orchestrator/blob/master/docs/configuration-discovery-basic.md"
)

// mysql is one source and its replicas, asynchronous or semi-synchronous.
var mysql = Preset{
	Name: "mysql", Product: "MySQL", Version: "8.0 and 8.4, which do not differ in what is modelled here", Of: "primary",
	Configuration: "asynchronous or semi-synchronous replication with GTIDs; a tool outside replaces the source where failover=external",
	Source:        "https://dev.mysql.com/doc/refman/8.4/en/replication.html",
	Knobs:         append(mysqlKnobs(), mysqlFailover()...),
	Fixed:         map[string]string{"resets": "on", "rejoin": "read-only"},
	Translate:     mysqlTranslate,
	Check:         mysqlCheck,
	Says:          mysqlSays,
	Verbs:         []sim.Verb{sim.VerbPromote, sim.VerbRejoin},
	Levels: []Level{
		{Name: "strong", Read: "a read on the source", Write: "as rpl_semi_sync_source_enabled says, for all writes alike", ReadAs: "primary",
			About: "The newest row that the source shows. A source that has been replaced and does not know it answers too, and takes writes."},
		{Name: "eventual", Read: "a read on the server nearby", Write: "as rpl_semi_sync_source_enabled says, for all writes alike", ReadAs: "standby",
			About: "What the server nearby has applied, however old: a replica acknowledges what is in its relay log."},
		{Name: "quorum", Read: "a read on the source", Write: "as rpl_semi_sync_source_enabled says, for all writes alike", ReadAs: "primary",
			About: "MySQL has no level for a single write: with semi-synchronous replication as many replicas as it waits for have it in their relay logs, unless the wait has timed out."},
		{Name: "source", Read: "a read on the source", ReadAs: "primary", About: "What the source shows."},
		{Name: "replica", Read: "a read on the server nearby", ReadAs: "standby", About: "What the server nearby has applied, however old."},
	},
	Simplified: []Simplification{
		{Text: "Who replaces a source is an external tool (Orchestrator, MHA, an operator); its rule is the playground's: how long it waits, whom it picks, whether a source fences itself. It asks the source alone, not its replicas, and does not hold back after a failover."},
		{Text: "fencing=on is a source that makes itself super_read_only when the tool cannot have heard of it for failover_after, and a tool that waits a second longer; a source that restarts is read-only until the tool appoints it."},
		{Text: "The binary log is a list of writes to registers; GTID sets are a prefix of it. sync_binlog and innodb_flush_log_at_trx_commit are 1. A server with transactions that the new source lacks stays out, and answers reads, until an operator has it rejoin, which gives them up in no time; without GTIDs or with conflicts that nobody sees it would go on diverged."},
		{Text: "Promotion takes a second, recovery after a crash crash_recovery; replicas point themselves at a source that an operator or the tool has made as soon as they hear of it, and call a silent one every five seconds, not every SOURCE_CONNECT_RETRY (60s)."},
		{Text: "Replicas are super_read_only. A client talks to the server nearby, which with routing=source hands its requests to the source that it follows, as a proxy in its place would."},
		{Text: "Lock waits do not time out (innodb_lock_wait_timeout, 50s). Semi-synchronous replication is on in the source from the start, and in the replicas that rpl_semi_sync_replica_enabled names."},
	},
}

// mysqlTranslate sets what depends on more than one knob.
func mysqlTranslate(own, of sim.Config) {
	if own.Words["failover"] == "none" {
		of.Words["repoint"] = "off"
	}
	if own.Words["routing"] == "nearby" {
		of.Words["forward"], of.Words["reads"] = "off", "standby"
	}
	if own.Words["failover"] == "external" && of.Regions["tool-region"] < 0 {
		of.Regions["tool-region"] = otherRegion(own, max(own.Regions["source"], 0))
	}
}

// mysqlCheck refuses the tool's settings without the tool.
func mysqlCheck(own sim.Config) error {
	if own.Words["failover"] != "external" && (own.Regions["failover_tool"] >= 0 || own.Words["fencing"] == "on") {
		return errors.New("failover_tool= and fencing=on need failover=external")
	}
	return nil
}

// mysqlSays writes what the client program shows.
func mysqlSays(op sim.Op, r sim.Result) string {
	switch r.Reason {
	case sim.ReasonReadOnly:
		return "ERROR 1290 (HY000): The MySQL server is running with the --super-read-only option so it cannot execute this statement"
	case sim.ReasonNoLeader:
		if op.Kind != sim.Read {
			return "ERROR 1290 (HY000): The MySQL server is running with the --super-read-only option so it cannot execute this statement"
		}
		return "ERROR 2003 (HY000): Can't connect to MySQL server"
	case sim.ReasonStopped:
		return "ERROR 2003 (HY000): Can't connect to MySQL server"
	case sim.ReasonEnded:
		return "ERROR 2013 (HY000): Lost connection to MySQL server during query"
	}
	return ""
}
