package quorum

import (
	"encoding/binary"

	"netsplit/sim"
)

// what tells the payloads apart.
type what byte

const (
	heartbeat what = iota + 1
	read
	readReply
	write
	writeAck
	repair
)

type payload struct {
	what  what
	op    sim.OpID
	key   string
	state sim.State // of readReply, write and repair
}

func (p payload) AppendTrace(b []byte) []byte {
	b = append(b, byte(p.what))
	b = binary.LittleEndian.AppendUint32(b, uint32(p.op))
	return p.state.AppendTrace(append(b, p.key...))
}

func (p payload) Writes(yield func(string, sim.OpID)) {
	p.state.Writes(func(w sim.OpID) { yield(p.key, w) })
}
