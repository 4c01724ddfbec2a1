package group

import (
	"encoding/binary"

	"netsplit/sim"
)

// word is what members tell each other beside what they have ordered.
type word struct {
	what wordKind
	view uint64 // the sender's, by number

	lineage uint64 // of that view
}

// wordKind says what a word is for.
type wordKind byte

const (
	alive    wordKind = iota + 1 // the sender runs
	expelled                     // the receiver is no member since that view
	asks                         // the sender asks to be taken in
	asksAnew                     // and if it is a member still, to be left out before: its disk is empty
)

var wordNames = [...]string{"", "alive", "expelled", "asks to join", "asks to join with an empty disk"}

// AppendTrace appends what is said.
func (w word) AppendTrace(b []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(append(b, byte(w.what)), w.view), w.lineage)
}

// Writes yields nothing.
func (w word) Writes(func(string, sim.OpID)) {}

// Facts says what is said.
func (w word) Facts() []sim.Fact {
	return []sim.Fact{sim.Text("message", wordNames[w.what]), sim.Number("view", w.view)}
}

// note is what is ordered beside operations.
type note struct {
	what noteKind
	node sim.Addr // that has it ordered
	mark uint64   // of a sync, which one; of a preparation, of which operation
}

// noteKind says what a note is for.
type noteKind byte

const (
	syncs    noteKind = iota + 1 // whoever sent it has all that was ordered before once it gets it back
	prepared                     // the node has carried out an operation, up to its commit
	returned                     // the node has been away though no view says so: it is as one that has just been taken in
	online                       // the node has what the others have
	chosen                       // the node is to be the primary: an operator says so
)

func (n note) encode() []byte {
	b := []byte{byte(n.what), byte(n.node)}
	return binary.LittleEndian.AppendUint64(b, n.mark)
}

func decodeNote(b []byte) note {
	return note{noteKind(b[0]), sim.Addr(b[1]), binary.LittleEndian.Uint64(b[2:])}
}

// tag is what an operation is ordered with: who asks, and whether all are to have applied it before it is committed.
type tag struct {
	origin sim.Addr
	after  bool
}

func (t tag) encode() uint16 {
	n := uint16(t.origin) << 1
	if t.after {
		n |= 1
	}
	return n
}

func decodeTag(n uint16) tag { return tag{sim.Addr(n >> 1), n&1 == 1} }
