// Package gossip is the eventual mode: every replica reads and writes locally and answers at once; the others
// learn of a write later.
//
// A write is stamped with its replica's clock, stored, answered, and pushed once to every other replica. Each
// replica also compares versions with one other, drawn at random, every AntiEntropyInterval, and both take the
// newer ones: what a push lost, anti-entropy brings (Demers et al., Epidemic Algorithms for Replicated Database
// Maintenance, PODC 1987: direct mail with push-pull anti-entropy). Of two versions the greater stamp stays: last
// writer wins, so that of two writes neither of which saw the other, one is lost.
//
// A write is answered once it is durable on the replica that took it, and pushed before that. A replica that crashes
// comes back with what was durable; the others bring it the rest.
//
// A client that tries again at the same replica is answered again; at another replica its write is stamped anew, and may
// so win over one acknowledged in between.
//
// It does not offer compare-and-set, keeps no siblings, and knows no levels and never refuses a request.
package gossip
