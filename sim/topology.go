package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Topology says which endpoints a Cluster of a scenario has: the nodes of the first region come first, then those of
// the second, and so on; the clients follow in the same order. Every lane of a Lab has the same.
type Topology struct {
	regions    []string
	nodes      int
	regionOf   []int  // by endpoint
	first      []Addr // node of each region
	firstGuest []Addr // client of each region
	number     []int  // of each endpoint in its region, from 1
}

// Topology returns the endpoints of the scenario's lanes.
func (s *Scenario) Topology() *Topology {
	t := &Topology{regions: s.Regions}
	for i, name := range s.Regions {
		t.first = append(t.first, Addr(t.nodes))
		t.add(i, s.replicasIn(name))
		t.nodes = len(t.regionOf)
	}
	for i := range s.Regions {
		t.firstGuest = append(t.firstGuest, Addr(len(t.regionOf)))
		t.add(i, max(s.Clients, 1))
	}
	return t
}

func (t *Topology) add(region, count int) {
	for k := range count {
		t.regionOf = append(t.regionOf, region)
		t.number = append(t.number, k+1)
	}
}

// Nodes returns the number of nodes, which are Addr 0 to Nodes()-1.
func (t *Topology) Nodes() int { return t.nodes }

// Clients returns the number of clients, which are the endpoints after the nodes.
func (t *Topology) Clients() int { return len(t.regionOf) - t.nodes }

// Endpoints returns the number of nodes and clients.
func (t *Topology) Endpoints() int { return len(t.regionOf) }

// Client returns the endpoint of the i-th client, from 0.
func (t *Topology) Client(i int) Addr { return Addr(t.nodes + i) }

// RegionOf returns the index of an endpoint's region among the scenario's.
func (t *Topology) RegionOf(a Addr) int { return t.regionOf[a] }

// RegionName returns the name of a region, by its index among the scenario's.
func (t *Topology) RegionName(i int) string { return t.regions[i] }

// Home returns the node that a client asks: the clients of a region are dealt out to its nodes in turn.
func (t *Topology) Home(client Addr) Addr {
	region := t.regionOf[client]
	return t.first[region] + Addr((t.number[client]-1)%t.size(region))
}

// size returns how many nodes a region has.
func (t *Topology) size(region int) int {
	if region+1 < len(t.first) {
		return int(t.first[region+1] - t.first[region])
	}
	return t.nodes - int(t.first[region])
}

// NameOf returns an endpoint's name: a node such as eu-west-1/1, a client such as eu-west-1@1.
func (t *Topology) NameOf(a Addr) string {
	mark := "/"
	if int(a) >= t.nodes {
		mark = "@"
	}
	return t.regions[t.regionOf[a]] + mark + strconv.Itoa(t.number[a])
}

// named returns what a name stands for: all endpoints of a region, or one node or client; nil if it stands for nothing.
func (t *Topology) named(name string) []Addr {
	if region := slices.Index(t.regions, name); region >= 0 {
		var all []Addr
		for a, r := range t.regionOf {
			if r == region {
				all = append(all, Addr(a))
			}
		}
		return all
	}
	for a := range Addr(len(t.regionOf)) {
		if t.NameOf(a) == name {
			return []Addr{a}
		}
	}
	return nil
}

// nodesOf returns the nodes of regions whose names are parted by commas, in that order.
func (t *Topology) nodesOf(names string) []Addr {
	var all []Addr
	for _, name := range strings.Split(names, ",") {
		for _, a := range t.named(name) {
			if int(a) < t.nodes {
				all = append(all, a)
			}
		}
	}
	return all
}

// node returns the address of a node by name, or -1.
func (t *Topology) node(name string) Addr {
	if a := t.named(name); len(a) == 1 && strings.Contains(name, "/") {
		return a[0]
	}
	return -1
}

// client returns the address of a client by name, or of a region's first, or -1.
func (t *Topology) client(name string) Addr {
	if region := slices.Index(t.regions, name); region >= 0 {
		return t.firstGuest[region]
	}
	if a := t.named(name); len(a) == 1 && strings.Contains(name, "@") {
		return a[0]
	}
	return -1
}

// RegionReplicas is how many replicas one region has, where that is not as in the others.
type RegionReplicas struct {
	Region string
	Count  int
}

// replicasIn returns how many replicas a region has.
func (s *Scenario) replicasIn(region string) int {
	for _, r := range s.ReplicasIn {
		if r.Region == region {
			return r.Count
		}
	}
	return max(s.Replicas, 1)
}

// checkTopology refuses regions of which nobody knows how far they are, and more nodes than a lane may have.
func (s *Scenario) checkTopology() error {
	if n := s.Topology().Nodes(); n > MaxNodes {
		return fmt.Errorf("%d nodes a lane; the most is %d", n, MaxNodes)
	}
	for i, a := range s.Regions {
		for _, b := range s.Regions[:i] {
			if known := FindRegion(a) >= 0 && FindRegion(b) >= 0; !known && !s.linked(a, b) {
				return s.unlinked(a, b)
			}
		}
	}
	return nil
}

// linked reports whether link lines give the delay both ways between all endpoints of two regions.
func (s *Scenario) linked(a, b string) bool {
	there, back := false, false
	for _, l := range s.Links {
		if l.Kind != 0 {
			continue
		}
		there = there || l.From == "" || l.From == a && l.To == b || l.From == b && l.To == a && !l.OneWay
		back = back || l.From == "" || l.From == b && l.To == a || l.From == a && l.To == b && !l.OneWay
	}
	return there && back
}

func (s *Scenario) unlinked(a, b string) error {
	unknown := a
	if FindRegion(a) >= 0 {
		unknown = b
	}
	return fmt.Errorf("%q is not an AWS region with measured delays, so expected a line such as: link %s %s constant 20ms%s",
		unknown, a, b, didYouMean(unknown, regionNames()))
}

func regionNames() []string {
	names := make([]string, len(Regions))
	for i, r := range Regions {
		names[i] = r.Name
	}
	return names
}
