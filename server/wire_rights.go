package server

import "netsplit/sim"

// What the wire says of who may do what in a room, who is there, and what the presenter looks at. Keys and guest tokens go
// from a page to the server alone; a guest id, the SHA-256 sum of a guest's token in hexadecimal, is no secret.

// Right is what a connection may do in a room.
type Right string

// Rights.
const (
	RightView    Right = "view"    // look
	RightControl Right = "control" // look and act
)

// Glance is what somebody looks at.
type Glance struct {
	Live    bool     `json:"live"`              // the playhead is at the live edge
	At      sim.Time `json:"at"`                // the moment looked at, where it is not live
	Playing bool     `json:"playing,omitempty"` // from there on, where it is not live
	Lane    string   `json:"lane"`              // that fills the stage, or is shown on a phone; "" for all
	Tab     string   `json:"tab"`               // of the drawer, the one that is open, up to 20 letters; "" for a closed drawer
	Why     *Why     `json:"why"`               // the violation whose causes are open; null for none
}

// Why names a violation of a lane.
type Why struct {
	Lane string   `json:"lane"`
	Kind string   `json:"kind"` // as in a CauseView
	Op   sim.OpID `json:"op"`
}

// Presented tells viewers what the presenter looks at. A slow viewer is told the latest only.
type Presented struct {
	Type string `json:"type"` // glance
	Seq  uint64 `json:"seq"`  // of the State or Delta before; no count of its own
	Glance
	Room *Address `json:"room,omitempty"` // where the presenter has gone on: those who follow say hello there
}

// Address is where a room can be looked at.
type Address struct {
	Room string `json:"room"`
	Key  string `json:"key"` // the view key
}

// Audience tells a viewer who is there and what it may do: after the State, and when it changes, at most once a second.
type Audience struct {
	Type      string  `json:"type"`      // audience
	Seq       uint64  `json:"seq"`       // of the State or Delta before; no count of its own
	Viewers   int     `json:"viewers"`   // connections in the room, this one among them
	Guest     string  `json:"guest"`     // who the viewer is: its guest id; "" without a guest token
	Right     Right   `json:"right"`     // that the viewer has now
	Presenter string  `json:"presenter"` // the guest id of who presents; "" for nobody
	Asks      []Guest `json:"asks"`      // who asks for control; empty for those who have none
	Hands     []Guest `json:"hands"`     // to whom control was handed over
}

// Guest is somebody in a room.
type Guest struct {
	Guest string `json:"guest"` // the guest id
	Name  string `json:"name"`  // by which it asked for control; "" for none
}
