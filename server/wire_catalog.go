package server

import "netsplit/sim"

// The catalog: what a lane, a workload and a command may be, for the page's menus. It is the same for every room, and is
// fetched once, by GET /catalog.json.

// Catalog lists all that a scenario may have.
type Catalog struct {
	Engine    int              `json:"engine"`
	Protocols []ProtocolView   `json:"protocols"` // the modes, then the presets
	Databases []DatabaseView   `json:"databases"`
	Compared  []BehaviourView  `json:"compared"` // gallery scenarios whose lanes all run databases
	Workloads []WorkloadView   `json:"workloads"`
	Verbs     []VerbView       `json:"verbs"`    // of commands
	Kinds     []string         `json:"kinds"`    // of messages, by number
	Regions   []RegionView     `json:"regions"`  // of which the round trips are known
	Profiles  []string         `json:"profiles"` // of links
	Limits    map[string]int64 `json:"limits"`   // by name; times in microseconds
}

// ProtocolView is what a lane may run.
type ProtocolView struct {
	Name      string       `json:"name"`
	Transport string       `json:"transport"` // stream or datagram
	Levels    []string     `json:"levels"`    // that an operation may be asked for; the default has no name here unless listed
	Verbs     []sim.Verb   `json:"verbs"`     // of operators, that its nodes know
	Knobs     []KnobChoice `json:"knobs"`
	Preset    *PresetView  `json:"preset,omitempty"` // of a preset; absent for a mode
}

// PresetView is a database as its users meet it: what of it is modelled, under its own names.
type PresetView struct {
	Modelled
	Source     string               `json:"source"` // the address of its documentation
	Of         string               `json:"of"`     // the mode that runs
	Levels     []LevelView          `json:"levels"` // in the order of the protocol's
	Simplified []SimplificationView `json:"simplified"`
}

// Modelled says which database a lane is modelled after.
type Modelled struct {
	Product       string `json:"product"`       // as its makers write it
	Version       string `json:"version"`       // and with what beside it
	Configuration string `json:"configuration"` // what is modelled of it
}

// LevelView is a word with which a client asks, and what it comes to in the product.
type LevelView struct {
	Name  string `json:"name"`
	Read  string `json:"read"`  // as the product writes it when reading; "" where it has no such read
	Write string `json:"write"` // likewise
	About string `json:"about"` // what it promises, and what it does not
}

// SimplificationView is what a preset leaves out or assumes, and why.
type SimplificationView struct {
	Text string   `json:"text"`
	Rows []string `json:"rows"` // that cannot be shown for it
}

// DatabaseView is a product with the documented behaviours that stories show.
type DatabaseView struct {
	Product string          `json:"product"`
	Presets []string        `json:"presets"` // by name
	Rows    []BehaviourView `json:"rows"`
}

// BehaviourView is a scenario by its name: one of the gallery's, or the story of a behaviour.
type BehaviourView struct {
	ID    string `json:"id"`
	Title string `json:"title"`           // without the ID; "" where a behaviour has no story
	About string `json:"about,omitempty"` // of a behaviour: what happens and why, with its source
}

// KnobChoice is one setting of a protocol, and what it may be.
type KnobChoice struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`    // number, region, word, time or regions
	Default string   `json:"default"` // as the scenario language writes it; "" for none
	Min     int64    `json:"min"`     // of a number, or of a time in microseconds
	Max     int64    `json:"max"`
	Words   []string `json:"words"` // that it takes, of a time beside one
	About   string   `json:"about"`
	Source  string   `json:"source,omitempty"`  // of a preset's: where its default is documented
	Assumed bool     `json:"assumed,omitempty"` // of a preset's: nobody publishes the default
}

// WorkloadView is what the clients may do of their own accord.
type WorkloadView struct {
	Name  sim.WorkloadKind `json:"name"`
	Key   string           `json:"key"`   // its only key, or the stem of several
	Unit  string           `json:"unit"`  // of what a key holds
	Verbs []sim.Verb       `json:"verbs"` // of clients, that its keys take
}

// VerbView is what a command does it to.
type VerbView struct {
	Verb   sim.Verb `json:"verb"`
	To     string   `json:"to"`     // world, links, node, nodes, message or key
	Number bool     `json:"number"` // of a key: it says one
}
