// Package gossip is the eventual mode: every replica reads and writes locally and answers at once; the others
// learn of a write later.
//
// A write becomes a new State of its key (see sim.State), is stored, answered, and pushed once to every other replica,
// unless push=off. Each replica also compares states with fan-out others, drawn at random, every interval, and both take
// what they lack: what a push lost, anti-entropy brings (Demers et al., Epidemic Algorithms for Replicated Database
// Maintenance, PODC 1987: direct mail with push-pull anti-entropy). A digest carries stamps and clocks of all keys.
//
// A write is answered once it is durable on the replica that took it, and pushed before that. A replica that crashes
// comes back with what was durable; the others bring it the rest. A client that tries again at the same replica is
// answered again; at another replica its write is a new one: it is stamped anew, and a counter counts it twice.
//
// With push=stream nothing is compared. Each write waits in a queue for every other replica, is shipped there after a time
// drawn between ship-after and ship-within, and again each second until it is acknowledged; what is not durable here is
// shipped to nobody. So do global tables of DynamoDB replicate: per item, in any order between items, usually within a
// second (AWS, How DynamoDB global tables work). A replica that restarts ships all that it holds.
//
// # Conditions
//
// With cas=local a replica stands for the table of its region: it evaluates a compare-and-set on what it holds, and what it
// writes outdoes that, whatever its clock says. So what one region does alone is linearizable; two regions may both find
// their condition true, and of both writes the greater stamp stays.
//
// # Conflicts
//
// What becomes of two writes of which neither saw the other is the knob conflict:
//
//	lww, lww-register   the greater stamp stays, the other write is lost (Cassandra; Riak's default bucket type)
//	vector-clock        both stay, with one clock for all of a key's siblings (Riak without dotted versions)
//	dvv, mv-register    both stay, with a dot for each (Preguiça et al., Dotted Version Vectors, 2010; Riak's bucket types)
//	counter             increments of each replica are kept apart and added up (PN-counter, Shapiro et al. 2011)
//	or-set              a removal removes the additions that its replica has seen (Bieniusa et al. 2012)
//
// Whose clock stamps a write is the knob clock: the coordinator's, the client's, or a hybrid logical clock (Kulkarni et
// al., Logical Physical Clocks, OPODIS 2014), which is never behind a stamp that it has seen, up to sim.MaxAhead.
// Tombstones are forgotten after the grace; a replica that was away for longer brings deleted values back, as in
// Cassandra when no repair was run within gc_grace_seconds.
//
// # Sessions
//
// A client carries what it has read of a key and what its own writes made back as tokens. With session=read-your-writes,
// monotonic or both (Terry et al., Session Guarantees for Weakly Consistent Replicated Data, 1994) a replica that does
// not hold as much keeps the read waiting until it does, and after wait refuses it as behind: the client is told that
// this replica cannot keep the promise, rather than being shown something older. Writes never wait: the guarantees about
// the order of writes, and those across keys, are not offered. MongoDB's causally consistent sessions wait in the same
// way; Bayou's clients choose another server instead.
//
// # Caches
//
// The nodes of the regions named by cache hold no store. They answer reads from copies that are younger than ttl, and
// fetch from the first node with a store else; writes go through to it. That is how DNS resolvers and CDN edges follow
// their origin. A session's token makes a cache fetch early. Nothing invalidates a copy, and nothing is served stale.
//
// # What is simplified
//
// Every store holds every key. Digests are whole, where products compare Merkle trees (Cassandra, Riak), and exchanges
// are not paced by load. Riak also takes some versions for concurrent when replicas with one clock a key meet; here only
// its coordinators do. A set counts what its replica has seen as observed, not what the client has.
// Clients' clocks (clock=client) are never wrong; skew is of nodes' clocks. There is no membership protocol: who is away
// is asked in vain. Nobody can compare and set here but
// with cas=local.
package gossip
