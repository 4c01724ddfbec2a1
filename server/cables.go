package server

import (
	"slices"

	"netsplit/sim"
)

// cableView describes the cable between two regions of a cluster.
func cableView(c *sim.Cluster, names []string, i, j int) CableView {
	view := CableView{From: i, To: j, RoundTrip: c.RoundTrip(i, j)}
	if a, b := sim.FindRegion(names[i]), sim.FindRegion(names[j]); a >= 0 && b >= 0 {
		view.Fibre = sim.FibreBound(a, b)
	}
	return view
}

// wires puts what has changed of the cables into a delta.
func (l *laneFeed) wires(d *LaneDelta) {
	l.cabling = l.cables(l.cabling[:0])
	if l.links != nil && slices.Equal(l.cabling, l.links) {
		return
	}
	links, cut := make([]CableLinks, len(l.cabling)), make([]bool, len(l.cabling))
	for i, c := range l.cabling {
		links[i] = c
		cut[i] = c.There.severed() || c.Back.severed()
		if i >= len(l.links) || c != l.links[i] {
			d.Links = put(d.Links, i, c)
		}
	}
	l.links = links
	if !slices.Equal(cut, l.cut) {
		l.cut, d.Cut = cut, cut
	}
}

func (v LinkView) severed() bool { return v.Parted || v.Cut }

// cables adds to an empty list of each cable, in the order of a State's, what faults do to its links.
func (l *laneFeed) cables(list []CableLinks) []CableLinks {
	c := l.cluster
	regions := c.RegionOf(sim.Addr(c.Nodes()-1)) + 1
	for range regions * (regions - 1) / 2 {
		list = append(list, CableLinks{})
	}
	var seen [sim.MaxRegions * (sim.MaxRegions - 1) / 2]bool
	for a := range sim.Addr(c.Nodes()) {
		for b := range a {
			i, j := c.RegionOf(a), c.RegionOf(b)
			if i == j {
				continue
			}
			at := i*(i-1)/2 + j
			cable := &list[at]
			cable.There.add(c.LinkState(b, a), !seen[at])
			cable.Back.add(c.LinkState(a, b), !seen[at])
			seen[at] = true
		}
	}
	return list
}

// add takes one more link into a view, or the first.
func (v *LinkView) add(s sim.LinkState, first bool) {
	if first {
		v.LinkState = s
		return
	}
	v.Some = v.Some || s != v.LinkState
	v.LinkState = v.Worse(s)
}
