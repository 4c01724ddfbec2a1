package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"netsplit/sim"
)

// keyFrame is what viewers see of a run at a moment, without what is theirs (clock, count, room) and without the
// commands, of which those to come may change. It follows from the scenario's text and the moment alone.
type keyFrame struct {
	At     sim.Time    `json:"at"`
	Groups []int       `json:"groups"`
	Lanes  []LaneState `json:"lanes"`
}

// keyFrame returns what viewers see at the present moment, to be read before the next Delta. It changes nothing, so that that has in it
// what it would have had.
func (f *feed) keyFrame() keyFrame {
	k := keyFrame{At: f.run.Now(), Groups: slices.Clone(f.run.Groups())}
	for i, l := range f.lanes {
		k.Lanes = append(k.Lanes, l.glimpse().state(f.scenario.Lanes[i]))
	}
	return k
}

// glimpse returns a copy that has been shown what there is now, while l has not.
func (l *laneFeed) glimpse() *laneFeed {
	c := *l
	c.nodes, c.clients, c.causes = slices.Clone(l.nodes), slices.Clone(l.clients), slices.Clone(l.causes)
	c.ops.keys, c.ops.pending = slices.Clip(l.ops.keys), slices.Clone(l.ops.pending)
	c.ops.says, c.ops.last, c.ops.lent = slices.Clip(l.ops.says), maps.Clone(l.ops.last), true
	c.flying = nil
	c.take(l.recorder.Peek(), l.referee.PeekNotes)
	return &c
}

// picture is a keyFrame read back from JSON, as far as there is need.
type picture struct {
	At     sim.Time        `json:"at"`
	Groups []int           `json:"groups"`
	Lanes  json.RawMessage `json:"lanes"`
}

func readPicture(data []byte) (p picture) {
	if err := json.Unmarshal(data, &p); err != nil {
		panic(fmt.Sprintf("server: a key frame of our own making: %v", err))
	}
	return p
}

// pictureState is a State that shows an archived frame.
type pictureState struct {
	State
	Groups []int           `json:"groups"`
	Lanes  json.RawMessage `json:"lanes"`
}

// hashOf returns the SHA-256, in hexadecimal, of what viewers see at a moment: of a keyFrame's JSON, which is canonical,
// for it has no map of more than one order.
func hashOf(frame []byte) string {
	sum := sha256.Sum256(frame)
	return hex.EncodeToString(sum[:])
}

// hash is hashOf of the present moment.
func (f *feed) hash() string { return hashOf(encode(f.keyFrame())) }
