// Package check is the referee: it watches one lane and says, by the definitions of package sim, whether its
// history is linearizable, which acknowledged writes are lost, which reads were stale, how many requests were
// answered and how long they took, and what the workload's keys should hold. It holds the history against six weaker
// models too, with a counterexample of as few operations as can be for each that is violated, and says whether the
// replicas converge.
//
// It never touches the world it watches, and its verdicts depend on what happened only, not on when it is asked.
// Linearizability is decided by porcupine (github.com/anishathalye/porcupine); the search is cut short by counted
// steps, never by wall time, and is then "unknown". It says what happened and does not yet say why.
package check
