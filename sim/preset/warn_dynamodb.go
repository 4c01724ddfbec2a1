package preset

import (
	"slices"

	"netsplit/sim"
)

// zoneTrip is what a round trip between Availability Zones takes at the most, roughly: AWS says "single-digit
// milliseconds".
const zoneTrip = 10 * sim.Millisecond

// regionSets are the Regions among which an MRSC global table may be created (DynamoDB's guide, June 2025).
var regionSets = [][]string{
	{"us-east-1", "us-east-2", "us-west-2"},
	{"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"},
	{"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"},
}

// zones looks at a table in one Region.
func (l *lane) zones() {
	if far, where := l.worst(); far > zoneTrip {
		l.warn("", "a partition's replicas are in Availability Zones of one Region, single-digit milliseconds apart; here a round trip takes %s, between %s", ms(far), where)
	}
	if n := l.Nodes(); n != 3 {
		l.warn("", "a partition has three replicas, one in each of three Availability Zones; here are %d", n)
	}
}

// regionSets looks at an MRSC global table.
func (l *lane) regionSets() {
	within := func(set []string) bool {
		return !slices.ContainsFunc(l.s.Regions, func(name string) bool { return !slices.Contains(set, name) })
	}
	known := func(name string) bool { return sim.FindRegion(name) >= 0 }
	if slices.ContainsFunc(l.s.Regions, known) && !slices.ContainsFunc(regionSets, within) {
		l.warn("", "AWS offers MRSC within one set of Regions only: us-east-1, us-east-2 and us-west-2; four in Europe; or three in north-east Asia")
	}
}
