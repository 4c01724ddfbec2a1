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
//	vnodes.go, forward.go, put.go, get.go, delete.go, handoff.go   Riak's requests, with coordinator=replica; see below
//
// How two writes of a key resolve is the Store's affair, see package sim: conflict=, clock= and grace=.
//
// # Requests to vnodes
//
// With coordinator=replica requests go as in Riak KV 3 (riak_kv_put_fsm, riak_kv_put_core, riak_kv_get_fsm, riak_kv_get_core,
// riak_core_apl), to the partitions of nodes: a key's preflist is its primaries on nodes that are up and, for the others, the next
// in the ring whose nodes are, which need not be different ones. A write is coordinated by a node of the preflist; who is asked
// and has none hands it on, and after forward-timeout without a word to another: then both may carry it out. The
// coordinator's own vnode merges the write with what it holds and stores it first; what comes of it goes to the others. The
// client is answered once w have it, dw have stored it, pw of those are primaries and node-confirms on different nodes. A
// request that the preflist cannot meet is refused (fail): too few primaries first, then too few vnodes. node-confirms is not
// looked at before. Once so many vnodes have refused that pw or dw cannot be met, or all have stored without pw or
// node-confirms, the client hears it (info), and what is stored stays. Nobody watches the nodes of a request under way: a vnode
// whose node dies is waited for until timeout.
//
// A read asks the whole preflist. One without the key counts (notfound-ok=on), or n-r+1 of them end the read (n-pr+1, if
// that is less), or with basic-quorum a majority. Read repair comes after the answer, once all vnodes have answered or the
// request's time is over. A deletion by a client that has read nothing reads first.
//
// Nodes go down for others when their machine closes the connection (Closed), or when they have been silent for
// suspect-after, and so do connections. A node that starts anew takes the others for down until it hears of them. What stood
// in hands off once nobody has asked it for handoff-idle, looked at every handoff-every. objects= says what replicas make of
// each other's objects, see object.go of package sim; each vnode that finds nothing of a key counts as another actor (Riak's
// per-key epochs), so that a write on a stand-in that has handed off is not taken for an older one.
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
