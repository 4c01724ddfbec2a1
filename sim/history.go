package sim

// Record is one operation in the history of a lane.
type Record struct {
	Op
	Asked      Addr // the replica that the present attempt goes to
	hinted     Addr // the node that the latest attempt was told to ask instead, plus 1; 0 for none
	Start      Time // the client sent it
	End        Time // the client had its answer, or gave up; meaningful once the outcome is not Pending
	Completion int  // its place among the completed operations of the lane, from 1; 0 while pending
	Result     Result

	errand   *Errand
	attempts int32 // the number of the present attempt, from 0
	pausing  bool  // it has failed, and the next is to come
	unsure   bool  // an attempt was given up that may have been applied
}

// Observer is told what happens in a Cluster, in order, at the instant it happens. It must not change anything.
// Embed NopObserver to hear only some of it.
type Observer interface {
	Sent(m *Message)
	Arrived(m *Message)
	Lost(m *Message, at Time)
	Waits(m *Message)      // its stream keeps it back: it has no ID yet, and is Sent later, or GaveUp
	GaveUp(m *Message)     // it waited to be sent, or sent again, on a stream, and will not be
	Moved(m *Message)      // a user has it arrive at another time, which is Due now
	Commanded(cmd Command) // it is about to be carried out
	Invoked(r *Record)
	Returned(r *Record)
	Finished(e *Errand)
	Holds(node Addr, key string, writes []OpID)
	Follows(w, before OpID)
	Noted(n Note)
}

// NopObserver hears nothing.
type NopObserver struct{}

// Sent does nothing.
func (NopObserver) Sent(*Message) {}

// Arrived does nothing.
func (NopObserver) Arrived(*Message) {}

// Lost does nothing.
func (NopObserver) Lost(*Message, Time) {}

// Waits does nothing.
func (NopObserver) Waits(*Message) {}

// Commanded does nothing.
func (NopObserver) Commanded(Command) {}

// GaveUp does nothing.
func (NopObserver) GaveUp(*Message) {}

// Moved does nothing.
func (NopObserver) Moved(*Message) {}

// Invoked does nothing.
func (NopObserver) Invoked(*Record) {}

// Returned does nothing.
func (NopObserver) Returned(*Record) {}

// Finished does nothing.
func (NopObserver) Finished(*Errand) {}

// Holds does nothing.
func (NopObserver) Holds(Addr, string, []OpID) {}

// Follows does nothing.
func (NopObserver) Follows(OpID, OpID) {}

// Noted does nothing.
func (NopObserver) Noted(Note) {}

// NoteKind names an event that matters to a viewer.
type NoteKind string

// The kinds of notes. N is what the comment says.
const (
	NotePartition NoteKind = "partition" // N: messages lost where they were
	NoteHeal      NoteKind = "heal"
	NoteLinks     NoteKind = "links"    // a command changed links; N: messages lost by it
	NoteMachine   NoteKind = "machine"  // a command changed a machine
	NoteOperator  NoteKind = "operator" // an operator commanded a node
	NoteHand      NoteKind = "hand"     // a user decided what becomes of a message; N: its ID
	NoteMissed    NoteKind = "missed"   // a command was about a message that is not on its way; N: its ID
	NoteCampaign  NoteKind = "campaign" // a node stands for election; N: the term it would lead
	NoteElected   NoteKind = "elected"  // a node leads; N: its term
	NoteDeposed   NoteKind = "deposed"  // a leader steps down; N: its term
	NoteRewound   NoteKind = "rewound"  // a node gave up what only it had in its log; N: how many writes
	NoteOut       NoteKind = "out"      // a node stays out, for its log has branched off; N: how many writes
	NoteAlone     NoteKind = "alone"    // a primary waits for its standbys no more; N: writes that it had to answer for
	NoteWaits     NoteKind = "waits"    // a primary waits for its standbys again
	NoteMembers   NoteKind = "members"  // a node goes by other members; N: how many vote, both old and new while they change
	NoteCaughtUp  NoteKind = "snapshot" // a node that was away takes its peer's snapshot in place of the log; N: its last entry
	NoteSuspect   NoteKind = "suspect"  // a node takes its peer for dead; N: microseconds of silence
	NoteTrust     NoteKind = "trust"    // a node takes its peer for alive again
	NoteReset     NoteKind = "reset"    // a node gives up its connection to its peer; N: messages gone with it
	NoteDialed    NoteKind = "dialed"   // a node is connected to its peer again; N: messages given up meanwhile
	NoteLost      NoteKind = "lost"     // the referee: an acknowledged write is gone; N: its OpID
	NoteViolated  NoteKind = "violated" // the referee: no linearization exists any more; N: the completion
	NoteTold      NoteKind = "told"     // for viewers: a client has read something else than before in its product's words; N: the OpID
)

// Note is an event that matters to a viewer.
type Note struct {
	At   Time     `json:"at"`
	Kind NoteKind `json:"kind"`
	Node Addr     `json:"node"` // -1 for the whole lane
	Peer Addr     `json:"peer"` // -1 for none
	N    int64    `json:"n"`
}
