// Package quorum is the quorum mode, after Dynamo (DeCandia et al., SOSP 2007) and Cassandra: any replica
// coordinates a request, asks all n replicas, and answers when w have acknowledged a write or r have answered a
// read.
//
// Each write is stamped with its coordinator's clock and of two versions the greater stamp stays. A read returns
// the newest version of the first r answers and then sends it to the replicas whose answers were older
// (asynchronous read repair, as in Riak). r+w>n makes every read ask a replica that acknowledged the last write; it does
// not make reads linearizable, because a read may return a write that is still on its way, and a later one the version
// before; nor does it help a write whose coordinator's clock is behind, for the greater stamp stays whichever came last.
//
// A replica that has not been heard of for SuspectAfter is taken for dead. While fewer than r or w seem alive, a
// coordinator refuses at once and applies nothing; before it has noticed, the client gets no answer, though the
// write stays where it arrived.
//
// A replica acknowledges a write once it is durable there (Cassandra's commitlog_sync batch or group; its default,
// periodic, acknowledges first), and shows it to readers before that. One that crashes comes back with what was durable
// and nothing else: the requests that it coordinated are gone, and it takes all others for alive again. With w
// acknowledgements before the client's ok, a crash alone never loses an acknowledged write; a wipe may.
//
// Two knobs depart from this: with read-fan-out=r a read asks r replicas only, as Cassandra does, and with
// read-repair=none no read brings anything up to date. Who coordinates need not hold a replica: with n below the
// number of nodes, the first n hold them.
//
// A request may name a level in place of r or w: one, two, quorum (more than half of n) or all. A level counts answers.
// A client that tries again at the same coordinator gets what its first attempt comes to; at another coordinator the
// write is stamped anew, and may so win over one acknowledged in between.
//
// It offers no compare-and-set, no hints for replicas that are away, no sloppy quorums and no anti-entropy besides
// read repair; its failure detector is a plain timeout.
package quorum
