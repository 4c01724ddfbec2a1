package sim

import (
	"encoding/binary"
	"fmt"
)

// OpID is an operation's place in its lane's History, from 1. 0 stands for the opening value, which no
// operation wrote.
type OpID uint32

// OpKind is what an operation does to a register.
type OpKind uint8

// The kinds of operations.
const (
	Read          OpKind = iota + 1
	Write                // sets the register
	CompareAndSet        // sets the register if it has the expected value, else changes nothing and returns the value
	Delete               // leaves the key without a value
	Increment            // adds to a counter, or takes away
	Add                  // puts an item into a set
	Remove               // takes an item out of a set
)

var opKindNames = [...]string{"", "read", "write", "compare-and-set", "delete", "increment", "add", "remove"}

// OpKinds returns all kinds of operations, Read first.
func OpKinds() (list []OpKind) {
	for k := Read; int(k) < len(opKindNames); k++ {
		list = append(list, k)
	}
	return list
}

// Finds reports whether the answer to such an operation says what was found.
func (k OpKind) Finds() bool { return k == Read || k == CompareAndSet }

// Plain reports whether the operation is one of a register's: all but those of counters and sets.
func (k OpKind) Plain() bool { return k <= Delete }

func (k OpKind) String() string { return opKindNames[k] }

// MarshalText writes the kind's name.
func (k OpKind) MarshalText() ([]byte, error) { return []byte(opKindNames[k]), nil }

// Op is what a client asked of its replica: one operation on one register. The pair of client and ID makes it
// unique. A client may send it several times: each replica applies it at most once, and raft at most once in all.
type Op struct {
	ID     OpID   `json:"id"`
	Client Addr   `json:"-"`
	Kind   OpKind `json:"kind"`
	Key    string `json:"key"`
	Value  int64  `json:"value"`  // to be written, added or removed; by how much to increment
	Expect int64  `json:"expect"` // of a CompareAndSet

	Stamp   Time   `json:"-"`               // the client's clock when it first asked
	Context State  `json:"-"`               // what the client has read of the key; see State
	Own     State  `json:"-"`               // what the client's own writes of the key made
	Level   string `json:"level,omitempty"` // one of the protocol's; "" for its default
	Attempt int    `json:"-"`               // which of the client's attempts this is, from 0
}

// Outcome is how an operation ended.
type Outcome uint8

// The outcomes.
const (
	Pending Outcome = iota
	OK              // answered; see Result
	Fail            // refused: nothing was applied
	Info            // no answer: it may have been applied, or may yet be
)

var outcomeNames = [...]string{"pending", "ok", "fail", "info"}

func (o Outcome) String() string { return outcomeNames[o] }

// MarshalText writes the outcome's name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(outcomeNames[o]), nil }

// Outcomes returns all outcomes, by number.
func Outcomes() []Outcome { return []Outcome{Pending, OK, Fail, Info} }

// Reason says why an operation has no answer.
type Reason string

// The reasons.
const (
	NoReason          Reason = ""
	ReasonTimeout     Reason = "timeout"     // info: the client waited in vain
	ReasonNoLeader    Reason = "no-leader"   // fail: the replica knows no leader to ask
	ReasonNotLeader   Reason = "not-leader"  // fail: the replica does not lead, and hands nothing on; see Result.Hint
	ReasonTooFewLive  Reason = "too-few"     // fail: fewer replicas are thought alive than the level needs
	ReasonReadOnly    Reason = "read-only"   // fail: the replica is not the primary, and hands nothing on
	ReasonStopped     Reason = "stopped"     // fail: the replica's database does not run
	ReasonUnsupported Reason = "unsupported" // fail: the protocol has no such operation
	ReasonLevel       Reason = "level"       // fail: the operation cannot be asked for at this level
	ReasonContended   Reason = "contended"   // info: a rival's proposal came between; it may be applied or not
	ReasonBehind      Reason = "behind"      // fail: the replica has not seen what the client has read or written
	ReasonRival       Reason = "rival"       // fail: another replica's write of the key is under way
	ReasonGaveUp      Reason = "gave-up"     // the replica has asked the leader in vain: fail of a read, info of a write
	ReasonWitness     Reason = "witness"     // fail: the node votes and keeps the log, and serves no clients
	ReasonTooMany     Reason = "too-many"    // fail: the key has all the siblings or items that it may have
	ReasonRecovering  Reason = "recovering"  // fail: the replica follows a primary, and takes no clients meanwhile
	ReasonEnded       Reason = "ended"       // info: the replica's database ended the session; what it did may be applied or not
	ReasonPrimaries   Reason = "primaries"   // too few primaries: fail if they are thought down, info if they have not taken a write in
	ReasonDurable     Reason = "durable"     // info: too few replicas have a write on disk
	ReasonNodes       Reason = "nodes"       // info: a write is on too few different nodes
	ReasonAnswers     Reason = "answers"     // fail: too few of those that answered a read count
	ReasonUncertified Reason = "uncertified" // fail: another write of the key was ordered before it, which its replica had not applied
	ReasonNotOnline   Reason = "not-online"  // fail: the member is not online in its group, and the level needs that
	ReasonOffline     Reason = "offline"     // fail: the server takes no clients for now
	ReasonLocked      Reason = "locked"      // fail: another transaction has held the row for too long
	ReasonHeld        Reason = "held"        // fail: what the level waits for has not come for too long; nothing was begun
	ReasonLeft        Reason = "left-group"  // fail, or info if it may have been ordered: the member has left its group
	ReasonAlone       Reason = "alone"       // ok, with a warning: committed on the primary, and perhaps nowhere else
	ReasonFunds       Reason = "funds"       // of an Errand, ok: there was too little money, nothing was written
	ReasonSoldOut     Reason = "sold-out"    // of an Errand, ok: nothing was left, nothing was written
	ReasonConflict    Reason = "conflict"    // of an Errand, ok or fail: somebody else was faster each time, nothing was written
	ReasonExists      Reason = "exists"      // of an Errand, ok or fail: the key had a value, nothing was written
)

// Result is the answer to an operation. Value and Version are what a Read or a CompareAndSet found; a Write finds
// nothing and leaves them 0. What adds to a counter or changes a set may be told what it then comes to as Value.
type Result struct {
	Outcome Outcome `json:"outcome"`
	Reason  Reason  `json:"reason,omitempty"`
	Applied bool    `json:"applied"`          // ok: a write took effect; false for a CompareAndSet whose condition was false
	Value   int64   `json:"value"`            // ok: the value found
	Version OpID    `json:"version"`          // ok: the write that it came from, the newest of several; 0 for the opening value
	Absent  bool    `json:"absent,omitempty"` // ok: the key has no value
	Made    State   `json:"-"`                // ok: what a write made, where clients are told
	Found   State   `json:"-"`                // ok: all of what was found, siblings and items too; the client's context from now on
	Hint    string  `json:"hint,omitempty"`   // fail: the node to ask instead
	Have    int     `json:"have,omitempty"`   // fail: replicas thought alive; info: those that have answered
	Need    int     `json:"need,omitempty"`   // fail: replicas that the level needs
	Stage   string  `json:"-"`                // info and fail: how far it came, in a word of the protocol's, for Protocol.Says
	At      Time    `json:"-"`                // ok: the commit timestamp of a write, or that of a read; 0 where there are none
	Says    string  `json:"says,omitempty"`   // what the product's client reads; see Protocol.Says. The world fills it in
}

// requestPayload carries an Op from a client to its replica.
type requestPayload struct{ op Op }

func (p requestPayload) AppendTrace(b []byte) []byte { return p.op.AppendTrace(b) }
func (p requestPayload) Writes(yield func(string, OpID)) {
	if p.op.Kind != Read {
		yield(p.op.Key, p.op.ID)
	}
}

// AppendTrace appends bytes that tell the Op from any other.
func (op Op) AppendTrace(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(op.ID))
	b = append(b, byte(op.Kind))
	b = binary.LittleEndian.AppendUint64(b, uint64(op.Value))
	b = binary.LittleEndian.AppendUint64(b, uint64(op.Expect))
	b = append(b, op.Key...)
	if op.Context.c != nil || op.Own.c != nil {
		b = binary.LittleEndian.AppendUint64(append(b, '^'), op.Context.Digest())
		b = binary.LittleEndian.AppendUint64(b, op.Own.Digest())
	}
	if op.Level != "" || op.Attempt > 0 {
		b = append(append(b, '/', byte(op.Attempt)), op.Level...)
	}
	return b
}

// Serves returns the operation.
func (p requestPayload) Serves() (OpID, bool) { return p.op.ID, false }

// replyPayload carries a Result back.
type replyPayload struct {
	op      OpID
	result  Result
	attempt int // the latest that the replica had been sent
}

func (p replyPayload) AppendTrace(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(p.op))
	b = p.result.AppendTrace(b)
	if p.attempt > 0 {
		b = append(b, '/', byte(p.attempt))
	}
	return b
}
func (p replyPayload) Writes(func(string, OpID)) {}

// Serves returns the operation.
func (p replyPayload) Serves() (OpID, bool) { return p.op, false }

// AppendTrace appends bytes that tell the Result from any other.
func (r Result) AppendTrace(b []byte) []byte {
	b = append(b, byte(r.Outcome), byte(r.Have), byte(r.Need))
	if r.Applied {
		b = append(b, 1)
	}
	if r.Absent {
		b = append(b, 2)
	}
	if r.Found.c != nil {
		b = binary.LittleEndian.AppendUint64(append(b, 4), r.Found.Digest())
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Value))
	b = binary.LittleEndian.AppendUint32(b, uint32(r.Version))
	if r.At != 0 {
		b = binary.LittleEndian.AppendUint64(append(b, 8), uint64(r.At))
	}
	return append(append(b, r.Reason...), r.Hint...)
}

// client is a person's program in one region; unless it roams it asks the replica nearby.
type client struct {
	asking *Errand          // the latest under way
	told   *Errand          // the latest to end
	seen   map[string]State // what it has read of each key: the context of what it does next
	wrote  map[string]State // what its writes of each key have made
}

// remember takes in what an answer says of a key.
func (cl *client) remember(key string, r Result) {
	if r.Found.c != nil {
		cl.seen[key] = cl.seen[key].Merge(r.Found)
	}
	if r.Made.c != nil {
		cl.wrote[key] = cl.wrote[key].Merge(r.Made)
	}
}

// invoke starts an operation for an errand: it enters the history and departs for a replica.
func (c *Cluster) invoke(e *Errand, op Op) { c.invokeAs(e, op, 0) }

// invokeAs does so with the number of the attempt that it is: not the first where those before were other operations.
func (c *Cluster) invokeAs(e *Errand, op Op, attempt int32) {
	op.ID = c.nextOp()
	op.Client, op.Stamp = e.Client, c.now
	op.Context, op.Own = c.clientAt(e.Client).seen[op.Key], c.clientAt(e.Client).wrote[op.Key]
	op.Level = c.level(e, op.Kind)
	e.Ops = append(e.Ops, op.ID)
	rec := &Record{Op: op, Start: c.now, errand: e, attempts: attempt}
	rec.Asked = c.choose(rec)
	c.history = append(c.history, rec)
	c.trace.add('i', c.now, uint64(op.ID))
	for _, o := range c.observers {
		o.Invoked(rec)
	}
	c.attempt(rec)
}

// level returns at which level an Errand's operation is asked for: the visitor's or else the workload's, if the
// lane's protocol knows it.
func (c *Cluster) level(e *Errand, k OpKind) string {
	level := e.Level
	if level == "" && e.Visit > 0 {
		level = c.workload.WriteLevel
		if k == Read {
			level = c.workload.ReadLevel
		}
	}
	if !c.protocol.Knows(level) {
		return ""
	}
	return level
}

// complete ends a pending operation, and its errand goes on; a later answer changes nothing.
func (c *Cluster) complete(id OpID, r Result) {
	if rec := c.history[id-1]; rec.Result.Outcome == Pending {
		c.end(rec, r)
		c.proceed(rec.errand, rec)
	}
}

// end ends a pending operation.
func (c *Cluster) end(rec *Record, r Result) {
	if r.Outcome == Pending {
		panic(fmt.Sprintf("sim: lane %s at %s: operation %d completed as pending", c.Name, c.now, rec.ID))
	}
	if c.protocol.Says != nil {
		r.Says = c.protocol.Says(c.config, rec.Op, r)
	}
	rec.End, rec.Result = c.now, r
	if r.Outcome == OK {
		c.clientAt(rec.Client).remember(rec.Key, r)
	}
	c.completions++
	rec.Completion = c.completions
	c.trace.add('c', c.now, uint64(rec.ID), uint64(r.Outcome))
	c.trace.addBytes(r.AppendTrace(nil))
	for _, o := range c.observers {
		o.Returned(rec)
	}
}
