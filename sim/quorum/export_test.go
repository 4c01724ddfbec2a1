package quorum

// Bugs are the deliberate mistakes, for tests.
type Bugs = bugs

// The mistakes by name.
var Mistakes = map[string]Bugs{
	"ack-early": {ackEarly: true}, "skip-repair": {skipRepair: true}, "forget-promises": {forgetPromises: true},
	"drop-hints": {dropHints: true}, "count-twice": {countTwice: true}, "write-anew": {writeAnew: true},
}

// ProtocolWith is the protocol with deliberate mistakes.
var ProtocolWith = protocolWith
