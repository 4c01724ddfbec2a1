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
	repair    // after a read has answered
	repairAsk // before: the read waits for the acknowledgement
	repairAck
	hand // a hint, brought to the replica that it is for
	handAck
	balloting // no message: the phase of a request that goes through Paxos
	received  // of a write: taken in, and not yet durable
	failed    // of a write: not taken in
)

// payload is a message between the coordinator of a request and a replica. The replica is asked in the place of the
// primary, which is mostly itself.
type payload struct {
	what  what
	op    sim.OpID // of hand and handAck: the number of the hint
	of    sim.Addr // the primary
	key   string
	state state // of readReply, write, hand and the repairs
}

func (p payload) AppendTrace(b []byte) []byte {
	b = append(b, byte(p.what), byte(p.of))
	b = binary.LittleEndian.AppendUint32(b, uint32(p.op))
	return p.state.AppendTrace(append(b, p.key...))
}

func (p payload) Writes(yield func(string, sim.OpID)) { eachWrite(p.key, p.state, yield) }

// Serves returns the client's operation for which a replica is asked, or has answered.
func (p payload) Serves() (sim.OpID, bool) {
	if p.what == hand || p.what == handAck {
		return 0, false
	}
	return p.op, false
}
