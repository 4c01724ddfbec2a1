// Package foreign reads and judges histories of other systems: what their clients called, and how each call ended, as
// Jepsen and the tools around it write them down. It knows nothing of package sim.
//
// # What it reads
//
// A history is a sequence of events, in the order in which they happened: calls (:invoke) and ends (:ok, :fail, :info)
// of operations. Two forms are read:
//
//   - EDN: maps such as {:process 0, :type :invoke, :f :write, :value 1}, one after the other or in a vector or list,
//     bare or tagged (#jepsen.history.Op{...}). Of their keys :process, :type, :f, :value, :key and :error count.
//   - Jepsen's log: lines with process, type, function, value and, at will, error, such as
//     "INFO  jepsen.util - 4	:invoke	:cas	[4 0]". What stands before and in jepsen.util is skipped, and so are
//     lines of others.
//
// Processes that are not numbers, such as :nemesis, are no clients, and are left out. An operation is on the key that
// :key names, or on the first of a pair [key value], as jepsen.independent has it, if all values are such pairs.
//
// # What it judges
//
// A history is linearizable if for each key all its operations can be put in one order in which each takes effect at an
// instant between its call and its end (Herlihy and Wing, TOPLAS 1990). A failed operation did nothing, but for a
// compare-and-set with the error [:found V], whose condition was false because it found V. One that ended in :info, or
// did not end, may have taken effect at any time after its call, or never. A read that returned nil found no value.
//
// Porcupine says whether there is such an order, key by key. What may not have taken effect and left no trace is left out,
// and what may not have, but left one that nothing else can have left, must have taken effect before that was seen. Where
// porcupine's share of the steps is spent, a search of our own goes on (see search), and where that one's are, the answer
// is unknown. A counterexample is never one that porcupine finds linearizable.
//
// An object is of one of five kinds: a register (:read, :write and :cas, whose value is [from to]); a kv, which is a
// register that :get and :put do as well, and of texts that :append makes longer; a counter (:add and :read); a set (:add,
// :remove and :read of a collection); or a list (:append and :read of a list).
package foreign

// Limits of what is read.
const (
	MaxBytes  = 64 << 20  // of a file
	MaxOps    = 100_000   // operations of clients in a history
	MaxValues = 4_000_000 // values in a file, each number, text or collection being one
	MaxDepth  = 64        // collections within collections
	MaxNumber = 1 << 40   // what is added to a counter at once, either way
)
