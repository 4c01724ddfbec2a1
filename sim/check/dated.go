package check

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
)

// dated tells of a read that asked for a timestamp, and of a write with a later one: its level let it miss that.
func (x *explainer) dated(s source) (finding, bool) {
	asked, missed := x.asked(), x.record(x.v.Missed)
	names := slices.ContainsFunc(x.cluster.Protocol().Levels, func(l string) bool {
		kind, timed := strings.CutSuffix(l, sim.LevelTime)
		return timed && strings.HasPrefix(asked.Level, kind+"-")
	})
	if !names || asked.Result.At == 0 || missed.Result.At <= asked.Result.At {
		return finding{}, false
	}
	return finding{blame: BlameLevel, why: fmt.Sprintf("%s answered with the state at timestamp %s, as it was asked at level %s, and the write's timestamp is %s",
		x.place(s.node), asked.Result.At, asked.Level, missed.Result.At)}, true
}
