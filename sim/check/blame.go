package check

import "netsplit/sim"

// The blames without a command. Every other Blame is the verb of the command that is the Cause's Fault: without it the
// violation would not have come about, as far as the trail shows, unless another command in force would have done the same.
const (
	// BlameConcurrent: two writers at the same time, neither of whom could know of the other's write.
	BlameConcurrent Blame = "concurrent"
	// BlameOvertaken: the answer was faster than the update, and the protocol does not wait for it.
	BlameOvertaken Blame = "overtaken"
	// BlameOverlap: so few replicas were asked, and so few had acknowledged, that they need not have one in common.
	BlameOverlap Blame = "overlap"
	// BlameInversion: a write still under way was on some replicas and not on others, shown to one reader and not to a later one.
	BlameInversion Blame = "inversion"
	// BlameLevel: the operation asked for a level that allows it.
	BlameLevel Blame = "level"
	// BlameUnapplied: the replica had the write in its log, and had not been told, or had not had time, to apply it.
	BlameUnapplied Blame = "unapplied"
	// BlameCache: the answer came from a copy that nobody brings up to date.
	BlameCache Blame = "cache"
	// BlameRetry: an operation was tried again elsewhere, and took effect once more.
	BlameRetry Blame = "retry"
	// BlameGrace: a replica had forgotten a deletion, and took the deleted value for news.
	BlameGrace Blame = "grace"
	// BlameFailover: a node that lacked the write took over, and no command made it.
	BlameFailover Blame = "failover"
	// BlameUnknown: the trail does not show it, or no longer.
	BlameUnknown Blame = "unknown"
)

// Blames lists the blames without a command.
func Blames() []Blame {
	return []Blame{BlameConcurrent, BlameOvertaken, BlameOverlap, BlameInversion, BlameLevel, BlameUnapplied, BlameCache,
		BlameRetry, BlameGrace, BlameFailover, BlameUnknown}
}

// finding is what the search for a cause comes to.
type finding struct {
	blame Blame
	fault *sim.Command
	steps []Step // states and messages
	why   string // a clause: what became of the update, or of the write
}

// accuse returns a finding that blames a command.
func accuse(cmd *sim.Command, why string, steps ...Step) finding {
	return finding{Blame(cmd.Verb), cmd, steps, why}
}
