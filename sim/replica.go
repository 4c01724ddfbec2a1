package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Replica is one instance of a replication protocol on one node. The world calls it; it acts through its Env
// alone, never blocks, and never keeps time or luck of its own.
type Replica interface {
	// Start is called once, before anything else but Held and Describe.
	Start()
	// Receive takes a message that has arrived from another node.
	Receive(m *Message)
	// Fire tells that a timer set through Env is due.
	Fire(t TimerID)
	// Serve takes a client's Op; the replica answers by Env.Reply, at once, later or never. A client that tries
	// again sends the same Op with another Attempt; a network that duplicates, with the same.
	Serve(op Op)
	// Held calls yield with the writes that are held of every key, those that Env.Holds names, in any order of keys. It
	// changes nothing.
	Held(yield func(key string, w OpID))
	// Describe tells a viewer what the replica holds of a key, and its role and term. It changes nothing.
	Describe(key string) NodeView
}

// Operator is a Replica that an operator can command: it knows its Protocol's Verbs.
type Operator interface {
	// Operate carries out a command of one of the protocol's Verbs that names this node, or names several as members
	// does: that every node hears.
	Operate(cmd Command)
}

// Listener is a Replica that wants to know when the machine of another node closes their connection. One that stands
// still is not told.
type Listener interface {
	// Closed tells of it; ended is that the peer's process has ended, so that nobody is at its other end.
	Closed(peer Addr, ended bool)
}

// TimerID tells the timers of one replica apart; small numbers from 0.
type TimerID int

// Env is a replica's only door to the world.
type Env interface {
	Self() Addr               // this node
	Nodes() int               // nodes of the cluster; they are Addr 0 to Nodes()-1
	Now() Time                // this node's clock, which may be set wrong
	Elapsed() Time            // by this node's clock, whatever it is set to: for spans
	Rand() *rand.Rand         // this node's own luck
	Opening(key string) int64 // the value that every replica holds of a key before the first write
	Patience() Time           // how long a client waits for an operation in all: nobody listens after that

	// Send puts a message on the link to another node, or on the stream there. It may be lost.
	Send(to Addr, k MessageKind, p Payload)
	// SetTimer makes Fire(t) due after a span, in place of what was set before.
	SetTimer(t TimerID, after Time)
	StopTimer(t TimerID)
	// Reply answers an Op that this node was asked to Serve. Only the first answer to an Op counts.
	Reply(op OpID, r Result)

	// Disk returns what is durable on this node; nil if the protocol keeps nothing. A replica is made from it.
	Disk() Disk
	// Persist hands the disk a record, of the protocol's own making and never changed afterwards. It becomes durable
	// with the next Sync; a crash before that loses it.
	Persist(rec any)
	// Sync makes all that has been persisted durable, then calls done, which may be nil: at once while an fsync takes
	// no time, else when it has ended. One fsync runs at a time; whatever asks meanwhile shares the next. After a
	// crash done is never called.
	Sync(done func())

	// Holds tells the referee which writes of a key this replica holds from now on, in place of what it held before:
	// those that no other of them succeeds; 0 stands for the opening value. There are several where siblings stand side
	// by side or increments add up.
	Holds(key string, writes ...OpID)
	// Follows tells the referee that write w succeeds write before: it was ordered after it in one log, or was
	// acknowledged by a replica that held it.
	Follows(w, before OpID)
	// Note tells viewers of an event that matters.
	Note(k NoteKind, peer Addr, n int64)
}

// Protocol describes a replication protocol to the world: what a lane may run.
type Protocol struct {
	Name      string
	Transport Transport // of messages between nodes, unless the lane says otherwise
	// ReadTimeout is how long a node that has sent something over a stream hears nothing before it gives the
	// connection up and dials anew; 0 leaves that to TCP. etcd: ConnReadTimeout, 5 s, in rafthttp.
	ReadTimeout Time
	Patience    func(cfg Config) Time // in place of ReadTimeout, where that depends on the knobs
	// Can reports what clients may ask for under a configuration; nil for reads and writes. The world refuses the rest.
	Can func(cfg Config, k OpKind) bool
	// Levels are what clients may ask for, operation by operation; the default has no name here unless listed. One that
	// ends in LevelTime stands for all that have a time in its place.
	Levels []string
	Knobs  []Knob
	Timers []TimerName // of its replicas, by TimerID
	Verbs  []Verb      // of OperatorVerbs: the commands that its replicas, each an Operator, know
	// New makes a replica for the node of env from what env.Disk holds, and tells the referee nothing: the world does.
	// After a crash it is called at once, and Start not before the node is restarted. The configuration has passed Check.
	New func(env Env, cfg Config) Replica
	// Disk makes an empty disk; nil where nothing outlives a crash.
	Disk func() Disk
	// Cached reports whether what is persisted and not synced outlives an exit, for the machine has it and writes it; nil for no.
	// A crash loses it in any case.
	Cached func(cfg Config) bool
	// Replicates returns what tells whether a node holds a copy of a key; nil where all nodes hold all.
	Replicates func(cfg Config) func(node Addr, key string) bool
	// Check refuses configurations of Knobs that make no sense together; nil accepts all.
	Check func(cfg Config) error

	// Of names the protocol whose code a preset runs; "" of one that is no preset.
	Of string
	// Translate returns, of a configuration of Knobs, the one that all functions above but Check are given. It is for presets, whose
	// knobs have a product's names; nil where the two are the same.
	Translate func(cfg Config) Config
	// Anew reports whether each attempt at a write is an operation of its own, because the product does not recognise one that
	// it has seen: what an earlier attempt did counts for nothing. nil where all attempts are one operation.
	Anew func(cfg Config) bool
	// LevelOf returns the level that a replica is asked at for one of Levels; nil where the two are the same.
	LevelOf func(k OpKind, level string) string
	// Says returns what a client of the product reads with the answer, or without one, such as "Unavailable required=2
	// alive=1"; "" for nothing. nil says nothing.
	Says func(cfg Config, op Op, r Result) string
	// ConditionsFail says that a compare-and-set whose condition does not hold ends in an error for its client, and not in an
	// answer: DynamoDB's ConditionalCheckFailedException. Its errand fails; the operation was answered all the same, and so the
	// judge and the figures count it.
	ConditionsFail bool
}

// Mode names the protocol whose code runs: a preset's, or the protocol itself.
func (p Protocol) Mode() string {
	if p.Of != "" {
		return p.Of
	}
	return p.Name
}

// Defaults returns the configuration of a protocol in which no knob is set, in the world of another configuration.
func (p Protocol) Defaults(world Config) Config {
	cfg := Config{Nodes: world.Nodes, RegionOf: world.RegionOf, Names: world.Names, Numbers: map[string]int64{},
		Regions: map[string]Addr{}, Words: map[string]string{}, Lists: map[string][]Addr{}}
	for _, k := range p.Knobs {
		cfg.set(k, k.Default)
	}
	return cfg
}

// set gives a knob a value that the scenario language takes. A region's name says nothing here: it stands for none.
func (cfg Config) set(k Knob, value string) {
	switch k.Kind {
	case KnobNumber:
		cfg.Numbers[k.Name], _ = strconv.ParseInt(value, 10, 64)
	case KnobRegion:
		cfg.Regions[k.Name] = -1
	case KnobWord:
		cfg.Words[k.Name] = value
	case KnobTime:
		t, _ := ParseTime(value) // one of the words is 0
		cfg.Numbers[k.Name] = int64(t)
		delete(cfg.Words, k.Name)
		if slices.Contains(k.Words, value) {
			cfg.Words[k.Name] = value
		}
	case KnobRegions:
		cfg.Lists[k.Name] = nil
	}
}

// KnobKind says what values a Knob takes.
type KnobKind uint8

// The kinds of knobs.
const (
	KnobNumber  KnobKind = iota // a whole number
	KnobRegion                  // the name of one of the scenario's regions
	KnobWord                    // one of a few words
	KnobTime                    // a time, such as 250ms, or one of a few words, which stand for 0
	KnobRegions                 // names of the scenario's regions, parted by commas, in an order that matters
)

// Knob is one setting of a protocol.
type Knob struct {
	Name     string
	Kind     KnobKind
	Default  string // as the scenario language writes it; "" for none
	Min, Max int64  // of a number, or of a time in microseconds
	Words    []string
	About    string // one sentence, with its source
}

// Config is one lane's setting of its protocol's knobs, every one present.
type Config struct {
	Nodes    int
	RegionOf []int            // of each node: the index of its region among the scenario's
	Numbers  map[string]int64 // times in microseconds
	Regions  map[string]Addr  // the first node in the region; -1 for none
	Words    map[string]string
	Lists    map[string][]Addr // the nodes of the regions, in the order in which they are named
	Names    []string          // of the nodes, such as eu-west-1/1
}

// NodeView is what a viewer may see of one node.
type NodeView struct {
	Value   int64  `json:"value"`          // of the workload's main key; of a document, a number that stands for the version
	Text    string `json:"text,omitempty"` // of documents, sets and siblings: what is held, "3 items"; the world fills it in
	Held    State  `json:"-"`              // where the protocol has a Store
	Version OpID   `json:"version"`        // the write that set it; 0 for the opening value
	Role    string `json:"role,omitempty"` // leader, follower, witness, candidate; primary, standby or secondary, promoting, stopped, out, keeper; "" where there is none
	Term    uint64 `json:"term,omitempty"` // raft's term, or a primary's timeline; 0 where there is none

	Lead     *Addr         `json:"lead,omitempty"`     // whom the node takes for the leader or primary; absent for nobody
	Dead     []Addr        `json:"dead,omitempty"`     // whom it takes for dead, or counts out
	Hints    []HintCount   `json:"hints,omitempty"`    // that it keeps, by peer
	Siblings []SiblingView `json:"siblings,omitempty"` // where several values stand side by side: MaxShown of them; the world fills them in
	MachineView

	Timers  []TimerView `json:"-"` // that run down, by name
	Log     *LogView    `json:"-"` // the end of its log; nil where there is none
	Tallies []TallyView `json:"-"` // of operations under way, the latest MaxTallies, oldest first
}

// MachineView is what is wrong with a node itself. The world fills it in.
type MachineView struct {
	Down    bool `json:"down,omitempty"` // it has crashed: what the NodeView shows is on its disk
	Paused  bool `json:"paused,omitempty"`
	Service Time `json:"service,omitempty"` // that it takes for each message
	Skew    Time `json:"skew,omitempty"`    // that its clock is set ahead
	Drift   Time `json:"drift,omitempty"`   // parts per million that its clock is fast
	Fsync   Time `json:"fsync,omitempty"`   // that each fsync takes
	Stuck   bool `json:"stuck,omitempty"`   // no fsync ends
}

// Values says what a knob takes, as the scenario language writes it.
func (k Knob) Values() string {
	words := strings.Join(k.Words, "|")
	form := ""
	switch k.Kind {
	case KnobNumber:
		form = fmt.Sprintf("%d..%d", k.Min, k.Max)
	case KnobTime:
		form = fmt.Sprintf("%s..%s", Time(k.Min), Time(k.Max))
	case KnobRegion:
		form = "REGION"
	case KnobRegions:
		form = "REGION,..."
	}
	if form != "" && words != "" {
		return form + "|" + words
	}
	return form + words
}
