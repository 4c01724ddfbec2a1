// Package primary is one primary that orders all writes and streams its log to standbys, as PostgreSQL and MySQL do
// it: asynchronously, synchronously or semi-synchronously, with failover by a lease or by hand.
//
// # Who does it so
//
// PostgreSQL: streaming replication, synchronous_standby_names FIRST k and ANY k, synchronous_commit local,
// remote_write, on and remote_apply (https://www.postgresql.org/docs/current/warm-standby.html and
// .../runtime-config-replication.html). A commit is flushed locally, then waits in a queue ordered by log position
// until enough standbys have reported (src/backend/replication/syncrep.c). The wait has no timeout: a standby that is
// cut off without a word counts until wal_sender_timeout. While it waits the transaction is committed on disk and still
// holds its locks, so that nobody on the primary sees it, though a standby may show it. A cancelled wait leaves a
// commit, and a warning; so does a restart. PostgreSQL detects no failure of a primary, promotes nobody and fences
// nobody by itself.
//
// Patroni: an agent beside each database looks at a lease in a DCS every loop_wait, and the primary renews it
// (patroni/ha.py). A primary that cannot for retry_timeout steps down; loop_wait + 2 retry_timeout <= ttl
// (patroni/config.py). When the lease has ended a standby that is not too far behind what the last holder published,
// that meets no primary and nobody further than itself asks for it, and the DCS decides. With synchronous_mode the
// holder chooses its synchronous standbys, the furthest first and no more than there are, and writes them down (/sync),
// and none but they may follow it, though clients that ask for less (commit=local) may lose what they were told; with quorum a
// voter that finds enough voters no further than itself (docs/replication_modes.rst). failsafe_mode: docs/dcs_failsafe_mode.rst;
// watchdog: docs/watchdog.rst. A holder whose data directory is empty gives its lease up (ha.py), and follows. A log that
// has branched off is rewound whole (pg_rewind).
//
// MySQL: semi-synchronous replication (plugin/semisync/semisync_source.cc, and the reference manual's
// replication-semisync). After rpl_semi_sync_source_timeout the first commit that has waited for so long ends the
// wait for all, until enough replicas have caught up. AFTER_SYNC hides a commit while it waits, AFTER_COMMIT shows it
// to all but its committer.
//
// With wait-no-replica=off (rpl_semi_sync_source_wait_no_replica) nobody waits either once the primary knows that too few replicas
// are connected. MySQL replaces no source by itself: failover=tool is a program outside, as Orchestrator is one. It asks the
// primary for a sign of life, and after too long without one all nodes how far they are; it makes a primary of the
// furthest, or of the first in a list. Nobody fences the old one; with fencing=on it fences itself, by the rule of a lease:
// the tool says which answers it has had, a primary stops tool-after after it gave the latest of those, and the tool waits
// for longer than that after it had it. Whom it chooses begins once the tool has heard that it knows.
//
// Requests may say what they wait for, as sessions of PostgreSQL set synchronous_commit (levels.go): a commit that asks for
// less is answered, and visible, before another that is before it in the log and waits; a standby shows them in the order of the log.
// With commit=off the answer comes before anything is flushed, and the flush within writer-delay (wal_writer_delay).
//
// Patroni's rarer settings: check_timeline, a candidate must have reached the last leader's timeline, and else positions alone
// are compared, of whatever log they are; primary_race_backoff, a standby does not stand while its log still grows;
// primary_start_timeout, how long a leader may recover from a crash before it gives the lease up, 0 for not at all
// if anybody else lives (ha.py: recover). start-time is how long it takes.
//
// # What a client sees
//
// A standby hands writes, and unless reads=standby also reads, to the primary that it follows, as a proxy before it
// would; with forward=off it refuses writes. Where no primary is known it refuses. A write of a row whose last write
// is not visible yet waits for its lock, and a compare-and-set looks at the row when it has the lock (UPDATE ... WHERE).
// A primary that does not know that it has been replaced answers reads from what it has. An operation that comes twice
// is in a log once; where two primaries each take one of its attempts, it is in both their logs, as it would be there.
//
// With resets=on the end of a process is known at once where its machine can say so, and a primary that steps down ends the
// sessions that wait; else silence alone tells, and clients wait for their timeouts. A standby with hot-standby=off takes no
// clients. A node whose log has branched off and that nobody rewinds answers reads from it, with rejoin=read-only.
//
// # What the referee is told
//
// Holds names the write that set a register at the end of a node's log. Follows(w, before) is said by the primary that
// orders w. Two logs are compared by timelines: a timeline has one writer, so records of one timeline and index are the
// same, and so is all before them. A node that is rewound drops what it held; that is how acknowledged writes are lost.
//
// # What is simplified
//
// The log is a list of writes to registers; there are no transactions of several statements, no snapshots of more
// than one row, no checkpoints, no slots, no cascading, no conflicts with recovery. Lag is counted in writes. The DCS is
// one linearizable service on the first machine of lease-region, beside a replica or (keeper=apart) alone; who cannot
// reach that machine cannot reach the DCS. Taking the lease resets /sync in the same step. A change of synchronous
// standbys goes on as soon as it can, not with the next loop. Taking over takes a second, a reset five; rewinding takes
// no time. An agent leaves a primary made by hand alone until its next look at the lease. Candidates compare timelines before positions (Patroni's check_timeline). Failover by hand points the
// standbys that can be reached at the new primary, and does nothing to the old one.
// An old primary that is told to rejoin before it has heard of another does so when it hears of one.
// Between two nodes there is one connection: what the agents say travels beside the log, and a dead connection is given
// up after retry, with a lease, or else after receiver-timeout; so after a heal a node may go on being silent as long as
// TCP's retransmissions are apart. With MySQL the standbys named, or all, are semi-synchronous replicas, and lock waits do not time out.
//
// Assumed, for nobody publishes them: write-delay, and exponential flush-delay and apply-delay of a standby. Their
// defaults were fitted to four figures that we measured with PostgreSQL 15.20 on one machine, of a client that reads on
// the standby right after its commit; see TestStaleAfterAck.
package primary
