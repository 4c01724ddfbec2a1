package preset

// Configuration is a setting of a preset that people run, beside others of its own.
type Configuration struct {
	Name  string   // in a lane's name: "async"
	Title string   // for people: "asynchronous, Patroni"
	Knobs []string // NAME=VALUE; a region may be FIRST, SECOND or LAST, the scenario's region of that place, and a number REGIONS
	About string   // one sentence: what is set, and what that means
}

// configurations are those that "Which one for me?" measures, by preset. Every preset has at least one, its defaults mostly
// among them.
var configurations = map[string][]Configuration{
	"postgresql": {
		{"async", "asynchronous, Patroni", []string{"failover=patroni", "dcs=SECOND", "use_pg_rewind=true"},
			"Patroni's defaults: commits wait for nobody, and a standby takes over when the primary's lease has ended."},
		{"sync", "synchronous_mode, Patroni", []string{"failover=patroni", "dcs=SECOND", "use_pg_rewind=true", "synchronous_mode=on"},
			"Patroni chooses one synchronous standby, and only that one may take over; without one the primary goes on alone."},
		{"quorum", "synchronous_mode=quorum, strict, Patroni", []string{"failover=patroni", "dcs=SECOND", "use_pg_rewind=true", "synchronous_mode=quorum", "synchronous_mode_strict=true"},
			"Any one standby must have flushed a commit; with none there are no writes."},
		{"alone", "asynchronous, no failover", nil, "PostgreSQL alone: nobody takes over, so nothing is lost while the primary's disk is there."},
	},
	"mysql": {
		{"async", "asynchronous, external failover", []string{"failover=external", "failover_tool=SECOND"}, "A tool in the second region appoints another source and fences nobody."},
		{"semisync", "semi-synchronous, external failover", []string{"failover=external", "failover_tool=SECOND", "rpl_semi_sync_source_enabled=ON"},
			"A commit waits for one replica, and after 10 s for nobody."},
		{"semisync-long", "semi-synchronous without end, external failover", []string{"failover=external", "failover_tool=SECOND", "rpl_semi_sync_source_enabled=ON", "rpl_semi_sync_source_timeout=600s"},
			"A commit waits for one replica for ten minutes, so that it is never alone."},
	},
	"mysql-group-replication": {
		{"default", "Group Replication, defaults of 8.4", nil, "Single primary, BEFORE_ON_PRIMARY_FAILOVER: a majority orders every write; other members' reads may be old."},
		{"strict", "Group Replication, BEFORE_AND_AFTER", []string{"group_replication_consistency=BEFORE_AND_AFTER"}, "Writes wait until all members have applied them, and reads for what was ordered before them."},
		{"multi", "Group Replication, multi-primary", []string{"group_replication_single_primary_mode=OFF"}, "Every member takes writes, and of two of one row the first that is certified wins."},
	},
	"spanner": {
		{"strong", "strong reads", nil, "Lease of 10 s, epsilon 4 ms, commit wait: reads show every write acknowledged before."},
		{"stale", "bounded staleness of 15 s", []string{"timestamp_bound=max_staleness"}, "Writes as before; reads at the nearest replica, up to 15 s old."},
	},
	"cassandra": {
		{"one", "LOCAL_ONE", []string{"replication_factor=REGIONS"}, "The drivers' default level for reads and writes; a replica in every region."},
		{"quorum", "QUORUM", []string{"replication_factor=REGIONS", "read_consistency=quorum", "write_consistency=quorum"}, "A majority of the replicas for reads and writes."},
		{"serial", "lightweight transactions", []string{"replication_factor=REGIONS", "read_consistency=serial", "write_consistency=quorum", "lightweight_transactions=on", "commitlog_sync=batch"},
			"Every write is conditional, by Paxos, reads are SERIAL, and acknowledged is on disk."},
	},
	"dynamodb-mrec": {
		{"default", "global table, MREC", nil, "Every Region answers by itself, and ships its writes within seconds; the later write of an item wins."},
	},
	"dynamodb-mrsc": {
		{"eventual", "global table, MRSC", nil, "Writes in two of three Regions before they are acknowledged; eventually consistent reads."},
		{"strong", "global table, MRSC, ConsistentRead", []string{"ConsistentRead=true"}, "The same with strongly consistent reads."},
	},
	"dynamodb": {
		{"default", "one table, its zones in your regions", nil, "What a table of one Region would be if its zones were as far apart as your regions: eventually consistent reads."},
		{"strong", "the same, ConsistentRead", []string{"ConsistentRead=true"}, "The same with strongly consistent reads, by the leader."},
	},
	"riak": {
		{"default", "defaults", []string{"n_val=REGIONS"}, "The default bucket type: the last to be modified wins, and fallbacks take what primaries cannot."},
		{"siblings", "allow_mult with dotted version vectors", []string{"n_val=REGIONS", "bucket_type=created"}, "What does not know of each other stays, as siblings that the client must resolve."},
		{"strict", "PR and PW of a quorum", []string{"n_val=REGIONS", "pr=quorum", "pw=quorum"}, "Only primaries count; the last to be modified still wins."},
	},
}
