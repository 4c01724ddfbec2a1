// Package check is the referee: it watches one lane and says, by the definitions of package sim, whether its
// history is linearizable, which acknowledged writes are lost, which reads were stale, how many requests were
// answered and how long they took, and what the workload's keys should hold. It holds the history against six weaker
// models too, with a counterexample of as few operations as can be for each that is violated, and says whether the
// replicas converge.
//
// It never touches the world it watches, and its verdicts depend on what happened only, not on when it is asked.
// Linearizability is decided after each completion by certificates that grow with the history (see blocks and tally), and
// where they leave something open by a search that is cut short by counted steps, never by wall time, and is then
// "unknown". Counterexamples are refused by porcupine (github.com/anishathalye/porcupine) before they are told. Latencies
// are kept by HdrHistogram (github.com/HdrHistogram/hdrhistogram-go), to a thousandth.
//
// Every violation opens into its cause: a chain from its operations to the states of the replicas that they touched, to
// the messages that were lost, late or overtaken, and to the command that is to blame, or to the finding that none is.
// It is found in a trail of bounded length, by what had happened when the violation was a fact. A command is blamed if
// without it, as far as the trail shows, the violation would not have come about: a message that was lost is no excuse if
// it would have come too late anyway. One command is named, the one that worked: where several each suffice, as two wrong
// clocks do, or a crash and a delay of the same update, the same violation may come about by another of them. Replicas of
// gossip choose by chance with whom to compare: a command that just changed the turns is not blamed, nor are the
// comparisons that a node would have begun while it did not run.
package check
