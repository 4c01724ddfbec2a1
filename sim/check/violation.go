package check

import (
	"slices"

	"netsplit/sim"
)

// Kind says which promise a Violation breaks: one of the models of consistency, by name, or that a write stays, that a
// read is fresh, that a read-modify-write finds what it replaces.
type Kind string

// The kinds. The first seven are models, each with a Verdict.
const (
	Linearizable      Kind = "linearizable"
	Sequential        Kind = "sequential"
	Causal            Kind = "causal"
	ReadYourWrites    Kind = "read-your-writes"
	MonotonicReads    Kind = "monotonic-reads"
	MonotonicWrites   Kind = "monotonic-writes"
	WritesFollowReads Kind = "writes-follow-reads"
	LostWrite         Kind = "lost-write"
	LostUpdate        Kind = "lost-update"
	StaleRead         Kind = "stale-read"
)

// Models lists the models of consistency, strongest first.
func Models() []Kind {
	return []Kind{Linearizable, Sequential, Causal, ReadYourWrites, MonotonicReads, MonotonicWrites, WritesFollowReads}
}

// Violation is one broken promise with its counterexample: operations that cannot all have happened as they say.
type Violation struct {
	Kind       Kind
	Key        string
	At         sim.Time   // when it was a fact
	Completion int        // the 1-based completion after which it was one; 0 where none made it so
	Op         sim.OpID   // the operation that cannot be placed: the read, the update, or the write that is lost
	Missed     sim.OpID   // the write that Op should have met and did not; of a lost write, what stands in its place; 0 for none
	Ops        []sim.OpID // the counterexample, Op and Missed among them, in order of their calls; locally minimal
}

// Cause is why a Violation came about: a chain from its operations to a fault, or to the finding that none is to blame.
type Cause struct {
	Violation Violation
	Blame     Blame
	Fault     *sim.Command // the command that is to blame; nil where none is
	Steps     []Step       // the chain: operations, states, messages, fault; each part in order of time
	Text      [2]string    // two sentences in plain words: what happened, and what is to blame
}

// Blame names what a Cause comes down to: a command's verb, or one of the blames without a fault.
type Blame string

// StepKind says what a Step of a Cause shows.
type StepKind string

// The kinds of steps, in the order of a chain.
const (
	StepOperation StepKind = "operation" // Op was called at At, and ended at Until
	StepState     StepKind = "state"     // Node came to hold Write at At; or, Fate "without", answered without it
	StepMessage   StepKind = "message"   // Message, which carried Write, left Node for Peer at At; its end was at Until
	StepFault     StepKind = "fault"     // Command was carried out at At
)

// Step is one fact of a chain.
type Step struct {
	At, Until  sim.Time
	Kind       StepKind
	Op         sim.OpID
	Node, Peer sim.Addr // -1 for none
	Message    uint64   // its ID; 0 for none
	Write      sim.OpID
	Fate       string // of a message: lost, late, overtaken, waiting or arrived; of a state: held, without, replaced or wiped
	Command    *sim.Command
	Text       string // one clause in plain words
}

// NotLinearizable returns the first violation of linearizability, and whether there is one.
func (r *Referee) NotLinearizable() (Violation, bool) { return r.linearViolation() }

// Violations returns the first violation of each of the Models that is violated, in their order. It looks for them anew
// where an operation has begun or ended since.
func (r *Referee) Violations() []Violation {
	if r.looked == r.tick {
		return r.violated
	}
	list := r.weakViolations()
	if v, violated := r.linearViolation(); violated {
		list = append([]Violation{v}, list...)
	}
	r.looked, r.violated = r.tick, slices.Clip(list)
	return r.violated
}
