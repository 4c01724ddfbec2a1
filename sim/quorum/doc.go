// Package quorum is the quorum mode, after Dynamo (DeCandia et al., SOSP 2007), Cassandra (as of 5.0) and Riak (KV 2.2
// to 3): any node coordinates a request, asks the n replicas of the key, and answers when as many as the level says
// have acknowledged a write or answered a read.
//
// # What a level promises
//
// A write goes to all replicas; the level says how many acknowledgements to wait for. While fewer seem alive than the
// level needs, a coordinator refuses at once and applies nothing (Cassandra's UnavailableException). Before it has
// noticed the client gets no answer but how many of how many had answered (Write_timeout), and the write stays where it
// arrived. r+w>n makes every read ask a replica that acknowledged the last write. It does not make reads linearizable: a
// read may return a write that is still on its way, and a later one the version before; nor does it help a write
// whose coordinator's clock is behind. Repair before the answer (read-repair=blocking, with r over half) mends the first;
// together with a read before each write (read-before-write=on: Attiya, Bar-Noy and Dolev, JACM 1995, with the writers of
// Lynch and Shvartsman, FTCS 1997) it mends both. None of it gives compare-and-set: that needs consensus, cas=paxos.
//
// # Who does it so
//
//	levels.go     Cassandra's ConsistencyLevel.java; pr, pw and node-confirms are Riak's (riak_kv_put_core)
//	ring.go       a ring of partitions that the nodes own in turn (Riak); the replicas of a key are spread over regions
//	              (Cassandra's NetworkTopologyStrategy). There are no virtual nodes of uneven size, and nobody joins
//	detector.go   phi accrual (Hayashibara et al., SRDS 2004) with Cassandra's exponential intervals, or a plain timeout.
//	              Each pair of nodes exchanges heartbeats; Cassandra's travel by gossip
//	speculate.go  Cassandra's rapid read protection (speculative_retry)
//	insist.go     Cassandra's additional_write_policy: a repair that is waited for goes to the replicas that were not asked, too
//	              (BlockingPartitionRepair.maybeSendAdditionalWrites)
//	patience.go   Cassandra's timeouts: for reads, for writes and each phase of Paxos, and for trying again against rivals
//	repair.go     asynchronous (Riak's final_action) or blocking (Cassandra's default) read repair. Versions are compared,
//	              where Cassandra compares digests and then asks again
//	hints.go      hinted handoff: Cassandra keeps hints at the coordinator, Dynamo and Riak at who stands in
//	merkle.go     anti-entropy by hash trees between two replicas at random, over 64 ranges of keys
//	paxos.go, propose.go   Cassandra's lightweight transactions, paxos_variant v1 with CASSANDRA-12126: prepare, read,
//	              propose and commit, four round trips; a serial read proposes nothing, and finishes what it finds
//	disk.go       a replica acknowledges what is durable (Cassandra's commitlog_sync batch). Hints, promises and what was
//	              accepted are on disk as well
//	commitlog.go  or it acknowledges with others, or at once and syncs by the clock (commitlog_sync group and periodic): a crash
//	              then loses what was acknowledged since, and an exit does not. Promises of Paxos are no exception, in
//	              Cassandra neither
//	product.go    the knobs of what Cassandra does and this mode otherwise leaves out; presets set them
//
// How two writes of a key resolve is the Store's affair, see package sim: conflict=, clock= and grace=.
//
// # What is simplified
//
// The playground's defaults are not a product's: heartbeats every 250 ms and a timeout of 1 s, so that both sides of
// the detector fit into a short story, and hints, trees, sloppy quorums and Paxos are off, so that it shows what each of
// them mends. A coordinator gives up a little before its client does. A hint is brought as soon as its replica is heard of
// again, and every 10 s; Riak waits for 60 s without traffic. With sloppy=on several partitions of one node may stand in
// for several primaries, as in Riak, which does not check that they are on different nodes. A hint is
// forgotten when it is older than grace: tombstones are, then, and a deletion must not be half remembered (Cassandra's
// Hint.isLive). A write that is acknowledged
// by a stand-in counts towards w, and to pw only where the primary did. Paxos and plain writes of one key do not mix, in
// Cassandra neither: a plain write is ordered by its stamp. Who tries a compare-and-set again and finds its condition false
// has no answer (info): its first attempt may have made it so; Cassandra says that it was not applied, and leaves it to the
// client to look; if the value has come back in between, both attempts take effect. Clients' clocks (clock=client) are
// never wrong; skew is of nodes' clocks. There are no batches, no ranges, no rows of several cells, no bootstrapping
// replicas and no repair by hand.
package quorum
