package preset

import (
	"fmt"
	"strings"

	"netsplit/sim"
)

// Where Group Replication documents itself.
const (
	groupVariables   = "https://dev.mysql.com/doc/refman/8.4/en/group-replication-system-variables.html"
	groupConsistency = "https://dev.mysql.com/doc/refman/8.4/en/group-replication-configuring-consistency-guarantees.html"
	groupRelease84   = "https://dev.mysql.com/doc/relnotes/mysql/8.4/en/news-8-4-0.html"
	innodbVariables  = "https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html"
)

// mostGroupMembers is how many members a group may have (manual: group-replication-limitations.html).
const mostGroupMembers = 9

// byVersion stands for the default of the version chosen.
const byVersion = "default"

// mysqlGroup is MySQL under Group Replication, which an InnoDB Cluster is built on.
var mysqlGroup = Preset{
	Name: "mysql-group-replication", Product: "MySQL", Version: "8.4, or 8.0 with version=8.0", Of: "group",
	Configuration: "Group Replication, single-primary or multi-primary",
	Source:        "https://dev.mysql.com/doc/refman/8.4/en/group-replication.html",
	Knobs:         mysqlGroupKnobs,
	Levels: []Level{
		{Name: "strong", Read: "group_replication_consistency = BEFORE_AND_AFTER", Write: "group_replication_consistency = BEFORE_AND_AFTER",
			ReadAs: "before-and-after", WriteAs: "before-and-after",
			About: "A read comes after all that was committed before it, at any member; a write waits until every member that is online has applied it, or is expelled."},
		{Name: "eventual", Read: "group_replication_consistency = EVENTUAL", Write: "group_replication_consistency = EVENTUAL", ReadAs: "eventual", WriteAs: "eventual",
			About: "A read finds what this member has applied, however old; a write is certified in the order of a majority, and applied elsewhere later."},
		{Name: "quorum", Read: "group_replication_consistency = BEFORE", Write: "group_replication_consistency = EVENTUAL", ReadAs: "before", WriteAs: "eventual",
			About: "A read waits for a message that a majority has ordered, and for all before it; a write is ordered by a majority, and not applied by others yet."},
		{Name: "before-on-primary-failover", Read: "group_replication_consistency = BEFORE_ON_PRIMARY_FAILOVER", Write: "group_replication_consistency = BEFORE_ON_PRIMARY_FAILOVER",
			ReadAs: "before-on-primary-failover", WriteAs: "before-on-primary-failover",
			About: "As EVENTUAL, but a new primary lets nobody begin before it has applied what the old one had committed; it promises nothing elsewhere."},
		{Name: "before", Read: "group_replication_consistency = BEFORE", Write: "group_replication_consistency = BEFORE", ReadAs: "before", WriteAs: "before",
			About: "A transaction begins after all that was ordered before it is applied here; who reads without asking for it may still find less."},
		{Name: "after", Read: "group_replication_consistency = AFTER", Write: "group_replication_consistency = AFTER", ReadAs: "after", WriteAs: "after",
			About: "A write waits until every member that is online has applied it; a member that is cut off knows of no expulsion, and answers with what is old."},
		{Name: "before-and-after", Read: "group_replication_consistency = BEFORE_AND_AFTER", Write: "group_replication_consistency = BEFORE_AND_AFTER",
			ReadAs: "before-and-after", WriteAs: "before-and-after", About: "Both BEFORE and AFTER: reads and writes wait, and nobody reads what is old."},
	},
	Simplified: []Simplification{
		{Text: "The total order is that of Raft, where XCom is of the Paxos family: after its leader is gone there is none for some seconds, where XCom's members each order their own; and it is on disk, so that a group of which a majority has crashed goes on without an operator's bootstrap."},
		{Text: "Certification is per key: one row is one register, and a transaction writes one row. GTID sets are prefixes of the order."},
		{Text: "A member that is taken in recovers for a constant time, and a server that starts joins its group without end, as if an operator saw to it."},
		{Text: "An attempt to rejoin lasts for 10 s. server_uuid is in the order of the regions. There is no flow control; what a member of the past has sent and the order takes up late is applied, not dropped."},
		{Text: "group_replication_force_members is the command members: each node that is named and reaches no majority goes on with the others named. Who comes back from another side, and finds a group that works while it is in none, or is told to rejoin, takes up that group's data and gives up what only it has, where MySQL would not let it in before an operator has cloned it."},
	},
	Translate: func(own, of sim.Config) {
		defaults := map[string][2]string{"8.0": {"EVENTUAL", "READ_ONLY"}, "8.4": {"BEFORE_ON_PRIMARY_FAILOVER", "OFFLINE_MODE"}}[own.Words["version"]]
		for i, knob := range [][2]string{{"group_replication_consistency", "consistency"}, {"group_replication_exit_state_action", "exit"}} {
			word := own.Words[knob[0]]
			if word == byVersion {
				word = defaults[i]
			}
			of.Words[knob[1]] = strings.ReplaceAll(strings.ToLower(word), "_", "-")
		}
	},
	Check: func(own sim.Config) error {
		if own.Nodes > mostGroupMembers {
			return fmt.Errorf("a group has %d members at most, not %d", mostGroupMembers, own.Nodes)
		}
		return nil
	},
	Says: mysqlGroupSays,
}

// mysqlGroupKnobs are the variables of the plugin, and what it does not publish.
var mysqlGroupKnobs = []Knob{
	{Knob: sim.Knob{Name: "version", Kind: sim.KnobWord, Default: "8.4", Words: []string{"8.0", "8.4"},
		About: "Of which version the defaults are that say default: 8.4 has made two of them stricter."}, Source: groupRelease84},
	{Knob: sim.Knob{Name: "group_replication_consistency", Kind: sim.KnobWord, Default: byVersion,
		Words: []string{byVersion, "EVENTUAL", "BEFORE_ON_PRIMARY_FAILOVER", "BEFORE", "AFTER", "BEFORE_AND_AFTER"},
		About: "What a transaction waits for, for which no level is asked; default is EVENTUAL in 8.0, BEFORE_ON_PRIMARY_FAILOVER in 8.4."}, Source: groupConsistency},
	{Knob: sim.Knob{Name: "group_replication_single_primary_mode", Kind: sim.KnobWord, Default: "ON", Words: []string{"ON", "OFF"},
		About: "Whether one member takes writes, or all do."}, To: "single-primary", Words: map[string]string{"ON": "on", "OFF": "off"}, Source: groupVariables},
	{Knob: sim.Knob{Name: "group_replication_bootstrap_group", Kind: sim.KnobRegion,
		About: "The region whose member starts the group, and is its first primary."}, To: "first", Source: groupVariables},
	{Knob: sim.Knob{Name: "group_replication_member_expel_timeout", Kind: sim.KnobTime, Default: "5s", Min: 0, Max: int64(3600 * sim.Second),
		About: "How long a member is suspected before it is expelled; that comes after 5 s of silence, which nobody can set."}, To: "expel", Source: groupVariables},
	{Knob: sim.Knob{Name: "group_replication_unreachable_majority_timeout", Kind: sim.KnobTime, Default: "0s", Min: 0, Max: int64(3600 * sim.Second),
		About: "How long a member that reaches no majority waits before it leaves, which ends the transactions under way; 0 is for ever."}, To: "unreachable", Source: groupVariables},
	{Knob: sim.Knob{Name: "group_replication_autorejoin_tries", Kind: sim.KnobNumber, Default: "3", Min: 0, Max: 2016,
		About: "How often a member that was expelled, or has left for want of a majority, tries to rejoin, every 5 minutes."}, To: "tries", Source: groupVariables},
	{Knob: sim.Knob{Name: "group_replication_exit_state_action", Kind: sim.KnobWord, Default: byVersion,
		Words: []string{byVersion, "READ_ONLY", "OFFLINE_MODE", "ABORT_SERVER"},
		About: "What a member does once it does not try to rejoin any more; default is READ_ONLY in 8.0, OFFLINE_MODE in 8.4."}, Source: groupVariables},
	{Knob: sim.Knob{Name: "group_replication_member_weight", Kind: sim.KnobNumber, Default: "50", Min: 0, Max: 100,
		About: "With what weight members stand for primary, but for those of weighted_regions."}, To: "weight", Source: groupVariables},
	{Knob: sim.Knob{Name: "weighted_regions", Kind: sim.KnobRegions,
		About: "The regions whose members have another group_replication_member_weight: 100, 99 and so on."}, To: "prefer", Assumed: true},
	{Knob: sim.Knob{Name: "innodb_lock_wait_timeout", Kind: sim.KnobTime, Default: "50s", Min: int64(sim.Second), Max: int64(3600 * sim.Second),
		About: "How long a statement waits for a row that another transaction of the same member has locked."}, To: "lock-wait", Source: innodbVariables},
	{Knob: sim.Knob{Name: "wait_timeout", Kind: sim.KnobNumber, Default: "28800", Min: 1, Max: 31_536_000,
		About: "How many seconds a transaction waits before it begins for what its group_replication_consistency asks for."}, To: "hold-wait", Source: groupConsistency},
	{Knob: sim.Knob{Name: "apply_time", Kind: sim.KnobTime, Default: "2ms", Min: 0, Max: int64(3600 * sim.Second),
		About: "How long a member's applier takes for each transaction of another: what makes a backlog."}, To: "apply", Assumed: true},
	{Knob: sim.Knob{Name: "recovery_time", Kind: sim.KnobTime, Default: "2s", Min: 0, Max: int64(3600 * sim.Second),
		About: "How long distributed recovery takes."}, To: "recovery", Assumed: true},
}

// mysqlGroupSays returns what a client of the server reads.
func mysqlGroupSays(_ sim.Op, r sim.Result) string {
	switch r.Reason {
	case sim.ReasonReadOnly:
		return "ERROR 1290 (HY000): The MySQL server is running with the --super-read-only option so it cannot execute this statement"
	case sim.ReasonUncertified:
		return "ERROR 3101 (40000): Plugin instructed the server to rollback the current transaction."
	case sim.ReasonLeft:
		if r.Outcome == sim.Info {
			return "ERROR 3101 (40000): Plugin instructed the server to rollback the current transaction."
		}
		return "ERROR 3797 (HY000): Error while waiting for group transactions commit on group_replication_consistency= 'BEFORE'"
	case sim.ReasonHeld:
		return "ERROR 3797 (HY000): Error while waiting for group transactions commit on group_replication_consistency= 'BEFORE'"
	case sim.ReasonNotOnline:
		return "ERROR 3796 (HY000): The option group_replication_consistency cannot be used on the current member state."
	case sim.ReasonOffline:
		return "ERROR 3032 (HY000): The server is currently in offline mode"
	case sim.ReasonLocked:
		return "ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction"
	case sim.ReasonStopped:
		return "ERROR 2003 (HY000): Can't connect to MySQL server"
	}
	return ""
}
