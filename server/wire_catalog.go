package server

import "netsplit/sim"

// The catalog: what a lane, a workload and a command may be, for the page's menus. It is the same for every room, and is
// fetched once, by GET /catalog.json.

// Catalog lists all that a scenario may have.
type Catalog struct {
	Engine    int              `json:"engine"`
	Protocols []ProtocolView   `json:"protocols"`
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
