// Package check is the referee: it watches one lane and says, by the definitions of package sim, whether its
// history is linearizable, which acknowledged writes are lost, which reads were stale, how many requests were
// answered and how long they took, and what the workload's keys should hold.
//
// It never touches the world it watches, and its verdicts depend on what happened only, not on when it is asked.
// Linearizability is decided after each completion by certificates that grow with the history (see blocks and tally), and
// where they leave something open by a search that is cut short by counted steps, never by wall time, and is then
// "unknown". Counterexamples are refused by porcupine (github.com/anishathalye/porcupine) before they are told.
package check
