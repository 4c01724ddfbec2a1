// Package raft runs etcd's Raft (go.etcd.io/raft/v3) as a protocol of the simulated world: a store of registers
// in which every operation is linearizable, and which answers only where a majority of the replicas can talk.
//
// # Who does it so
//
// etcd: pre-vote (its default since 3.5), leaders that step down without a quorum (CheckQuorum), a heartbeat
// every 100 ms and an election timeout of 1000 ms (https://etcd.io/docs/v3.6/tuning/), messages of at most 1 MiB,
// 512 of them in flight to one follower. Reads are linearizable, as etcd's are unless a client asks for less
// (https://etcd.io/docs/v3.6/learning/api_guarantees/). Each of these is a knob, with its source (knobs.go).
//
// The algorithm is that of Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (USENIX
// ATC 2014), and of Ongaro's dissertation, "Consensus: Bridging Theory and Practice" (Stanford, 2014): elections
// 3.4, replication 3.5, safety 3.6, transfer of leadership 3.10, joint consensus 4.3, snapshots 5, a leader that hears
// no majority steps down 6.2, each request is applied once 6.3, reads by the leader's commit index and one round of
// heartbeats 6.4, leases 6.4.1, pre-vote 9.6.
//
// # What a client sees
//
// A client asks the replica of its own region. That replica hands a write or a read on to the leader it
// follows, and answers when it has applied the write itself, or has applied as much as the leader had committed
// when it took the read. A replica that follows no leader refuses at once: fail, no-leader, and nothing has been
// proposed. Everything else that goes wrong is silence, and the client's timeout turns it into info: what was
// sent to a leader may be applied yet. With forward=off a follower hands nothing on, and names the leader instead
// (not-leader). With leaderless=wait a replica keeps what meets no leader, as etcd does, asks again for reads, and after
// 5 s and two election timeouts says that nobody knows: info.
//
// A read that reaches a new leader before it has committed an entry of its own term is postponed until then, not
// lost. A read is lost when the leader steps down, when it arrives where no leader is known, when its answer
// comes to a replica that stands for election, or when a message of it is lost; a heartbeat that would have
// confirmed it is tried again with the next.
//
// A read may be asked for at three levels; the knob reads says which holds where none is named. A linearizable one is
// confirmed by a round of heartbeats. A leased one the leader answers, or confirms to a follower, by its clock alone,
// while nobody else can have been elected: see lease.go. That is right as long as clocks drift by no more than
// max-drift says; beyond that it may be stale. A lane that keeps no leases does it as a linearizable one. A local one
// any replica answers from what it has applied, and it promises nothing (etcd: serializable).
//
// With certify=on the log refuses a write whose replica had not applied the latest write of its key when it was asked: the
// entry says on which write it is based, and takes effect only where the register is still as that one has set it. So of
// writes that know nothing of each other the log's first wins, and the others fail (uncertified), with nothing applied.
// That is a function of the log alone: every replica comes to the same. A client may try again, in another attempt. Clients
// may be asked anywhere, as with forward=on. (MySQL Group Replication: certification; here per key.)
//
// # Services whose clients see no node
//
// What DynamoDB documents of a partition's group of replicas (Elhemali et al., USENIX ATC 2022), and of global tables, are
// settings that etcd does not have; see knobs_hosted.go. With old-lease=leader-waits (oldlease.go) votes are given while a
// lease lasts, and who is elected serves nothing before it is over: no write, no read that needs a leader, and nothing is
// committed of which a client could be told. With ask-first=on (inquiry.go) a node that misses its leader asks the others
// before it stands for election, and drops the attempt if one of them hears it. With rivals=refuse (rivals.go) a leader
// refuses a write of a key while another replica's is under way: fail (rival), and nothing has been proposed; had an
// earlier leader been handed it, nobody knows (info, gave-up). A witness
// (witness.go) votes and keeps the log, serves nobody (fail, witness), and leads only until a full replica can. With
// leaderless=insist a replica hands a write to every new leader until it is answered; it is applied once. What has no
// answer within the request timeout ends as gave-up: a read fails, of a write nobody knows.
//
// Another protocol may be built on the order of a Raft: see Order, and package group.
//
// # Timestamps
//
// With epsilon a lane is what Spanner is: Corbett et al., "Spanner: Google's Globally-Distributed Database" (OSDI 2012),
// sections 4.1 and 4.2 and appendix A, and for witnesses, leader regions and bounds of reads the documents of Cloud
// Spanner. TrueTime says of the present that it is no further than epsilon from what a node's clock shows. How wrong the
// clock is, is the world's (skew and drift), so that a user may break what rests on epsilon.
//
// Each split is a Raft of its own, with a replica on every node (splits.go); an operation is of one key, so of one split,
// and there is no two-phase commit. A leader gives each operation that it orders a timestamp: no less than the latest that
// the present may be, above all before it, and within its lease. It shows a write and acknowledges it when a majority has
// it and its timestamp has definitely passed: commit wait. Without that, timestamps of two splits, whose leaders' clocks
// differ, need not be in the order of time.
//
// A leader's lease is made of votes (votes.go), and its intervals do not overlap those of another leader's while clocks
// keep to epsilon. Votes are asked for with every write, and by heartbeats near the lease's end. Who has given one votes
// in no election but for its holder until it is over: so nobody is elected before, and what a new leader orders has later
// timestamps. A node that was restarted gives none for as long. A leader without a lease goes on in the Raft's eyes, orders nothing and answers no
// strong read; when it has not heard a majority for an election timeout after its lease it steps down. Handing over it
// orders nothing more, waits until its greatest timestamp has definitely passed, and gives the votes back (home.go).
// Nodes in the knob leader's region stand for election first, then those of other regions, then witnesses; return-after
// brings leadership back.
//
// A strong read is at the timestamp of the last write that the leader shows: the leader answers at once while its lease
// lasts; another replica asks it for that timestamp, and answers when it has applied as much. Exact staleness and read
// timestamps name the timestamp; bounded staleness and the least timestamp have the replica take the latest that it is
// safe at. It is safe up to the last write that it has applied, and up to what a leader has promised: each safe-every, that
// all it orders from then on is later. A read for which the replica is not safe waits, with what is asked on a replica
// that has no leader, until the client gives up; the nodes ask one another again each 0.5 s.
//
// A witness votes and keeps the log, and hands reads on. It leads only where it alone has a log's end, and hands over as
// soon as another has it: Paxos would fetch it from there.
//
// A node whose disk was emptied knows neither its vote nor its log. In such a lane it takes no part, and says so until the
// leader has had the members leave it out and take it in again (wiped.go): its old votes and acknowledgements then bind
// nobody. A node that an operator had left out is taken in by that too.
//
// # What an operator does
//
// transfer has the node that is named ask the leader it follows to hand over: the leader takes no writes until the other
// has its log, and tells it to stand for election at once. If that takes more than an election timeout it goes on as
// before, but for its lease: as it cannot know that nobody will stand, it asks for each read until another term.
//
// members is for whoever takes itself for the leader, and goes by way of a joint configuration always; while one change
// is under way no other is taken, and there is no learner stage. A leader that is no longer a member steps down. A node that was removed keeps what it had, is sent nothing, and
// may come back. One that was away when it was removed stands for election on and on: without PreVote and CheckQuorum it
// unseats every leader (Ongaro 4.2.3).
//
// # Snapshots
//
// Each snapshot-every entries a node writes its state to disk and drops the log but for half as many entries. A follower
// that needs more than its leader has kept gets the leader's present state in one message, whatever its size, in place
// of its log. If nothing is heard of it for 5 s it is sent again.
//
// # Time and luck
//
// etcd's Raft draws its election timeout from the machine's own randomness. Here nobody but a leader is ever
// ticked, once a heartbeat; so it counts its election timeout in whole heartbeats, rounded up. The adapter holds each
// node's election deadline, drawn from the node's luck between election and election-max, starts it anew wherever
// etcd's Raft zeroes its clock (an append or heartbeat from the leader followed, a vote granted, a new term or role),
// and campaigns when it is over. With new-term=goes-on a newer term alone does not start it anew, nor does a lost
// election: so it is in LogCabin, and only so are the figures of the Raft paper met. With CheckQuorum, a follower that
// has not heard its leader for one election timeout forgets it, so that it may grant a pre-vote; in etcd the same span
// ends the lease of the leader. Without, it follows until it stands for election, and PreVote alone keeps no healed
// node with a full log from unseating the leader: etcd has both or PreVote off.
//
// # Disks and crashes
//
// Term, vote, log and commit index are on disk. The adapter uses etcd's asynchronous storage writes: what votes or
// acknowledges is sent once it is durable, everything else at once. A commit index alone waits for no fsync, as in
// etcd; after a crash it is learned again. A leader sends entries while its own fsync is under way, and its followers'
// majority may commit them before (Ongaro 10.2.1); but a node applies, and answers from, what it has stored alone. So
// a leader whose disk is stuck still serves the clients of other regions.
//
// A node that restarts takes its term, vote and log from the disk, and with them which operations have been applied:
// it votes at most once in a term, and a request that comes twice takes effect once. Requests that it had been asked
// are gone without an answer.
//
// A node that restarts does not know whom it had promised its vote: where leases are kept it votes for nobody for an
// election timeout.
//
// A node whose disk was wiped comes back under its old name. That breaks the promise on which Raft rests: it may vote
// again, and elect a leader without a write that it had acknowledged, which is then lost. etcd's process ends with a
// panic when it finds out; here the node goes on without what it cannot believe, and a wiped follower gets the log
// from the next leader, not from one that takes it for stored. What an operator should do is to leave it out of the
// members, and take it in again.
//
// # What the referee is told
//
// An operation is applied once however often it is in the log, and every further attempt gets the first one's answer; a
// snapshot carries what that takes.
//
// Each replica keeps the state of its registers twice: as applied, which clients and viewers see, and at the end
// of its log. The state at the end of a log is a function of the log alone, so it is known when an entry is
// appended whether a CompareAndSet there takes effect, should the entry ever be applied. Holds names the write
// that set a register at the end of this log, and changes with every append and truncation. Follows(w, before)
// is said once, by the leader that appends w, before it holds w itself: before is the write that w finds at the
// end of that log, whose prefix contains it. A CompareAndSet without effect is neither held nor followed. A write
// is acknowledged after a majority has it in its log, no committed entry is ever truncated, and every later
// write of the key in the same log follows it: so an acknowledged write is covered at every instant. A snapshot is the
// state at a committed entry: who takes it holds what that log's prefix held. Majorities of old and new members overlap.
//
// # What is simplified
//
// Nodes talk over one stream to each peer, which dials anew after 5 s without a word; etcd has a few, for small and
// large messages and one each way, and a heartbeat of its own on them. What is given up with a connection is not
// reported to Raft, which finds out by the next answer to a heartbeat. With transport=datagram messages overtake each
// other, and overtaken appends are refused and sent again. A snapshot takes no longer to send or to write than any
// other message or record, and is not sent in pieces. All members vote from the start: there are no learners. Who is a
// member is known by the committed log alone, and not to clients. Requests and reads are not batched. By default a
// request that meets no leader is refused at once, as etcd does where the client asks for that (WithRequireLeader).
// etcd advises an election timeout of ten round trips; between continents that is more than the default kept here, so
// that elections split their votes more often.
//
// Nobody's deadline decides who leads first: one node, the knob leader's or else the first, stands for election
// a microsecond after the start.
package raft
