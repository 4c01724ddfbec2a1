package check

import (
	"fmt"

	"netsplit/sim"
)

// inReach reports whether a write that one node of gossip took would have been at another by an instant.
func (x *explainer) inReach(w, s source) bool {
	if w.node == s.node || x.cluster.Config().Words["push"] != "off" {
		return w.node == s.node || w.at+x.trip(&passage{from: w.node, to: s.node}) <= s.at
	}
	for i := x.passages.first(); i < x.passages.end(); i++ {
		if p := x.passages.at(i); p.from == w.node && p.to == s.node && p.kind == sim.KindGossip && p.sent >= w.at && !x.wasLost(p) && x.arrival(p) <= s.at {
			return true
		}
	}
	return false
}

// hearsay is when a replica of gossip would have heard of a write, and what kept it from it.
type hearsay struct {
	at sim.Time
	by *sim.Command
	p  *passage
}

// uncompared looks for the command but for which a replica of gossip would have compared in time what it had with one
// that held the writes, or that would have heard of them itself.
func (x *explainer) uncompared(w, s source, set map[sim.OpID]bool) (finding, bool) {
	since := x.whenHeld(set)
	heard := map[sim.Addr]hearsay{}
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.sent > s.at {
			break
		}
		if p.kind != sim.KindGossip || p.free() < w.at {
			continue
		}
		cmd, there := x.blocking(p, s.at), p.free()
		for _, end := range []struct {
			from, to sim.Addr
			at, then sim.Time
		}{{p.from, p.to, p.sent, there + 2*(there-p.sent)}, {p.to, p.from, there, there + there - p.sent}} {
			h, known := heard[end.from]
			by, way := cmd, p
			switch held, holds := since[end.from]; {
			case holds && held <= end.at:
			case known && h.at <= end.at:
				by, way = h.by, h.p
			default:
				continue
			}
			if old, known := heard[end.to]; by != nil && (!known || end.then < old.at) {
				heard[end.to] = hearsay{end.then, by, way}
			}
		}
	}
	if h, known := heard[s.node]; known && h.at <= s.at {
		why := fmt.Sprintf("%s and %s could not compare what they had", x.place(h.p.from), x.place(h.p.to))
		return accuse(h.by, why, x.message(h.p, x.fateOf(h.p))), true
	}
	return finding{}, false
}

// whenHeld returns since when the nodes hold one of the writes, of those that ever did.
func (x *explainer) whenHeld(set map[sim.OpID]bool) map[sim.Addr]sim.Time {
	since := map[sim.Addr]sim.Time{}
	for i := x.holdings.first(); i < x.holdings.end() && x.holdings.at(i).at <= x.v.At; i++ {
		h := x.holdings.at(i)
		if _, known := since[h.node]; !known && h.in(set) {
			since[h.node] = h.at
		}
	}
	return since
}
