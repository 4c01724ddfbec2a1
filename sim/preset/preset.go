// Package preset is the one list of what a lane may run: the modes, each a protocol with its knobs and defaults.
// It holds no protocol code. It warns of lanes that contradict their world.
package preset

import (
	"netsplit/sim"
	"netsplit/sim/gossip"
	"netsplit/sim/primary"
	"netsplit/sim/quorum"
	"netsplit/sim/raft"
)

// Protocols lists every protocol that a lane may run.
func Protocols() []sim.Protocol {
	return []sim.Protocol{raft.Protocol(), quorum.Protocol(), gossip.Protocol(), primary.Protocol()}
}
