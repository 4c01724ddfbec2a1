package sim

import "slices"

// Serving is a Payload that says which client's operation it is about.
type Serving interface {
	// Serves returns the operation, 0 for none, and whether its receiver is to carry it out, or has carried it out, in
	// another node's place.
	Serves() (op OpID, handedOn bool)
}

// String prints the command as the scenario language writes it, without its time.
func (c Command) String() string { return c.statement() }

// OnLink reports whether the command is about the link from one endpoint to another: it is among those that a command
// about links names, or a partition's groups part it.
func (c Command) OnLink(t *Topology, from, to Addr) bool {
	switch {
	case c.Verb == VerbPartition:
		return c.groupIn(t, from) != c.groupIn(t, to)
	case !c.onLinks():
		return false
	case c.From == "":
		return true
	}
	a, b := t.named(c.From), t.named(c.To)
	if slices.Contains(a, from) && slices.Contains(b, to) {
		return true
	}
	return !c.OneWay && slices.Contains(b, from) && slices.Contains(a, to)
}

// groupIn returns the group of a partition that an endpoint is in: 0 if it does not name the region.
func (c Command) groupIn(t *Topology, a Addr) int {
	name := t.regions[t.regionOf[a]]
	return slices.IndexFunc(c.Groups, func(g []string) bool { return slices.Contains(g, name) }) + 1
}

// OnNode reports whether the command names the node: one about a machine, or an operator's.
func (c Command) OnNode(t *Topology, node Addr) bool {
	return (c.onNode() || c.byOperator()) && c.Verb != VerbMembers && t.node(c.Node) == node
}
