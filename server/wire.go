package server

import "netsplit/sim"

// The wire: JSON messages, each with a type and a seq. Times are virtual microseconds. The client speaks first.
// The TypeScript of these types, web/wire.ts, is generated from this file and from sim.

// ClientMessage is anything that a browser sends. Type says which of the other fields count.
type ClientMessage struct {
	Type string `json:"type"` // hello, command, script, edit, flap, text, share, series, timeline, play, pause, speed, step, until, seek, live, inspect, fork, undo, redo, luck, turning, find, matrix, cancel, ask, hand, present, follow or glance
	Seq  uint64 `json:"seq"`  // the sender's own count; a reject names it

	ID string `json:"id,omitempty"` // command, flap, script, edit: the sender's name for it, of 1 to 64 letters, digits, - and _; it is done once, however often it is sent, and then acknowledged

	// hello
	Engine   int    `json:"engine,omitempty"`
	Room     string `json:"room,omitempty"`     // to come back to a room; with its key
	Key      string `json:"key,omitempty"`      // the control key or the view key: the server finds which
	Scenario string `json:"scenario,omitempty"` // the gallery scenario of a new room; "" for the default
	Run      string `json:"run,omitempty"`      // the run of a new room, as a link carries it: see sim.Pack, and Script.Link
	Guest    string `json:"guest,omitempty"`    // the page's own token, of 128 random bits as a key has; "" for a page that is nobody in particular

	Lead *Address `json:"lead,omitempty"` // the room that the page has left for this one, with a key of it: if the guest presents there, those who follow come along

	Command *sim.Command `json:"command,omitempty"` // command; flap: the fault that comes and goes; its time is the server's to set
	Text    string       `json:"text,omitempty"`    // script: what the room runs from now on, up to MaxScript bytes
	Edits   []sim.Edit   `json:"edits,omitempty"`   // edit: of the set-up, one after the other
	Every   sim.Time     `json:"every,omitempty"`   // flap: from one fault to the next; 0 ends the flapping; series: the span of the points that the viewer has; 0 for none
	For     sim.Time     `json:"for,omitempty"`     // flap: how long it goes on
	Speed   float64      `json:"speed,omitempty"`   // speed: virtual seconds per second
	At      sim.Time     `json:"at,omitempty"`      // seek; hello: where a new room of a run stands still, by default nowhere; script, edit: where the new run goes on from, by default 0; series, timeline: from which instant on; fork: up to where; luck, turning, find, matrix: how far its runs go, by default to the script's end or the live edge
	Inspect *Inspect     `json:"inspect,omitempty"` // inspect
	To      string       `json:"to,omitempty"`      // hand: the guest id of who is handed control, or has it taken back; step: event, message, operation, election, violation or fault; by default event
	Back    bool         `json:"back,omitempty"`    // step: to the one before
	Seeds   int          `json:"seeds,omitempty"`   // luck, find, matrix: how many lucks, by default DefaultSeeds; of a matrix, MatrixSeeds
	What    string       `json:"what,omitempty"`    // until: what step's to may be, or convergence; turning, find: which promise, such as linearizable, lost-write or damage; matrix: what hurts, such as lost-writes,stale>500ms
	Lane    string       `json:"lane,omitempty"`    // step, until: in this lane; by default in any, and of a convergence, in all; turning, find: "" for the only one
	On      bool         `json:"on,omitempty"`      // ask, hand, present, follow: whether, or no more
	Name    string       `json:"name,omitempty"`    // ask: of who asks, 1 to 40 printable characters; "" for none
	Glance  *Glance      `json:"glance,omitempty"`  // glance: what the presenter looks at
}

// State is the first answer to hello, and what a viewer gets anew after a seek or when it fell behind.
type State struct {
	Type     string         `json:"type"` // state
	Seq      uint64         `json:"seq"`
	Engine   int            `json:"engine"`
	Room     string         `json:"room"`
	Key      string         `json:"key"`      // the control key, for those who came with it; "" for others
	ViewKey  string         `json:"view_key"` // to look on only
	Right    Right          `json:"right"`    // that the viewer has: an Audience tells when it changes
	Title    string         `json:"title"`
	Scenario string         `json:"scenario"`        // the gallery name, or ""
	About    string         `json:"about,omitempty"` // of a database's story: what happens and why, with its source
	Workload string         `json:"workload"`        // as the scenario language writes it
	Unit     string         `json:"unit"`            // what the workload's keys hold: dollars, pieces, items, likes, posts, or "" for plain numbers
	MainKey  string         `json:"main_key"`        // which the nodes show
	Visits   []sim.Verb     `json:"visits"`          // what a client may be told to do to it
	Kinds    []string       `json:"kinds"`           // of messages; a Packet has an index into them
	OpKinds  []sim.OpKind   `json:"op_kinds"`        // of operations; an OpStrip has an index into them
	Outcomes []sim.Outcome  `json:"outcomes"`        // of operations; an OpStrip has an index into them
	Regions  []RegionView   `json:"regions"`
	Nodes    []EndpointView `json:"nodes"`   // of each lane, by region
	Clients  []EndpointView `json:"clients"` // of each lane, by region
	Cables   []CableView    `json:"cables"`
	Lanes    []LaneState    `json:"lanes"`
	Commands []sim.Command  `json:"commands"` // every command of the run, past and to come
	Clock    Clock          `json:"clock"`
	Groups   []int          `json:"groups"` // of each region; equal numbers can talk

	Run       int      `json:"run"`                 // which of the room's runs this is, from 1
	Restarted *Restart `json:"restarted,omitempty"` // why this run began; absent for the first

	Parent   *Parent  `json:"parent,omitempty"` // the room that this one has branched off from; absent for none
	Branches []Branch `json:"branches"`         // that have branched off from this one and have not ended
}

// Parent says which room's run a room's has branched off from, and where.
type Parent struct {
	Room   string       `json:"room"`
	Key    string       `json:"key"`              // the control key, for those who came with this room's; the view key for others
	Run    int          `json:"run"`              // which of that room's runs
	At     sim.Time     `json:"at"`               // up to where both are the same
	Undone *sim.Command `json:"undone,omitempty"` // what was undone by it; redo leads back
	First  *sim.Command `json:"first,omitempty"`  // that was given here and not there; absent for none yet
}

// Branch is a room that has branched off.
type Branch struct {
	Room   string       `json:"room"`
	Key    string       `json:"key"` // as in a Parent
	Run    int          `json:"run"` // which of the room's runs it has branched off from
	At     sim.Time     `json:"at"`
	First  *sim.Command `json:"first,omitempty"`  // that was given there and not here; absent for none yet
	Undone *sim.Command `json:"undone,omitempty"` // what was undone by it
}

// Forked answers a fork, an undo or a redo, to its viewer alone: where to say hello to go on. The room plays itself to
// where it stands, and waits there, once somebody watches.
type Forked struct {
	Type    string   `json:"type"` // forked
	Of      uint64   `json:"of"`   // the seq of the message that asked for it
	Room    string   `json:"room"`
	Key     string   `json:"key"`               // the control key of a room made for it; of one that there was, as in a Parent
	At      sim.Time `json:"at"`                // up to where both runs are the same
	Rebuilt bool     `json:"rebuilt,omitempty"` // redo: the room had ended, and this one stands where that was left
}

// Restart says why a room's run began anew.
type Restart struct {
	By      string        `json:"by"`      // script or edit
	Text    string        `json:"text"`    // in words
	Dropped []sim.Dropped `json:"dropped"` // statements that the new set-up cannot have
	Until   sim.Time      `json:"until"`   // to where the run is played at once, before viewers see it again; 0 for none
}

// Script answers a text: the room's run up to its live edge, and what is still to come, in canonical form.
type Script struct {
	Type  string   `json:"type"`           // script
	Of    uint64   `json:"of"`             // the seq of the message that asked for it
	Run   int      `json:"run"`            // which of the room's runs
	At    sim.Time `json:"at"`             // how far the room has run
	Text  string   `json:"text"`           // its end is not before At
	Trace string   `json:"trace"`          // over all that has happened up to At: what netsplit run of the text prints, where At is its end
	Link  string   `json:"link,omitempty"` // of a share: what a link to the run carries after "#run="
}

// EndpointView is the name of a node or a client, and the index of its region.
type EndpointView struct {
	Name   string `json:"name"`
	Region int    `json:"region"`
}

// RegionView is a region's name and place on the map, in the units of static/map.svg. A region that the world does not
// know is given a place where there is room.
type RegionView struct {
	Name string  `json:"name"`
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
}

// CableView is the links between two regions, by index.
type CableView struct {
	From      int      `json:"from"`
	To        int      `json:"to"`
	RoundTrip sim.Time `json:"round_trip"`
	Fibre     sim.Time `json:"fibre,omitempty"` // the least round trip that light in fibre allows; absent where it is not known
}

// CableLinks is the state of a cable's links, by direction.
type CableLinks struct {
	There LinkView `json:"there"` // from the cable's From to its To
	Back  LinkView `json:"back"`
}

// LinkView is what faults do to the links of a cable's nodes in one direction: of several, the worst that any suffers.
type LinkView struct {
	sim.LinkState
	Some bool `json:"some,omitempty"` // not all of them suffer the same
}

// Clock says where a viewer stands in the run.
type Clock struct {
	At      sim.Time `json:"at"`               // the viewer's playhead: what is shown
	Edge    sim.Time `json:"edge"`             // how far the room has run
	Live    bool     `json:"live"`             // the playhead is at the edge and moves with it
	Playing bool     `json:"playing"`          //
	Speed   float64  `json:"speed"`            // virtual seconds per second
	Ended   bool     `json:"ended"`            // the run has reached its limit
	Slowed  bool     `json:"slowed,omitempty"` // the run costs more than a room may, or the server is late: it falls behind its speed

	Coming sim.Time `json:"coming,omitempty"` // the moment asked for, which is being replayed; what is shown until then is right for At; 0 when what is shown is what was asked for
	Until  string   `json:"until,omitempty"`  // what the run is on its way to, as fast as it can: until's what
}

// LaneState is everything about one lane.
type LaneState struct {
	Name      string         `json:"name"`
	Protocol  string         `json:"protocol"`
	Mode      string         `json:"mode"`                // the protocol, or that which a preset runs
	Modelled  *Modelled      `json:"modelled,omitempty"`  // the database that a preset is modelled after; absent for a mode
	Transport string         `json:"transport,omitempty"` // where it is not the protocol's own
	Knobs     []KnobView     `json:"knobs"`
	Warnings  []WarningView  `json:"warnings"` // where its knobs contradict the world
	Holds     []bool         `json:"holds"`    // of each node: it keeps copies; the others only pass requests on
	Nodes     []sim.NodeView `json:"nodes"`    // in the order of the State's
	Clients   []ClientState  `json:"clients"`  // in the order of the State's
	Cut       []bool         `json:"cut"`      // of each cable: at least one link between its regions' nodes is cut
	Links     []CableLinks   `json:"links"`    // of each cable
	Packets   []Packet       `json:"packets"`  // on their way
	Stories   []Story        `json:"stories"`  // the latest, oldest first
	Verdict   Verdict        `json:"verdict"`
	Models    []ModelVerdict `json:"models"` // strongest first
	Causes    []CauseView    `json:"causes"` // of at most MaxCauses violations, in order of time
	Scores    Scores         `json:"scores"`
	Keys      []string       `json:"keys"` // of its operations so far
	Says      []string       `json:"says"` // what clients have read in the product's words beside plain answers so far, at most MaxSays
	Ops       []OpStrip      `json:"ops"`  // the latest MaxOpStrips, in order of their numbers
	Strips
}

// KnobView is one setting of a lane's protocol as the scenario language writes it.
type KnobView struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// WarningView says where a lane contradicts its world, or has a knob set that has no effect there.
type WarningView struct {
	Knob string `json:"knob"` // of the protocol; "" where it is about something else
	Text string `json:"text"`
}

// ClientState is what a client asks and was told.
type ClientState struct {
	Asking *sim.Errand `json:"asking"`
	Told   *sim.Errand `json:"told"`
	Stale  *StaleView  `json:"stale"` // set when what it was told was stale
}

// StaleView says how stale a read was.
type StaleView struct {
	Age    sim.Time `json:"age"`    // since a newer write was acknowledged, at the start of the read
	Behind int      `json:"behind"` // acknowledged newer writes
}

// Packet is a message between nodes: id, from, to, kind, sent, due, lost (-1 while it is not).
type Packet [7]int64

// Fate is a message shown before that was lost: id, when.
type Fate [2]int64

// Reign is the time for which a node leads.
type Reign struct {
	From  sim.Time `json:"from"`
	Until sim.Time `json:"until"` // -1 while it does
	Node  sim.Addr `json:"node"`
	Term  int64    `json:"term"` // or timeline
}

// Band is a time for which something is wrong with a lane's links, or with one of its machines.
type Band struct {
	What  string   `json:"what"` // parted, cut, held, drop, duplicate, reorder, delay; of a machine: down, paused, slow, skew, drift, fsync
	From  sim.Time `json:"from"`
	Until sim.Time `json:"until"` // -1 while it is
	Node  sim.Addr `json:"node"`  // -1 for links
}

// Pin is a promise that was broken.
type Pin struct {
	At   sim.Time `json:"at"`
	Kind string   `json:"kind"` // as in a CauseView, but no stale reads
	Op   sim.OpID `json:"op"`
}

// Story is an event that matters, with what it takes to tell it in words.
type Story struct {
	At   sim.Time     `json:"at"`
	Kind sim.NoteKind `json:"kind"`
	Node sim.Addr     `json:"node"` // -1 for the whole lane
	Peer sim.Addr     `json:"peer"` // -1 for none
	N    int64        `json:"n"`
	Loss *Loss        `json:"loss,omitempty"` // kind lost
	Find *Finding     `json:"find,omitempty"` // kind violated, where it is simple to say
	Told *Told        `json:"told,omitempty"` // kind told
}

// Told is what a client has read in its product's words.
type Told struct {
	Client  int         `json:"client"` // by index
	Kind    sim.OpKind  `json:"kind"`
	Outcome sim.Outcome `json:"outcome"`
	Says    string      `json:"says"`
}

// Finding says what makes a violation plain: what a client found, although something else had been acknowledged, or
// shown to somebody, before it asked.
type Finding struct {
	Client int      `json:"client"` // who found it; the index of its region
	Value  int64    `json:"value"`
	At     sim.Time `json:"at"` // when it was told
	By     int      `json:"by"` // whose write was acknowledged, or who was shown
	Newer  int64    `json:"newer"`
	Known  sim.Time `json:"known"` // when that one was told
	Shown  bool     `json:"shown"` // it was shown, rather than acknowledged
}

// Loss says which acknowledged write is gone, and what took its place.
type Loss struct {
	Op      sim.OpID       `json:"op"`
	Client  int            `json:"client"` // whose write; the index of its region
	Kind    sim.ErrandKind `json:"kind"`
	Amount  int64          `json:"amount"`
	Value   int64          `json:"value"`   // what was written
	Acked   sim.Time       `json:"acked"`   // when its client was told "ok"
	Over    sim.OpID       `json:"over"`    // the write that stands in its place; 0 for the opening value
	OverBy  int            `json:"over_by"` // its client; -1 for the opening value
	OverVal int64          `json:"over_value"`
	Unseen  bool           `json:"unseen"` // the two regions could not talk when the later of the two writes was acknowledged
}

// Verdict is what the referee says of a lane so far.
type Verdict struct {
	Linearizable string `json:"linearizable"` // yes, no or unknown
	ViolationAt  int    `json:"violation_at"` // the completion after which no linearization exists; 0 for none
	Covers       int    `json:"covers"`       // completed operations that the verdict covers
}

// ModelVerdict is what the referee says of one model of consistency so far. It does not change with every operation.
type ModelVerdict struct {
	Model       string `json:"model"`        // linearizable, sequential, causal, read-your-writes, monotonic-reads, monotonic-writes or writes-follow-reads
	Answer      string `json:"answer"`       // yes, no or unknown
	ViolationAt int    `json:"violation_at"` // the completion after which the model is violated; 0 for none
	Behind      int    `json:"behind"`       // completed operations that the verdict does not cover
}

// CauseView is why a violation came about: check.Cause, with its operations. Kind and Op together are its name.
type CauseView struct {
	Kind   string       `json:"kind"`   // linearizable, sequential, causal, read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads, lost-write, lost-update or stale-read
	At     sim.Time     `json:"at"`     // when it was a fact
	Key    string       `json:"key"`    //
	Op     sim.OpID     `json:"op"`     // the operation that cannot be placed, or the write that is lost
	Missed sim.OpID     `json:"missed"` // the write that it should have met, or what stands in its place; 0 for none
	Blame  string       `json:"blame"`  // a command's verb, or what else it comes down to
	Text   [2]string    `json:"text"`   // what happened, and what is to blame
	Ops    []OpView     `json:"ops"`    // in order of their calls
	Steps  []StepView   `json:"steps"`  // operations, states, messages, fault; each part in order of time
	Fault  *sim.Command `json:"fault"`  // that is to blame; null where none is
}

// OpView is one operation of a violation.
type OpView struct {
	ID      sim.OpID    `json:"id"`
	Client  int         `json:"client"` // by index
	Kind    sim.OpKind  `json:"kind"`
	Key     string      `json:"key"`
	Value   int64       `json:"value"` // that it wrote, as clients are shown it
	Found   int64       `json:"found"` // ok: that it found, as clients are shown it
	Applied bool        `json:"applied"`
	Absent  bool        `json:"absent,omitempty"` // it found that the key has no value
	Level   string      `json:"level,omitempty"`
	Start   sim.Time    `json:"start"`
	End     sim.Time    `json:"end"` // -1 while pending
	Outcome sim.Outcome `json:"outcome"`
}

// OpStrip is one operation of a lane: number, client by index, kind, key by index, the value that it wrote and the one
// that it found as clients are shown them, start, end (-1 while pending), outcome, flags: 1 applied, 2 it found no
// value, 4 stale; and what the product's client read, 0 for nothing but an answer. Kind and outcome are indexes into the State's, keys into
// the LaneState's, and what was read into its says, from 1.
type OpStrip [11]int64

// StepView is one fact of a cause's chain: an operation, a state that a replica came to, a message, or the fault.
type StepView struct {
	Kind    string   `json:"kind"` // operation, state, message or fault
	At      sim.Time `json:"at"`
	Until   sim.Time `json:"until"`          // its end; At where it has none
	Node    sim.Addr `json:"node"`           // -1 for none; clients come after the nodes
	Peer    sim.Addr `json:"peer"`           // of a message: where it went; -1 for none
	Message uint64   `json:"message"`        // its ID; 0 for none
	Op      sim.OpID `json:"op"`             // 0 for none
	Write   sim.OpID `json:"write"`          // that a message carried or a replica held; 0 for none
	Fate    string   `json:"fate,omitempty"` // of a message: lost, late, overtaken, waiting, arrived; of a state: held, without, replaced, wiped
	Text    string   `json:"text"`           // one clause
}

// Scores are the figures under a lane.
type Scores struct {
	Operations int     `json:"operations"` // completed
	OK         int     `json:"ok"`
	Fail       int     `json:"fail"`
	Info       int     `json:"info"`
	StaleReads int     `json:"stale_reads"`
	LostWrites int     `json:"lost_writes"`
	AtRisk     int     `json:"at_risk"`
	P50        float64 `json:"p50"` // milliseconds
	P99        float64 `json:"p99"`
	Books      Books   `json:"books"`
}

// Books is the workload's own view of its keys, all together. Of documents the number of their items counts.
type Books struct {
	Low        int64  `json:"low"`                   // the least and the most that the acknowledged errands allow
	High       int64  `json:"high"`                  //
	Agreed     bool   `json:"agreed"`                // the replicas hold one version of each key
	Held       int64  `json:"held"`                  // what they then hold
	Damage     int64  `json:"damage"`                // how much is wrong by the workload's rule; negative for missing; 0 for none
	DamageText string `json:"damage_text,omitempty"` // the same in words
}

// Delta is what has changed since the State or Delta before. Its seq is one more than theirs.
type Delta struct {
	Type   string      `json:"type"` // delta
	Seq    uint64      `json:"seq"`
	Clock  Clock       `json:"clock"`
	Groups []int       `json:"groups,omitempty"` // absent: unchanged
	Log    *LogChange  `json:"log,omitempty"`    // absent: unchanged
	Lanes  []LaneDelta `json:"lanes"`

	Branches []Branch `json:"branches,omitempty"` // absent: unchanged
}

// LogChange amends a State's commands: in place of Dropped of them, from index From on, stand those Added.
type LogChange struct {
	From    int           `json:"from"`
	Dropped int           `json:"dropped"`
	Added   []sim.Command `json:"added"`
}

// LaneDelta is what has changed in one lane. What is absent has not changed.
type LaneDelta struct {
	Nodes   map[int]sim.NodeView `json:"nodes,omitempty"`   // by index
	Clients map[int]ClientState  `json:"clients,omitempty"` // by index
	Cut     []bool               `json:"cut,omitempty"`
	Links   map[int]CableLinks   `json:"links,omitempty"`   // by cable
	Packets []Packet             `json:"packets,omitempty"` // sent since; or sent before, and due at another time now
	Lost    []Fate               `json:"lost,omitempty"`
	Stories []Story              `json:"stories,omitempty"` // new ones
	Verdict *Verdict             `json:"verdict,omitempty"`
	Models  []ModelVerdict       `json:"models,omitempty"` // all, if one of them has changed
	Causes  []CauseView          `json:"causes,omitempty"` // new ones
	Scores  *Scores              `json:"scores,omitempty"`
	Keys    []string             `json:"keys,omitempty"` // that come after those of the LaneState
	Says    []string             `json:"says,omitempty"` // likewise
	Ops     []OpStrip            `json:"ops,omitempty"`  // that have begun or ended since
	StripChanges
}

// Reject answers a message that could not be carried out; the room goes on.
type Reject struct {
	Type   string `json:"type"` // reject
	Seq    uint64 `json:"seq"`  // of the room; no count of its own
	Of     uint64 `json:"of"`   // the seq of the message refused; 0 if it had none
	Reason string `json:"reason"`

	Line   int `json:"line,omitempty"`   // of a script: where it is wrong, from 1
	Column int `json:"column,omitempty"` // in bytes, from 1

	After int    `json:"after,omitempty"` // of a hello that is worth another try: in how many seconds; 0 for never
	Saved string `json:"saved,omitempty"` // of a hello whose link cannot be opened: the lines that could be read, unchecked
}

// Ack says, to its viewer alone, that what was sent under an id has been done and is kept.
type Ack struct {
	Type string `json:"type"` // ack
	Of   uint64 `json:"of"`   // the seq of the message; of one that was sent twice, the latest
	ID   string `json:"id"`
}

// Series answers a series, to its viewer alone: what happened in each lane over time, up to the room's live edge, wherever
// the viewer looks. One point stands for each span of virtual time, and for all spans from From on. The spans grow with
// the run: when they have, all points are sent.
type Series struct {
	Type  string       `json:"type"`  // series
	Of    uint64       `json:"of"`    // the seq of the message that asked for it
	Run   int          `json:"run"`   // which of the room's runs
	Every sim.Time     `json:"every"` // the span of a point
	From  int          `json:"from"`  // the index of the first point that is sent; the viewer has those before
	Lanes []LaneSeries `json:"lanes"`
}

// Timeline answers a timeline, to its viewer alone: what a timeline is painted with, up to the room's live edge, beside the
// operations, which a Series has. It has what began or ended from an instant on.
type Timeline struct {
	Type  string         `json:"type"` // timeline
	Of    uint64         `json:"of"`   // the seq of the message that asked for it
	Run   int            `json:"run"`  // which of the room's runs
	Edge  sim.Time       `json:"edge"`
	Lanes []LaneTimeline `json:"lanes"`
}

// LaneTimeline is one lane's. Each list is in order of time and has at most MaxSpans, the latest.
type LaneTimeline struct {
	Reigns []Reign `json:"reigns"`
	Bands  []Band  `json:"bands"`
	Pins   []Pin   `json:"pins"`
}

// LaneSeries has one lane's figures by point, from Series.From on.
type LaneSeries struct {
	OK       []int   `json:"ok"` // operations completed
	Fail     []int   `json:"fail"`
	Info     []int   `json:"info"`
	P50      []int64 `json:"p50"` // of the time that they took, in microseconds; -1 where there are none
	P99      []int64 `json:"p99"`
	Stale    []int   `json:"stale"`    // stale reads
	Age      []int64 `json:"age"`      // of the stalest of them, in microseconds
	Distinct []int   `json:"distinct"` // the most values that the replicas held at once
	Messages []int   `json:"messages"` // sent between nodes
}

// Strips is what is drawn beside each node of a lane.
type Strips struct {
	Timers  [][]sim.TimerView `json:"timers"`         // of each node: those that run down
	Logs    []LogView         `json:"logs,omitempty"` // of each node, where there are logs
	Tallies [][]sim.TallyView `json:"tallies"`        // of each node: operations under way
}

// StripChanges is what has changed of it, by index of the node.
type StripChanges struct {
	Timers  map[int][]sim.TimerView `json:"timers,omitempty"` // all of the node's
	Logs    map[int]LogPatch        `json:"logs,omitempty"`
	Tallies map[int][]sim.TallyView `json:"tallies,omitempty"` // all of the node's
}

// LogView is the end of a node's log, oldest entry first.
type LogView struct {
	Durable int64      `json:"durable"` // the last index that is on the node's disk
	Commit  int64      `json:"commit"`  // the last index that the node knows to be committed; of a primary's log, that is visible there
	Entries []LogStrip `json:"entries"`
}

// LogStrip is an entry of a log: index, term or timeline, write (0 for none), value, kind (0 it sets the main key, 1 it
// sets another key, 2 it changes nothing, 3 it is the protocol's own). Entries of one index, term and write are the same everywhere.
type LogStrip [5]int64

// LogPatch amends a LogView. Of its entries the first Dropped are not shown any more, the next Kept stay, and these follow;
// what else there was is gone.
type LogPatch struct {
	Durable int64      `json:"durable"`
	Commit  int64      `json:"commit"`
	Dropped int        `json:"dropped,omitempty"`
	Kept    int        `json:"kept"`
	Entries []LogStrip `json:"entries,omitempty"`
}

// Inspect asks for everything about one thing in a lane, at the moment that the viewer looks at: a node, a message or an
// operation, exactly one of them.
type Inspect struct {
	Lane      string    `json:"lane"`
	Node      *sim.Addr `json:"node,omitempty"`
	Message   uint64    `json:"message,omitempty"`
	Operation sim.OpID  `json:"operation,omitempty"`
	Raw       bool      `json:"raw,omitempty"` // of a node or a message: its state as it is, too
}

// Inspection answers an inspect, to its viewer alone. One of node, message and operation is there.
type Inspection struct {
	Type      string              `json:"type"` // inspection
	Seq       uint64              `json:"seq"`  // of the State or Delta before; no count of its own
	Of        uint64              `json:"of"`   // the seq of the inspect
	At        sim.Time            `json:"at"`   // when in the run
	Lane      string              `json:"lane"`
	Node      *sim.NodeFacts      `json:"node,omitempty"`
	Message   *sim.MessageFacts   `json:"message,omitempty"`
	Operation *sim.OperationFacts `json:"operation,omitempty"`
}
