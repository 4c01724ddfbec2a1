package check

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
)

// dated tells of a read that asked for a timestamp, and of a write with a later one: its level let it miss that.
func (x *explainer) dated(s source) (finding, bool) {
	if x.v.Op == 0 || x.v.Missed == 0 { // nobody read
		return finding{}, false
	}
	asked, missed := x.asked(), x.record(x.v.Missed)
	if !x.timed(asked) || asked.Result.At == 0 || missed.Result.At <= asked.Result.At {
		return finding{}, false
	}
	return finding{blame: BlameLevel, why: fmt.Sprintf("%s answered with the state at timestamp %s, as it was asked at level %s, and the write's timestamp is %s",
		x.place(s.node), asked.Result.At, asked.Level, missed.Result.At)}, true
}

// timed reports whether a read asked at a level that names a time.
func (x *explainer) timed(rec *sim.Record) bool {
	return slices.ContainsFunc(x.cluster.Protocol().Levels, func(l string) bool {
		kind, timed := strings.CutSuffix(l, sim.LevelTime)
		return timed && strings.HasPrefix(rec.Level, kind+"-")
	})
}

// skewed returns what set a clock further wrong than a lane with commit timestamps takes clocks to be: the node's own back, or
// another's ahead; nil for nothing.
func (x *explainer) skewed(rec *sim.Record, node sim.Addr, at sim.Time) *sim.Command {
	epsilon := sim.Time(x.cluster.Config().Numbers["epsilon"])
	if epsilon == 0 || x.timed(rec) {
		return nil
	}
	for other := range sim.Addr(x.cluster.Nodes()) {
		cmd := x.onNode(other, at).by[sim.VerbSkew]
		if cmd != nil && (other == node && cmd.By < -epsilon || other != node && cmd.By > epsilon) {
			return cmd
		}
	}
	return x.drifting(node, at)
}
